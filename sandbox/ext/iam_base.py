"""What every IAM extension shares: errors, checked parameters, pages, and look-ups by name.

Not documented and guessed: markers (AWS does not say what is in them) and the order of lists (by
name, in AWS mostly so).
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.iam.exceptions import IAMException, NoSuchEntity, NotFoundException
from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.iam.responses import IamResponse

from sandbox.ext import cfn
from sandbox.runtime import calls
from sandbox.systems import wire

Params = dict[str, Any]
Handler = Callable[[Any, Params], Params | None]

_NAMES = ("UserName", "RoleName", "GroupName", "PolicyName", "InstanceProfileName")
_PROTECTED = ("/aws-service-role/", "/aws-reserved/")
_FIRST = re.compile(r"at '([A-Z])")


def fail(code: str, message: str) -> NoReturn:
    """Refuse a request with an IAM error code."""
    raise IAMException(code, message)


def missing(message: str, kind: type[IAMException] = NotFoundException) -> NoReturn:
    """Refuse a request that names what is not there; moto itself tells the two kinds apart."""
    raise kind(message)


def serve(handlers: Mapping[str, Handler]) -> None:
    """Answer these operations with these functions of (backend, parameters)."""
    for name, handler in handlers.items():
        setattr(IamResponse, camelcase_to_underscores(name), _method(name, handler))


def _method(name: str, handler: Handler) -> Callable[[Any], ActionResult]:
    def method(self: Any) -> ActionResult:
        answer = handler(self.backend, checked(self, name))
        return EmptyResult() if answer is None else ActionResult(answer)

    return method


def checked(response: Any, name: str) -> Params:
    """The parameters of a request, in the bounds of the model; raises ValidationError."""
    params = dict(response.params)
    for key in _NAMES:
        _check_name(key, params.get(key))
    shape = wire.operation("iam", name).input_shape
    try:
        return dict(wire.parse(shape, params)) if shape else {}
    except wire.Unfit as unfit:
        text = _FIRST.sub(lambda match: f"at '{match[1].lower()}", str(unfit))
        fail("ValidationError", f"1 validation error detected: {text}")


def _check_name(key: str, value: str | None) -> None:
    """A name is the last element alone: one with a path in it is refused."""
    if value is not None and not re.fullmatch(r"[\w+=,.@-]+", value, re.ASCII):
        name = key[0].lower() + key[1:]
        rule = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
        fail("ValidationError", f"The specified value for {name} is invalid. {rule}")


def page(params: Params, key: str, rows: Sequence[Any]) -> Params:
    """The part of a list that a request asks for, under `key`, with IsTruncated and Marker."""
    start = _offset(params.get("Marker"))
    end = start + params.get("MaxItems", 100)
    answer = {key: list(rows[start:end]), "IsTruncated": end < len(rows)}
    return answer | ({"Marker": _marker(end)} if end < len(rows) else {})


def _marker(offset: int) -> str:
    return base64.urlsafe_b64encode(f"iam:{offset}".encode()).decode()


def _offset(marker: str | None) -> int:
    if marker is None:
        return 0
    try:
        kind, _, number = base64.urlsafe_b64decode(marker.encode()).decode().partition(":")
        if kind == "iam":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    return fail("ValidationError", "Invalid Marker.")


def by_name(rows: Any, prefix: str) -> list[Any]:
    """Those under a path prefix, by name."""
    return sorted(
        (row for row in rows if row.path.startswith(prefix)), key=lambda row: row.name.lower()
    )


def user(backend: Any, name: str | None) -> Any:
    """A user by name; without one, the user who calls."""
    if name is None:
        who = calls.caller().arn
        if ":user/" not in who:
            fail("ValidationError", "Must specify userName when calling with non-User credentials")
        name = who.rsplit("/", 1)[-1]
    text = f"The user with name {name} cannot be found."
    return backend.users.get(name) or missing(text, NoSuchEntity)


def role(backend: Any, name: str) -> Any:
    """A role by name."""
    found = next((each for each in backend.roles.values() if each.name == name), None)
    return found or missing(f"The role with name {name} cannot be found.")


def check_modifiable(found: Any) -> None:
    """Service-linked roles and those of IAM Identity Center belong to AWS."""
    if found.path.startswith(_PROTECTED):
        text = f"Cannot perform the operation on the protected role '{found.name}'"
        fail("UnmodifiableEntity", f"{text} - this role is only modifiable by AWS")


def policy(backend: Any, arn: str) -> Any:
    """A managed policy by ARN, AWS's own too (made when first asked for); None if unknown."""
    if arn not in backend.managed_policies and f"arn:{backend.partition}:iam::aws:" in arn:
        made = _aws_policy(backend, arn)
        if made is not None and made.arn == arn:
            backend.managed_policies[arn] = made
    return backend.managed_policies.get(arn)


def _aws_policy(backend: Any, arn: str) -> AWSManagedPolicy | None:
    try:
        return cfn.managed_policy(arn, backend.account_id, "us-east-1")
    except KeyError:
        return None


def is_aws_policy(name: str) -> bool:
    """Whether AWS has a managed policy of this name or ARN."""
    try:
        made = cfn.managed_policy(name, calls.ACCOUNT, calls.REGION)
    except KeyError:
        return False
    return name in (made.name, made.arn)


def install() -> None:
    """Let moto's own operations find users, roles and policies in the same way."""
    lookups: Any = IAMBackend
    lookups.get_role = role
    lookups.get_user = user
    lookups.get_policy = lambda self, arn: (
        policy(self, arn) or missing(f"Policy {arn} was not found.")
    )
