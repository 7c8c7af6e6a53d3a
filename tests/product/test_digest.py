"""Once a day everything is summed up; what cannot be read is named, and the rest is told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skill.actions.digest import unpatched
from skill.aws.ec2 import Instance
from tests.events_world import accounts, answered, items, sample
from tests.findings_world import event, later, part, text_of
from tests.world import Json, Sandbox

NOW = datetime.now(UTC)
OLD, NEWER = NOW - timedelta(days=40), NOW - timedelta(days=5)
MISSES: Json = {"MissingCount": 2, "Operation": "Scan", "OperationEndTime": NOW}
INSTALLED = {**MISSES, "Operation": "Install", "OperationEndTime": NEWER}
RUN: Json = {
    "action": "patch",
    "ended": NEWER.isoformat(),
    "ids": ["i-1"],
    "facts": {"patched": ["web-1"]},
}


@pytest.mark.parametrize(
    ("state", "heads", "days"),
    [
        (MISSES, [], 40),
        (None, [], 0),
        ({**MISSES, "MissingCount": 0}, [], 0),
        ({**MISSES, "MissingCount": 0, "FailedCount": 1}, [], 40),
        (INSTALLED, [], 5),
        (MISSES, [RUN], 5),
        (MISSES, [{**RUN, "facts": {"patched": []}}], 40),
        (MISSES, [{**RUN, "ended": None}], 40),
    ],
)
def test_since_when_an_instance_is_unpatched(state: Any, heads: list[Json], days: int) -> None:
    one = Instance("i-1", "web-1", "running", "", "", "", {}, (), launched=OLD.isoformat())
    assert unpatched(one, state, heads) == days


def summed(box: Sandbox) -> list[str]:
    """What the clock has told so far."""
    box.control("POST", "/schedule", {"rule": "DigestSchedule"})
    box.idle()
    bodies = [row["body"] for row in box.messages() if row["channel"] == "slack"]
    return [one for one in map(text_of, bodies) if "digest" in one]


def test_a_day_is_summed_up(box: Sandbox) -> None:
    """One finding reported, two closed: one of them without proof."""
    opened = [event(box, f"CVE-2099-{at}", "batch-1") for at in range(2)]
    opened[0]["detail"]["packageVulnerabilityDetails"]["vulnerablePackages"][0] |= {
        "packageManager": "PIP"
    }
    opened.append(event(box, "CVE-2099-3", "batch-2"))
    for one in opened:
        box.control("POST", "/events", one)
    box.idle()
    for one in (opened[0], opened[2]):
        box.control("POST", "/events", later(one, 9, status="CLOSED"))
    box.idle()
    (told,) = summed(box)
    assert "3 new, 1 fixed, 1 closed without proof of a fix." in told
    totals = box.aws("inspector2").list_finding_aggregations(aggregationType="ACCOUNT")
    open_ones = totals["responses"][0]["accountAggregation"]["severityCounts"]
    assert f"{open_ones['critical']} critical, {open_ones['high']} high" in told
    assert f"Overdue: {overdue(box, 3)} critical, open for more than 3 days" in told
    assert "No instance is unpatched for more than 30 days." in told
    assert "Nothing is contained." in told and "incomplete" not in told
    (kept,) = items(box, "digest")
    assert json.loads(kept["head"]["S"])["facts"]["fixed"] == 1
    assert [one["outcome"] for one in accounts(box) if one["route"] == "digest"] == ["run"]


def overdue(box: Sandbox, days: int) -> int:
    """Critical findings that are older, as Inspector itself lists them."""
    wanted = {
        "findingStatus": [{"comparison": "EQUALS", "value": "ACTIVE"}],
        "severity": [{"comparison": "EQUALS", "value": "CRITICAL"}],
    }
    rows = box.aws("inspector2").list_findings(filterCriteria=wanted, maxResults=100)["findings"]
    return sum(row["firstObservedAt"] < NOW - timedelta(days=days) for row in rows)


def test_what_cannot_be_read_is_named_and_the_same_event_is_told_once(box: Sandbox) -> None:
    parts = {
        "what is overdue": ("inspector2", "ListFindings"),
        "what is open": ("inspector2", "ListFindingAggregations"),
        "patches": ("ssm", "DescribeInstancePatchStates"),
    }
    box.faults(
        *[
            {"function": "events", "service": service, "operation": name, "kind": "deny"}
            for service, name in parts.values()
        ]
    )
    (told,) = summed(box)
    gaps = part(told, "This digest is incomplete.")
    assert all(name in gaps for name in parts) and "new, " in told
    box.faults()
    once = sample(box, "digest")
    for _ in range(2):
        answered(box, once)
    assert len(summed(box)) == 3
