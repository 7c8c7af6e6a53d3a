"""The modelled clock: real time plus what durable waits have skipped.

Functions, moto's own timestamps and tokens live in real time. Only the durable executor and the
things
that take modelled time in the box (scans, commands, flows) read this clock.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# How soon to ask again whether what keeps time from being skipped is over.
LOOK_AGAIN = 0.02


class ModelledClock:
    """Satisfies the durable test library's `Clock`: `now()` and `arm(wake)`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset(real_time=False)

    def reset(self, real_time: bool) -> None:
        """Start again with nothing skipped; with `real_time`, waits take as long as they say."""
        with self._lock:
            self.real_time, self.skipped = real_time, timedelta()

    def now(self) -> datetime:
        """The modelled time, UTC."""
        with self._lock:
            return datetime.now(UTC) + self.skipped

    def arm(self, wake: datetime) -> float:
        """Seconds to really wait until `wake`: none unless real time is on, the rest is skipped."""
        with self._lock:
            gap = max(wake - datetime.now(UTC) - self.skipped, timedelta())
            if self.real_time:
                return gap.total_seconds()
            self.skipped += gap
            return 0.0


CLOCK = ModelledClock()


class PatientClock:
    """The modelled clock for waits that must not be skipped while something is on its way that
    would have arrived before their end: `earlier(wake)` tells.
    """

    def __init__(self, clock: ModelledClock, earlier: Callable[[datetime], bool]) -> None:
        self._clock, self._earlier = clock, earlier

    def now(self) -> datetime:
        """The modelled time, UTC."""
        return self._clock.now()

    def arm(self, wake: datetime) -> float:
        """As the modelled clock, or how soon to ask again."""
        held = not self._clock.real_time and self._earlier(wake)
        return LOOK_AGAIN if held else self._clock.arm(wake)
