"""The events function fails at each AWS call in turn: redriven, the ledger is as without it.

Every route of the door is in one table. A denial that stays buries the event, as a throttle does in
the end (that takes half a minute); a kill is made good by Lambda's own retry.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from skill.events import routes
from tests.events_world import accounts, buried, invoke, name_of
from tests.product.route_world import MADE, plain
from tests.world import Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
NAMES = [route.name for route in routes.ROUTES]
EVENTS = {"function": "events"}
KINDS: dict[str, Json] = {"deny": {"kind": "deny"}, "kill": {"kind": "kill", "times": 1}}
if DRILL:
    KINDS["throttle"] = {"kind": "throttle"}
# Faults at every call of these; of the others at one call of so many, unless it is a drill.
WHOLE, SPREAD = ("created-tags",), 5
# What can be done to its instance once only; in a drill a run waits for the command, once more.
ONCE = ("lockdown", *(["command-status"] if DRILL else []))
MAKE = MADE if DRILL else {**MADE, "command-status": plain("command-status")}
SLACK = {"service": "slack", "kind": "error"}
KEPT = ("action", "door", "actor", "proposed", "ending")


def calls_of(box: Sandbox) -> Iterator[Json]:
    """The AWS calls of the events function as a fault names them, each operation's counted."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for row in box.calls(**EVENTS):
        name = row["service"], row["operation"]
        seen[name] += 1
        yield {"service": name[0], "operation": name[1], "nth": seen[name], **EVENTS}


def normal(box: Sandbox, event: Json) -> Json:
    """What the ledger holds of an event, without times, ids and who delivered it."""
    rows = [row for row in accounts(box) if row["event"] == name_of(event)]
    ids = [run for row in rows for run in row["runs"]]
    runs = [run for run in box.runs() if run["id"] in ids]
    return {
        "accounts": [
            (row["route"], row["outcome"], row["reason"], len(row["runs"])) for row in rows
        ],
        "runs": [{name: run[name] for name in KEPT} for run in runs],
        "targets": [list(map(thing, run["plan"]["targets"])) for run in runs],
        "how": [run["approval"]["how"] for run in runs],
    }


def thing(target: Json) -> str:
    """A target's id; a window of findings is called by its time."""
    return str(target["id"]).partition("#")[0]


def woken(box: Sandbox, event: Json) -> Json:
    """Of a run that waits, that it ended well: who comes too late for it finds nobody waiting."""
    rows = [row for row in accounts(box) if row["event"] == name_of(event)]
    return {
        "accounts": [(row["route"], len(rows)) for row in rows],
        "runs": [{name: run[name] for name in KEPT} for run in box.runs()],
    }


LEDGER = {"command-status": woken}


def faults(route: str, calls: list[Json]) -> Iterator[Json]:
    """What is tried of a route: its calls with each kind of fault in a drill, else each call of
    some with one kind, and a Slack that takes nothing.
    """
    kinds, at = list(KINDS.values()), NAMES.index(route)
    spread = len(calls) if route in ONCE else 1 if route in WHOLE else SPREAD
    for place, call in enumerate(calls):
        if DRILL:
            yield from ({**call, **kind} for kind in kinds)
        elif place % spread == at % spread:
            yield {**call, **kinds[(place + at) % len(kinds)]}
    if DRILL or route == "alarm":
        yield SLACK


def one(box: Sandbox, route: str, fault: Json | None = None) -> Json:
    """Send an event, with a fault if there is one, and what was buried once more."""
    if route in ONCE:
        box.reset()
    event = MAKE[route](box)
    box.forget_calls()
    box.faults(*([fault] if fault else []))
    invoke(box, event)
    box.idle()
    box.faults()
    dead: list[Any] = buried(box)
    assert not (dead and fault is None)
    for each in dead:
        invoke(box, each)
    box.idle()
    return event


@pytest.fixture(scope="module")
def quiet(running: Sandbox) -> Sandbox:
    running.reset()
    return running


@pytest.mark.parametrize("route", NAMES)
def test_after_redrive_the_ledger_is_as_without_the_fault(quiet: Sandbox, route: str) -> None:
    ledger = LEDGER.get(route, normal)
    first = one(quiet, route)
    calls, wanted = list(calls_of(quiet)), ledger(quiet, first)
    assert len(calls) >= 2 and wanted["accounts"], calls
    for fault in faults(route, calls):
        event = one(quiet, route, fault)
        assert ledger(quiet, event) == wanted, fault
