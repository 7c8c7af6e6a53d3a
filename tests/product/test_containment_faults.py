"""A fault at each AWS call of containment and of release: how it ends is told as it is.

The suite takes some of the calls for each kind of fault; `make drill` takes all of them.
"""

import os
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest

from tests.product import lock_truth
from tests.product.fault_fleet import Fleet
from tests.product.fault_points import Points
from tests.product.fleet_truth import INSTANCES
from tests.product.fleet_world import scenario, world
from tests.world import Figure, Sandbox

DRILL = bool(os.environ.get("DRILL"))
SIZE, LOCKS = (48, 48) if DRILL else (12, 8)
# Of every so many calls one, by kind; the drill alone has all kinds.
STEPS = {"throttle": 16, "deny": 24, "kill": 24, "error": 72, "drop": 72, "hang": 72}
if DRILL:
    STEPS = {
        "throttle": 1,
        "deny": 1,
        "kill": 1,
        "error": 4,
        "drop": 4,
        "hang": 4,
        "throttle on": 6,
    }
# What the suite tries of each; the drill tries all.
USUAL = {"user": ("deny", "kill"), "role": ("deny",), "function": ("throttle",)}
NONE = Points("throttle", ())


@pytest.fixture(scope="module")
def fleet() -> Iterator[Fleet]:
    with world(scenario(SIZE)) as box:
        yield Fleet(box, INSTANCES).prepare()


@pytest.fixture(scope="module")
def locks() -> Iterator[Sandbox]:
    with world(lock_truth.scenario(LOCKS)) as box:
        yield box


def struck(fleet: Fleet, kind: str) -> tuple[str, list[Any]]:
    """How many faults there were, and all that is wrong."""
    turn = list(STEPS).index(kind)
    locking = fleet.points("lock", kind, STEPS[kind], turn)
    releasing = fleet.points("release", kind, STEPS[kind], turn)
    both = list(zip_longest(locking, releasing, fillvalue=NONE))
    wrong: list[Any] = []
    size = len(fleet.before)
    for first in range(0, len(both), size):
        part = dict(zip(fleet.before, both[first : first + size], strict=False))
        wrong += fleet.contained({name: lock for name, (lock, _) in part.items()})
        wrong += fleet.put_back({name: back for name, (_, back) in part.items()})
    counts = [sum(len(each.calls) for each in points) for points in (locking, releasing)]
    unmet, fleet.missed = fleet.missed, []
    assert len(unmet) <= max(2, sum(counts) // 10), unmet
    told = f"{counts[0]} calls of containments, {counts[1]} of releases, {len(unmet)} not met"
    return told, wrong


@pytest.mark.parametrize("kind", STEPS)
def test_faults_of_an_instance(fleet: Fleet, figure: Figure, kind: str) -> None:
    told, wrong = struck(fleet, kind)
    figure(f"instance, {kind}: {told}")
    assert wrong == []


@pytest.mark.parametrize("subject", lock_truth.SUBJECTS)
def test_faults_of_a_lock(locks: Sandbox, figure: Figure, subject: str) -> None:
    fleet = Fleet(locks, lock_truth.SUBJECTS[subject]).prepare()
    for kind in STEPS if DRILL else USUAL[subject]:
        told, wrong = struck(fleet, kind)
        figure(f"{subject}, {kind}: {told}")
        assert wrong == []
