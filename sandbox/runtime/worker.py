"""The child process of one function: events in by one pipe, answers out by another.

Started as `python -m sandbox.runtime.worker IN_FD OUT_FD [durable]`; all else is in the
environment, as in
Lambda.
"""

import importlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

Handler = Callable[[Any, Any], Any]
LOG_MARK = "\x00"
"""A line of its own on standard output after each answer: what came before belongs to it."""


class Context:
    """The Lambda context object."""

    identity = None
    client_context = None
    tenant_id = None

    def __init__(self, row: dict[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.aws_request_id: str = row["request_id"]
        self.invoked_function_arn: str = row["arn"]
        self._deadline: float = row["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until this invocation is killed."""
        return max(int((self._deadline - time.time()) * 1000), 0)


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as Lambda reports it."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__
    ]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": "",
        "stackTrace": traceback.format_list(frames),
    }


def load() -> Handler:
    """Import what `_HANDLER` names."""
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def hurry_durable_sdk() -> None:
    """Wake the SDK when an invocation is over: it sleeps on its queue and looks each 100 ms."""
    sdk: Any = importlib.import_module("aws_durable_execution_sdk_python.state")
    stop = sdk.ExecutionState.stop_checkpointing

    def stop_and_wake(self: Any) -> None:
        stop(self)
        self._checkpoint_queue.put(sdk._Signal.REFRESH_WAKE)

    sdk.ExecutionState.stop_checkpointing = stop_and_wake


def handle(handler: Handler, row: dict[str, Any]) -> dict[str, Any]:
    """One invocation; whatever the handler raises becomes Lambda's error document."""
    try:
        return {"payload": json.dumps(handler(row["event"], Context(row)))}
    except BaseException as error:  # Lambda itself turns everything into an answer
        traceback.print_exc()
        return {"error": describe(error) | {"requestId": row["request_id"]}}


def _read(source: TextIO, rows: "queue.Queue[dict[str, Any]]") -> None:
    for line in source:
        rows.put(json.loads(line))
    os._exit(0)  # the parent has gone; a handler that still runs must not outlive it


def _write(target: TextIO, answer: dict[str, Any]) -> None:
    print(LOG_MARK)
    sys.stdout.flush()
    sys.stderr.flush()
    target.write(json.dumps(answer) + "\n")
    target.flush()


def main(fd_in: int, fd_out: int, durable: bool) -> None:
    """Import the handler, say so, then answer events one at a time."""
    rows: queue.Queue[dict[str, Any]] = queue.Queue()
    source, target = os.fdopen(fd_in), os.fdopen(fd_out, "w")
    threading.Thread(target=_read, args=(source, rows), daemon=True).start()
    try:
        if durable:
            hurry_durable_sdk()
        handler = load()
    except BaseException as error:
        traceback.print_exc()
        _write(target, {"init": describe(error) | {"errorType": f"Runtime.{type(error).__name__}"}})
        os._exit(1)
    _write(target, {"init": None})
    while True:
        _write(target, handle(handler, rows.get()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), durable="durable" in sys.argv[3:])
