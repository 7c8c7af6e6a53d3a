"""Console passwords: login profiles under the account's password policy, or AWS's default one.

Guessed: how several violations of an account's own policy are joined into one message.
"""

from typing import Any

from moto.core.utils import utcnow

from .iam_base import Params, fail, missing, serve, user

_SYMBOLS = set("!@#$%^&*()_+-=[]{}|'")
_DEFAULT_LENGTH, _DEFAULT_KINDS = 8, 3


def _kinds(password: str) -> dict[str, bool]:
    """What a password has of each kind of character, by AWS's word for it."""
    return {
        "uppercase": any("A" <= each <= "Z" for each in password),
        "lowercase": any("a" <= each <= "z" for each in password),
        "number": any("0" <= each <= "9" for each in password),
        "symbol": bool(set(password) & _SYMBOLS),
    }


def _sentence(kind: str) -> str:
    letter = " letter" if kind.endswith("case") else ""
    return f"Password should have at least one {kind}{letter}"


def check_password(backend: Any, password: str) -> None:
    """Raise PasswordPolicyViolation unless the password is strong enough."""
    policy = backend.account_password_policy
    least = policy.minimum_password_length if policy else _DEFAULT_LENGTH
    wrong = [_sentence(kind) for kind, has in _kinds(password).items() if not has]
    if policy:
        wrong = [_sentence(kind) for kind in _lacking(policy, password)]
    elif len(wrong) > 4 - _DEFAULT_KINDS:
        more = len(wrong) - (4 - _DEFAULT_KINDS)
        text = f"Password should meet {more} more of the following requirements: "
        wrong = [text + ", ".join(wrong)]
    else:
        wrong = []
    if len(password) < least:
        wrong.insert(0, f"Password should have a minimum length of {least}")
    if wrong:
        fail("PasswordPolicyViolation", ", ".join(wrong))


def _lacking(policy: Any, password: str) -> list[str]:
    required = {
        "uppercase": policy.require_uppercase_characters,
        "lowercase": policy.require_lowercase_characters,
        "number": policy.require_numbers,
        "symbol": policy.require_symbols,
    }
    return [kind for kind, has in _kinds(password).items() if required[kind] and not has]


def _with_profile(backend: Any, name: str | None) -> Any:
    found = user(backend, name)
    if not found.password:
        missing(f"Login Profile for User {found.name} cannot be found.")
    return found


def _profile(found: Any) -> Params:
    shown = {
        "UserName": found.name,
        "CreateDate": found.login_created,
        "PasswordResetRequired": found.password_reset_required,
    }
    return {"LoginProfile": shown}


def create_login_profile(backend: Any, params: Params) -> Params:
    """Give a user a password."""
    found = user(backend, params.get("UserName"))
    if found.password:
        fail("EntityAlreadyExists", f"Login Profile for user {found.name} already exists.")
    check_password(backend, params["Password"])
    found.password, found.login_created = params["Password"], utcnow()
    found.password_reset_required = params.get("PasswordResetRequired", False)
    return _profile(found)


def get_login_profile(backend: Any, params: Params) -> Params:
    """That a user has a password, and since when."""
    return _profile(_with_profile(backend, params.get("UserName")))


def update_login_profile(backend: Any, params: Params) -> None:
    """Another password; the profile stays the one that it was."""
    found = _with_profile(backend, params["UserName"])
    if password := params.get("Password"):
        check_password(backend, password)
        found.password = password
    found.password_reset_required = params.get(
        "PasswordResetRequired", found.password_reset_required
    )


def delete_login_profile(backend: Any, params: Params) -> None:
    """Take the password away."""
    found = _with_profile(backend, params.get("UserName"))
    found.password, found.password_reset_required = None, False


def install() -> None:
    """Put the strict operations in place of moto's."""
    serve(
        {
            "CreateLoginProfile": create_login_profile,
            "GetLoginProfile": get_login_profile,
            "UpdateLoginProfile": update_login_profile,
            "DeleteLoginProfile": delete_login_profile,
        }
    )
