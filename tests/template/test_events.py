"""What reaches the events function, and that nothing which fails is lost."""

import json
from typing import Any

import pytest

from tests.template.translate import Tree, of_type, properties, resources

EVENTS_DLQ = {"Fn::GetAtt": ["EventsDlq", "Arn"]}
REQUESTS = ["assess", "patch", "suspicious", "isolate", "release"]
QUEUES = ["EventsDlq", "WorkflowDlq"]


def _rules() -> list[tuple[str, Tree]]:
    return sorted(of_type("AWS::Events::Rule").items())


@pytest.mark.parametrize(("name", "rule"), _rules())
def test_every_rule_is_retried_and_then_dead_lettered(name: str, rule: Tree) -> None:
    for target in rule["Targets"]:
        assert target["DeadLetterConfig"] == {"Arn": EVENTS_DLQ}, name
        assert 0 < target["RetryPolicy"]["MaximumRetryAttempts"] <= 185
        assert 60 <= target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 86400


@pytest.mark.parametrize(("name", "rule"), _rules())
def test_every_rule_calls_the_alias_and_may(name: str, rule: Tree) -> None:
    assert [target["Arn"] for target in rule["Targets"]] == [{"Ref": "EventsFunctionAliaslive"}]
    permission = properties(f"{name}Permission")
    assert permission["SourceArn"] == {"Fn::GetAtt": [name, "Arn"]}


def test_tags_by_api_call_are_matched_with_their_value_and_only_if_the_call_succeeded() -> None:
    pattern = properties("EventsFunctionTagRequestRule")["EventPattern"]
    assert pattern["source"] == ["aws.ec2"]
    assert pattern["detail-type"] == ["AWS API Call via CloudTrail"]
    detail = pattern["detail"]
    assert detail["eventName"] == ["CreateTags"]
    assert detail["errorCode"] == [{"exists": False}]
    items = detail["requestParameters"]["tagSet"]["items"]
    assert items == {"key": ["Toban"], "value": REQUESTS}


def test_tags_of_a_launch_are_matched_for_instances_and_only_if_it_succeeded() -> None:
    detail = properties("EventsFunctionLaunchRule")["EventPattern"]["detail"]
    assert (detail["eventName"], detail["errorCode"]) == (["RunInstances"], [{"exists": False}])
    items = detail["requestParameters"]["tagSpecificationSet"]["items"]
    assert items == {"resourceType": ["instance"], "tags": {"key": ["Toban"], "value": REQUESTS}}


def test_every_change_of_the_request_tag_is_matched_so_that_the_newest_is_known() -> None:
    pattern = properties("EventsFunctionTagChangeRule")["EventPattern"]
    assert pattern["source"] == ["aws.tag"]
    assert pattern["detail"]["changed-tag-keys"] == ["Toban"]
    assert "tags" not in pattern["detail"]


def test_findings_are_not_sifted_by_the_rule_so_that_each_has_its_reason() -> None:
    pattern = properties("EventsFunctionGuardDutyRule")["EventPattern"]
    assert pattern == {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}


def test_no_rule_listens_to_the_status_tag() -> None:
    assert "TobanStatus" not in json.dumps(_rules())


def test_an_event_that_the_function_fails_ends_in_the_queue() -> None:
    config = properties("EventsFunctionEventInvokeConfig")
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": EVENTS_DLQ}}
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (2, 21600)
    assert config["Qualifier"] == "live"


def test_a_lockdown_message_that_cannot_be_delivered_ends_in_the_queue() -> None:
    subscription = properties("EventsFunctionLockdown")
    assert subscription["TopicArn"] == {"Ref": "LockdownTopic"}
    assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": EVENTS_DLQ}


def test_rules_and_the_lockdown_topic_may_send_to_the_queue_and_nobody_else() -> None:
    allowed = properties("EventsDlqPolicy")["PolicyDocument"]["Statement"]
    assert {row["Principal"]["Service"] for row in allowed} == {
        "events.amazonaws.com",
        "sns.amazonaws.com",
    }
    assert all("aws:SourceArn" in json.dumps(row["Condition"]) for row in allowed)


@pytest.mark.parametrize("queue", QUEUES)
def test_every_dead_letter_raises_an_alarm(queue: str) -> None:
    name = {"Fn::GetAtt": [queue, "QueueName"]}
    alarm = _alarm("ApproximateNumberOfMessagesVisible", {"Name": "QueueName", "Value": name})
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


@pytest.mark.parametrize(
    "function", ["VoiceFunction", "EventsFunction", "SlackFunction", "WorkflowFunction"]
)
def test_every_functions_errors_raise_an_alarm(function: str) -> None:
    alarm = _alarm("Errors", {"Name": "FunctionName", "Value": {"Ref": function}})
    alias = {"Name": "Resource", "Value": {"Fn::Sub": f"${{{function}}}:live"}}
    assert alias in alarm["Dimensions"]
    assert (alarm["Threshold"], alarm["Statistic"]) == (0, "Sum")


def test_slow_answers_raise_an_alarm_before_alexa_gives_up() -> None:
    voice = {"Name": "FunctionName", "Value": {"Ref": "VoiceFunction"}}
    alarm = _alarm("Duration", voice)
    assert (alarm["ExtendedStatistic"], alarm["Threshold"]) == ("p95", 5000)


def test_alarms_reach_people_and_are_quiet_when_nothing_happens() -> None:
    """Drift is looked for now and then: until the next look the last one counts."""
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == [{"Ref": "AuditTopic"}]
        assert alarm["TreatMissingData"] == ("ignore" if name == "DriftAlarm" else "notBreaching")


def _alarm(metric: str, dimension: dict[str, Any]) -> Tree:
    alarms = of_type("AWS::CloudWatch::Alarm").values()
    found = [a for a in alarms if a["MetricName"] == metric and dimension in a["Dimensions"]]
    assert len(found) == 1, (metric, dimension)
    return found[0]


def test_the_audit_mail_is_optional() -> None:
    assert resources()["AuditMail"]["Condition"] == "HasAuditEmail"
