"""The process that children are forked from: it has imported the libraries, they import the rest.

Started as `python -m sandbox.runtime.nursery SOCKET_FD` in the folder of the code. It ends, with
all its children, when the other end of the socket is closed. It has one thread: a lock that another
thread held would be held in the child for ever.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from typing import Any, NoReturn

from sandbox.runtime import worker

# What nearly every function imports, none of which looks at the environment. Not Powertools: it
# does, and it changes botocore's sessions in functions that do without it.
LIBRARIES = (
    "ask_sdk_core.serialize",
    "ask_sdk_core.skill_builder",
    "ask_sdk_model.dialog",
    "ask_sdk_model.er.dynamic",
    "ask_sdk_model.interfaces.connections.v1",
    "ask_sdk_model.ui",
    "aws_durable_execution_sdk_python.waits",
    "botocore.client",
    "botocore.httpsession",
    "botocore.session",
    "concurrent.futures.thread",
    "fluent.runtime",
    "slack_sdk.signature",
    "xml.sax.saxutils",
)
LARGEST = 1 << 20
"""Bytes of an order."""


def serve(box: socket.socket) -> None:
    """Follow orders until the box has gone.

    {"start": environment, "flags"} with three descriptors (events, answers, log) is answered with
    the number of a new process; {"end": number} with the same number when that process, which must
    have been killed, is reaped. Until then its number is nobody else's.
    """
    children: set[int] = set()
    while received := _order(box):
        order, descriptors = received
        if "end" in order:
            number = os.waitpid(order["end"], 0)[0]
            children.remove(number)
        else:
            number = _fork(box, order, descriptors)
            children.add(number)
        with contextlib.suppress(OSError):
            box.send(str(number).encode())
    for number in children:
        os.kill(number, signal.SIGKILL)


def _order(box: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    try:
        data, descriptors, _, _ = socket.recv_fds(box, LARGEST, 3)
    except ConnectionError:  # it went without having read our answer
        return None
    return (json.loads(data), descriptors) if data else None


def _fork(box: socket.socket, order: dict[str, Any], descriptors: list[int]) -> int:
    number = os.fork()
    if not number:
        box.close()
        _become(order, *descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    return number


def _become(order: dict[str, Any], events: int, answers: int, log: int) -> NoReturn:
    """Be a child as if it had been started for itself; `random` has a new seed by itself."""
    try:
        for standard in (1, 2):
            os.dup2(log, standard)
        os.close(log)
        os.environ.clear()
        os.environ.update(order["start"])
        time.tzset()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = [worker.__file__, *order["flags"]]
        gc.enable()
        worker.main(events, answers, durable="durable" in order["flags"])
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def prepare() -> None:
    """Import what there is of the libraries; RuntimeError if that began a thread."""
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):  # a function that needs it will say so
            importlib.import_module(name)
    if threading.active_count() > 1:
        raise RuntimeError(f"threads in the nursery: {threading.enumerate()}")
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the box takes it, and its end is ours
    gc.disable()
    prepare()
    serve(socket.socket(fileno=int(sys.argv[1])))
