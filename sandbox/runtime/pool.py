"""The children of one function, and what Lambda says when one of them fails."""

import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.runtime.child import Child, Died, Slow
from sandbox.runtime.processes import Starter

LIMITS = {"voice": 8, "workflow": 8}
DEFAULT_LIMIT = 4
INIT_SECONDS = 60.0


@dataclass(frozen=True)
class Function:
    """One deployed function. `short` is the handler's own name (voice, events, workflow)."""

    logical_id: str
    short: str
    name: str
    arn: str
    handler: str
    timeout: float
    memory: int
    environment: dict[str, str]
    role_arn: str
    alias: str | None = None
    version: str = "$LATEST"
    durable: dict[str, Any] | None = None
    dead_letter_arn: str | None = None

    @property
    def qualified_arn(self) -> str:
        """The ARN that callers use: with the alias, where there is one."""
        return f"{self.arn}:{self.alias}" if self.alias else self.arn


@dataclass(frozen=True)
class Answer:
    """What an invocation gave: a JSON-able payload, or Lambda's error document."""

    payload: Any = None
    error: dict[str, Any] | None = None


class Pool:
    """The children of one function: grown on demand up to a limit, kept warm."""

    def __init__(
        self,
        function: Function,
        environment: dict[str, str],
        starter: Starter,
        heard: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.function, self.environment, self._starter = function, environment, starter
        self._heard = heard
        self.logs: deque[dict[str, Any]] = deque(maxlen=20_000)
        self.busy: dict[int, Child] = {}
        self.runs: dict[int, str] = {}
        self.waiting = 0
        self._idle: list[tuple[int, Child]] = []
        self._serial = itertools.count(1)
        self._slots = threading.Semaphore(LIMITS.get(function.short, DEFAULT_LIMIT))
        self._lock = threading.Lock()

    def invoke(self, row: dict[str, Any]) -> Answer:
        """Run one event in a free child, or in a new one, or wait for one."""
        with self._lock:
            self.waiting += 1
        try:
            with self._slots:
                return self._with_child(row)
        finally:
            with self._lock:
                self.waiting -= 1

    def warm(self) -> Answer:
        """Start one child and import the handler; the error document when that fails."""
        with self._slots:
            return self._with_child(None)

    def _take(self) -> tuple[int, Child]:
        with self._lock:
            while self._idle:
                number, child = self._idle.pop()
                if child.alive:
                    self.busy[number] = child
                    return number, child
                child.close()
            number = next(self._serial)
        child = self._spawn(number)
        with self._lock:
            self.busy[number] = child
        return number, child

    def _spawn(self, number: int) -> Child:
        token = {"AWS_SESSION_TOKEN": f"{self.environment.get('AWS_SESSION_TOKEN', '')}.{number}"}
        flags = ["durable"] if self.function.durable else []
        return Child(self._starter, self.environment | token, self._write, *flags)

    def _write(self, line: str) -> None:
        self.logs.append({"function": self.function.short, "at": time.time(), "line": line})
        self._heard(line)

    @property
    def behind(self) -> bool:
        """Whether what its children wrote has not all been read yet."""
        with self._lock:
            return any(child.behind for _, child in self._idle)

    def _with_child(self, row: dict[str, Any] | None) -> Answer:
        """Run an event in a child; with none, only let the child import the handler."""
        number, child = self._take()
        request_id, keep = row["request_id"] if row else "", False
        try:
            if failure := child.start(INIT_SECONDS):
                return Answer(error=failure | {"requestId": request_id})
            answer = self._exchange(number, child, row) if row else Answer()
            keep = True
            return answer
        except Slow:
            return Answer(error=_timeout_error(request_id, self.function.timeout))
        except Died:
            return Answer(error=_exit_error(request_id))
        finally:
            self._release(number, child, keep)

    def _exchange(self, number: int, child: Child, row: dict[str, Any]) -> Answer:
        if run := _run_of(row["event"]):
            self.runs[number] = run
        child.send(row | {"deadline": time.time() + self.function.timeout})
        answer = child.receive(self.function.timeout)
        if "error" in answer:
            return Answer(error=answer["error"])
        return Answer(payload=json.loads(answer["payload"]))

    def _release(self, number: int, child: Child, keep: bool) -> None:
        with self._lock:
            self.busy.pop(number, None)
            self.runs.pop(number, None)
            if keep:
                self._idle.append((number, child))
        if not keep:
            child.close()

    def kill(self, number: int | None) -> None:
        """Kill the busy child of this number, or every busy one."""
        with self._lock:
            for key, child in self.busy.items():
                if number in (None, key):
                    child.kill()

    def close(self) -> None:
        """End all children."""
        self.kill(None)
        with self._lock:
            idle, self._idle = self._idle, []
        for _, child in idle:
            child.close()


def _run_of(event: Any) -> str | None:
    """The name of the durable execution that an invocation belongs to (…/NAME/INVOCATION)."""
    arn = event.get("DurableExecutionArn") if isinstance(event, dict) else None
    return arn.split("/")[-2] if isinstance(arn, str) and arn.count("/") > 1 else None


def _timeout_error(request_id: str, seconds: float) -> dict[str, Any]:
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return {"errorType": "Sandbox.Timedout", "errorMessage": message}


def _exit_error(request_id: str) -> dict[str, Any]:
    message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
    return {"errorType": "Runtime.ExitError", "errorMessage": message}
