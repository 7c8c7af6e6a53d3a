"""Storms, small: every event is accounted for, caps hold, and people hear a few messages."""

import json
import time

import pytest

from benchmarks import storms
from skill.engine.caps import SLOT
from skill.settings import DEFAULT_CAPS
from tests.world import Sandbox

EVENTS = 120


def test_a_storm_of_tags_keeps_to_the_cap_and_loses_nothing(box: Sandbox) -> None:
    found = storms.tags(box, EVENTS)
    assert (found.lost, found.buried, found.silent) == (0, 0, 0)
    assert found.runs == DEFAULT_CAPS["isolate"] == found.ends["run"]
    assert found.ends["ignored refused:hourly"] > 0
    assert sum(found.ends.values()) == EVENTS
    assert {run["ending"] for run in box.runs()} == {"done"}
    # One for each start and end at most, and one for each kind of refusal and what it came to.
    assert found.slack <= 2 * found.runs
    assert found.mails < EVENTS / 2
    assert told(box) == EVENTS - found.runs


def told(box: Sandbox) -> int:
    """How many refusals the audit topic heard of, alone or in numbers."""
    mails = [json.loads(one["message"]) for one in box.messages() if one["channel"] == "mail"]
    alone = sum(one.get("times", 1) for one in mails if one["moment"] == "refused")
    among = [row["title"] for one in mails for row in one.get("messages", ())]
    return alone + sum(title.startswith("Toban refused") for title in among)


def test_the_same_event_many_times_is_one_run(box: Sandbox) -> None:
    found = storms.copies(box, EVENTS)
    assert (found.lost, found.runs, found.ends["run"]) == (0, 1, 1)
    assert found.ends["ignored duplicate"] == EVENTS - 1
    assert found.slack == 2


@pytest.mark.parametrize(("minutes", "runs"), [(70, 1), (50, 0)])
def test_the_hour_of_a_cap_slides(box: Sandbox, minutes: int, runs: int) -> None:
    cap = DEFAULT_CAPS["isolate"]
    slot = f"s{(int(time.time()) - 60 * minutes) // SLOT * SLOT}"
    (table,) = box.aws("dynamodb").list_tables()["TableNames"]
    item = {"pk": {"S": "cap#isolate"}, "sk": {"S": "hour"}, "doc": {"S": "{}"}}
    counts = {"used": {"N": str(cap)}, slot: {"N": str(cap)}}
    box.aws("dynamodb").put_item(TableName=table, Item=item | counts)
    box.tag("batch-3", "isolate")
    box.idle()
    assert len(box.runs()) == runs
    key = {name: item[name] for name in ("pk", "sk")}
    left = box.aws("dynamodb").get_item(TableName=table, Key=key)["Item"]
    assert (slot in left, left["used"]["N"]) == ((True, str(cap)), (False, "1"))[runs]
