"""What every kind of delivery shares: wiring, outcomes, one attempt with its retries."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Protocol

from sandbox.delivery.queue import Job, Lanes


class Answer(Protocol):
    """What an invocation gave; `error` has errorType and errorMessage, or is None."""

    @property
    def payload(self) -> Any: ...

    @property
    def error(self) -> dict[str, Any] | None: ...


Invoke = Callable[[str, Any, str], Answer]
"""Blocks: (function ARN, event, request id) -> answer; raises `Throttled` when there is no room."""

RoleMay = Callable[[str, str, str], bool]
"""(role ARN, action, resource ARN) -> whether the role's policies allow it."""


class Throttled(Exception):
    """The function has no concurrency left; asynchronous events wait and try again."""


class Refused(Exception):
    """A target did not take it. `code` is the ERROR_CODE; `retryable` says to try again."""

    def __init__(self, code: str, message: str, retryable: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.retryable = code, message, retryable


@dataclass
class Tuning:
    """What a test may set while the box runs.

    `faults`: target ARN -> error codes of its next attempts, each retryable. `concurrency`:
    function name -> asynchronous invocations at once. `throttle_pause`: real seconds before a
    throttled retry, since the room that it waits for is taken in real time.
    """

    duplicate_rate: float = 0.0
    concurrency: dict[str, int] = field(default_factory=dict)
    default_concurrency: int = 4
    throttle_pause: float = 0.25
    faults: dict[str, list[str]] = field(default_factory=dict)


class Outcomes:
    """How deliveries ended: counts, and one row for each that never reached its target."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self.counts = dict.fromkeys(("delivered", "retried", "dead_lettered", "dropped"), 0)
            self.failed: list[dict[str, Any]] = []

    def count(self, kind: str) -> None:
        """One more of a kind."""
        with self._lock:
            self.counts[kind] += 1

    def fail(self, what: str, target: str, code: str, message: str, landed: list[str]) -> None:
        """A delivery is over without success; `landed` are the ARNs that got its dead letter."""
        row = {"what": what, "target": target, "code": code, "message": message, "landed": landed}
        with self._lock:
            self.counts["dead_lettered" if landed else "dropped"] += 1
            self.failed.append(row)


@dataclass(frozen=True)
class Wiring:
    """The parts of one `Delivery`. `lock` guards moto and is never held while a function runs."""

    lock: threading.RLock
    lanes: Lanes
    outcomes: Outcomes
    invoke: Invoke
    role_may: RoleMay
    tuning: Tuning
    mail: list[dict[str, Any]]
    random: Random


@dataclass(frozen=True)
class Failure:
    """Why a parcel is given up."""

    refusal: Refused
    tried: int
    exhausted: str | None = None


@dataclass(frozen=True)
class Parcel:
    """Something for one target.

    `send` delivers it or raises `Refused`; it says whether that is the end of it (False where an
    asynchronous invocation goes on). `bury` sends the dead letter and says where it landed.
    """

    label: str
    target: str
    send: Callable[[], bool]
    bury: Callable[[Failure], list[str]]
    lane: str
    retries: int
    max_age: float
    tried: int = 0
    waited: float = 0.0


def post(wiring: Wiring, parcel: Parcel) -> None:
    """Deliver a parcel from another thread, with retries; never blocks."""
    wiring.lanes.put(_job(wiring, parcel))


def _job(wiring: Wiring, parcel: Parcel) -> Job:
    return Job(parcel.lane, parcel.label, lambda: _attempt(wiring, parcel))


def _attempt(wiring: Wiring, parcel: Parcel) -> None:
    try:
        _order_fault(wiring.tuning, parcel.target)
        if parcel.send():
            wiring.outcomes.count("delivered")
    except Refused as refusal:
        _after(wiring, parcel, refusal)


def _order_fault(tuning: Tuning, target: str) -> None:
    codes = tuning.faults.get(target)
    if codes:
        code = codes.pop(0)
        raise Refused(code, f"{code} was ordered for {target}", retryable=True)


def _after(wiring: Wiring, parcel: Parcel, refusal: Refused) -> None:
    delay = min(2.0**parcel.tried, 512.0)
    exhausted = None
    if refusal.retryable:
        exhausted = _exhausted(parcel, delay)
        if exhausted is None:
            return _again(wiring, parcel, delay)
    landed = parcel.bury(Failure(refusal, parcel.tried, exhausted))
    wiring.outcomes.fail(parcel.label, parcel.target, refusal.code, refusal.message, landed)


def _exhausted(parcel: Parcel, delay: float) -> str | None:
    if parcel.tried >= parcel.retries:
        return "MaximumRetryAttempts"
    return "MaximumEventAgeInSeconds" if parcel.waited + delay > parcel.max_age else None


def _again(wiring: Wiring, parcel: Parcel, delay: float) -> None:
    wiring.outcomes.count("retried")
    again = replace(parcel, tried=parcel.tried + 1, waited=parcel.waited + delay)
    wiring.lanes.later(_job(wiring, again), delay)
