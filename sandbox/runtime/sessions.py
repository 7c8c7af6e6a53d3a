"""Role sessions: who may assume a role, and until when its keys are good.

AssumeRole needs the role's trust in the caller, besides the caller's own permission. A trust policy
names the caller's account (its root or its number), its role, its session or user, or everybody.
The principal stands for the home account's administrator, who may change any trust policy there,
so the roles of the home account trust him unasked. Lambda renews the functions' own keys, so those
never expire.
"""

import re
from collections.abc import Iterator
from typing import Any

from moto.core.utils import utcnow
from moto.iam.models import iam_backends

from sandbox.runtime import policies
from sandbox.runtime.access import Access
from sandbox.runtime.calls import ACCOUNT, PRINCIPAL, Call, Caller
from sandbox.runtime.servers import Response
from sandbox.runtime.shapes import aws_error

SHORTEST, CHAINED = 900, 3600
_KEY = re.compile(rb"<AccessKeyId>([^<]+)</AccessKeyId>")
_EXPIRED = {
    "ec2": ("RequestExpired", "Request has expired."),
    "query": ("ExpiredToken", "The security token included in the request is expired"),
}
_EXPIRED_TOKEN = ("ExpiredTokenException", "The security token included in the request is expired")


def expired(call: Call, session: Any) -> Response | None:
    """The refusal of a call that is signed with the keys of a session that has ended."""
    if session is None or session.expiration > utcnow():
        return None
    code, message = _EXPIRED.get(call.protocol, _EXPIRED_TOKEN)
    return aws_error(call, code, message, 403 if call.protocol == "query" else 400)


def new_key(call: Call, answer: Response) -> str | None:
    """The access key of the session that this call began."""
    if (call.service, call.operation) != ("sts", "AssumeRole") or answer.status != 200:
        return None
    found = _KEY.search(answer.body)
    return found[1].decode() if found else None


def refusal(call: Call, caller: Caller) -> Response | None:
    """Why the caller may not assume the role that the call names; hold the moto lock."""
    if (call.service, call.operation) != ("sts", "AssumeRole"):
        return None
    arn = call.params.get("RoleArn", "")
    role = _role(arn)
    if role is None or not (_is_ours(role, caller) or trusts(role, caller, call.params)):
        what = f"sts:AssumeRole on resource: {arn}"
        message = f"User: {caller.arn} is not authorized to perform: {what}"
        return aws_error(call, "AccessDenied", message, 403)
    problem = _too_long(role, caller, int(call.params.get("DurationSeconds", CHAINED)))
    return aws_error(call, "ValidationError", problem, 400) if problem else None


def _role(arn: str) -> Any:
    parts = arn.split(":")
    if len(parts) != 6 or parts[4] not in iam_backends:
        return None
    roles = iam_backends[parts[4]]["aws"].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def _is_ours(role: Any, caller: Caller) -> bool:
    return caller.arn == PRINCIPAL and role.account_id == ACCOUNT


def trusts(role: Any, caller: Caller, params: dict[str, Any]) -> bool:
    """Whether a role's trust policy lets the caller assume it, with these parameters."""
    document = role.assume_role_policy_document
    rows = [row for row in policies.parse(document) if _names(row, caller)]
    context = {
        "aws:principalarn": [caller.issuer or caller.arn],
        "aws:principalaccount": [caller.account],
        "sts:rolesessionname": [params.get("RoleSessionName", "")],
    }
    if "ExternalId" in params:
        context["sts:externalid"] = [params["ExternalId"]]
    return policies.permits(rows, Access("sts:AssumeRole", None, context))


def _names(row: dict[str, Any], caller: Caller) -> bool:
    principal = row.get("Principal")
    if principal == "*":
        return True
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    return not set(_meant(caller)).isdisjoint([named] if isinstance(named, str) else named)


def _meant(caller: Caller) -> Iterator[str]:
    """What stands for a caller in a trust policy."""
    yield from ("*", caller.account, f"arn:aws:iam::{caller.account}:root", caller.arn)
    if caller.issuer:
        yield caller.issuer


def _too_long(role: Any, caller: Caller, seconds: int) -> str:
    if seconds < SHORTEST:
        return (
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy"
            f" constraint: Member must have value greater than or equal to {SHORTEST}"
        )
    if caller.issuer and seconds > CHAINED:
        return (
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
            " role chaining"
        )
    if seconds > int(role.max_session_duration or CHAINED):
        return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    return ""
