"""Put operations into moto: one function per operation, from checked parameters to the answer."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.inspector2 import urls
from moto.inspector2.models import inspector2_backends
from moto.inspector2.responses import Inspector2Response
from moto.ssm.models import ssm_backends
from moto.ssm.responses import SimpleSystemManagerResponse

from sandbox.systems import progress, wire

Handler = Callable[[Any, dict[str, Any]], dict[str, Any]]
_SERVICES: dict[str, tuple[Any, Any]] = {
    "inspector2": (Inspector2Response, inspector2_backends),
    "ssm": (SimpleSystemManagerResponse, ssm_backends),
}


def serve(service: str, handlers: Mapping[str, Handler]) -> None:
    """Answer these operations with these functions of (backend, parameters)."""
    for name, handler in handlers.items():
        _serve_one(service, name, handler)


def _serve_one(service: str, name: str, handler: Handler) -> None:
    responses, backends = _SERVICES[service]

    def method(self: Any) -> str:
        params = wire.read_request(service, name, _body(self.body))
        progress.advance()
        backend = backends[self.current_account][self.region]
        return json.dumps(handler(backend, params))

    setattr(responses, camelcase_to_underscores(name), method)
    path = wire.operation(service, name).http["requestUri"]
    if path != "/":
        urls.url_paths[f"{{0}}{path}$"] = responses.dispatch


def _body(raw: Any) -> dict[str, Any]:
    try:
        body = json.loads(raw or "{}")
    except ValueError as error:
        raise wire.ValidationError("Could not parse request body into json") from error
    if not isinstance(body, dict):
        raise wire.ValidationError("Could not parse request body into json: not an object")
    return body


def compact(**members: Any) -> dict[str, Any]:
    """These members without those that are None."""
    return {name: value for name, value in members.items() if value is not None}


_PAGING = {
    "inspector2": ("maxResults", "nextToken", "ValidationException"),
    "ssm": ("MaxResults", "NextToken", "InvalidNextToken"),
}


def page(
    service: str, params: dict[str, Any], rows: Sequence[Any], default: int
) -> tuple[Any, Any]:
    """The rows of the page that `params` ask for, and the token of the next one (or None)."""
    size_name, token_name, code = _PAGING[service]
    question = {key: value for key, value in params.items() if key not in (size_name, token_name)}
    mark = zlib.crc32(json.dumps(question, sort_keys=True).encode())
    start = _offset(params.get(token_name), mark, code)
    end = start + params.get(size_name, default)
    token = base64.urlsafe_b64encode(f"{end}.{mark}".encode()).decode() if end < len(rows) else None
    return rows[start:end], token


def _offset(token: str | None, mark: int, code: str) -> int:
    if not token:
        return 0
    try:
        start, seen = base64.urlsafe_b64decode(token).decode().split(".")
        if int(seen) == mark:
            return int(start)
    except ValueError:
        pass
    if code == wire.ValidationError.code:
        raise wire.ValidationError("Invalid next token for this request")
    raise wire.Refusal(code, "The specified token isn't valid.")
