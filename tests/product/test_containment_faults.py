"""A fault at each AWS call of containment and of release: how it ends is told as it is.

The suite takes some of the calls for each kind of fault, and lets one run meet several kinds;
`make drill` takes all of them.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import pytest

from tests.product import lock_truth
from tests.product.fault_fleet import Fleet
from tests.product.fault_points import Points
from tests.product.fleet_truth import INSTANCES
from tests.product.fleet_world import scenario, world
from tests.world import Figure, Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
SIZE, LOCKS = (48, 48) if DRILL else (4, 3)
# Of every so many calls one, by kind, and where the first so many begin; the drill alone has all.
STEPS = {
    "throttle": (16, 0),
    "deny": (48, 18),
    "kill": (42, 2),
    "error": (42, 3),
    "drop": (42, 4),
    "hang": (72, 5),
}
if DRILL:
    STEPS = {
        "throttle": (1, 0),
        "deny": (1, 0),
        "kill": (1, 0),
        "error": (4, 3),
        "drop": (4, 0),
        "hang": (4, 1),
        "throttle on": (6, 0),
    }
# What is made good by itself may all meet one run; the drill has each kind apart.
ROUNDS = [(kind,) for kind in STEPS] if DRILL else [tuple(STEPS)]
NONE = Points(())
# Runs that end together are told of by one of them: the others make none of these calls.
TELLING = {"sns", "secretsmanager"}


def document() -> Json:
    """Both worlds in one, since a box takes long to start."""
    fleet, locks = scenario(SIZE), lock_truth.scenario(LOCKS)
    return {**locks, **fleet, "roles": {**locks["roles"], **fleet["roles"]}}


@pytest.fixture(scope="module")
def fleet() -> Iterator[Sandbox]:
    with world(document()) as box:
        yield box


@pytest.fixture(scope="module")
def instances(fleet: Sandbox) -> Fleet:
    return Fleet(fleet, INSTANCES).prepare()


def struck(fleet: Fleet, kinds: Sequence[str]) -> tuple[str, list[Any]]:
    """How many faults there were, and all that is wrong."""
    steps = {kind: STEPS[kind] for kind in kinds}
    locking, releasing = fleet.points("lock", steps), fleet.points("release", steps)
    both = list(zip_longest(locking, releasing, fillvalue=NONE))
    wrong: list[Any] = []
    size = len(fleet.before)
    for first in range(0, len(both), size):
        part = dict(zip(fleet.before, both[first : first + size], strict=False))
        wrong += fleet.contained({name: lock for name, (lock, _) in part.items()})
        wrong += fleet.put_back({name: back for name, (_, back) in part.items()})
    counts = [sum(len(each.points) for each in runs) for runs in (locking, releasing)]
    missed, fleet.missed = fleet.missed, []
    unmet = [point for point in missed if point[1][0] not in TELLING]
    assert len(unmet) <= max(2, sum(counts) // 10), unmet
    told = f"{counts[0]} calls of containments, {counts[1]} of releases, {len(missed)} not met"
    return told, wrong


@pytest.mark.parametrize("kinds", ROUNDS, ids=", ".join)
def test_faults_of_an_instance(instances: Fleet, figure: Figure, kinds: tuple[str, ...]) -> None:
    told, wrong = struck(instances, kinds)
    figure(f"instance, {', '.join(kinds)}: {told}")
    assert wrong == []


@pytest.mark.parametrize("subject", lock_truth.SUBJECTS)
def test_faults_of_a_lock(fleet: Sandbox, figure: Figure, subject: str) -> None:
    some = Fleet(fleet, lock_truth.SUBJECTS[subject]).prepare()
    for kinds in ROUNDS:
        told, wrong = struck(some, kinds)
        figure(f"{subject}, {', '.join(kinds)}: {told}")
        assert wrong == []
