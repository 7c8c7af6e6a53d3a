"""Least privilege: what the functions call, what the actions claim, what the template grants."""

import pytest

from skill.actions import ACTIONS
from tests.template.translate import granted, listed, statements
from tests.world import Json, Sandbox

DOORS = ("voice", "events")
OWN = (
    "dynamodb:",
    "lambda:InvokeFunction",
    "sns:Publish",
    # A look into our own dead-letter queues; nothing is deleted there.
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sts:AssumeRole",
    "xray:",
)
READS = ("Describe", "Get", "List", "Query", "BatchGet", "StartQuery", "StopQuery")


@pytest.mark.parametrize("door", DOORS)
def test_a_door_can_change_nothing(door: str) -> None:
    for action in granted(door):
        service, _, operation = action.partition(":")
        assert action.startswith(OWN) or operation.startswith(READS), action
        assert "*" not in action
    for row in statements(door):
        if row["Resource"] == "*":
            assert all(one.partition(":")[2].startswith(READS) for one in listed(row["Action"])), (
                row
            )


def test_every_call_of_the_stories_is_allowed_and_claimed(box: Sandbox) -> None:
    """The box refuses what the policies do not allow, so no refusal means that all was allowed."""
    walk(box)
    refused = [row for row in box.calls() if "denied" in str(row["error"]).lower()]
    refused += [row for row in box.calls() if "Unauthorized" in str(row["error"])]
    assert refused == []
    claimed = {one for row in ACTIONS.values() for kind in row.permissions.values() for one in kind}
    engine = ("dynamodb", "lambda", "sns", "secretsmanager")
    made = {iam_action(row) for row in box.calls() if row["service"] not in engine}
    made -= {"ssm:GetParameter", "ssm:UpdateOpsItem", "ssm:CreateOpsItem"}  # the engine's own
    assert made - claimed == set()


def iam_action(row: Json) -> str:
    """A call as IAM names it."""
    service = {"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing"}
    operation = {"ListObjectsV2": "ListBucket"}.get(row["operation"], row["operation"])
    return f"{service.get(row['service'], row['service'])}:{operation}"


def walk(box: Sandbox) -> None:
    """Every action once."""
    talk = box.talk()
    talk.launch()
    for name, slots in (
        ("RunAssessmentIntent", {"group": "web"}),
        ("AssessmentStatusIntent", {}),
        ("ReadFindingsIntent", {"severity": "CRITICAL", "group": "web"}),
        ("FindingDetailIntent", {"ordinal": "1"}),
        ("TrafficIntent", {"instance": "batch three"}),
        ("SuspiciousIntent", {}),
        ("StatusIntent", {}),
    ):
        talk.intent(name, **slots)
        box.idle()
    for name, slots in (
        ("PatchIntent", {"group": "batch"}),
        ("MarkSuspiciousIntent", {"instance": "batch three"}),
        ("BlockSourceIntent", {}),
        ("UndoIntent", {}),
        ("IsolateIntent", {"instance": "batch three"}),
        ("ReleaseIntent", {"instance": "batch three"}),
        ("UndoIntent", {}),
    ):
        talk.intent(name, **slots)
        talk.yes()
        if talk.answer.get("directives"):
            talk.intent("PinIntent", pin=box.ready["pin"])
        box.idle()
    endings = [(run["action"], run["ending"]) for run in box.runs()]
    assert len(endings) == 8, endings
    assert "failed" not in dict(endings).values(), endings
