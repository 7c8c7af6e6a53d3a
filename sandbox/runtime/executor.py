"""The testing library's executor with our functions, AWS's ARNs, and nothing forgotten."""

import json
from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python.execution import (
    DurableExecutionInvocationInput,
    InitialExecutionState,
)
from aws_durable_execution_sdk_python.lambda_service import ErrorObject, OperationStatus
from aws_durable_execution_sdk_python_testing.checkpoint.processor import (
    DEFAULT_MAX_INVOCATION_PAGE_BYTES,
)
from aws_durable_execution_sdk_python_testing.exceptions import DurableFunctionsTestError
from aws_durable_execution_sdk_python_testing.execution import Execution, OperationPaginatorState
from aws_durable_execution_sdk_python_testing.invoker import InvokeResponse
from aws_durable_execution_sdk_python_testing.model import StartDurableExecutionInput
from aws_durable_execution_sdk_python_testing.worker.status import InvocationState

from sandbox.runtime.callbacks import CallbackExecutor, open_callbacks
from sandbox.runtime.calls import ACCOUNT, REGION
from sandbox.runtime.functions import Functions


class FunctionInvoker:
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


class BoxExecutor(CallbackExecutor):
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

    def is_asleep(self, arn: str) -> bool:
        """Whether an open execution waits for nothing but the answer to a callback."""
        execution = self.get_execution(arn)
        waiting = open_callbacks(execution) and not open_callbacks(execution, True)
        return bool(waiting) and self.is_forgotten(arn)

    def is_waiting(self, arn: str) -> bool:
        """Whether an open execution waits for the answer to a callback, whoever may give it."""
        execution = self.get_execution(arn)
        waiting = open_callbacks(execution) or open_callbacks(execution, True)
        return bool(waiting) and self.is_forgotten(arn)

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
