"""Durable executions: the testing library's executor with our functions and modelled clock."""

import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.checkpoint.processor import (
    CheckpointProcessor,
)
from aws_durable_execution_sdk_python_testing.child_dispatcher import UnconfiguredChildDispatcher
from aws_durable_execution_sdk_python_testing.exceptions import (
    AwsApiException,
)
from aws_durable_execution_sdk_python_testing.model import StartDurableExecutionInput
from aws_durable_execution_sdk_python_testing.scheduler import Scheduler
from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore
from aws_durable_execution_sdk_python_testing.web import handlers, routes
from aws_durable_execution_sdk_python_testing.web.models import HTTPRequest, HTTPResponse
from aws_durable_execution_sdk_python_testing.worker.registry import ExecutionRegistry

from sandbox.clock import CLOCK, PatientClock
from sandbox.runtime.calls import ACCOUNT, REGION
from sandbox.runtime.executor import BoxExecutor, FunctionInvoker
from sandbox.runtime.functions import Functions
from sandbox.runtime.pool import Function
from sandbox.runtime.servers import Request, Response

LOG = logging.getLogger(__name__)
Failed = Callable[[Function, str, dict[str, Any]], None]
"""Told of an execution that failed: the function, the input as JSON text, the error document."""


class AlreadyStarted(Exception):
    """The name is taken by an execution with another payload."""


