"""Who signs: moto knows its own users and role sessions, of whatever account; every other key is
the box's principal.
"""

from itertools import chain, count
from typing import Any

from moto.iam.models import IAMBackend, iam_backends
from moto.sts.models import STSBackend, sts_backends

from sandbox.runtime.calls import ACCOUNT, PRINCIPAL, caller

_original = STSBackend.get_caller_identity
_create_temp_access_key = IAMBackend.create_temp_access_key
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_serial = count()


def session_of(key_id: str) -> Any:
    """moto's role session (`arn`, `role_arn`, `expiration` in UTC) of an access key, or None."""
    backends = [regions["aws"] for regions in list(sts_backends.values()) if "aws" in regions]
    found = (each.get_assumed_role_from_access_key(key_id) for each in backends)
    return next(filter(None, found), None)


def arn_of(key_id: str) -> str | None:
    """The ARN of the user or role session that owns an access key; None if nobody does."""
    session = session_of(key_id)
    if session:
        return str(session.arn)
    backends = [regions["aws"] for regions in list(iam_backends.values()) if "aws" in regions]
    users = chain.from_iterable(each.users.values() for each in backends)
    return next(
        (user.arn for user in users for key in user.access_keys if key.access_key_id == key_id),
        None,
    )


def _get_caller_identity(self: Any, access_key_id: str, region: str) -> tuple[str, str, str]:
    if arn_of(access_key_id) is None:
        return "AIDASECURITYLEAD", PRINCIPAL, ACCOUNT
    answer: tuple[str, str, str] = _original(self, access_key_id, region)
    return answer


def _temporary_key(self: Any) -> Any:
    """A key that no session had before where a function asks: its process may hold the key beyond
    a reset, after which moto's would come again.
    """
    key = _create_temp_access_key(self)
    if caller().function:
        del self.access_keys[key.access_key_id]
        key.access_key_id = key.access_key_id[:-5] + _spelt(next(_serial), 5)
        self.access_keys[key.access_key_id] = key
    return key


def _spelt(number: int, length: int) -> str:
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(length)))


def install() -> None:
    """Let GetCallerIdentity name the principal for unknown keys; give functions keys of their
    own.
    """
    patched: Any = STSBackend
    patched.get_caller_identity = _get_caller_identity
    keys: Any = IAMBackend
    keys.create_temp_access_key = _temporary_key
