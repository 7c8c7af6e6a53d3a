"""Who signs: moto knows its own users and role sessions; every other key is the box's principal."""

from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import STSBackend, sts_backends

from sandbox.runtime.calls import ACCOUNT, PRINCIPAL

_original = STSBackend.get_caller_identity


def arn_of(key_id: str) -> str | None:
    """The ARN of the user or role session that owns an access key; None if nobody does."""
    session = sts_backends[ACCOUNT]["aws"].get_assumed_role_from_access_key(key_id)
    if session:
        return str(session.arn)
    users = iam_backends[ACCOUNT]["aws"].users.values()
    return next(
        (user.arn for user in users for key in user.access_keys if key.access_key_id == key_id),
        None,
    )


def _get_caller_identity(self: Any, access_key_id: str, region: str) -> tuple[str, str, str]:
    if arn_of(access_key_id) is None:
        return "AIDASECURITYLEAD", PRINCIPAL, ACCOUNT
    answer: tuple[str, str, str] = _original(self, access_key_id, region)
    return answer


def install() -> None:
    """Let GetCallerIdentity name the principal for unknown keys."""
    patched: Any = STSBackend
    patched.get_caller_identity = _get_caller_identity
