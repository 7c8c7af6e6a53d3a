"""Managed and inline policies of users and roles, with AWS's quotas.

AWS's own managed policies are all there; ListPolicies shows only those that were asked for before.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.iam.policy_validation import IAMPolicyDocumentValidator

from .iam_base import (
    Handler,
    Params,
    by_name,
    check_modifiable,
    fail,
    missing,
    page,
    policy,
    role,
    serve,
    user,
)

QUOTA = 10
_ARN = re.compile(r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/.+")


@dataclass(frozen=True)
class Kind:
    """What has policies, how it is found and changed, and how much it may have."""

    word: str
    parameter: str
    quota: str
    size: int
    find: Callable[[Any, str], Any]
    check: Callable[[Any], None]


USER = Kind("user", "UserName", "PoliciesPerUser", 2048, user, lambda found: None)
ROLE = Kind("role", "RoleName", "PoliciesPerRole", 10240, role, check_modifiable)


def _found(kind: Kind, backend: Any, params: Params) -> Any:
    return kind.find(backend, params[kind.parameter])


def _changed(kind: Kind, backend: Any, params: Params) -> Any:
    found = _found(kind, backend, params)
    kind.check(found)
    return found


def _check_arn(arn: str) -> None:
    if not _ARN.fullmatch(arn):
        fail("InvalidInput", f"ARN {arn} is not valid.")


def _attach(kind: Kind, backend: Any, params: Params) -> None:
    """Attach a managed policy; doing it twice is doing it once."""
    arn = params["PolicyArn"]
    _check_arn(arn)
    found = _changed(kind, backend, params)
    wanted = policy(backend, arn)
    if wanted is None:
        missing(f"Policy {arn} does not exist or is not attachable.")
    if wanted.path.startswith("/aws-service-role/"):
        fail("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
    if arn in found.managed_policies:
        return
    if len(found.managed_policies) >= QUOTA:
        fail("LimitExceeded", f"Cannot exceed quota for {kind.quota}: {QUOTA}")
    wanted.attach_to(found)


def _detach(kind: Kind, backend: Any, params: Params) -> None:
    """Detach a managed policy that is attached."""
    arn = params["PolicyArn"]
    _check_arn(arn)
    found = _changed(kind, backend, params)
    if arn not in found.managed_policies:
        missing(f"Policy {arn} was not found.")
    found.managed_policies[arn].detach_from(found)


def _list_attached(kind: Kind, backend: Any, params: Params) -> Params:
    """A page of the managed policies of one entity."""
    attached = _found(kind, backend, params).managed_policies.values()
    rows = [
        {"PolicyName": each.name, "PolicyArn": each.arn}
        for each in by_name(attached, params.get("PathPrefix", "/"))
    ]
    return page(params, "AttachedPolicies", rows)


def _text(document: Any) -> str:
    """A policy as text; CloudFormation leaves objects."""
    return document if isinstance(document, str) else json.dumps(document)


def _size(document: Any) -> int:
    """Characters that count: all but white space."""
    return len(re.sub(r"\s", "", _text(document)))


def _put(kind: Kind, backend: Any, params: Params) -> None:
    """Write an inline policy; the sum of all of them is limited."""
    name, document = params["PolicyName"], params["PolicyDocument"]
    found = _changed(kind, backend, params)
    IAMPolicyDocumentValidator(document).validate()
    others = sum(_size(text) for key, text in found.policies.items() if key != name)
    if others + _size(document) > kind.size:
        text = f"Maximum policy size of {kind.size} bytes exceeded for {kind.word} {found.name}"
        fail("LimitExceeded", text)
    found.policies[name] = document


def _inline(kind: Kind, found: Any, name: str) -> Any:
    if name not in found.policies:
        missing(f"The {kind.word} policy with name {name} cannot be found.")
    return found.policies[name]


def _get(kind: Kind, backend: Any, params: Params) -> Params:
    """One inline policy (the document goes URL-encoded over the wire)."""
    found, name = _found(kind, backend, params), params["PolicyName"]
    document = _text(_inline(kind, found, name))
    return {kind.parameter: found.name, "PolicyName": name, "PolicyDocument": document}


def _delete(kind: Kind, backend: Any, params: Params) -> None:
    """Delete an inline policy that is there."""
    found = _changed(kind, backend, params)
    _inline(kind, found, params["PolicyName"])
    del found.policies[params["PolicyName"]]


def _list(kind: Kind, backend: Any, params: Params) -> Params:
    """A page of the names of inline policies."""
    return page(params, "PolicyNames", sorted(_found(kind, backend, params).policies))


_OPERATIONS: dict[str, Callable[[Kind, Any, Params], Params | None]] = {
    "Attach{}Policy": _attach,
    "Detach{}Policy": _detach,
    "ListAttached{}Policies": _list_attached,
    "Put{}Policy": _put,
    "Get{}Policy": _get,
    "Delete{}Policy": _delete,
    "List{}Policies": _list,
}


def _bound(operation: Callable[[Kind, Any, Params], Params | None], kind: Kind) -> Handler:
    return lambda backend, params: operation(kind, backend, params)


def install() -> None:
    """Put the strict operations in place of moto's."""
    serve(
        {
            pattern.format(word): _bound(operation, kind)
            for word, kind in (("User", USER), ("Role", ROLE))
            for pattern, operation in _OPERATIONS.items()
        }
    )
