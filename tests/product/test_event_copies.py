"""The same event fifty times at once has one outcome, whatever its route; and none once it ended.

Every route of the door is sent to one box at once.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from skill.events import routes
from tests.events_world import accounts, buried, invoke, name_of
from tests.product.route_world import MADE
from tests.world import Json, Sandbox, http

COPIES = 50
PATIENCE = 280
DUPLICATE, NOT_AWAITED = "ignored duplicate", "ignored not-awaited"


class Row(NamedTuple):
    """What one copy becomes, its run's action if it makes one, what Slack is told once (parts of a
    message), and what the other copies may become.
    """

    end: str
    action: str = ""
    posted: tuple[str, ...] = ()
    rest: tuple[str, ...] = (DUPLICATE,)


ROUTES = {
    "created-tags": Row("run ", "mark_suspicious"),
    "run-instances": Row("run ", "mark_suspicious"),
    "tag-change": Row("proposal ", "mark_suspicious", ("waits for an answer", "batch-3")),
    "guardduty": Row("proposal ", "isolate", ("waits for an answer", "web-1")),
    "lockdown": Row("run ", "isolate"),
    "inspector-finding": Row("run ", "triage", ("🔎",)),
    "alarm": Row("run ", "", ("Toban: alarm",)),
    "digest": Row("run ", "", ("digest",)),
    "verify": Row("run "),
    # A run that goes on waits no more; of an automation nobody waits for the end.
    "command-status": Row("run ", "patch", rest=(DUPLICATE, NOT_AWAITED)),
    "automation-status": Row(NOT_AWAITED, rest=(NOT_AWAITED,)),
}
NAMES = [route.name for route in routes.ROUTES]


class Sent(NamedTuple):
    """A box in which every route had its copies, and their `ends`; then one more came late."""

    box: Sandbox
    events: dict[str, Json]
    runs: list[Json]
    ends: dict[str, Counter[str]]
    late: list[Json]


@pytest.fixture(scope="module")
def sent(running: Sandbox) -> Sent:
    running.reset()
    # Last the one whose copies must not wait: its run does not wait for long.
    order = sorted(NAMES, key=lambda name: name == "command-status")
    events = {name: MADE[name](running) for name in order}
    ordered = [events[name] for name in reversed(order) for _ in range(COPIES)]
    send(running, ordered)
    runs, ends = running.runs(), ends_of(accounts(running))
    spoil(running)
    send(running, list(events.values()))
    return Sent(running, events, runs, ends, accounts(running))


def send(box: Sandbox, events: list[Json]) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda event: invoke(box, event), events))
    deadline = time.monotonic() + PATIENCE
    while http("POST", box.ready["control"] + "/idle", {"timeout": 100})[0] != 200:
        assert time.monotonic() < deadline, "the copies take too long"


def ends_of(rows: list[Json]) -> dict[str, Counter[str]]:
    """How the deliveries of each event ended, by the event's name."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row["event"], Counter())[f"{row['outcome']} {row['reason']}"] += 1
    return found


def spoil(box: Sandbox) -> None:
    """Each plan would fail by now: protected, or gone."""
    ids = [box.instance(name)["InstanceId"] for name in ("batch-1", "batch-3", "web-2", "web-4")]
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "TobanProtected", "Value": "yes"}])
    gone = [box.instance(name)["InstanceId"] for name in ("batch-2", "web-1", "web-3")]
    box.ec2.terminate_instances(InstanceIds=gone)


@pytest.mark.parametrize("route", NAMES)
def test_fifty_copies_have_one_outcome_and_a_later_one_has_none(sent: Sent, route: str) -> None:
    row, name = ROUTES[route], name_of(sent.events[route])
    early, late = sent.ends[name], ends_of(sent.late)[name]
    assert early.total() == COPIES and late.total() == COPIES + 1
    if row.end not in row.rest:
        assert early[row.end] == late[row.end] == 1, (early, late)
    assert set(late) <= {row.end, *row.rest}


@pytest.mark.parametrize("route", [name for name in NAMES if ROUTES[name].action])
def test_there_is_one_run_of_it(sent: Sent, route: str) -> None:
    name = name_of(sent.events[route])
    ids = {run for row in sent.late if row["event"] == name for run in row["runs"]}
    assert [run["action"] for run in sent.runs if run["id"] in ids] == [ROUTES[route].action]


@pytest.mark.parametrize("route", [name for name in NAMES if ROUTES[name].posted])
def test_it_is_told_once(sent: Sent, route: str) -> None:
    parts = ROUTES[route].posted
    texts = [str(one["body"]) for one in sent.box.messages() if one["channel"] == "slack"]
    assert len([one for one in texts if all(part in one for part in parts)]) == 1, texts


def test_nothing_else_came_of_them(sent: Sent) -> None:
    made = Counter(run["action"] for run in sent.box.runs())
    assert made == Counter(row.action for row in ROUTES.values() if row.action)
    assert buried(sent.box) == []
    assert not any("refused" in str(one.get("subject")) for one in sent.box.messages())


@pytest.mark.parametrize("at_once", [True, False])
def test_copies_after_one_that_made_no_sense_are_one_proposal(box: Sandbox, at_once: bool) -> None:
    """The first account tells of no run, so the copies are told apart among themselves."""
    event = MADE["tag-change"](box)
    broken = {**event, "detail": {**event["detail"], "version": "none"}}
    for batch in ([broken], [event] * 4) if at_once else ([broken], *[[event]] * 4):
        send(box, batch)
    ends = [(row["outcome"], row["reason"]) for row in accounts(box) if row["route"] != "alarm"]
    duplicates = [("ignored", "duplicate")] * 3
    assert sorted(ends) == [*duplicates, ("ignored", "malformed"), ("proposal", "")]
    (run,) = box.runs()
    assert run["proposed"]