class Durable:
    """Starts durable executions and answers the API that they call while they run."""

    def __init__(
        self,
        functions: Functions,
        on_failed: Failed,
        real_time: bool,
        earlier: Callable[[datetime], bool] = lambda wake: False,
    ) -> None:
        self._functions, self._on_failed = functions, on_failed
        self._clock = PatientClock(CLOCK, earlier)
        self._names: dict[tuple[str, str], tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._store, self._scheduler = InMemoryExecutionStore(), Scheduler()
        self._scheduler.start()
        self._registry = ExecutionRegistry(self._store, self._scheduler)
        self.executor = self._make_executor(real_time)
        self._router = routes.Router()
        self._handlers = {route: make(self.executor) for route, make in _HANDLERS.items()}

    def _make_executor(self, real_time: bool) -> BoxExecutor:
        processor = CheckpointProcessor(
            store=self._store, scheduler=self._scheduler, clock=self._clock
        )
        executor = BoxExecutor(
            store=self._store,
            scheduler=self._scheduler,
            invoker=FunctionInvoker(self._functions),
            checkpoint_processor=processor,
            registry=self._registry,
            clock=self._clock,
            child_dispatcher=UnconfiguredChildDispatcher(),
            region=REGION,
        )
        executor.failed = self._failed
        if not real_time:
            executor.RETRY_BACKOFF_SECONDS = 0  # the library waits here in real time
        processor.add_execution_observer(executor)
        processor.set_chained_invoke_preflight(executor.preflight_chained_invoke)
        return executor

    def start(self, function: Function, name: str | None, payload: str) -> str:
        """Start an execution, or give the one of the same name and payload; or AlreadyStarted."""
        name = name or self._functions.new_id()
        with self._lock:
            key = (function.name, name)
            if key in self._names:
                arn, known = self._names[key]
                if json.loads(known) != json.loads(payload):
                    raise AlreadyStarted(f"Durable execution already started: {name}")
                return arn
            arn = (
                self.executor.start_execution(
                    self._start_input(function, name, payload)
                ).execution_arn
                or ""
            )
            self._names[key] = (arn, payload)
            return arn

    def _start_input(
        self, function: Function, name: str, payload: str
    ) -> StartDurableExecutionInput:
        settings = function.durable or {}
        return StartDurableExecutionInput(
            account_id=ACCOUNT,
            function_name=function.name,
            function_qualifier=function.version,
            execution_name=name,
            execution_timeout_seconds=int(settings.get("ExecutionTimeout", 0)),
            execution_retention_period_days=int(settings.get("RetentionPeriodInDays", 14)),
            invocation_id=self._functions.new_id(),
            input=payload,
        )

    def result(self, arn: str, seconds: float) -> dict[str, Any]:
        """Wait for the end of an execution; its GetDurableExecution document."""
        self.executor.wait_until_complete(arn, seconds)
        return self.executor.get_execution_details(arn).to_dict()

    def open(self) -> list[str]:
        """The ARNs of executions that have not ended."""
        return [row.durable_execution_arn for row in self._store.list_all() if not row.is_complete]

    def busy(self) -> list[str]:
        """The open ones without those that sleep until somebody answers a callback."""
        return [arn for arn in self.open() if not self.executor.is_asleep(arn)]

    def running(self) -> list[str]:
        """The open ones without those that sleep until anybody answers a callback."""
        return [arn for arn in self.open() if not self.executor.is_waiting(arn)]

    def expire(self) -> int:
        """Let all callbacks run out that somebody could still answer; how many there were."""
        return sum(self.executor.expire(arn) for arn in self.open())

    def nudge(self) -> None:
        """Invoke what sleeps with nothing to wake it: a timer that fell due while its invocation
        was killed is lost in the library. A needless invocation only replays.
        """
        for arn in self.running():
            if self.executor.is_forgotten(arn):
                LOG.warning("woken: %s", arn)
                self.executor._invoke_execution(arn)

    def _failed(self, arn: str, error: ErrorObject | None) -> None:
        document = dict(error.to_dict()) if error else {}
        LOG.warning("durable execution failed: %s %s", arn, json.dumps(document))
        start = self._store.load(arn).start_input
        function = self._functions.find(start.function_name)
        self._on_failed(function, start.input or "{}", document)

    def handle(self, request: Request) -> Response:
        """Answer one call of the durable execution API."""
        try:
            route = self._router.find_route(request.path, request.method)
            answer = self._handlers[type(route)].handle(route, _library_request(route, request))
        except AwsApiException as error:
            answer = HTTPResponse.create_error_from_exception(error)
        return _as_aws(answer)

    def stop(self) -> None:
        """Stop everything that runs; nothing is invoked again."""
        self.executor.over = True
        self.executor.shutdown()
        self._registry.shutdown()
        self._scheduler.stop()


def _as_aws(answer: HTTPResponse) -> Response:
    """The library names an error in the body alone, and gives one of them another status."""
    body, headers, status = answer.body_to_bytes(), dict(answer.headers), answer.status_code
    if status >= 400:
        name = str(json.loads(body or b"{}").get("Type", "ServiceException"))
        headers["x-amzn-ErrorType"] = name
        status = 400 if name == "CallbackTimeoutException" else status
    return Response(status, body, headers)


def _library_request(route: routes.Route, request: Request) -> HTTPRequest:
    raw = isinstance(route, routes.BytesPayloadRoute)
    make = HTTPRequest.from_raw_bytes if raw else HTTPRequest.from_bytes
    return make(
        body_bytes=request.body,
        method=request.method,
        path=route,
        headers=dict(request.headers),
        query_params=parse_qs(request.query),
    )


_HANDLERS: dict[type[routes.Route], type[handlers.EndpointHandler]] = {
    routes.GetDurableExecutionRoute: handlers.GetDurableExecutionHandler,
    routes.CheckpointDurableExecutionRoute: handlers.CheckpointDurableExecutionHandler,
    routes.StopDurableExecutionRoute: handlers.StopDurableExecutionHandler,
    routes.GetDurableExecutionStateRoute: handlers.GetDurableExecutionStateHandler,
    routes.GetDurableExecutionHistoryRoute: handlers.GetDurableExecutionHistoryHandler,
    routes.ListDurableExecutionsByFunctionRoute: handlers.ListDurableExecutionsByFunctionHandler,
    routes.CallbackSuccessRoute: handlers.SendDurableExecutionCallbackSuccessHandler,
    routes.CallbackFailureRoute: handlers.SendDurableExecutionCallbackFailureHandler,
    routes.CallbackHeartbeatRoute: handlers.SendDurableExecutionCallbackHeartbeatHandler,
}
