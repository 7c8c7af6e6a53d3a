"""The events function fails at each AWS call in turn: redriven, the ledger is as without it."""

import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.events_world import accounts, buried, invoke, name_of, sample
from tests.world import Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
# A denial that stays buries the event, as a throttle does in the end (that takes half a minute); a
# kill is made good by Lambda's own retry.
KINDS: dict[str, Json] = {"deny": {"kind": "deny"}, "kill": {"kind": "kill", "times": 1}}
ROUTES = {"created-tags": "suspicious", "tag-change": "suspicious"}
if DRILL:
    KINDS["throttle"] = {"kind": "throttle"}
    ROUTES |= {"run-instances": "suspicious", "guardduty": "", "lockdown": ""}
# What can be done to an instance once only.
ONCE = ("guardduty", "lockdown")
VERSIONS = count(4)
Call = tuple[str, str, int]


def made(box: Sandbox, route: str) -> Json:
    """A new event that asks for something that can be done over and over."""
    event = sample(box, route, "batch-1", fresh=True)
    if route == "created-tags":
        event["detail"]["requestParameters"]["tagSet"]["items"][0]["value"] = ROUTES[route]
    if route == "tag-change":
        event["detail"]["tags"]["Toban"] = ROUTES[route]
        event["detail"]["version"] = next(VERSIONS)
    if route == "guardduty":
        event["detail"]["id"] = event["id"].replace("-", "")
    return event


def calls_of(box: Sandbox) -> list[Call]:
    """The AWS calls of the events function, each operation's counted from 1."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    found = []
    for row in box.calls(function="events"):
        name = row["service"], row["operation"]
        seen[name] += 1
        found.append((*name, seen[name]))
    return found


def normal(box: Sandbox, event: Json) -> Json:
    """What the ledger holds of an event, without times, ids and who delivered it."""
    rows = [row for row in accounts(box) if row["event"] == name_of(event)]
    ids = [run for row in rows for run in row["runs"]]
    runs = [run for run in box.runs() if run["id"] in ids]
    kept = ("action", "door", "actor", "proposed", "ending")
    return {
        "accounts": [
            (row["route"], row["outcome"], row["reason"], len(row["runs"])) for row in rows
        ],
        "runs": [{name: run[name] for name in kept} for run in runs],
        "targets": [[target["id"] for target in run["plan"]["targets"]] for run in runs],
        "how": [run["approval"]["how"] for run in runs],
    }


def cases(calls: list[Call]) -> Iterator[tuple[Call, str]]:
    for at, call in enumerate(calls):
        kinds = list(KINDS)
        yield from ((call, kind) for kind in (kinds if DRILL else [kinds[at % len(kinds)]]))


def one(box: Sandbox, event: Json, *faults: Json) -> int:
    """Send it, with a fault if there is one, and what was buried once more; how much that was."""
    box.faults(*faults)
    invoke(box, event)
    box.idle()
    box.faults()
    dead: list[Any] = buried(box)
    for each in dead:
        invoke(box, each)
    box.idle()
    return len(dead)


@pytest.mark.parametrize("route", ROUTES)
def test_after_redrive_the_ledger_is_as_without_the_fault(box: Sandbox, route: str) -> None:
    first = made(box, route)
    box.forget_calls()
    assert one(box, first) == 0
    calls, wanted = calls_of(box), normal(box, first)
    assert len(calls) >= 5 and wanted["accounts"], calls
    buries = 0
    for (service, operation, nth), kind in cases(calls):
        if route in ONCE:
            box.reset()
        event = made(box, route)
        where = {"function": "events", "service": service, "operation": operation, "nth": nth}
        buries += one(box, event, {**where, **KINDS[kind]})
        assert normal(box, event) == wanted, (service, operation, nth, kind)
    assert buries, "no fault was grave enough"
