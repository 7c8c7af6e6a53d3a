"""Findings while AWS refuses, hangs or kills: after redrive each is reported once, and truly."""

import pytest

from tests.events_world import accounts, buried, invoke, items
from tests.findings_world import PATCHED, event, later, part, told
from tests.world import Json, Sandbox

EVENTS, WORKFLOW = {"function": "events"}, {"function": "workflow"}
# Each call on the way from the event to the message, broken in a way that fits it.
BROKEN: dict[str, Json] = {
    "the case": {**EVENTS, "service": "dynamodb", "operation": "UpdateItem", "kind": "error"},
    "killed": {**EVENTS, "service": "dynamodb", "operation": "PutItem", "kind": "kill", "times": 1},
    "the bucket": {**EVENTS, "service": "dynamodb", "operation": "GetItem", "kind": "deny"},
    "the start": {**EVENTS, "service": "lambda", "operation": "Invoke", "kind": "deny"},
    "the read": {**WORKFLOW, "service": "dynamodb", "operation": "Query", "kind": "deny"},
    "the mark": {
        **WORKFLOW,
        "service": "dynamodb",
        "operation": "UpdateItem",
        "params": "finding#",
        "kind": "kill",
        "times": 1,
    },
    "slack": {"service": "slack", "kind": "error", "times": 1},
}


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    running.reset()
    return running


@pytest.mark.parametrize("broken", BROKEN)
def test_whatever_breaks_a_finding_is_reported_once(shared: Sandbox, broken: str) -> None:
    cve = f"CVE-2099-{3000 + list(BROKEN).index(broken)}"
    reported, runs = len(told(shared)), len(shared.runs())
    shared.faults({"times": 20, **BROKEN[broken]})
    invoke(shared, event(shared, cve))
    shared.idle()
    shared.faults()
    for dead in buried(shared):
        invoke(shared, dead)
    shared.idle()
    new = told(shared)[reported:]
    failed = [run for run in shared.runs()[runs:] if run["ending"] == "failed"]
    if failed:
        invoke(shared, event(shared, f"{cve}-next"))
        shared.idle()
        new = told(shared)[reported:]
    assert sum(cve in one for one in new) == 1
    assert [row for row in items(shared, "finding-new")] == []
    assert shared.runs()[-1]["ending"] == "done"
    mails = [one for one in shared.messages() if one["channel"] == "mail"]
    assert any(cve in str(one) for one in mails)


@pytest.mark.parametrize("sk", ["case", "outcome"])
def test_no_news_stays_none_when_its_delivery_is_killed(shared: Sandbox, sk: str) -> None:
    """Killed while the case is put back, or before the account: not told again, and no run."""
    cve = f"CVE-2099-500{len(sk)}"
    made = event(shared, cve)
    invoke(shared, made)
    shared.idle()
    again = later(made, 30)
    case = {"operation": "UpdateItem", "params": made["detail"]["findingArn"], "nth": 2}
    call = case if sk == "case" else {"operation": "PutItem", "params": again["id"]}
    shared.faults({**EVENTS, **call, "kind": "kill", "times": 1})
    invoke(shared, again)
    shared.idle()
    shared.faults()
    rows = [row for row in accounts(shared) if row["event"] == again["id"]]
    assert [(row["outcome"], row["reason"]) for row in rows] == [("ignored", "unchanged")]
    assert sum(cve in one for one in told(shared)) == 1


def light(box: Sandbox, cve: str) -> Json:
    made = event(box, cve, severity="LOW", inspectorScore=2.0, exploitAvailable="NO")
    made["detail"]["packageVulnerabilityDetails"]["cvss"] = []
    return made


def test_inspector_refuses_to_say_more(box: Sandbox) -> None:
    """What is grave is told without it; what is not is asked again later, or dead-lettered."""
    details = {"service": "inspector2", "operation": "BatchGetFindingDetails"}
    box.faults({**details, **WORKFLOW, "kind": "deny"})
    invoke(box, event(box, "CVE-2099-4001"))
    box.idle()
    assert "Whether these are known to be exploited could not be read." in told(box)[0]
    box.faults({**details, "kind": "drop", "times": 5, **EVENTS})
    invoke(box, light(box, "CVE-2099-4002"))
    box.idle()
    assert len(told(box)) == 1 and buried(box) == []
    assert box.runs()[-1]["ending"] == "done"
    box.faults({**details, "kind": "deny", **EVENTS})
    invoke(box, light(box, "CVE-2099-4003"))
    box.idle()
    box.faults()
    (dead,) = buried(box)
    invoke(box, dead)
    box.idle()
    assert [one["reason"] for one in accounts(box) if one["reason"]] == ["below-threshold"]


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("inspector2", "ListFindings"),
        ("ec2", "DescribeInstances"),
        ("ssm", "DescribeInstancePatchStates"),
        ("ssm", "DescribeInstancePatches"),
    ],
)
def test_what_cannot_be_read_back_is_not_called_fixed(
    shared: Sandbox, service: str, operation: str
) -> None:
    opened = event(shared, PATCHED, "web-1")
    opened["detail"]["findingArn"] += operation.lower()
    reported = len(told(shared))
    invoke(shared, opened)
    shared.idle()
    shared.faults({**WORKFLOW, "service": service, "operation": operation, "kind": "deny"})
    invoke(shared, later(opened, 30, status="CLOSED"))
    shared.idle()
    shared.faults()
    closing = part(told(shared)[reported:][1], PATCHED)
    assert "is closed, but could not be verified" in closing
    assert f"AWS did not let it be read ({operation})." in closing
