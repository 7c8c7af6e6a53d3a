"""Asynchronous invocations, and the lanes that they run in."""

import json
from typing import Any

import pytest

from sandbox.delivery.service import Refused, Throttled
from tests.sandbox.delivery_world import (
    ACCOUNT,
    FAILED,
    REGION,
    Done,
    World,
    fresh_world,
)

world = pytest.fixture(fresh_world)


def failing(times: int) -> Any:
    left = [FAILED] * times
    return lambda event: left.pop() if left else Done("ok")


def throttled(times: int) -> Any:
    left = [Throttled("rate exceeded")] * times

    def answer(event: Any) -> Done:
        if left:
            raise left.pop()
        return Done("ok")

    return answer


def test_function_errors_are_retried_after_one_and_two_minutes(world: World) -> None:
    arn = world.function("f")
    world.answers["f"] = failing(2)
    request_id = world.delivery.async_invoke(arn, {"a": 1})
    world.settle()
    assert world.calls == [(arn, {"a": 1}, request_id)] * 3
    assert world.delivery.counts == dict(delivered=1, retried=2, dead_lettered=0, dropped=0)
    assert 178 < world.clock.skipped.total_seconds() <= 180


def test_a_dead_letter_keeps_the_event_and_says_why(world: World) -> None:
    dead = world.queue("dead")
    arn = world.function("f", DeadLetterConfig={"TargetArn": dead})
    assert world.functions.get_function(FunctionName="f")["Configuration"]["DeadLetterConfig"]
    world.answers["f"] = failing(3)
    request_id = world.delivery.async_invoke(arn, {"a": 1})
    world.settle()
    ((body, attributes),) = world.messages("dead")
    assert json.loads(body) == {"a": 1}
    assert attributes == {"RequestID": request_id, "ErrorCode": "200", "ErrorMessage": "no luck"}
    assert world.delivery.counts["dead_lettered"] == 1


@pytest.mark.parametrize("fails", [True, False])
def test_destinations_receive_the_invocation_record(world: World, fails: bool) -> None:
    queue, other = world.queue("q"), world.function("other")
    topic = world.sns.create_topic(Name="t")["TopicArn"]
    world.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    arn = world.function("f")
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    seen: list[Any] = []
    for target in (queue, topic, other, bus):
        world.functions.put_function_event_invoke_config(
            FunctionName="f",
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure" if fails else "OnSuccess": {"Destination": target}},
        )
        world.answers["f"] = failing(1 if fails else 0)
        world.delivery.async_invoke(arn, {"a": 1})
        world.settle()
    seen += [json.loads(world.messages("q")[0][0]), *world.received("other")]
    seen += [json.loads(mail["message"]) for mail in world.delivery.mail]
    assert len(seen) == 3
    for record in seen:
        assert record["version"] == "1.0" and record["timestamp"].endswith("Z")
        context = record["requestContext"]
        assert context["condition"] == ("RetriesExhausted" if fails else "Success")
        assert context["functionArn"] == f"{arn}:$LATEST"
        assert context["approximateInvokeCount"] == 1 and context["requestId"]
        assert record["requestPayload"] == {"a": 1}
        assert record["responsePayload"] == (FAILED.error if fails else "ok")
        assert record["responseContext"].get("functionError") == ("Unhandled" if fails else None)


def test_a_destination_that_is_a_bus_gets_an_event(world: World) -> None:
    arn = world.function("f")
    world.rule({"Arn": world.queue("q", "events.amazonaws.com")}, pattern={"source": ["lambda"]})
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    destination = {"OnSuccess": {"Destination": bus}}
    world.functions.put_function_event_invoke_config(
        FunctionName="f", DestinationConfig=destination
    )
    world.delivery.async_invoke(arn, {})
    world.settle()
    ((body, _),) = world.messages("q")
    event = json.loads(body)
    assert event["detail-type"] == "Lambda Function Invocation Result - Success"
    assert event["resources"] == [bus, f"{arn}:$LATEST"]
    assert event["detail"]["requestContext"]["condition"] == "Success"


def test_settings_belong_to_a_qualifier_and_are_replaced(world: World) -> None:
    arn = world.function("f")
    world.functions.publish_version(FunctionName="f")
    world.functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    named = {"FunctionName": "f", "Qualifier": "live"}
    for retries in (2, 1):
        put = world.functions.put_function_event_invoke_config
        put(**named, MaximumRetryAttempts=retries, MaximumEventAgeInSeconds=600)
    assert world.functions.get_function_event_invoke_config(**named)["MaximumRetryAttempts"] == 1
    world.functions.update_function_event_invoke_config(**named, MaximumRetryAttempts=0)
    config = world.functions.get_function_event_invoke_config(**named)
    assert config["MaximumRetryAttempts"] == 0 and config["MaximumEventAgeInSeconds"] == 600
    world.answers["f"] = failing(99)
    world.delivery.async_invoke(f"{arn}:live", {})
    world.delivery.async_invoke(arn, {})
    world.settle()
    assert sorted(called for called, _, _ in world.calls) == [arn] * 3 + [f"{arn}:live"]
    world.functions.delete_function_event_invoke_config(**named)
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        world.functions.get_function_event_invoke_config(**named)


def test_throttles_wait_for_room_and_do_not_use_up_retries(world: World) -> None:
    arn = world.function("f")
    world.delivery.tuning.throttle_pause = 0.001
    world.answers["f"] = throttled(5)
    world.delivery.async_invoke(arn, {})
    world.settle()
    assert world.delivery.counts["delivered"] == 1 and world.delivery.counts["retried"] == 5


def test_an_event_that_is_too_old_is_given_up(world: World) -> None:
    arn = world.function("f", DeadLetterConfig={"TargetArn": world.queue("dead")})
    settings = {"FunctionName": "f", "MaximumEventAgeInSeconds": 60}
    world.functions.put_function_event_invoke_config(**settings)
    world.delivery.tuning.throttle_pause = 0.001
    world.answers["f"] = throttled(99)
    world.delivery.async_invoke(arn, {})
    world.settle()
    ((_, attributes),) = world.messages("dead")
    assert attributes["ErrorCode"] == "429"
    assert world.delivery.failed[0]["code"] == "EventAgeExceeded"


def test_no_reserved_concurrency_means_dead_letters_at_once(world: World) -> None:
    arn = world.function("f", DeadLetterConfig={"TargetArn": world.queue("dead")})
    world.functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    world.delivery.async_invoke(arn, {})
    world.settle()
    assert world.calls == [] and len(world.messages("dead")) == 1
    assert world.delivery.failed[0]["code"] == "ZeroReservedConcurrency"


def test_duplicates_come_when_asked_for(world: World) -> None:
    arn = world.function("f")
    world.delivery.tuning.duplicate_rate = 1.0
    request_id = world.delivery.async_invoke(arn, 1)
    world.settle()
    assert [called[2] for called in world.calls] == [request_id] * 2


def test_an_unknown_function_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.delivery.async_invoke(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gone", {})
    assert refused.value.code == "RESOURCE_NOT_FOUND"


def test_a_role_without_rights_loses_its_dead_letters(world: World) -> None:
    world.delivery.stop()
    poor = World(role_may=lambda role, action, resource: False, role=False)
    arn = poor.function("f", DeadLetterConfig={"TargetArn": poor.queue("dead")})
    poor.answers["f"] = lambda event: FAILED
    poor.delivery.async_invoke(arn, {})
    poor.settle()
    assert poor.delivery.dropped == 1 and poor.messages("dead") == []
    assert "not authorized" in poor.delivery.failed[0]["message"]
    assert poor.delivery.stop()
