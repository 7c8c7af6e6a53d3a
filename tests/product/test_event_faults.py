"""The events function fails at each AWS call in turn: redriven, the ledger is as without it.

Every route of the door is in one table. A denial that stays buries the event, as a throttle does in
the end, and a delivery that is killed each time; a single kill is made good by Lambda's own retry.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from skill.events import routes
from tests.events_world import accounts, buried, invoke, name_of
from tests.product.route_world import MADE, plain
from tests.world import Figure, Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
NAMES = [route.name for route in routes.ROUTES]
EVENTS = {"function": "events"}
# A client tries so often until it gives up.
TRIES = 5


def deny(call: Json) -> list[Json]:
    return [{**call, "kind": "deny"}]


def kill(call: Json) -> list[Json]:
    return [{**call, "kind": "kill", "times": 1}]


def kill_each(call: Json) -> list[Json]:
    """All three deliveries: the letter is sent again at once, whatever they have left claimed."""
    return [{**call, "kind": "kill"}]


def throttle(call: Json) -> list[Json]:
    """Of the first delivery; the next ones are denied, since each client would wait as long."""
    first = {**call, "kind": "throttle", "times": TRIES}
    return [first, {**call, "kind": "deny", "nth": call["nth"] + TRIES}]


MORE = {"throttle": throttle, "killed each time": kill_each}
KINDS = {"deny": deny, "kill": kill, **(MORE if DRILL else {})}
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


def tried(route: str, kind: str, calls: list[Json]) -> Iterator[list[Json]]:
    """What is tried of a route: each call with one kind of fault, or without one each call of some
    with the kinds in turn; and a Slack that takes nothing.
    """
    kinds, at = list(KINDS), NAMES.index(route)
    spread = len(calls) if route in ONCE else 1 if route in WHOLE else SPREAD
    for place, call in enumerate(calls):
        if kind:
            yield KINDS[kind](call)
        elif place % spread == at % spread:
            yield KINDS[kinds[(place + at) % len(kinds)]](call)
    if kind == "deny" or (route == "alarm" and not kind):
        yield [SLACK]


def one(box: Sandbox, route: str, faults: Sequence[Json] = ()) -> Json:
    """Send an event, with faults if there are any, and what was buried once more."""
    if route in ONCE:
        box.reset()
    event = MAKE[route](box)
    box.forget_calls()
    box.faults(*faults)
    invoke(box, event)
    box.idle()
    box.faults()
    dead: list[Any] = buried(box)
    assert faults or not dead
    for each in dead:
        invoke(box, each)
    box.idle()
    return event


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    running.reset()
    return running


@pytest.mark.parametrize("kind", KINDS if DRILL else [""])
@pytest.mark.parametrize("route", NAMES)
def test_after_redrive_the_ledger_is_as_without_the_fault(
    shared: Sandbox, figure: Figure, route: str, kind: str
) -> None:
    ledger = LEDGER.get(route, normal)
    first = one(shared, route)
    calls, wanted = list(calls_of(shared)), ledger(shared, first)
    assert len(calls) >= 2 and wanted["accounts"], calls
    found = list(tried(route, kind, calls))
    for faults in found:
        event = one(shared, route, faults)
        assert ledger(shared, event) == wanted, faults
    if DRILL:
        figure(f"{route}, {kind}: {len(found)} faults at {len(calls)} calls")
