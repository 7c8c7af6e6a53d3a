"""Whether a caller may make a call: dead keys, the functions' allows, everybody's denies.

A deny bites for the keys of users and of role sessions; what such callers lack an allow for they
may do all the same, save the functions, which need one. Whoever signs with an unknown key is the
principal, whom nothing here concerns.

A session that is named as an instance stands for what that instance got from its metadata service
(as EC2 names them), and one that is named as a function with that role for the function: such
sessions carry ec2:SourceInstanceARN and lambda:SourceFunctionArn, all others do not. In AWS the
name alone would not do.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from sandbox.ext import identity
from sandbox.ext.ec2_base import instance_index
from sandbox.ext.iam_users import deleted_keys
from sandbox.runtime import faults, policies
from sandbox.runtime.access import FREE, Access, needed
from sandbox.runtime.calls import Call, Caller
from sandbox.runtime.servers import Response
from sandbox.runtime.shapes import aws_error

Context = dict[str, list[str]]

_INVALID = "The security token included in the request is invalid."
_DEAD = {
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "query": ("InvalidClientTokenId", _INVALID, 403),
    "rest": ("UnrecognizedClientException", _INVALID, 403),
}
_DEAD_JSON = ("UnrecognizedClientException", _INVALID, 400)


def dead_key(call: Call) -> Response | None:
    """The refusal of a call that is signed with a key that is switched off or deleted."""
    if not any(_is_dead(backend, call.key_id) for backend in _all_accounts()):
        return None
    return aws_error(call, *_DEAD.get(call.protocol, _DEAD_JSON))


def _all_accounts() -> list[Any]:
    return [regions["aws"] for regions in list(iam_backends.values()) if "aws" in regions]


def _is_dead(backend: Any, key_id: str) -> bool:
    key = backend.access_keys.get(key_id)
    return key.status != "Active" if key else key_id in deleted_keys(backend)


def forbidden(call: Call, caller: Caller) -> Response | None:
    """The refusal of a call that the caller's policies do not allow, or that they deny."""
    holders = list(_holders(caller)) if caller.key_id else []
    if (call.service, call.operation) in FREE or not (holders or caller.role_name):
        return None
    asked = _asked(call, caller)
    if denied := next((each for each in asked if _denies(holders, each)), None):
        return _refusal(call, caller, denied, "with an explicit deny in an identity-based policy")
    if not caller.role_name:
        return None
    lacking = policies.allowed(caller.role_name, asked, caller.account)
    if lacking is None:
        return None
    why = f"because no identity-based policy allows the {lacking.action} action"
    return _refusal(call, caller, lacking, why)


def _refusal(call: Call, caller: Caller, what: Access, why: str) -> Response:
    text = f"{what.action} on resource: {what.resource or '*'} {why}"
    return faults.denial(call, None, f"User: {caller.arn} is not authorized to perform: {text}")


def _denies(holders: list[Any], access: Access) -> bool:
    """Whether a deny of any of these is about an access."""
    rows = [row for holder in holders for row in policies.held(holder, access.action)]
    return policies.applies([row for row in rows if row["Effect"] == "Deny"], access)


def _asked(call: Call, caller: Caller) -> list[Access]:
    """Everything that a call needs, with what is known about who calls."""
    about = context(call, caller)
    return [Access(each.action, each.resource, about | each.context) for each in needed(call)]


def _holders(caller: Caller) -> Iterator[Any]:
    """Whose policies count for a caller: the user and his groups, or the role."""
    backend = iam_backends[caller.account]["aws"]
    if caller.issuer:
        yield from (role for role in backend.roles.values() if role.arn == caller.issuer)
    elif user := _user(caller):
        yield user
        yield from (group for group in backend.groups.values() if user in group.users)


def _user(caller: Caller) -> Any:
    backend = iam_backends[caller.account]["aws"]
    key = backend.access_keys.get(caller.key_id)
    return backend.users.get(key.user_name) if key and key.user_name else None


def context(call: Call, caller: Caller) -> Context:
    """The condition keys that depend on who calls, where and when."""
    found = {
        "aws:principalarn": [caller.issuer or caller.arn],
        "aws:principalaccount": [caller.account],
        "aws:requestedregion": [call.region],
        "aws:currenttime": [_iso(datetime.now(UTC))],
    }
    if session := identity.session_of(caller.key_id) if caller.issuer else None:
        return found | _session_context(caller, session)
    user = _user(caller)
    return found | ({"aws:username": [user.name], "aws:userid": [user.id]} if user else {})


def _session_context(caller: Caller, session: Any) -> Context:
    name = str(session.session_name)
    keys = {
        "ec2:sourceinstancearn": _instance(caller.account, name),
        "lambda:sourcefunctionarn": _function(caller, name),
    }
    issued = session.access_key.create_date.replace(tzinfo=UTC)
    return {
        "aws:tokenissuetime": [_iso(issued)],
        "aws:userid": [session.user_id],
        "aws:multifactorauthpresent": ["false"],
    } | {key: [arn] for key, arn in keys.items() if arn}


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _instance(account: str, name: str) -> str:
    for region, backend in list(ec2_backends[account].items()):
        if name.startswith("i-") and name in instance_index(backend):
            return f"arn:aws:ec2:{region}:{account}:instance/{name}"
    return ""


def _function(caller: Caller, name: str) -> str:
    for backend in list(lambda_backends[caller.account].values()):
        for function in backend._lambdas.latest():
            if function.function_name[:64] == name and function.role == caller.issuer:
                return str(function.function_arn)
    return ""
