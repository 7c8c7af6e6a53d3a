"""Faults to order: which calls of which function fail, and how."""

import threading
from dataclasses import dataclass, field
from typing import Any

from sandbox.calls import Call, Caller
from sandbox.servers import Response
from sandbox.shapes import aws_error

KINDS = ("throttle", "deny", "hang", "error", "kill", "drop")
_KEYS = {"function", "service", "operation", "nth", "times", "kind", "seconds", "code"}
WEBHOOK = "slack"
_THROTTLES = {"ec2": "RequestLimitExceeded", "dynamodb": "ProvisionedThroughputExceededException"}
_DENIALS = {"ec2": "UnauthorizedOperation"}


@dataclass
class Fault:
    """One order: filters (None matches all), the first call that it hits, and how many it hits."""

    kind: str
    function: str | None = None
    service: str | None = None
    operation: str | None = None
    nth: int = 1
    times: int | None = None
    seconds: float = 30.0
    code: str | None = None
    seen: int = field(default=0, init=False)

    def hits(self, call: Call, caller: Caller) -> bool:
        """Count a matching call and say whether this one fails."""
        wanted = (self.function, self.service, self.operation)
        actual = (caller.function, call.service, call.operation)
        if any(want not in (None, have) for want, have in zip(wanted, actual, strict=True)):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.times is None or self.seen < self.nth + self.times)


class Faults:
    """The faults in force. Only calls made by functions are hit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def put(self, document: Any) -> None:
        """Replace all faults; raises ValueError on what is no fault."""
        rows = document.get("faults") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise ValueError('body must be {"faults": [...]}')
        faults = [_fault(row) for row in rows]
        with self._lock:
            self._faults = faults

    def clear(self) -> None:
        """No faults any more."""
        with self._lock:
            self._faults = []

    def hit(self, call: Call, caller: Caller) -> Fault | None:
        """The first fault that this call runs into; every matching fault counts the call."""
        if not caller.function:
            return None
        with self._lock:
            hits = [fault for fault in self._faults if fault.hits(call, caller)]
        return hits[0] if hits else None

    def hit_webhook(self) -> Fault | None:
        """The fault that a Slack post runs into: one that names the service "slack"."""
        call = Call(WEBHOOK, "post", "", "", "rest", {})
        with self._lock:
            hits = [
                fault
                for fault in self._faults
                if fault.service == WEBHOOK and fault.hits(call, Caller(""))
            ]
        return hits[0] if hits else None


def _fault(row: Any) -> Fault:
    if not isinstance(row, dict) or row.get("kind") not in KINDS or set(row) - _KEYS:
        raise ValueError(
            f"not a fault (kinds: {', '.join(KINDS)}; keys: {', '.join(sorted(_KEYS))}): {row}"
        )
    return Fault(**row)


def answer(fault: Fault, call: Call) -> Response:
    """The error that a service gives for a fault that is answered at all."""
    if fault.kind == "throttle":
        code = fault.code or _THROTTLES.get(call.service, "ThrottlingException")
        return aws_error(call, code, "Rate exceeded", 503 if call.protocol == "ec2" else 400)
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
