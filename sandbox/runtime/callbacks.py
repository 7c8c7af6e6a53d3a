"""Callbacks of durable executions: what waits for somebody, and AWS's answers about the rest."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from aws_durable_execution_sdk_python.lambda_service import (
    CallbackOptions,
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

from sandbox.clock import CLOCK
from sandbox.systems import progress

STEP = 0.02


MACHINES = "Wake"
"""The sub-type of callbacks that AWS's own events answer. Their time is modelled: it passes when
nothing else happens, up to the next thing that is due in the world. A person's time is real."""


def open_callbacks(execution: Execution, machines: bool = False) -> list[str]:
    """The ids of the callbacks that an execution waits for: of people, or of `machines`."""
    return [
        row.callback_details.callback_id
        for row in execution.operations
        if row.operation_type is OperationType.CALLBACK
        and row.status is OperationStatus.STARTED
        and row.callback_details
        and (row.sub_type == MACHINES) is machines
    ]


class CallbackExecutor(Executor):
    """Refuses an answer to a closed callback as AWS does; the library calls it not found.

    `quiet` tells whether nothing happens in the box, `go_on` makes what is due next happen if
    that is before a moment.
    """

    quiet: Callable[[], bool] = staticmethod(lambda: True)
    go_on: Callable[[datetime], bool] = staticmethod(progress.skip)
    over = False

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
        if callback_id not in [*open_callbacks(execution), *open_callbacks(execution, True)]:
            raise CallbackTimeoutException("The callback is closed or has expired")

    def _schedule_callback_timeouts(
        self, execution_arn: str, callback_options: CallbackOptions | None, callback_id: str
    ) -> None:
        """The time of a callback that machines answer is modelled; of others it is real."""
        _, row = self.get_execution(execution_arn).find_callback_operation(callback_id)
        if row.sub_type != MACHINES or CLOCK.real_time or callback_options is None:
            super()._schedule_callback_timeouts(execution_arn, callback_options, callback_id)
            return
        until = CLOCK.now() + timedelta(seconds=callback_options.timeout_seconds)
        wait = (execution_arn, callback_id, until)
        threading.Thread(target=self._pass_time, args=wait, daemon=True).start()

    def _pass_time(self, arn: str, callback_id: str, until: datetime) -> None:
        """Wind the modelled clock on whenever nothing happens, until the callback's time is up."""
        while not self.over and callback_id in open_callbacks(self.get_execution(arn), True):
            if self.quiet() and self.quiet() and not self.go_on(until):
                CLOCK.arm(until)
                self._on_callback_timeout(arn, callback_id)
                return
            time.sleep(STEP)

    def expire(self, arn: str) -> int:
        """Let every open callback of an execution run out now; how many there were."""
        waiting = open_callbacks(self.get_execution(arn))
        for callback_id in waiting:
            self._on_callback_timeout(arn, callback_id)
        return len(waiting)
