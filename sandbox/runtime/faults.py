"""Faults to order: which calls of which function fail, and how."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.runtime.calls import Call, Caller
from sandbox.runtime.servers import Response
from sandbox.runtime.shapes import aws_error

KINDS = ("throttle", "deny", "hang", "error", "kill", "drop")
SILENT = ("hang", "drop", "kill")
"""Kinds that give no answer."""
_FILTERS = ("function", "service", "operation", "run", "params")
_KEYS = {*_FILTERS, "nth", "times", "kind", "seconds", "code"}
WEBHOOK = "slack"
_THROTTLES = {
    "ec2": "RequestLimitExceeded",
    "dynamodb": "ProvisionedThroughputExceededException",
    "s3": "SlowDown",
} | dict.fromkeys(("autoscaling", "elb", "elbv2"), "Throttling")
_DENIALS = {"ec2": "UnauthorizedOperation", "s3": "AccessDenied"}


@dataclass
class Fault:
    """One order: filters (None matches all), the first call that it hits, and how many it hits.

    `run` is the name of a durable execution, `params` a text in the parameters as JSON.
    """

    kind: str
    function: str | None = None
    service: str | None = None
    operation: str | None = None
    run: str | None = None
    params: str | None = None
    nth: int = 1
    times: int | None = None
    seconds: float = 30.0
    code: str | None = None
    gone: threading.Event = field(default_factory=threading.Event)
    seen: int = field(default=0, init=False)

    def hits(self, call: Call, caller: Caller) -> bool:
        """Count a matching call and say whether this one fails."""
        wanted = (self.function, self.service, self.operation, self.run)
        actual = (caller.function, call.service, call.operation, caller.run)
        if any(want not in (None, have) for want, have in zip(wanted, actual, strict=True)):
            return False
        if self.params and self.params not in _text(call.params):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.times is None or self.seen < self.nth + self.times)


def _text(params: dict[str, Any]) -> str:
    return json.dumps(params, ensure_ascii=False, default=str)


class Faults:
    """The faults in force. Only calls made by functions are hit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._gone = threading.Event()

    def put(self, document: Any) -> None:
        """Replace all faults; raises ValueError on what is no fault."""
        rows = document.get("faults") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise ValueError('body must be {"faults": [...]}')
        if strange := sorted(set(document) - {"faults"}):
            raise ValueError(f'unknown keys beside "faults": {", ".join(strange)}')
        faults = [_fault(row, index) for index, row in enumerate(rows)]
        with self._lock:
            self._faults = [replace(fault, gone=self._gone) for fault in faults]

    def clear(self) -> None:
        """No faults any more, and nothing hangs any longer."""
        with self._lock:
            self._faults = []
            self._gone.set()
            self._gone = threading.Event()

    def hit(self, call: Call, caller: Caller) -> Fault | None:
        """The first fault that this call runs into; every matching fault counts the call."""
        if not caller.function:
            return None
        with self._lock:
            hits = [fault for fault in self._faults if fault.hits(call, caller)]
        return hits[0] if hits else None

    def hit_webhook(self, message: dict[str, Any]) -> Fault | None:
        """The fault that a Slack post runs into: one that names the service "slack".

        Who posts is not to be seen at a webhook: `function` and `operation` do not matter, and
        `run` is refused. `params` is looked for in the message.
        """
        with self._lock:
            hits = [
                fault
                for fault in self._faults
                if fault.service == WEBHOOK
                and fault.hits(
                    Call(WEBHOOK, fault.operation or "", "", "", "rest", message),
                    Caller("", function=fault.function),
                )
            ]
        return hits[0] if hits else None


def _fault(row: Any, index: int) -> Fault:
    if problems := list(_problems(row)):
        raise ValueError(f"faults[{index}] is no fault: {'; '.join(problems)}")
    return Fault(**row)


def _problems(row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "not an object"
        return
    if strange := sorted(set(row) - _KEYS):
        yield f"unknown keys: {', '.join(strange)} (there are {', '.join(sorted(_KEYS))})"
    if row.get("kind") not in KINDS:
        yield f"unknown kind: {row.get('kind')} (there are {', '.join(KINDS)})"
    for name in (*_FILTERS, "code"):
        if not isinstance(row.get(name), str | None):
            yield f"{name} must be a string"
    if row.get("service") == WEBHOOK and row.get("run"):
        yield "run is not to be seen at the webhook; look for it in the message by params"
    yield from _wrong_numbers(row)


def _wrong_numbers(row: dict[str, Any]) -> Iterator[str]:
    for name in ("nth", "times"):
        value = row.get(name, 1)
        unlimited = name == "times" and value is None
        if not unlimited and (type(value) is not int or value < 1):
            yield f"{name} must be a positive integer"
    seconds = row.get("seconds", 0)
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not (number and 0 <= seconds <= threading.TIMEOUT_MAX):
        yield "seconds must be a number, 0 or more"


def answer(fault: Fault, call: Call) -> Response:
    """The error that a service gives for a fault that is answered at all."""
    if fault.kind == "throttle":
        code = fault.code or _THROTTLES.get(call.service, "ThrottlingException")
        return aws_error(call, code, "Rate exceeded", 503 if call.service in ("ec2", "s3") else 400)
    if fault.kind == "deny":
        return denial(call, fault.code, "You are not authorized to perform this operation.")
    return aws_error(call, fault.code or "InternalFailure", "Injected internal error", 500)


def denial(call: Call, code: str | None, message: str) -> Response:
    """An access-denied answer as the service words it."""
    fallback = "AccessDenied" if call.protocol == "query" else "AccessDeniedException"
    return aws_error(
        call,
        code or _DENIALS.get(call.service, fallback),
        message,
        403 if call.protocol != "json" else 400,
    )
