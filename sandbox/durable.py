"""Durable executions: the testing library's executor with our functions and modelled clock."""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from aws_durable_execution_sdk_python.execution import (
    DurableExecutionInvocationInput,
    InitialExecutionState,
)
from aws_durable_execution_sdk_python.lambda_service import ErrorObject, OperationStatus
from aws_durable_execution_sdk_python_testing.checkpoint.processor import (
    DEFAULT_MAX_INVOCATION_PAGE_BYTES,
    CheckpointProcessor,
)
from aws_durable_execution_sdk_python_testing.child_dispatcher import UnconfiguredChildDispatcher
from aws_durable_execution_sdk_python_testing.exceptions import (
    AwsApiException,
    DurableFunctionsTestError,
)
from aws_durable_execution_sdk_python_testing.execution import Execution, OperationPaginatorState
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.invoker import InvokeResponse
from aws_durable_execution_sdk_python_testing.model import StartDurableExecutionInput
from aws_durable_execution_sdk_python_testing.scheduler import Scheduler
from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore
from aws_durable_execution_sdk_python_testing.web import handlers, routes
from aws_durable_execution_sdk_python_testing.web.models import HTTPRequest, HTTPResponse
from aws_durable_execution_sdk_python_testing.worker.registry import ExecutionRegistry
from aws_durable_execution_sdk_python_testing.worker.status import InvocationState

from sandbox.calls import ACCOUNT, REGION
from sandbox.clock import CLOCK
from sandbox.functions import Functions
from sandbox.pool import Function
from sandbox.servers import Request, Response

LOG = logging.getLogger(__name__)
Failed = Callable[[Function, str, dict[str, Any]], None]
"""Told of an execution that failed: the function, the input as JSON text, the error document."""


class AlreadyStarted(Exception):
    """The name is taken by an execution with another payload."""


class _Invoker:
    """Runs the handler once, in a child process of its function."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def create_invocation_input(self, execution: Execution) -> DurableExecutionInvocationInput:
        pages = OperationPaginatorState.pin(execution)
        operations, marker = pages.page(None, DEFAULT_MAX_INVOCATION_PAGE_BYTES)
        return DurableExecutionInvocationInput(
            durable_execution_arn=execution.durable_execution_arn,
            checkpoint_token=execution.get_new_checkpoint_token(),
            initial_execution_state=InitialExecutionState(operations, marker or ""),
            updated_operation_ids=list(execution.updated_operation_ids),
        )

    def invoke(
        self, function_name: str, input: DurableExecutionInvocationInput, *_: Any, **__: Any
    ) -> InvokeResponse:
        request_id = self._functions.new_id()
        event = json.loads(json.dumps(input.to_json_dict()))
        answer = self._functions.invoke(function_name, event, request_id=request_id)
        if answer.error:
            # Any exception but the library's own "invalid output" makes the executor try again.
            raise DurableFunctionsTestError(json.dumps(answer.error))
        return InvokeResponse.from_output(answer.payload, request_id)

    def update_endpoint(self, endpoint_url: str, region_name: str) -> None:
        """There are no endpoints."""

    def inherit_endpoint(self, child_execution_arn: str, parent_execution_arn: str) -> None:
        """There are no endpoints."""


class _Executor(Executor):
    """The library's executor with AWS's ARNs, and with failures told to somebody."""

    failed: Callable[[str, ErrorObject | None], None]

    def _create_execution(
        self, input: StartDurableExecutionInput, parent_execution_arn: str | None = None
    ) -> Execution:
        execution = Execution.new(input=input)
        execution.durable_execution_arn = _execution_arn(input)
        execution.region, execution.parent_execution_arn = self._region, parent_execution_arn
        execution.start(now=self._clock.now())
        self._store.save(execution)
        return execution

    def _finish_invocation(self, execution_arn: str, *args: Any, **more: Any) -> None:
        """A retry that fell due while its invocation was ending is seen by nobody: invoke again.

        With skipped waits that happens; the library counts what a checkpoint's answer has shown as
        consumed, although the handler had already suspended. One more invocation only replays.
        """
        super()._finish_invocation(execution_arn, *args, **more)
        execution = self._store.load(execution_arn)
        ready = any(row.status is OperationStatus.READY for row in execution.operations)
        if ready and not execution.is_complete:
            self._invoke_execution(execution_arn)

    def is_forgotten(self, arn: str) -> bool:
        """Whether an open execution neither runs nor has a timer."""
        timer = self._pending_wakeup.get(arn)
        armed = timer is not None and not timer.done()
        return not armed and self._invocation_gate(arn) is InvocationState.PRE_INVOKE

    def fail_execution(self, execution_arn: str, error: ErrorObject | None) -> None:
        self._tell(execution_arn, error)
        super().fail_execution(execution_arn, error)

    def on_timed_out(self, execution_arn: str, error: ErrorObject) -> None:
        self._tell(execution_arn, error)
        super().on_timed_out(execution_arn, error)

    def _tell(self, execution_arn: str, error: ErrorObject | None) -> None:
        """Before the execution counts as ended, so that nobody finds the box idle too early."""
        if not self.get_execution(execution_arn).is_complete:
            self.failed(execution_arn, error)


def _execution_arn(start: StartDurableExecutionInput) -> str:
    function = f"{start.function_name}:{start.function_qualifier}"
    run = f"{start.execution_name}/{start.invocation_id}"
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}/durable-execution/{run}"


class Durable:
    """Starts durable executions and answers the API that they call while they run."""

    def __init__(self, functions: Functions, on_failed: Failed, real_time: bool) -> None:
        self._functions, self._on_failed = functions, on_failed
        self._names: dict[tuple[str, str], tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._store, self._scheduler = InMemoryExecutionStore(), Scheduler()
        self._scheduler.start()
        self._registry = ExecutionRegistry(self._store, self._scheduler)
        self.executor = self._make_executor(real_time)
        self._router = routes.Router()
        self._handlers = {route: make(self.executor) for route, make in _HANDLERS.items()}

    def _make_executor(self, real_time: bool) -> _Executor:
        processor = CheckpointProcessor(store=self._store, scheduler=self._scheduler, clock=CLOCK)
        executor = _Executor(
            store=self._store,
            scheduler=self._scheduler,
            invoker=_Invoker(self._functions),
            checkpoint_processor=processor,
            registry=self._registry,
            clock=CLOCK,
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

    def nudge(self) -> None:
        """Invoke what sleeps with nothing to wake it: a timer that fell due while its invocation
        was killed is lost in the library. A needless invocation only replays.
        """
        for arn in self.open():
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
            answer.headers["x-amzn-ErrorType"] = type(error).__name__
        return Response(answer.status_code, answer.body_to_bytes(), dict(answer.headers))

    def stop(self) -> None:
        """Stop everything that runs; nothing is invoked again."""
        self.executor.shutdown()
        self._registry.shutdown()
        self._scheduler.stop()


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
