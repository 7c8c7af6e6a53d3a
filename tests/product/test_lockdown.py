"""The lockdown topic: whoever knows the external id isolates or releases an instance by its ARN."""

import json
from typing import Any

import pytest

from tests.product.test_stories import groups_of_kind
from tests.world import Sandbox


def publish(box: Sandbox, **attributes: str) -> None:
    box.aws("sns").publish(
        TopicArn=box.ready["lockdown_topic"],
        Message="lockdown",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )
    box.idle()


def arn(box: Sandbox, name: str) -> str:
    instance = box.instance(name)["InstanceId"]
    return f"arn:aws:ec2:{box.ready['region']}:{box.ready['account']}:instance/{instance}"


def refusals(box: Sandbox) -> list[Any]:
    return [one for one in box.messages() if "refused" in str(one.get("subject"))]


def test_a_message_locks_and_releases(box: Sandbox) -> None:
    before = box.groups("batch-3")
    publish(box, Arn=arn(box, "batch-3"), ExternalId=box.ready["external_id"])
    held = {group for groups in box.groups("batch-3").values() for group in groups}
    assert held == groups_of_kind(box, "isolation")
    publish(
        box,
        Arn=arn(box, "batch-3"),
        ExternalId=box.ready["external_id"],
        Action="release",
        Reason="false alarm",
    )
    assert box.groups("batch-3") == before
    assert [(run["action"], run["door"]) for run in box.runs()] == [
        ("isolate", "sns"),
        ("release", "sns"),
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        {"Arn": "{arn}", "ExternalId": "guess"},
        {"Arn": "{arn}", "ExternalId": ""},
        {"Arn": "{arn}"},
        {"ExternalId": "{id}"},
        {"Arn": "arn:aws:s3:::bucket", "ExternalId": "{id}"},
        {
            "Arn": "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0",
            "ExternalId": "{id}",
        },
        {"Arn": "nonsense", "ExternalId": "{id}"},
        {"Arn": "{arn}", "ExternalId": "{id}", "Action": "explode"},
    ],
    ids=str,
)
def test_any_other_message_is_refused_and_heard_of(
    box: Sandbox, attributes: dict[str, str]
) -> None:
    known = {"arn": arn(box, "batch-3"), "id": box.ready["external_id"]}
    given = {name: value.format(**known) for name, value in attributes.items()}
    publish(box, **{name: value or " " for name, value in given.items()})
    assert box.runs() == []
    (mail,) = refusals(box)
    assert box.ready["external_id"] not in str(mail)


def test_a_message_that_cannot_be_handled_is_heard_of_from_the_dead_letter_queue(
    box: Sandbox,
) -> None:
    box.faults({"function": "events", "service": "dynamodb", "kind": "error"})
    publish(box, Arn=arn(box, "batch-3"), ExternalId=box.ready["external_id"])
    box.faults()
    assert box.runs() == []
    alarms = [one for one in box.messages() if "ALARM" in str(one.get("subject"))]
    assert any("EventsDlqAlarm" in str(one) for one in alarms), box.messages()
    assert box.ready["external_id"] not in str(alarms)


def test_a_message_that_comes_twice_is_answered_twice(box: Sandbox) -> None:
    """SNS may deliver twice: the second delivery starts nothing, and is told in the audit mail."""
    event = {
        "Records": [
            {
                "EventSource": "aws:sns",
                "Sns": {
                    "Type": "Notification",
                    "MessageId": "7ff1ad5a-0000-4000-8000-000000000001",
                    "TopicArn": box.ready["lockdown_topic"],
                    "MessageAttributes": {
                        "Arn": {"Type": "String", "Value": arn(box, "batch-3")},
                        "ExternalId": {"Type": "String", "Value": box.ready["external_id"]},
                    },
                },
            }
        ]
    }
    for _ in range(2):
        invoke_events(box, event)
        box.idle()
    assert [run["action"] for run in box.runs()] == ["isolate"]
    assert [one for one in box.messages() if "asked again" in str(one.get("subject"))]


def invoke_events(box: Sandbox, event: dict[str, Any]) -> None:
    name = next(
        row["FunctionName"]
        for row in box.aws("lambda").list_functions()["Functions"]
        if row["FunctionName"].endswith("-events")
    )
    box.aws("lambda").invoke(
        FunctionName=f"{name}:live", InvocationType="Event", Payload=json.dumps(event)
    )
