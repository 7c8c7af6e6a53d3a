"""Alarms: a crossed line is told once to the topic, until it is crossed back."""

import json
from typing import Any

from tests.sandbox.actors_world import Actors


def told(actors: Actors) -> list[tuple[str, str, str]]:
    """Alarm, old state and new state of each message, oldest first."""
    rows = [json.loads(row["message"]) for row in actors.mail()]
    return [(row["AlarmName"], row["OldStateValue"], row["NewStateValue"]) for row in rows]


def state(actors: Actors, name: str) -> str:
    (row,) = actors.aws("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(row["StateValue"])


def give_up(actors: Actors, name: str) -> None:
    """Let a durable execution fail, which ends in the dead-letter queue."""
    actors.run(name, fail="no luck")
    actors.idle()


def took(*values: Any, kind: str = "patch", name: str = "Took") -> dict[str, Any]:
    """An embedded metric as a function writes it."""
    metric = {"Namespace": "Actors", "Dimensions": [["kind"]], "Metrics": [{"Name": name}]}
    meta = {"Timestamp": 1, "CloudWatchMetrics": [metric]}
    return {"_aws": meta, "kind": kind, name: values[0] if len(values) == 1 else list(values)}


def test_a_dead_letter_is_told_to_the_mail_subscriber(anew: Actors) -> None:
    assert state(anew, "dead-letters") == "OK"
    give_up(anew, "first")
    (mail,) = anew.mail()
    assert mail["to"] == "watch@example.com"
    assert mail["subject"] == 'ALARM: "dead-letters" in US East (N. Virginia)'
    message = json.loads(mail["message"])
    queue = anew.box.account.stack.physical["Dlq"].rsplit("/", 1)[-1]
    reason = message.pop("NewStateReason")
    assert "was greater than the threshold (0.0)" in reason and "for OK -> ALARM" in reason
    assert message.pop("StateChangeTime") and message.pop("AlarmConfigurationUpdatedTimestamp")
    topic = anew.box.account.stack.physical["Topic"]
    assert message == {
        "AlarmName": "dead-letters",
        "AlarmDescription": "Something was given up.",
        "AWSAccountId": "123456789012",
        "NewStateValue": "ALARM",
        "Region": "US East (N. Virginia)",
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:dead-letters",
        "OldStateValue": "OK",
        "OKActions": [topic],
        "AlarmActions": [topic],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Namespace": "AWS/SQS",
            "StatisticType": "Statistic",
            "Statistic": "MAXIMUM",
            "Unit": None,
            "Dimensions": [{"value": queue, "name": "QueueName"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0.0,
            "TreatMissingData": "notBreaching",
            "EvaluateLowSampleCountPercentile": "",
        },
    }
    assert state(anew, "dead-letters") == "ALARM"


def test_it_is_told_once_until_the_queue_is_empty(anew: Actors) -> None:
    give_up(anew, "first")
    give_up(anew, "second")
    raised = ("dead-letters", "OK", "ALARM")
    assert told(anew) == [raised]
    sqs, url = anew.aws("sqs"), anew.box.account.stack.physical["Dlq"]
    for left in (1, 0):
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        anew.idle()
        assert state(anew, "dead-letters") == ("ALARM" if left else "OK")
    lowered = ("dead-letters", "ALARM", "OK")
    assert told(anew) == [raised, lowered]
    give_up(anew, "third")
    sqs.purge_queue(QueueUrl=url)
    anew.idle()
    assert told(anew) == [raised, lowered, raised, lowered]


def test_reset_takes_an_alarm_back(anew: Actors) -> None:
    give_up(anew, "first")
    anew.control("POST", "reset")
    assert state(anew, "dead-letters") == "OK"
    assert anew.mail() == []
    give_up(anew, "first")
    assert told(anew) == [("dead-letters", "OK", "ALARM")]


def test_failed_invocations_add_up(anew: Actors) -> None:
    assert state(anew, "voice-errors") == "INSUFFICIENT_DATA"
    anew.voice(fail="once")
    anew.idle()
    assert (told(anew), state(anew, "voice-errors")) == ([], "OK")
    for _ in range(2):
        anew.voice(fail="again")
        anew.idle()
    assert told(anew) == [("voice-errors", "OK", "ALARM")]


def test_a_window_that_has_passed_is_told_again(anew: Actors) -> None:
    for name in ("before", "after"):
        anew.voice(fail="one")
        anew.voice(fail="two")
        anew.run(name, *[("ec2", "describe_vpcs", {})] * 6)  # waits six minutes
        anew.idle()
    assert told(anew) == [("voice-errors", "OK", "ALARM")] * 2


def test_embedded_metrics_are_looked_at_by_their_dimensions(anew: Actors) -> None:
    anew.voice(print=[took(500, kind="assess"), took(500, name="Waited"), took(10)])
    anew.idle()
    assert told(anew) == []
    anew.voice(print=[{"_aws": "odd"}, {"_aws": {}}, took(99, 100)])
    anew.idle()
    assert told(anew) == [("slow", "OK", "ALARM")]  # p90 of 10, 99 and 100
    trigger = json.loads(anew.mail()[0]["message"])["Trigger"]
    assert (trigger["StatisticType"], trigger["ExtendedStatistic"]) == ("ExtendedStatistic", "p90")


def test_a_topic_that_does_not_let_alarms_publish_gets_nothing(anew: Actors) -> None:
    anew.voice(print=[took(100)])
    anew.idle()
    failed = anew.control("GET", "deliveries")["failed"]
    closed = anew.box.account.stack.physical["Closed"]
    assert [(row["target"], row["code"]) for row in failed] == [(closed, "NO_PERMISSIONS")]
    assert told(anew) == [("slow", "INSUFFICIENT_DATA", "ALARM")]


def test_each_change_is_an_event_too(anew: Actors) -> None:
    sqs, events = anew.aws("sqs"), anew.aws("events")
    url = sqs.create_queue(QueueName="changes")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:changes"
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"prefix": "dead-"}]}}
    events.put_rule(Name="changes", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="changes", Targets=[{"Id": "1", "Arn": arn}])
    give_up(anew, "first")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    event = json.loads(message["Body"])
    assert event["detail-type"] == "CloudWatch Alarm State Change"
    assert event["resources"] == ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:dead-letters"]
    detail = event["detail"]
    assert detail["alarmName"] == "dead-letters"
    assert (detail["previousState"]["value"], detail["state"]["value"]) == ("OK", "ALARM")
    assert detail["configuration"]["description"] == "Something was given up."
    (row,) = detail["configuration"]["metrics"]
    assert row["metricStat"]["metric"]["namespace"] == "AWS/SQS"
