"""One run for all that comes within a window: whoever finds no bucket open opens one.

`bucket#<action>`/`open` names the run that will take in what waits. The run closes the bucket
before it reads, so what was written before is read, and what comes after opens the next one.
`desk` lets only one run at a time read, so that no two tell of the same.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from skill.actions._flow import Flow
from skill.aws import Aws
from skill.errors import Throttled, TobanError
from skill.model import Facts, Result, Target

PERMISSIONS = tuple(
    f"dynamodb:{name}" for name in ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
)
# A run that has not closed its bucket so long after the window never will.
DEAD = 5400
LATE = 900
# The index that is read follows the table by a moment.
SETTLE = 10
DESK = 5400
TRIES = 5
# 15,000 findings; what is more waits for the next run.
PAGES = 100
DAY = 86400


def find(aws: Aws, action: str) -> tuple[str, bool]:
    """The key of the run that will take in what waits, and whether it is to be started (again)."""
    for _ in range(TRIES):
        now = int(time.time())
        held = _open(aws, action)
        if held and held["dies"] > now:
            return str(held["holder"]), held["late"] < now
        key = f"{action}#{uuid.uuid4().hex}"
        if _make(aws, action, key, now):
            return key, True
    raise Throttled(operation="open a bucket")


def _make(aws: Aws, action: str, key: str, now: int) -> bool:
    due = now + aws.settings.findings_window
    times = {"late": due + LATE, "dies": due + DEAD, "ttl": due + DAY}
    condition = "attribute_not_exists(pk) OR dies <= :now"
    return aws.ledger.put(_place(action), "open", {}, condition, {"now": now}, holder=key, **times)


def targets(aws: Aws, action: str, key: str) -> tuple[Target, ...]:
    """The open bucket as a plan's one target; nothing if it is closed, or another."""
    held = _open(aws, action)
    found = held and key in ("", held["holder"])
    return (Target(str(held["holder"]), action, "findings"),) if held and found else ()


@dataclass(frozen=True)
class Params:
    """`bucket`: the key of the bucket that is open; empty for whichever is."""

    bucket: str = ""


class Ready(NamedTuple):
    """What else is waited for: looked for every so many seconds, and not longer than `within`."""

    look: Callable[[], bool]
    every: int
    within: int


def take_in(flow: Flow, aws: Aws, action: str, key: str, ready: Ready) -> None:
    """Wait for what belongs together, and until it is ready; then close the bucket: from now on
    it can be read.
    """
    flow.wait("for the rest of it", aws.settings.findings_window)
    flow.until("its turn", partial(_sit, aws, action, key), bool, every=15, within=DESK)
    _await(flow, ready)
    flow.step("close the bucket", partial(_close, aws, action, key, "open"))
    flow.wait("for the index", SETTLE)


def _await(flow: Flow, ready: Ready) -> None:
    """What cannot be looked at is not waited for."""
    try:
        flow.until("until it is ready", ready.look, bool, ready.every, ready.within)
    except TobanError:
        return


def at_the_desk(
    flow: Flow, aws: Aws, action: str, key: str, work: Callable[[Aws, Flow], Result]
) -> Result:
    """Do the work, and let the next run in. Not in a `finally`: that runs at each suspension."""
    try:
        done = work(aws, flow)
    except TobanError:
        _leave(flow, aws, action, key)
        raise
    _leave(flow, aws, action, key)
    return done


def pages(flow: Flow, read: Callable[[Facts | None], Facts]) -> list[Facts]:
    """What waits, in steps that are small enough to be kept. A page has `next`: where to go on."""
    found: list[Facts] = []
    start = None
    while len(found) < PAGES:
        found.append(flow.step(f"read {len(found) + 1}", partial(read, start)))
        start = found[-1]["next"]
        if start is None:
            break
    return found


def _leave(flow: Flow, aws: Aws, action: str, key: str) -> None:
    """The next run may read. One that cannot be told so waits until the desk is free by itself."""
    try:
        flow.step("leave the desk", partial(_close, aws, action, key, "desk"))
    except TobanError:
        return


def _sit(aws: Aws, action: str, key: str) -> bool:
    now = int(time.time())
    condition = "attribute_not_exists(pk) OR holder = :run OR expires < :now"
    more = {"holder": key, "expires": now + DESK, "ttl": now + DAY}
    return aws.ledger.put(_place(action), "desk", {}, condition, {"run": key, "now": now}, **more)


def _close(aws: Aws, action: str, key: str, what: str) -> bool:
    return aws.ledger.delete_if(_place(action), what, "holder = :run", {"run": key})


def _open(aws: Aws, action: str) -> Facts | None:
    return aws.ledger.get(_place(action), "open", sure=True)


def _place(action: str) -> str:
    return f"bucket#{action}"
