"""Lanes: work that runs in threads, so many at once per lane, and work that waits for its time."""

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

LOG = logging.getLogger(__name__)


class Clock(Protocol):
    """What the lanes need of `sandbox.clock.ModelledClock`."""

    real_time: bool

    def now(self) -> datetime: ...

    def arm(self, wake: datetime) -> float: ...


@dataclass(frozen=True)
class Job:
    """One piece of work. At most `limit` jobs of a lane run at once; 0 is not a limit."""

    lane: str
    label: str
    run: Callable[[], None]
    limit: int = 4


@dataclass(frozen=True, order=True)
class _Waiting:
    wake: datetime
    serial: int
    not_before: float = field(compare=False)
    job: Job = field(compare=False)


class Lanes:
    """Threads come with the work and go when their lane is empty; all of them are daemons."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._change = threading.Condition()
        self._ready: dict[str, deque[Job]] = {}
        self._workers: dict[str, int] = {}
        self._running: dict[int, tuple[int, Job]] = {}
        self._generation = 0
        self._waiting: list[_Waiting] = []
        self._serial = itertools.count()
        self._timer: threading.Thread | None = None
        self._closed = False
        self.broken: list[str] = []

    def put(self, job: Job) -> None:
        """Run a job as soon as its lane has room. Dropped while `reset` or `stop` is at work."""
        with self._change:
            self._enqueue(job)

    def later(self, job: Job, seconds: float, pause: float = 0.0) -> None:
        """Run a job after so many modelled seconds, and not before `pause` real ones."""
        wake = self._clock.now() + timedelta(seconds=seconds)
        with self._change:
            if self._closed or self._is_stale():
                return
            waiting = _Waiting(wake, next(self._serial), time.monotonic() + pause, job)
            heapq.heappush(self._waiting, waiting)
            self._start_timer()
            self._change.notify_all()

    def idle(self) -> bool:
        """Whether nothing is queued, running or waiting."""
        with self._change:
            return not (self._workers or self._waiting)

    def before(self, wake: datetime) -> bool:
        """Whether something is queued or running, or waits for a time that is not after `wake`."""
        with self._change:
            return bool(self._workers) or any(row.wake <= wake for row in self._waiting[:1])

    def wait_idle(self, timeout: float) -> bool:
        """Block until `idle()`, or give up; says which."""
        with self._change:
            done = self._change.wait_for(lambda: not (self._workers or self._waiting), timeout)
        return bool(done)

    def open(self) -> dict[str, Any]:
        """What is queued (per lane), running and waiting."""
        with self._change:
            waiting = [{"what": row.job.label, "at": row.wake.isoformat()} for row in self._waiting]
            return {
                "queued": {lane: len(jobs) for lane, jobs in self._ready.items() if jobs},
                "running": [job.label for _, job in self._running.values()],
                "waiting": waiting,
            }

    def reset(self, timeout: float) -> bool:
        """Drop what has not begun, wait for what has; False if it did not end in time."""
        ended = self._close(timeout)
        with self._change:
            self._closed = False
        return ended

    def stop(self, timeout: float) -> bool:
        """As `reset`, and accept nothing any more."""
        return self._close(timeout)

    def _close(self, timeout: float) -> bool:
        with self._change:
            self._closed = True
            self._generation += 1
            self._ready.clear()
            self._waiting.clear()
            self._change.notify_all()
            return bool(self._change.wait_for(lambda: not self._workers, timeout))

    def _is_stale(self) -> bool:
        """Whether this thread runs a job from before a reset: what it leaves behind is dropped."""
        generation, _ = self._running.get(threading.get_ident(), (self._generation, None))
        return generation != self._generation

    def _enqueue(self, job: Job) -> None:
        if self._closed or self._is_stale():
            return
        self._ready.setdefault(job.lane, deque()).append(job)
        if self._workers.get(job.lane, 0) < job.limit:
            self._workers[job.lane] = self._workers.get(job.lane, 0) + 1
            threading.Thread(target=self._work, args=(job.lane,), daemon=True).start()

    def _work(self, lane: str) -> None:
        key = threading.get_ident()
        while job := self._take(lane, key):
            try:
                job.run()
            except Exception as error:
                # A bug of the box: it must be seen, and must not close the lane.
                LOG.exception("%s failed", job.label)
                self.broken.append(f"{job.label}: {error!r}")

    def _take(self, lane: str, key: int) -> Job | None:
        with self._change:
            self._running.pop(key, None)
            jobs = self._ready.get(lane)
            self._change.notify_all()
            if jobs:
                job = jobs.popleft()
                self._running[key] = (self._generation, job)
                return job
            self._workers[lane] -= 1
            if not self._workers[lane]:
                del self._workers[lane]
            return None

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = threading.Thread(target=self._tick, daemon=True)
            self._timer.start()

    def _tick(self) -> None:
        """End with the last waiting job; the next `later` starts another timer."""
        with self._change:
            while self._waiting:
                self._release_due()
                if self._waiting:
                    self._change.wait(self._nap())
            self._timer = None

    def _release_due(self) -> None:
        now, real = self._clock.now(), time.monotonic()
        while self._waiting and self._waiting[0].wake <= now:
            if self._waiting[0].not_before > real:
                return
            self._enqueue(heapq.heappop(self._waiting).job)

    def _nap(self) -> float | None:
        """Seconds until the next waiting job, None to wait for a change; skips modelled time.

        Time is skipped only when the lane has nothing ready: retries that belong to one moment
        then share one skip instead of adding up.
        """
        first = self._waiting[0]
        if not self._clock.real_time and self._ready.get(first.job.lane):
            return None
        return max(self._clock.arm(first.wake), first.not_before - time.monotonic(), 0.001)
