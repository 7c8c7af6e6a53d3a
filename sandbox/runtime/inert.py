"""Functions that are in the account but not deployed from the template: they do nothing.

They answer null, unless their reserved concurrency is 0: then they are throttled, as in AWS. Events
are taken all the same, since those wait until there is room again.
"""

import json

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends

from sandbox.delivery.core import Throttled
from sandbox.ext.functions_base import split
from sandbox.runtime.calls import MOTO, Call
from sandbox.runtime.pool import Answer
from sandbox.runtime.servers import Request, Response
from sandbox.runtime.shapes import aws_error

_REASON = "ReservedFunctionConcurrentInvocationLimitExceeded"


def invoke(call: Call, request: Request) -> Response:
    """Answer an Invoke of a function that no process runs."""
    named, qualifier = call.params["FunctionName"], call.params.get("Qualifier")
    try:
        version, stopped = _find(call.account, call.region, named, qualifier)
    except LambdaClientError as error:
        return aws_error(call, error.error_type, error.message, error.code)
    kind = request.headers.get("x-amz-invocation-type", "RequestResponse")
    if kind != "RequestResponse":
        return Response(202 if kind == "Event" else 204)
    if stopped:
        body = {"Type": "User", "Reason": _REASON, "message": "Rate Exceeded."}
        headers = {"x-amzn-ErrorType": "TooManyRequestsException"}
        return Response(429, json.dumps(body).encode(), headers)
    headers = {"Content-Type": "application/json", "X-Amz-Executed-Version": version}
    return Response(200, b"null", headers)


def deliver(arn: str) -> Answer:
    """What an event gets out of such a function; raises Throttled, KeyError if there is none."""
    _, _, _, region, account, _, name, *_ = arn.split(":")
    try:
        _, stopped = _find(account, region, name, None)
    except LambdaClientError as error:
        raise KeyError(arn) from error
    if stopped:
        raise Throttled(arn)
    return Answer()


def _find(account: str, region: str, named: str, qualifier: str | None) -> tuple[str, bool]:
    """The version behind a name, and whether the function may not run at all."""
    with MOTO:
        backend = lambda_backends[account][region]
        name, found = split(backend, named, qualifier)
        version = backend._lambdas.get_function_by_name_with_qualifier(name, found)
        whole = backend._lambdas.get_function_by_name_with_qualifier(name)
        return str(version.version), whole.reserved_concurrency == 0
