"""Topics and queues as sources: subscriptions, filters, redrive, batches."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.delivery.topics import Subscriber, wanted
from sandbox.ext.sns_delivery import Publication
from tests.sandbox.delivery_world import ACCOUNT, REGION, Done, World, fresh_world

SNS = "sns.amazonaws.com"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
ATTRIBUTES = {"Arn": {"DataType": "String", "StringValue": "arn:x"}}

world = pytest.fixture(fresh_world)


def subscribe(world: World, protocol: str, endpoint: str, **attributes: Any) -> str:
    world.sns.create_topic(Name="t")
    answer = world.sns.subscribe(
        TopicArn=TOPIC,
        Protocol=protocol,
        Endpoint=endpoint,
        Attributes={name: str(value) for name, value in attributes.items()},
        ReturnSubscriptionArn=True,
    )
    return str(answer["SubscriptionArn"])


def test_a_function_receives_the_record_of_a_publication(world: World) -> None:
    arn = subscribe(world, "lambda", world.function("f", allow=(SNS, TOPIC)))
    message = {"Message": "hello", "Subject": "s", "MessageAttributes": ATTRIBUTES}
    message_id = world.sns.publish(TopicArn=TOPIC, **message)["MessageId"]
    world.settle()
    (event,) = world.received("f")
    (record,) = event["Records"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == arn
    body = record["Sns"]
    assert body["MessageAttributes"] == {"Arn": {"Type": "String", "Value": "arn:x"}}
    assert (body["MessageId"], body["Message"], body["Subject"]) == (message_id, "hello", "s")
    assert {"Type", "TopicArn", "Timestamp", "SignatureVersion", "Signature"} <= set(body)
    assert {"SigningCertUrl", "UnsubscribeUrl"} <= set(body)


def test_mail_is_kept_without_confirmation(world: World) -> None:
    subscribe(world, "email", "a@example.com")
    subscribe(world, "email-json", "b@example.com")
    texts = {"default": "all", "email": "mail only"}
    world.sns.publish(TopicArn=TOPIC, Message=json.dumps(texts), MessageStructure="json")
    world.settle()
    mail = {row["to"]: row["message"] for row in world.delivery.mail}
    assert mail == {"a@example.com": "mail only", "b@example.com": "all"}
    with pytest.raises(ClientError, match="InvalidParameter"):
        world.sns.publish(TopicArn=TOPIC, Message="{}", MessageStructure="json")


@pytest.mark.parametrize("raw", [True, False])
def test_a_queue_receives_the_message_raw_or_wrapped(world: World, raw: bool) -> None:
    subscribe(world, "sqs", world.queue("q", SNS), RawMessageDelivery=str(raw).lower())
    world.sns.publish(TopicArn=TOPIC, Message="hello", MessageAttributes=ATTRIBUTES)
    world.settle()
    ((body, attributes),) = world.messages("q")
    if raw:
        assert (body, attributes) == ("hello", {"Arn": "arn:x"})
    else:
        assert json.loads(body)["Message"] == "hello" and attributes == {}
        assert json.loads(body)["MessageAttributes"]["Arn"]["Value"] == "arn:x"


def test_more_than_a_hundred_subscriptions_are_served(world: World) -> None:
    for number in range(120):
        subscribe(world, "email", f"{number}@example.com")
    world.sns.publish(TopicArn=TOPIC, Message="hello")
    world.settle()
    assert len(world.delivery.mail) == 120


def test_without_permission_a_publication_goes_to_the_redrive_queue(world: World) -> None:
    policy = json.dumps({"deadLetterTargetArn": world.queue("dead", SNS)})
    subscribe(world, "lambda", world.function("f"), RedrivePolicy=policy)
    subscribe(world, "sqs", world.queue("closed"), RedrivePolicy=policy)
    subscribe(world, "sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone")
    world.sns.publish(TopicArn=TOPIC, Message="hello")
    world.settle()
    letters = world.messages("dead")
    assert [json.loads(body)["Message"] for body, _ in letters] == ["hello"] * 2
    assert {attributes["ERROR_CODE"] for _, attributes in letters} == {"NO_PERMISSIONS"}
    assert world.delivery.counts == dict(delivered=0, retried=0, dead_lettered=2, dropped=1)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"kind": ["a", "b"]}, True),
        ({"kind": [{"anything-but": ["a"]}]}, False),
        ({"size": [{"numeric": [">", 5]}]}, True),
        ({"list": ["y"]}, True),
        ({"list": ["z"]}, False),
        ({"gone": [{"exists": False}], "kind": [{"prefix": "a"}]}, True),
        ({"gone": ["x"]}, False),
        ({"$or": [{"gone": ["x"]}, {"size": [7]}]}, True),
    ],
)
def test_filter_policies_on_attributes(policy: dict[str, Any], expected: bool) -> None:
    attributes = {
        "kind": {"Type": "String", "Value": "a"},
        "size": {"Type": "Number", "Value": "7"},
        "list": {"Type": "String.Array", "Value": '["x", "y"]'},
    }
    subscriber = Subscriber("arn", TOPIC, "email", "a@example.com", False, policy, False, None)
    assert wanted(subscriber, Publication(TOPIC, "1", "text", None, attributes)) is expected


def test_filter_policy_on_the_body_and_through_the_api(world: World) -> None:
    policy = json.dumps({"kind": ["a"]})
    subscribe(world, "email", "a@example.com", FilterPolicyScope="MessageBody", FilterPolicy=policy)
    for message in ('{"kind": "a"}', '{"kind": "b"}', "text"):
        world.sns.publish(TopicArn=TOPIC, Message=message)
    world.settle()
    assert [row["message"] for row in world.delivery.mail] == ['{"kind": "a"}']


def map_queue(world: World, **options: Any) -> str:
    """Queue `q` with two receives before `dead`, mapped to function `f`."""
    redrive = {"deadLetterTargetArn": world.queue("dead"), "maxReceiveCount": "2"}
    queue = world.queue("q", RedrivePolicy=json.dumps(redrive), VisibilityTimeout="60")
    world.function("f")
    mapping = {"FunctionName": "f", "EventSourceArn": queue}
    world.functions.create_event_source_mapping(**mapping, **options)
    return str(world.sqs.get_queue_url(QueueName="q")["QueueUrl"])


def test_a_mapped_queue_feeds_its_function(world: World) -> None:
    url = map_queue(world)
    attributes = {"kind": {"DataType": "String", "StringValue": "k"}}
    world.sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes=attributes)
    world.settle()
    (event,) = world.received("f")
    (record,) = event["Records"]
    assert (record["body"], record["eventSource"]) == ("hello", "aws:sqs")
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["kind"]["stringValue"] == "k"
    assert world.messages("q") == [] and world.delivery.counts["delivered"] == 1


def test_only_reported_failures_come_back_and_end_in_the_redrive_queue(world: World) -> None:
    url = map_queue(world, FunctionResponseTypes=["ReportBatchItemFailures"], BatchSize=10)
    seen: dict[str, int] = {}

    def answer(event: Any) -> Done:
        bad = []
        for record in event["Records"]:
            seen[record["body"]] = seen.get(record["body"], 0) + 1
            if record["body"] == "poison":
                bad.append({"itemIdentifier": record["messageId"]})
        return Done({"batchItemFailures": bad})

    world.answers["f"] = answer
    for body in ("one", "poison", "two"):
        world.sqs.send_message(QueueUrl=url, MessageBody=body)
    world.settle()
    assert seen == {"one": 1, "poison": 2, "two": 1}
    assert [body for body, _ in world.messages("dead")] == ["poison"]
    assert world.delivery.counts == dict(delivered=2, retried=2, dead_lettered=1, dropped=0)


def test_a_filter_deletes_what_does_not_match(world: World) -> None:
    pattern = json.dumps({"body": {"kind": ["a"]}})
    url = map_queue(world, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    for body in ('{"kind": "a"}', '{"kind": "b"}', "text"):
        world.sqs.send_message(QueueUrl=url, MessageBody=body)
    world.settle()
    bodies = [record["body"] for event in world.received("f") for record in event["Records"]]
    assert bodies == ['{"kind": "a"}'] and world.messages("q") == []
