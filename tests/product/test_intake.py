"""Every event ends as a run, a proposal, a recorded ignore or a dead letter, and is never lost."""

from typing import Any

from tests.events_world import accounts, buried, invoke, items, renewed, sample
from tests.world import Json, Sandbox


def ends(box: Sandbox) -> list[tuple[str, str, str]]:
    box.idle()
    return [(row["route"], row["outcome"], row["reason"]) for row in told(box)]


def told(box: Sandbox) -> list[Json]:
    """The accounts, but for those of the alarms that a test's faults raise."""
    return [row for row in accounts(box) if row["route"] != "alarm"]


def test_what_cannot_be_read_is_ignored_with_its_reason_and_blocks_nothing(box: Sandbox) -> None:
    bad = sample(box, "created-tags", fresh=True)
    bad["detail"]["requestParameters"]["resourcesSet"] = "all of them"
    batch = sample(box, "lockdown")
    broken = renewed(batch)["Records"][0]
    broken["Sns"]["MessageAttributes"]["Arn"] = None
    batch["Records"] = [broken, {"EventSource": "aws:sns"}, "no record", *batch["Records"]]
    strays: list[Any] = [None, 7, "text", [], {}, {"Records": []}, {"source": {"a": 1}}]
    for event in [*strays, bad, batch]:
        invoke(box, event)
    found = ends(box)
    assert found.count(("created-tags", "ignored", "malformed")) == 1
    assert found.count(("lockdown", "ignored", "malformed")) == 1
    assert found.count(("lockdown", "run", "")) == 1
    assert sum(one[1] == "ignored" for one in found) == len(strays) + 4
    assert [run["action"] for run in box.runs()] == ["isolate"]
    assert buried(box) == []


def test_copies_of_an_event_are_accounted_for_each_and_make_one_run(box: Sandbox) -> None:
    event = sample(box, "created-tags")
    reworded = {**event, "id": "another-delivery-by-eventbridge"}
    for copy in [event, reworded, event]:
        invoke(box, copy)
    box.idle()
    box.ec2.create_tags(
        Resources=[box.instance("batch-1")["InstanceId"]],
        Tags=[{"Key": "TobanProtected", "Value": "yes"}],
    )
    invoke(box, event)
    box.idle()
    assert sorted(ends(box)) == [
        *[("created-tags", "ignored", "duplicate")] * 3,
        ("created-tags", "run", ""),
    ]
    assert len(box.runs()) == 1


def test_an_event_that_failed_half_way_is_the_same_after_it_is_sent_again(box: Sandbox) -> None:
    """The run started, and the account of it could not be kept: three times, then once more."""
    box.faults(
        {
            "function": "events",
            "service": "dynamodb",
            "operation": "PutItem",
            "params": "event#",
            "kind": "error",
        }
    )
    event = sample(box, "created-tags")
    invoke(box, event)
    box.idle()
    assert len(box.runs()) == 1 and told(box) == []
    (dead,) = [one for one in buried(box) if one["source"] != "aws.cloudwatch"]
    box.faults()
    invoke(box, dead)
    assert ends(box) == [("created-tags", "run", "")]
    assert len(box.runs()) == 1


def test_one_wish_that_fails_does_not_keep_the_others(box: Sandbox) -> None:
    """Two instances in one call: the start of one is refused twice, the other runs meanwhile."""
    event = sample(box, "created-tags")
    other = box.instance("batch-2")["InstanceId"]
    event["detail"]["requestParameters"]["resourcesSet"]["items"].append({"resourceId": other})
    box.faults(
        {
            "function": "events",
            "service": "lambda",
            "params": other,
            "kind": "throttle",
            "times": 6,
        }
    )
    invoke(box, event)
    assert ends(box) == [("created-tags", "run", "")]
    (row,) = told(box)
    assert len(row["runs"]) == 2 and len(box.runs()) == 2
    assert len(items(box, "run")) == 2


def refused(found: list[Json]) -> list[str]:
    return [one["reason"] for one in found if one["outcome"] == "ignored"]


def test_what_asks_for_nothing_is_recorded_with_the_reason(box: Sandbox) -> None:
    cases: dict[str, dict[str, Any]] = {
        "unknown": {"eventName": "DeleteTags"},
        "failed-call": {"errorCode": "Client.UnauthorizedOperation"},
        "no-request-tag": {"requestParameters": {"tagSet": {"items": []}, "resourcesSet": {}}},
    }
    for change in cases.values():
        event = sample(box, "created-tags", fresh=True)
        event["detail"] |= change
        invoke(box, event)
    volume = sample(box, "created-tags", fresh=True)
    volume["detail"]["requestParameters"]["resourcesSet"]["items"] = [{"resourceId": "vol-1"}]
    invoke(box, volume)
    box.idle()
    assert sorted(refused(accounts(box))) == sorted([*cases, "no-instance"])
    assert box.runs() == []
