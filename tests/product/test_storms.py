"""Storms, small: every event is accounted for, caps hold, and people hear a few messages.

Whether the voice answers in time meanwhile depends on the machine: `make bench` tells.
"""

import json
import time

import pytest

from benchmarks import storms
from skill.engine.caps import SLOT
from skill.settings import DEFAULT_CAPS
from tests import events_world
from tests.product.race_world import until
from tests.world import Json, Sandbox

EVENTS = 30
CAP, LEFT = DEFAULT_CAPS["isolate"], 2


def test_a_storm_of_tags_keeps_to_the_cap_and_loses_nothing(box: Sandbox) -> None:
    had(box, CAP - LEFT, 0)
    found = storms.tags(box, EVENTS)
    assert (found.lost, found.buried) == (0, 0)
    assert found.runs == LEFT == found.ends["run"]
    assert found.ends["ignored refused:hourly"] > 0
    assert sum(found.ends.values()) == EVENTS
    assert {run["ending"] for run in box.runs()} == {"done"}
    assert found.slack <= 2 * found.runs
    assert told(box) == EVENTS - found.runs


def had(box: Sandbox, targets: int, minutes: int) -> tuple[str, Json]:
    """So many instances were isolated, so long ago: the name of that count, and the item's key."""
    slot = f"s{(int(time.time()) - 60 * minutes) // SLOT * SLOT}"
    (table,) = box.aws("dynamodb").list_tables()["TableNames"]
    key = {"pk": {"S": "cap#isolate"}, "sk": {"S": "hour"}}
    counts = {"used": {"N": str(targets)}, slot: {"N": str(targets)}}
    item = {**key, "doc": {"S": "{}"}, **counts}
    box.aws("dynamodb").put_item(TableName=table, Item=item)
    return slot, {"TableName": table, "Key": key}


def told(box: Sandbox) -> int:
    """How many refusals the audit topic heard of, alone or in numbers."""
    mails = [json.loads(one["message"]) for one in box.messages() if one["channel"] == "mail"]
    alone = sum(one.get("times", 1) for one in mails if one.get("moment") == "refused")
    among = [row["title"] for one in mails for row in one.get("messages", ())]
    return alone + sum(title.startswith("Toban refused") for title in among)


def isolate(box: Sandbox) -> list[Json]:
    """CloudTrail tells of one tag on an instance, and that is over: its account."""
    box.control("POST", "/events", tagged(box))
    box.idle()
    return [row for row in events_world.accounts(box) if row["route"] == "created-tags"]


def tagged(box: Sandbox) -> Json:
    """A listed principal's request to isolate."""
    event = events_world.sample(box, "created-tags", "batch-3", fresh=True)
    return events_world.asking(event, "isolate")


def test_a_tag_in_a_full_hour_is_refused_without_a_plan(box: Sandbox) -> None:
    had(box, CAP, 0)
    (one,) = isolate(box)
    assert (one["outcome"], one["reason"]) == ("ignored", "refused:hourly")
    assert {call["service"] for call in box.calls(function="events")} <= {"dynamodb", "sns"}
    assert told(box) == 1


@pytest.mark.parametrize("recorded", [True, False])
def test_the_run_that_fills_the_hour_is_not_in_its_own_way(box: Sandbox, recorded: bool) -> None:
    """Counted, and killed before it started: with its record, or before that was written."""
    had(box, CAP - 1, 0)
    start = {"function": "events", "service": "lambda", "operation": "Invoke", "kind": "kill"}
    put = {
        "function": "events",
        "operation": "PutItem",
        "params": '"record"',
        "kind": "hang",
        "seconds": 5,
    }
    box.faults({**start, "times": 1}, *([] if recorded else [{**put, "times": 1}]))
    (one,) = isolate(box)
    assert one["outcome"] == "run", one
    assert [run["ending"] for run in box.runs()] == ["done"]
    assert told(box) == 0


def test_what_was_counted_for_a_refused_start_is_free_again(box: Sandbox) -> None:
    had(box, CAP - 1, 0)
    box.faults({"function": "events", "service": "lambda", "operation": "Invoke", "kind": "deny"})
    assert (isolate(box), len(events_world.buried(box))) == ([], 1)
    box.faults()
    box.tag("api-2", "isolate")
    box.idle()
    assert [run["ending"] for run in box.runs()].count("done") == 1


@pytest.mark.parametrize("nth", [2, 3])
def test_a_copy_of_what_fills_the_hour_is_a_copy(box: Sandbox, nth: int) -> None:
    """It reads the count slowly, for its plan or for its claim, and is overtaken by the other."""
    had(box, CAP - 1, 0)
    read = {"function": "events", "operation": "GetItem", "params": "cap#isolate"}
    box.faults({**read, "nth": nth, "kind": "hang", "seconds": 3, "times": 1})
    event = tagged(box)
    events_world.invoke(box, event)
    until(lambda: len(box.calls(function="events", operation="GetItem")) >= 2 * nth - 1)
    time.sleep(0.5)
    events_world.invoke(box, event)
    box.idle()
    ends = [(row["outcome"], row["reason"]) for row in events_world.accounts(box)]
    assert sorted(ends) == [("ignored", "duplicate"), ("run", "")]
    assert told(box) == 0


def test_a_scan_with_many_findings_is_a_few_messages(box: Sandbox) -> None:
    found = storms.findings(box, EVENTS)
    assert (found.lost, found.buried) == (0, 0)
    assert sum(found.ends.values()) == EVENTS
    assert {run["action"] for run in box.runs()} == {"triage"}
    assert {run["ending"] for run in box.runs()} == {"done"}
    counts = [run["result"]["facts"]["count"] for run in box.runs()]
    assert sum(counts) == EVENTS
    assert found.slack <= found.runs


def test_the_same_event_many_times_is_one_run(box: Sandbox) -> None:
    found = storms.copies(box, EVENTS)
    assert (found.lost, found.runs, found.ends["run"]) == (0, 1, 1)
    assert found.ends["ignored duplicate"] == EVENTS - 1
    assert found.slack == 2


@pytest.mark.parametrize(("minutes", "runs"), [(70, 1), (50, 0)])
def test_the_hour_of_a_cap_slides(box: Sandbox, minutes: int, runs: int) -> None:
    slot, place = had(box, CAP, minutes)
    box.tag("batch-3", "isolate")
    box.idle()
    assert len(box.runs()) == runs
    left = box.aws("dynamodb").get_item(**place)["Item"]
    assert (slot in left, left["used"]["N"]) == ((True, str(CAP)), (False, "1"))[runs]
