"""The Lambda data API of the box: Invoke, and what durable executions call."""

import json
from collections.abc import Callable
from typing import Any

from sandbox.runtime import inert
from sandbox.runtime.calls import ACCOUNT, REGION, Call
from sandbox.runtime.durable import AlreadyStarted, Durable
from sandbox.runtime.functions import Functions
from sandbox.runtime.pool import Function
from sandbox.runtime.servers import Request, Response
from sandbox.runtime.shapes import aws_error

ASYNC_LIMIT = 1 << 20
SYNC_LIMIT = 6 << 20
Enqueue = Callable[[Function, Any], None]


class LambdaApi:
    """Answers the Lambda calls that run code; all others are moto's."""

    def __init__(
        self, functions: Functions, durable: Callable[[], Durable], enqueue: Enqueue
    ) -> None:
        self._functions, self._durable, self._enqueue = functions, durable, enqueue

    def handles(self, call: Call) -> bool:
        """Whether this call is answered here."""
        return call.service == "lambda" and (
            call.operation == "Invoke" or "DurableExecution" in call.operation
        )

    def answer(self, call: Call, request: Request) -> Response:
        """Run the call; it may block as long as the function runs."""
        if call.operation != "Invoke":
            return self._durable().handle(request)
        name, qualifier = call.params["FunctionName"], call.params.get("Qualifier")
        try:
            if (call.account, call.region) != (ACCOUNT, REGION):
                raise KeyError(name)  # the functions are at home
            function = self._functions.find(f"{name}:{qualifier}" if qualifier else name)
        except KeyError:
            return inert.invoke(call, request)
        return self._invoke(call, request, function)

    def _invoke(self, call: Call, request: Request, function: Function) -> Response:
        kind = request.headers.get("x-amz-invocation-type", "RequestResponse")
        if problem := _problem(call, request, function, kind):
            return problem
        if kind == "DryRun":
            return Response(204)
        if function.durable:
            return self._start(call, request, function, kind)
        event = json.loads(request.body or b"{}")
        if kind == "Event":
            self._enqueue(function, event)
            return Response(202)
        answer = self._functions.invoke(function.logical_id, event)
        return _payload(
            answer.error or answer.payload, failed=bool(answer.error), version=function.version
        )

    def _start(self, call: Call, request: Request, function: Function, kind: str) -> Response:
        name = request.headers.get("x-amz-durable-execution-name")
        durable = self._durable()
        try:
            arn = durable.start(function, name, (request.body or b"{}").decode())
        except AlreadyStarted as error:
            return aws_error(call, "DurableExecutionAlreadyStartedException", str(error), 409)
        headers = {"X-Amz-Durable-Execution-Arn": arn, "X-Amz-Executed-Version": function.version}
        if kind == "Event":
            return Response(202, b"", headers)
        made = durable.result(arn, seconds=900)
        text = (
            made.get("Result")
            if made["Status"] == "SUCCEEDED"
            else json.dumps(made.get("Error") or {})
        )
        failed = {} if made["Status"] == "SUCCEEDED" else {"X-Amz-Function-Error": "Unhandled"}
        return Response(200, (text or "null").encode(), headers | failed)


def _problem(call: Call, request: Request, function: Function, kind: str) -> Response | None:
    """What Lambda refuses before it runs anything."""
    limit = ASYNC_LIMIT if kind == "Event" else SYNC_LIMIT
    if len(request.body) > limit:
        message = f"Request must be smaller than {limit} bytes"
        return aws_error(call, "RequestTooLargeException", message, 413)
    try:
        json.loads(request.body or b"{}")
    except ValueError:
        message = "Could not parse request body into json"
        return aws_error(call, "InvalidRequestContentException", message, 400)
    message = _misuse(call, request, function, kind)
    return aws_error(call, "InvalidParameterValueException", message, 400) if message else None


def _misuse(call: Call, request: Request, function: Function, kind: str) -> str:
    if kind not in ("Event", "RequestResponse", "DryRun"):
        return f"Unsupported invocation type: {kind}"
    bare = call.params["FunctionName"] in (function.name, function.arn)
    if function.durable and bare and not call.params.get("Qualifier"):
        return "A durable function needs a qualified ARN"
    if request.headers.get("x-amz-durable-execution-name") and not function.durable:
        return "The function has no DurableConfig"
    return ""


def _payload(value: Any, failed: bool, version: str) -> Response:
    headers = {"Content-Type": "application/json", "X-Amz-Executed-Version": version}
    error = {"X-Amz-Function-Error": "Unhandled"} if failed else {}
    return Response(200, json.dumps(value).encode(), headers | error)
