"""Keeps a fleet of containments inside EC2's request buckets (aws.md §6).

Changing calls refill at 5 a second per account and Region, shared with everybody. Each run books a
place in time for the calls that it will make, by a conditional write; it waits for its place before
its first call. A handful of runs fits into the buckets at once and does not wait at all.
"""

import time

from skill.actions._measures import Case
from skill.entity import INSTANCE
from skill.errors import Throttled, TobanError
from skill.model import Facts, Plan

REFILL = 5
# What one containment changes through the bucket that all changing calls share.
CHANGES = 8
# Of each interface: untracking, isolation, tracking timeout; a bucket of its own.
MOVES = 3
# Half of what a full bucket holds; the other half is for everybody else.
BURST = 25
TRIES = 20
DAY = 24 * 3600


def take_turn(case: Case, plan: Plan) -> None:
    """Wait until this run's calls fit. If the place cannot be booked, go ahead: AWS throttles."""
    if case.entity.kind != INSTANCE:
        return
    cost = max(CHANGES, MOVES * int(plan.facts.get("interfaces", 1)))
    try:
        seconds = case.step("book a place", lambda: _book(case, cost))
    except TobanError:
        return
    if seconds >= 1:
        case.flow.wait("for its place", round(seconds))


def _book(case: Case, cost: int) -> float:
    """Seconds to wait. A leaky bucket: `until` is when all that was booked will have refilled."""
    place = f"pace#{case.entity.account}#{case.entity.region}"
    for _ in range(TRIES):
        now = time.time()
        found = case.aws.ledger.get(place, "ec2")
        if found and case.flow.run in found["doc"]["runs"]:
            return float(found["doc"]["runs"][case.flow.run])
        wait, doc = _booked(found["doc"] if found else {}, case.flow.run, cost, now)
        if _write(case, place, doc, found):
            return wait
    raise Throttled(operation="book a place")


def _booked(found: Facts, run: str, cost: int, now: float) -> tuple[float, Facts]:
    until = max(float(found.get("until", 0)), now) + cost / REFILL
    wait = max(0.0, until - now - BURST / REFILL)
    runs = {**found.get("runs", {}), run: wait}
    return wait, {"until": until, "runs": dict(list(runs.items())[-200:])}


def _write(case: Case, place: str, doc: Facts, found: Facts | None) -> bool:
    version = found["version"] if found else 0
    kept = {"version": version + 1, "ttl": int(time.time()) + DAY}
    if found is None:
        return case.aws.ledger.put_new(place, "ec2", doc, **kept)
    condition = "version = :version"
    return case.aws.ledger.put(place, "ec2", doc, condition, {"version": version}, **kept)
