"""Waiting until a box is quiet: nothing runs, waits for time, or is on its way.

An execution that waits for somebody's answer is quiet: nothing happens until it comes.
"""

import time
from typing import TYPE_CHECKING, Any

from sandbox.systems import progress

if TYPE_CHECKING:
    from sandbox.box import Box

STEP, LONGEST = 0.02, 0.06
"""Seconds between two looks: what takes long is looked at less often, as each look takes time."""
NUDGE_SECONDS = 1.5


def settle(box: "Box", seconds: float) -> dict[str, Any] | None:
    """None as soon as nothing runs or waits; what is still open when the time is over."""
    deadline = time.monotonic() + seconds
    quiet, nudged, pause = 0, time.monotonic(), STEP
    while True:
        still_open = _open(box)
        if time.monotonic() > nudged + NUDGE_SECONDS:
            nudged = time.monotonic()
            box.durable.nudge()
        moved_on = not still_open and progress.skip()
        quiet = 0 if still_open or moved_on else quiet + 1
        if quiet == 2:  # twice, since work moves from one place to the next
            return None
        if time.monotonic() > deadline:
            return still_open
        pause = min(pause * 1.1, LONGEST) if still_open else STEP
        time.sleep(pause)


def still(box: "Box") -> bool:
    """Whether nothing happens: nothing runs or is delivered, and what is open waits for an answer,
    whoever gives it.
    """
    return not (box.functions.busy() or box.durable.running()) and box.delivery.idle()


def _open(box: "Box") -> dict[str, Any]:
    found: dict[str, Any] = {
        "functions": box.functions.busy(),
        "executions": box.durable.busy(),
        "delivery": None if box.delivery.idle() else box.delivery.open(),
    }
    return {name: value for name, value in found.items() if value}
