"""What every Lambda extension shares: function names in all their forms, errors, parameters, pages.

Guessed: what a wrong marker is answered with.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from moto.awslambda import urls
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import TYPE_RESPONSE
from moto.core.utils import camelcase_to_underscores

from sandbox.runtime import calls
from sandbox.systems import wire

Params = dict[str, Any]
Handler = Callable[[Any, Params], Params | None]

PAGE = 50
_STATUS = {"ResourceNotFoundException": 404, "ProvisionedConcurrencyConfigNotFoundException": 404}
_STATUS |= {"ResourceConflictException": 409, "AccessDeniedException": 403}
_PATTERN = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?"
    r"(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
_NAME = re.compile(_PATTERN)
_INTEGERS = ("MaxItems", "ReservedConcurrentExecutions", "ProvisionedConcurrentExecutions")


def fail(code: str, message: str) -> NoReturn:
    """Refuse a request with a Lambda error code."""
    error = LambdaClientError(code, message)
    error.code = _STATUS.get(code, 400)
    raise error


def serve(handlers: Mapping[str, Handler]) -> None:
    """Answer these operations with these functions of (backend, parameters)."""
    for name, handler in handlers.items():
        setattr(LambdaResponse, camelcase_to_underscores(name), _method(name, handler))


def _method(name: str, handler: Handler) -> Callable[[Any], TYPE_RESPONSE]:
    status = wire.operation("lambda", name).http["responseCode"]

    def method(self: Any) -> TYPE_RESPONSE:
        answer = handler(self.backend, _checked(self, name))
        return status, {"status": status}, "" if answer is None else json.dumps(answer)

    return method


def _checked(response: Any, name: str) -> Params:
    """The parameters of path, query and body, in the bounds of the model."""
    params = {key: values[0] for key, values in response.querystring.items()}
    body = _body(response.body)
    params |= dict(response.uri_match or {}) | body
    shape = wire.operation("lambda", name).input_shape
    known = {key: value for key, value in params.items() if shape and key in shape.members}
    for key in _INTEGERS:
        if str(known.get(key, "")).isdigit() and key not in body:
            known[key] = int(known[key])
    try:
        return dict(wire.parse(shape, known)) if shape else {}
    except wire.Unfit as unfit:
        text = re.sub(r"at '([A-Z])", lambda match: f"at '{match[1].lower()}", str(unfit))
        fail("ValidationException", f"1 validation error detected: {text}")


def _body(raw: Any) -> Params:
    try:
        body = json.loads(raw or "{}")
    except ValueError:
        fail("InvalidRequestContentException", "Could not parse request body into json")
    return body if isinstance(body, dict) else {}


def split(backend: Any, name: str, qualifier: str | None = None) -> tuple[str, str | None]:
    """Name and qualifier of a name, a partial or a full ARN; other Regions are refused."""
    match = _NAME.fullmatch(name)
    if match is None:
        rule = f"Member must satisfy regular expression pattern: {_PATTERN}"
        text = f"Value '{name}' at 'functionName' failed to satisfy constraint: {rule}"
        fail("ValidationException", f"1 validation error detected: {text}")
    region, account, found = (match[3] or "").strip(":"), (match[9] or "").strip(":"), match[13]
    if region and region != backend.region_name:
        text = f"Functions from '{region}' are not reachable in this region"
        fail("ResourceNotFoundException", f"{text} ('{backend.region_name}')")
    if account and account != backend.account_id:
        text = f"User: {calls.caller().arn} is not authorized to perform: lambda on resource"
        fail("AccessDeniedException", f"{text}: {name}")
    if found and qualifier and found != qualifier:
        text = "The derived qualifier from the function name does not match the specified qualifier"
        fail("InvalidParameterValueException", f"{text}.")
    return match[11], found or qualifier


def arn(backend: Any, name: str, qualifier: str | None = None) -> str:
    """The ARN of a function, or of what a qualifier names."""
    base = f"arn:aws:lambda:{backend.region_name}:{backend.account_id}:function:{name}"
    return f"{base}:{qualifier}" if qualifier else base


def find(backend: Any, params: Params) -> tuple[Any, str, str | None]:
    """moto's function (version) that a request names, its name and its qualifier."""
    name, qualifier = split(backend, params["FunctionName"], params.get("Qualifier"))
    return backend._lambdas.get_function_by_name_with_qualifier(name, qualifier), name, qualifier


def find_whole(backend: Any, params: Params) -> Any:
    """The function of a request that can only be about a function as a whole."""
    function, _, qualifier = find_any(backend, params)
    if qualifier:
        fail(
            "InvalidParameterValueException",
            "This operation is permitted on Lambda functions only. Aliases and versions do not"
            " support this operation. Please specify either a function name or an unqualified"
            " function ARN.",
        )
    return function


def find_any(backend: Any, params: Params) -> tuple[Any, str, str | None]:
    """The function of a request, whatever qualifier it is named with; name and qualifier."""
    name, qualifier = split(backend, params["FunctionName"])
    return backend._lambdas.get_function_by_name_with_qualifier(name), name, qualifier


def page(params: Params, key: str, rows: Sequence[Any], most: int = PAGE) -> Params:
    """The part of a list that a request asks for, under `key`, and the marker of the next."""
    start = _offset(params.get("Marker"))
    end = start + min(params.get("MaxItems", most), most)
    answer: Params = {key: list(rows[start:end])}
    if end < len(rows):
        answer["NextMarker"] = base64.b64encode(f"lambda:{end}".encode()).decode()
    return answer


def _offset(marker: str | None) -> int:
    if not marker:
        return 0
    try:
        kind, _, number = base64.b64decode(marker.encode()).decode().partition(":")
        if kind == "lambda":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    return fail("InvalidParameterValueException", "Invalid pagination token")


_FUNCTION = r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[^/]+)"
_ENDS = ("", "/configuration", "/concurrency", "/versions", "/aliases", "/provisioned-concurrency")


def install() -> None:
    """Let moto take names with any qualifier (`$LATEST` too), and the paths that it lacks."""
    urls.url_paths |= {f"{_FUNCTION}{end}/?$": LambdaResponse.dispatch for end in _ENDS}
    urls.url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch
