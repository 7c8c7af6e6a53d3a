"""Callbacks of durable executions: what waits for somebody, and AWS's answers about the rest."""

from aws_durable_execution_sdk_python.lambda_service import (
    ErrorObject,
    OperationStatus,
    OperationType,
)
from aws_durable_execution_sdk_python_testing.exceptions import (
    AwsApiException,
    CallbackTimeoutException,
)
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.model import (
    SendDurableExecutionCallbackFailureResponse,
    SendDurableExecutionCallbackSuccessResponse,
)
from aws_durable_execution_sdk_python_testing.token import CallbackToken


def open_callbacks(execution: Execution) -> list[str]:
    """The ids of the callbacks that an execution waits for."""
    return [
        row.callback_details.callback_id
        for row in execution.operations
        if row.operation_type is OperationType.CALLBACK
        and row.status is OperationStatus.STARTED
        and row.callback_details
    ]


class CallbackExecutor(Executor):
    """Refuses an answer to a closed callback as AWS does; the library calls it not found."""

    def send_callback_success(
        self, callback_id: str, result: bytes | None = None
    ) -> SendDurableExecutionCallbackSuccessResponse:
        self._must_be_open(callback_id)
        return super().send_callback_success(callback_id, result)

    def send_callback_failure(
        self, callback_id: str, error: ErrorObject | None = None
    ) -> SendDurableExecutionCallbackFailureResponse:
        self._must_be_open(callback_id)
        return super().send_callback_failure(callback_id, error)

    def _must_be_open(self, callback_id: str) -> None:
        try:
            arn = CallbackToken.from_str(callback_id).execution_arn
            execution = self.get_execution(arn)
            execution.find_callback_operation(callback_id)
        except (ValueError, KeyError, AwsApiException):  # none of ours: the library tells so
            return
        if callback_id not in open_callbacks(execution):
            raise CallbackTimeoutException("The callback is closed or has expired")

    def expire(self, arn: str) -> int:
        """Let every open callback of an execution run out now; how many there were."""
        waiting = open_callbacks(self.get_execution(arn))
        for callback_id in waiting:
            self._on_callback_timeout(arn, callback_id)
        return len(waiting)
