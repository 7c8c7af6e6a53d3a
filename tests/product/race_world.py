"""Runs that are held up half-way, so that something else can happen meanwhile."""

import time
from collections.abc import Callable
from typing import Any

from tests.containment_world import described, groups, instance_arn, release, released
from tests.product.fleet_truth import groups_of_ours
from tests.product.fleet_world import new_message, records, run_of, send
from tests.world import Json, Sandbox

MOVE = "ModifyNetworkInterfaceAttribute"


def lock(box: Sandbox, instance: str, action: str = "lock", message: str = "") -> str:
    """The id of the run that is asked for just now."""
    message = message or new_message()
    send(box, instance_arn(box, instance), message, action)
    return run_of(message)


def ended(box: Sandbox, run: str) -> Json:
    """The record of a run; it must be there and have ended."""
    (found,) = [each for each in box.runs() if each["id"] == run]
    assert found["ended"], found
    return found


def until(look: Callable[[], Any]) -> Any:
    """What a look finds at last. Looking takes the box's time from what is waited for."""
    for _ in range(300):
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("that never came")


def held(box: Sandbox, instance: str, kind: str) -> list[str]:
    """Interfaces that are in our group of that kind alone."""
    ours = groups_of_ours(box, kind)
    return [card for card, names in groups(box, instance).items() if ours and set(names) <= ours]


def is_isolated(box: Sandbox, instance: str) -> bool:
    cards = groups(box, instance)
    return sorted(held(box, instance, "isolation")) == sorted(cards)


def hang(box: Sandbox, action: str, instance: str, nth: int, operation: str = MOVE) -> str:
    """Start a run that stops at the nth call of an operation, for a while or until it is let go."""
    message = new_message()
    place = {"function": "workflow", "run": run_of(message), "operation": operation}
    box.faults({**place, "nth": nth, "times": 1, "kind": "hang", "seconds": 3})
    return lock(box, instance, action, message)


def refusals(box: Sandbox) -> list[str]:
    return [str(one) for one in box.messages() if "refused" in str(one.get("subject"))]


def puts_back(box: Sandbox, instance: str, before: Json) -> None:
    """Released, it is as it was, and nothing of ours is left."""
    (run,) = release(box, instance_arn(box, instance))
    assert run["ending"] == "done", run["result"]
    assert described(box, instance) == released(before)
    assert groups_of_ours(box) == set() and records(box) == {}
