"""The image of a world: everything comes back, again and again, and nothing is shared by two."""

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.moto_api._internal import mock_random
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.ssm.models import ssm_backends

from sandbox import image
from sandbox.image import BEST_BEFORE, Image

ACCOUNT, REGION = "123456789012", "us-east-1"


@pytest.fixture
def world() -> Iterator[Image]:
    """A queue with a message and a parameter, and the image of them."""
    with mock_aws():
        queue = client("sqs").create_queue(QueueName="letters")["QueueUrl"]
        client("sqs").send_message(QueueUrl=queue, MessageBody="first")
        client("ssm").put_parameter(Name="/pin", Value="1", Type="String")
        made = Image()
        made.take(time.monotonic())
        yield made
        image.empty()


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


def letters() -> list[str]:
    url = client("sqs").get_queue_url(QueueName="letters")["QueueUrl"]
    found = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [row["Body"] for row in found.get("Messages", [])]


def change() -> None:
    url = client("sqs").get_queue_url(QueueName="letters")["QueueUrl"]
    client("sqs").send_message(QueueUrl=url, MessageBody="second")
    client("ssm").put_parameter(Name="/pin", Value="2", Type="String", Overwrite=True)
    client("sns").create_topic(Name="news")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_was_changed_is_as_it_was_however_often(world: Image, times: int) -> None:
    for _ in range(times):
        change()
        world.put_back()
        assert ACCOUNT not in sns_backends
    assert letters() == ["first"]
    assert client("ssm").get_parameter(Name="/pin")["Parameter"]["Value"] == "1"
    client("ssm").put_parameter(Name="/other", Value="3", Type="String")
    assert "/nothing" not in ssm_backends[ACCOUNT][REGION]._parameters


def test_ids_go_on_from_where_they_were(world: Image) -> None:
    told = []
    for _ in range(2):
        world.put_back()
        told.append([mock_random.get_random_hex(12), client("sqs").list_queues()["QueueUrls"]])
    assert told[0] == told[1]


def test_a_world_put_back_shares_nothing_with_the_one_before(world: Image) -> None:
    made = []
    for _ in range(2):
        world.put_back()
        backend = sqs_backends[ACCOUNT][REGION]
        queue = backend.queues["letters"]
        made.append((backend, queue, queue._messages[0]))
    assert not any(one is other for one, other in zip(*made, strict=True))


def test_two_that_know_each_other_still_do(world: Image) -> None:
    queue = sqs_backends[ACCOUNT][REGION].queues["letters"]
    sqs_backends[ACCOUNT][REGION].friends = [queue, defaultdict(lambda: queue)]
    world.take(time.monotonic())
    world.put_back()
    there = sqs_backends[ACCOUNT][REGION]
    queue = there.queues["letters"]
    assert [there.friends[0], there.friends[1]["anything"]] == [queue, queue]


def test_an_old_image_is_no_good(world: Image) -> None:
    assert not Image().is_good
    assert world.is_good
    world.take(time.monotonic() - BEST_BEFORE)
    assert not world.is_good


def test_what_a_log_takes_after_the_image_is_gone_with_it(world: Image) -> None:
    logs, stream = client("logs"), {"logGroupName": "flows", "logStreamName": "eni-1"}
    logs.create_log_group(logGroupName="flows")
    logs.create_log_stream(**stream)
    now = int(time.time() * 1000)
    logs.put_log_events(**stream, logEvents=[{"timestamp": now, "message": "before"}])
    world.take(time.monotonic())
    for _ in range(2):
        logs.put_log_events(**stream, logEvents=[{"timestamp": now, "message": "after"}])
        world.put_back()
    assert [row["message"] for row in logs.get_log_events(**stream)["events"]] == ["before"]
