"""How a child process comes to be: forked from a nursery, or, where that is not safe, by itself."""

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]
NURSERIES = 2
"""Their strings hash differently, so the order of a set differs between a function's children."""
SHARED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "TZ")
"""Variables that are the same for all functions; libraries look at the last when imported."""
Pipes = tuple[int, int, int]
"""What a child reads events from, writes answers to, and writes its log to."""


class Process(Protocol):
    """A running child."""

    def kill(self) -> None:
        """End it at once."""

    def end(self) -> None:
        """Kill and reap it. Nothing may be asked of it afterwards."""


class Starter(Protocol):
    """Starts child processes in the folder of the code."""

    def start(self, environment: dict[str, str], pipes: Pipes, *flags: str) -> Process:
        """One more. The pipes stay open here; their owner closes them."""

    def close(self) -> None:
        """Start nothing any more."""


def starter(code: Path) -> Starter:
    """What starts children fast. Apple's libraries do not survive a fork, others have none."""
    return Nurseries(code) if sys.platform == "linux" else Alone(code)


class Alone:
    """Starts each child as a process of its own."""

    def __init__(self, code: Path) -> None:
        self._code = code

    def start(self, environment: dict[str, str], pipes: Pipes, *flags: str) -> Process:
        events, answers, log = pipes
        command = [sys.executable, "-m", "sandbox.runtime.worker", str(events), str(answers)]
        return _Started(
            subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [*command, *flags],
                env=environment,
                cwd=self._code,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(events, answers),
            )
        )

    def close(self) -> None:
        """There is nothing to close."""


class _Started:
    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


class Nurseries:
    """Several nurseries that take turns; each begins with its first child."""

    def __init__(self, code: Path) -> None:
        self._nurseries = [Nursery(code) for _ in range(NURSERIES)]
        self._turns = itertools.cycle(self._nurseries)

    def start(self, environment: dict[str, str], pipes: Pipes, *flags: str) -> Process:
        return next(self._turns).start(environment, pipes, *flags)

    def close(self) -> None:
        for each in self._nurseries:
            each.close()


class Nursery:
    """`sandbox.runtime.nursery` seen from the box. Any thread may call."""

    def __init__(self, code: Path) -> None:
        self._code, self._lock = code, threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def start(self, environment: dict[str, str], pipes: Pipes, *flags: str) -> "Forked":
        with self._lock:
            if self._process is None:
                self._begin(environment)
            order = {"start": environment, "flags": flags}
            return Forked(self, self._ask(order, pipes))

    def _begin(self, environment: dict[str, str]) -> None:
        with self._theirs as theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", "sandbox.runtime.nursery", str(theirs.fileno())],
                env={name: environment[name] for name in SHARED if name in environment},
                cwd=self._code,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )

    def _ask(self, order: dict[str, Any], pipes: Pipes | tuple[()] = ()) -> int:
        """The number that answers an order; RuntimeError if the nursery has gone."""
        try:
            socket.send_fds(self._socket, [json.dumps(order).encode()], pipes)
            return int(self._socket.recv(16))
        except (OSError, ValueError) as error:
            raise RuntimeError("the nursery has ended") from error

    def end(self, number: int) -> None:
        """Reap a child that was killed. With the nursery it has gone too."""
        with self._lock, contextlib.suppress(RuntimeError):
            self._ask({"end": number})

    def close(self) -> None:
        """End it and the children that are left."""
        with self._lock:
            self._socket.close()
            self._theirs.close()
            if self._process is not None:
                self._process.wait()


class Forked:
    """A child of a nursery, which keeps its number for it until it is reaped."""

    def __init__(self, nursery: Nursery, number: int) -> None:
        self._nursery, self._number = nursery, number

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it went with its nursery
            os.kill(self._number, signal.SIGKILL)

    def end(self) -> None:
        self.kill()
        self._nursery.end(self._number)
