"""Delivery by rules: targets, inputs, retry policies, dead letters, permissions."""

import json

import pytest
from botocore.exceptions import ClientError

from sandbox.delivery.hook import emit
from sandbox.ext import events
from tests.sandbox.delivery_world import ACCOUNT, REGION, Done, World, fresh_world

RULES = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/*"
EVENTS = "events.amazonaws.com"

world = pytest.fixture(fresh_world)


def test_a_matching_event_reaches_a_function_with_its_whole_envelope(world: World) -> None:
    world.rule({"Arn": world.function("f", allow=(EVENTS, RULES))})
    answer = world.put(a=1)
    world.settle()
    (event,) = world.received("f")
    assert event["id"] == answer["Entries"][0]["EventId"]
    assert (event["source"], event["detail-type"], event["detail"]) == ("demo", "Thing", {"a": 1})
    assert (event["version"], event["account"], event["region"]) == ("0", ACCOUNT, REGION)
    assert event["time"].endswith("Z") and event["resources"] == []
    assert world.delivery.counts == dict(delivered=1, retried=0, dead_lettered=0, dropped=0)


def test_other_events_and_disabled_rules_deliver_nothing(world: World) -> None:
    world.rule({"Arn": world.function("f", allow=(EVENTS, RULES))}, pattern={"source": ["other"]})
    world.put(a=1)
    world.rule(state := {"Arn": world.function("g", allow=(EVENTS, RULES))}, State="DISABLED")
    world.put(a=1)
    world.settle()
    assert world.calls == [] and state


def test_a_schedule_fires_on_demand_only(world: World) -> None:
    arn = world.function("f", allow=(EVENTS, RULES))
    world.events.put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    world.events.put_targets(Rule="daily", Targets=[{"Id": "1", "Arn": arn}])
    world.put(a=1)
    world.settle()
    assert world.calls == []
    world.delivery.fire_schedule("daily")
    world.settle()
    (event,) = world.received("f")
    assert event["detail-type"] == "Scheduled Event" and event["resources"][0].endswith("daily")


def test_each_kind_of_target_and_input_receives_its_part(world: World) -> None:
    queue, topic = world.queue("q", EVENTS), world.sns.create_topic(Name="t")["TopicArn"]
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/events"
    world.logs.create_log_group(logGroupName="/events")
    statement = {"Effect": "Allow", "Principal": {"Service": EVENTS}, "Action": "sns:Publish"}
    policy = json.dumps({"Statement": [statement | {"Resource": topic}]})
    world.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    world.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    paths = {"who": "$.detail.who", "tags": "$.detail.tags", "none": "$.detail.none"}
    template = (
        '{"a": "for <who>", "b": <who>, "c": <tags>, "d": <none>, "r": <aws.events.rule-name>}'
    )
    world.rule(
        {"Arn": queue, "InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}},
        {"Arn": topic, "InputPath": "$.detail.who"},
        {"Arn": group},
        {"Arn": world.function("f", allow=(EVENTS, RULES)), "Input": '{"fixed": true}'},
    )
    world.put(who='da"na', tags=["x"])
    world.settle()
    ((body, _),) = world.messages("q")
    assert json.loads(body) == {
        "a": 'for da"na',
        "b": 'da"na',
        "c": ["x"],
        "d": "",
        "r": "rule",
    }
    assert [mail["message"] for mail in world.delivery.mail] == ['"da\\"na"']
    assert world.received("f") == [{"fixed": True}]
    (line,) = world.logs.filter_log_events(logGroupName="/events")["events"]
    assert json.loads(line["message"])["detail"]["tags"] == ["x"]


def test_throttled_targets_are_tried_again_in_modelled_time(world: World) -> None:
    arn = world.queue("q", EVENTS)
    world.rule({"Arn": arn, "RetryPolicy": {"MaximumRetryAttempts": 3}})
    world.delivery.tuning.faults[arn] = ["THROTTLING"] * 3
    world.put(a=1)
    world.settle()
    assert len(world.messages("q")) == 1
    assert world.delivery.counts["retried"] == 3
    assert 6 < world.clock.skipped.total_seconds() <= 7


@pytest.mark.parametrize(
    ("policy", "condition", "attempts"),
    [
        ({"MaximumRetryAttempts": 2}, "MaximumRetryAttempts", "2"),
        ({"MaximumEventAgeInSeconds": 60}, "MaximumEventAgeInSeconds", "5"),
    ],
)
def test_an_exhausted_retry_policy_ends_in_the_dead_letter_queue(
    world: World, policy: dict[str, int], condition: str, attempts: str
) -> None:
    arn, dead = world.queue("q", EVENTS), world.queue("dead", EVENTS)
    rule = world.rule({"Arn": arn, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": dead}})
    world.delivery.tuning.faults[arn] = ["THROTTLING"] * 999
    world.put(a=1)
    world.settle()
    ((body, attributes),) = world.messages("dead")
    assert json.loads(body)["detail"] == {"a": 1}
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"]) == (rule, arn)
    assert attributes["ERROR_CODE"] == "THROTTLING" and attributes["ERROR_MESSAGE"]
    assert attributes["EXHAUSTED_RETRY_CONDITION"] == condition
    assert attributes["RETRY_ATTEMPTS"] == attempts
    assert world.delivery.counts["dead_lettered"] == 1


def test_missing_permission_or_target_is_dead_lettered_at_once(world: World) -> None:
    dead = {"DeadLetterConfig": {"Arn": world.queue("dead", EVENTS)}}
    elsewhere = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/other"
    alias = world.function("aliased", allow=(EVENTS, RULES)) + ":live"
    world.functions.publish_version(FunctionName="aliased")
    world.functions.create_alias(FunctionName="aliased", Name="live", FunctionVersion="1")
    targets = {
        world.function("private"): "NO_PERMISSIONS",
        world.function("others", allow=(EVENTS, elsewhere)): "NO_PERMISSIONS",
        alias: "NO_PERMISSIONS",
        world.queue("closed"): "NO_PERMISSIONS",
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gone": "RESOURCE_NOT_FOUND",
    }
    world.rule(*({"Arn": arn} | dead for arn in targets))
    world.put(a=1)
    world.settle()
    letters = [attributes for _, attributes in world.messages("dead")]
    assert {row["TARGET_ARN"]: row["ERROR_CODE"] for row in letters} == targets
    assert world.calls == [] and world.delivery.counts["retried"] == 0


def test_without_a_usable_dead_letter_queue_a_drop_is_counted(world: World) -> None:
    closed = {"DeadLetterConfig": {"Arn": world.queue("closed")}}
    arn = world.function("private")
    world.rule({"Arn": arn}, {"Arn": arn} | closed)
    world.put(a=1)
    world.settle()
    assert world.delivery.dropped == 2 and world.messages("closed") == []
    assert {row["target"] for row in world.delivery.failed} == {arn}


def test_an_alias_needs_its_own_permission(world: World) -> None:
    arn = world.function("f")
    world.functions.publish_version(FunctionName="f")
    world.functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    world.functions.add_permission(
        FunctionName="f",
        Qualifier="live",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal=EVENTS,
        SourceArn=RULES,
    )
    world.rule({"Arn": f"{arn}:live"}, {"Arn": arn})
    world.put(a=1)
    world.settle()
    assert [called for called, _, _ in world.calls] == [f"{arn}:live"]
    assert world.delivery.dropped == 1


def test_put_events_refuses_what_the_service_refuses(world: World) -> None:
    good = {"Source": "demo", "DetailType": "Thing", "Detail": "{}"}
    rows = [good | change for change in ({}, {"Source": "aws.ec2"}, {"Detail": "[]"})]
    rows += [good | change for change in ({"Detail": "{"}, {"DetailType": ""}, {"Source": ""})]
    answer = world.events.put_events(Entries=rows)
    assert answer["FailedEntryCount"] == 5
    assert [row.get("ErrorCode") for row in answer["Entries"]] == [
        None,
        "NotAuthorizedForSourceException",
        "MalformedDetail",
        "MalformedDetail",
        "InvalidArgument",
        "InvalidArgument",
    ]
    for entries in ([good] * 11, [good | {"Detail": json.dumps({"a": "x" * (1 << 20)})}]):
        with pytest.raises(ClientError, match="ValidationException"):
            world.events.put_events(Entries=entries)


def test_the_box_itself_puts_events_of_aws_services(world: World) -> None:
    arn = world.function("f", allow=(EVENTS, RULES))
    world.rule({"Arn": arn}, pattern={"source": ["aws.ec2"]})
    emit("aws.ec2", "AWS API Call via CloudTrail", {"eventName": "CreateTags"}, [], ACCOUNT, REGION)
    world.delivery.put_event({"id": "mine", "source": "aws.ec2", "detail": {"n": 2}})
    world.settle()
    details = [event["detail"] for event in world.received("f")]
    assert {"eventName": "CreateTags"} in details and {"n": 2} in details
    assert "mine" in [event["id"] for event in world.received("f")]


def test_another_bus_and_its_rules_receive_forwarded_events(world: World) -> None:
    bus = world.events.create_event_bus(Name="central")["EventBusArn"]
    arn = world.function("f", allow=(EVENTS, f"arn:aws:events:{REGION}:{ACCOUNT}:rule/central/*"))
    pattern = json.dumps({"source": ["demo"]})
    world.events.put_rule(Name="there", EventBusName="central", EventPattern=pattern)
    world.events.put_targets(
        Rule="there", EventBusName="central", Targets=[{"Id": "1", "Arn": arn}]
    )
    role = world.sender()
    gone = bus.replace("central", "gone")
    world.rule({"Arn": bus, "RoleArn": role}, {"Arn": gone, "RoleArn": role})
    world.put(a=1)
    world.settle()
    assert [event["detail"] for event in world.received("f")] == [{"a": 1}]
    assert world.delivery.failed[0]["code"] == "RESOURCE_NOT_FOUND"


def test_put_rule_and_put_targets_refuse_malformed_input(world: World) -> None:
    for pattern in ("{", "[]", "{}", '{"a": 1}', '{"a": []}', '{"a": [{"near": 1}]}'):
        with pytest.raises(ClientError, match="InvalidEventPatternException"):
            world.events.put_rule(Name="bad", EventPattern=pattern)
        with pytest.raises(ClientError, match="InvalidEventPatternException"):
            world.events.test_event_pattern(EventPattern=pattern, Event="{}")
    with pytest.raises(ClientError, match="ValidationException"):
        world.rule({"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "InputPath": "$["})


def test_test_event_pattern_answers(world: World) -> None:
    event = json.dumps(dict.fromkeys(events.ENVELOPE, "x") | {"detail": {"n": 5}})
    for bound, expected in ((4, True), (5, False)):
        pattern = json.dumps({"detail": {"n": [{"numeric": [">", bound]}]}})
        answer = world.events.test_event_pattern(EventPattern=pattern, Event=event)
        assert answer["Result"] is expected
    with pytest.raises(ClientError, match="ValidationException"):
        world.events.test_event_pattern(EventPattern=pattern, Event="{}")


def test_a_failing_event_does_not_hold_up_the_others(world: World) -> None:
    world.rule({"Arn": world.function("f", allow=(EVENTS, RULES))})
    world.answers["f"] = lambda event: (
        Done(error={"errorMessage": "poison"}) if event["detail"]["n"] == 0 else Done()
    )
    for number in range(20):
        world.put(n=number)
    world.settle()
    assert world.delivery.counts == dict(delivered=19, retried=2, dead_lettered=0, dropped=1)
