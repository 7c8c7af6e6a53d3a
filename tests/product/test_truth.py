"""Sentences that would be easy to get wrong: what runs, what was refused, what nobody confirmed."""

import pytest

from tests.product.test_stories import groups_of_kind, isolate
from tests.world import Sandbox


def test_a_run_is_not_denied_for_want_of_its_record(box: Sandbox) -> None:
    talk = box.talk()
    talk.intent("PatchIntent", group="web")
    box.faults({"function": "voice", "service": "dynamodb", "operation": "PutItem", "kind": "deny"})
    assert talk.yes().startswith("Patching")
    box.faults()
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["partial"]


@pytest.mark.parametrize("kind", ["deny", "throttle"])
def test_a_start_that_aws_refused_is_closed(box: Sandbox, kind: str) -> None:
    talk = box.talk()
    talk.intent("PatchIntent", group="web")
    box.faults({"function": "voice", "service": "lambda", "kind": kind})
    assert talk.yes().startswith("A W S")
    box.faults()
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["failed"]
    assert "running" not in box.talk().intent("StatusIntent").replace("Nothing is running", "")


def test_a_start_that_nobody_confirmed_is_called_so(box: Sandbox) -> None:
    talk = box.talk()
    talk.intent("PatchIntent", group="web")
    box.faults({"function": "voice", "service": "lambda", "kind": "drop"})
    assert "not confirmed" in talk.yes()
    box.faults()


def test_a_target_takes_one_run_at_a_time(box: Sandbox) -> None:
    box.faults(
        {
            "function": "workflow",
            "service": "ssm",
            "operation": "SendCommand",
            "kind": "hang",
            "seconds": 4,
        }
    )
    first = box.talk()
    first.intent("PatchIntent", group="web")
    first.yes()
    assert "are being worked on" in box.talk().intent("PatchIntent", group="web")
    box.let_go()
    box.idle()
    assert len(box.runs()) == 1


def test_an_assessment_does_not_keep_isolation_waiting(box: Sandbox) -> None:
    fault = {"function": "workflow", "service": "ssm", "operation": "SendCommand", "kind": "hang"}
    box.faults({**fault, "seconds": 4})
    box.talk().intent("RunAssessmentIntent", group="web")
    isolate(box.talk(), "web one")
    box.let_go()
    box.idle()
    assert sorted(run["action"] for run in box.runs()) == ["assess", "isolate"]
    held = {group for groups in box.groups("web-1").values() for group in groups}
    assert held == groups_of_kind(box, "isolation")


def test_undoing_a_release_isolates_and_so_needs_proof(box: Sandbox) -> None:
    talk = box.talk()
    isolate(talk, "batch three")
    box.idle()
    talk.intent("ReleaseIntent", instance="batch three")
    talk.yes()
    box.idle()
    before = box.groups("batch-3")
    talk.intent("UndoIntent")
    talk.yes()
    box.idle()
    assert box.groups("batch-3") == before
    talk.resume()
    box.idle()
    held = {group for groups in box.groups("batch-3").values() for group in groups}
    assert held == groups_of_kind(box, "isolation")


def test_what_cannot_be_scanned_is_not_called_clean(box: Sandbox) -> None:
    speech = box.talk().intent("RunAssessmentIntent", group="batch")
    assert "2 instances" in speech
    assert "batch 2 isn't managed" in speech


def test_the_greeting_tells_what_is_wrong(box: Sandbox) -> None:
    assert "All quiet" in box.talk().launch()
    box.tag("batch-3", "suspicious")
    box.idle()
    speech = box.talk().launch()
    assert "All quiet" not in speech
    assert "Batch 3 is marked as suspicious" in speech


def test_an_assessment_of_another_group_is_not_this_one(box: Sandbox) -> None:
    box.talk().intent("RunAssessmentIntent", group="web")
    box.idle()
    assert box.talk().intent("AssessmentStatusIntent", group="web").startswith("Yes.")
    assert "no assessment" in box.talk().intent("AssessmentStatusIntent", group="batch")


@pytest.mark.parametrize("nth", [2, 3, 4])
def test_an_interface_that_stays_open_is_told(box: Sandbox, nth: int) -> None:
    """From the nth move on AWS refuses every one: nothing can be closed, and that is said."""
    fault = {"function": "workflow", "service": "ec2", "kind": "deny", "times": 999}
    moves = {"operation": "ModifyNetworkInterfaceAttribute", "params": "sg-"}
    box.faults({**fault, **moves, "nth": nth})
    isolate(box.talk(), "batch three")
    box.idle()
    box.faults()
    untracking = groups_of_kind(box, "untracking")
    wide = [eni for eni, groups in box.groups("batch-3").items() if set(groups) & untracking]
    (run,) = box.runs()
    assert run["result"]["facts"]["wide_open"] == len(wide)
    assert run["ending"] == "partial"
    assert "open to everything" in box.talk().intent("StatusIntent")


def test_a_read_back_that_fails_once_does_not_stop_isolation(box: Sandbox) -> None:
    fault = {"function": "workflow", "service": "ec2", "kind": "deny", "times": 1, "nth": 2}
    box.faults({**fault, "operation": "DescribeNetworkInterfaces"})
    isolate(box.talk(), "batch three")
    box.idle()
    box.faults()
    held = {group for groups in box.groups("batch-3").values() for group in groups}
    assert held == groups_of_kind(box, "isolation")
    assert [run["ending"] for run in box.runs()] == ["done"]


def test_who_was_refused_is_kept_for_the_team_lead_and_not_spoken(box: Sandbox) -> None:
    stranger = box.talk(person="amzn1.ask.person.NEW", user="amzn1.ask.account.NEW")
    speech = stranger.intent("StatusIntent")
    assert "amzn1" not in str(stranger.answer)
    assert "list you" in speech
    table = box.aws("dynamodb")
    (name,) = table.list_tables()["TableNames"]
    kept = table.query(
        TableName=name,
        IndexName="by-time",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "refusal"}},
    )["Items"]
    assert ["amzn1.ask.person.NEW" in row["head"]["S"] for row in kept] == [True]
