"""Which AWS call a request is, who makes it, and the record of the calls that functions made."""

import json
import re
import threading
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request as MotoRequest
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from sandbox.runtime.servers import Request

MOTO = threading.RLock()
"""moto is not thread-safe: whoever touches its backends holds this."""

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_SERVICES = {"monitoring": "cloudwatch"}
_BALANCERS = {"2012-06-01": "elb", "2015-12-01": "elbv2"}
"""Two services that sign with one name, by the version of their API."""
_FORM = "application/x-www-form-urlencoded"
_CBOR_PATH = re.compile(r"/service/[^/]+/operation/([^/]+)$")


@dataclass(frozen=True)
class Caller:
    """Who signs a call: a function in its role, or (without a function) somebody outside.

    `issuer` is the role's ARN, `child` the number of the process that called, `run` the name of the
    durable execution that this process is at. `session` says that the role is not the function's
    own, but one that it assumed.
    """

    arn: str
    key_id: str = ""
    function: str | None = None
    role_name: str | None = None
    issuer: str | None = None
    child: int | None = None
    session: bool = False
    run: str | None = None

    @property
    def account(self) -> str:
        """The account that this caller belongs to and acts in."""
        return self.arn.split(":")[4] or ACCOUNT

    @property
    def user_identity(self) -> dict[str, Any]:
        """The `userIdentity` that CloudTrail writes for this caller."""
        common = {
            "arn": self.arn,
            "accountId": self.account,
            "accessKeyId": self.key_id,
        }
        return common | (self._session() if ":assumed-role/" in self.arn else self._user())

    def _user(self) -> dict[str, Any]:
        name = self.arn.rsplit("/", 1)[-1]
        principal = f"AIDA{_digits(name):017d}"
        return {"type": "IAMUser", "principalId": principal, "userName": name}

    def _session(self) -> dict[str, Any]:
        account = self.account
        role, session = self.arn.split("/")[-2:]
        issuer = {
            "type": "Role",
            "principalId": f"AROA{_digits(role):017d}",
            "arn": self.issuer or f"arn:aws:iam::{account}:role/{role}",
            "accountId": account,
            "userName": role,
        }
        attributes = {"mfaAuthenticated": "false"}
        return {
            "type": "AssumedRole",
            "principalId": f"{issuer['principalId']}:{session}",
            "sessionContext": {"sessionIssuer": issuer, "attributes": attributes},
        }


def _digits(name: str) -> int:
    """A number of at most 17 digits that depends on the name alone."""
    return int.from_bytes(name.encode(), "big") % 10**17


ACCOUNT = "123456789012"
REGION = "us-east-1"
"""Home: where the stack is deployed. A call may be about another account or Region."""
PRINCIPAL = f"arn:aws:iam::{ACCOUNT}:user/security-lead"
"""Who makes every call that is signed with a key nobody knows."""


_PRINCIPAL = Caller(PRINCIPAL)
_CALLER: ContextVar[Caller] = ContextVar("caller", default=_PRINCIPAL)


def caller() -> Caller:
    """Who makes the AWS call that this thread answers; outside of one, the principal."""
    return _CALLER.get()


def set_caller(value: Caller) -> None:
    """Say who makes the AWS call that this thread answers now."""
    _CALLER.set(value)


@dataclass(frozen=True)
class Call:
    """One AWS call: botocore's service name and operation, and the parameters as sent.

    `region` is that of the signature, `account` the one that the caller acts in.
    """

    service: str
    operation: str
    region: str
    key_id: str
    protocol: str
    params: dict[str, Any]
    account: str = ACCOUNT


def identify(request: Request) -> Call:
    """Read service, operation and parameters off a signed request; unsigned ones are nameless."""
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    key_id, region, signing = scope.groups() if scope else ("", REGION, "")
    service = _SERVICES.get(signing, signing)
    protocol, operation, params = _operation(service, request)
    if service == "elasticloadbalancing":
        service = _BALANCERS.get(params.get("Version", ""), service)
    return Call(service, operation, region, key_id, protocol, params)


def _operation(service: str, request: Request) -> tuple[str, str, dict[str, Any]]:
    if target := request.headers.get("x-amz-target"):
        return "json", target.rsplit(".", 1)[-1], _json_object(request.body)
    if request.headers.get("content-type", "").startswith(_FORM):
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        return "ec2" if service == "ec2" else "query", form.get("Action", ""), form
    if match := _CBOR_PATH.search(request.path):
        return "cbor", match[1], {}
    return "rest", *_route(service, request)


def _route(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    operation, uri = _matched(service, request.method, f"{request.path}?{request.query}")
    if not operation:
        return "", {}
    return operation, dict(parse_qsl(request.query)) | _sent(service, request) | uri


@lru_cache(maxsize=1000)
def _matched(service: str, method: str, place: str) -> tuple[str, dict[str, str]]:
    """The operation and what its path names; nothing if there is no such operation."""
    try:
        wanted = MotoRequest.from_primitives(method, f"http://aws{place}", {})
        operation, uri = router(service).match(wanted)
    except (HTTPException, NotImplementedError, UnknownServiceError, ValueError):
        return "", {}
    return operation.name, {name: unquote(str(value)) for name, value in uri.items()}


def _sent(service: str, request: Request) -> dict[str, Any]:
    """The parameters that are in neither path nor query; the body of an S3 call has none."""
    if service != "s3":
        return _json_object(request.body)
    return {name: value for name, value in request.headers.items() if name.startswith("x-amz-")}


@lru_cache
def router(service: str) -> Any:
    """moto's route table of a service, made once."""
    return get_service_router(service)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


class Recorder:
    """The calls that functions made, oldest first."""

    def __init__(self) -> None:
        self._rows: deque[dict[str, Any]] = deque(maxlen=200_000)

    def add(self, row: dict[str, Any]) -> None:
        """Remember one finished call."""
        self._rows.append(row)

    def rows(self) -> list[dict[str, Any]]:
        """Every call so far, in the order in which they began."""
        return sorted(self._rows.copy(), key=lambda row: row["at"])

    def clear(self) -> None:
        """Forget them all."""
        self._rows.clear()
