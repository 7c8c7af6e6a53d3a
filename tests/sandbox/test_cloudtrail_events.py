"""The events that tag changes and launches leave, in the order and shape of the service."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.delivery import hook as delivery_hook
from sandbox.ext import cloudtrail_events
from tests.sandbox.ec2_world import ACCOUNT, KEY, REGION, World, client, open_world

Event = tuple[str, str, dict[str, Any], list[str], str, str]


@pytest.fixture
def world() -> Iterator[World]:
    with open_world() as made:
        yield made


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    found: list[Event] = []
    monkeypatch.setattr(delivery_hook, "LISTENERS", [lambda *event: found.append(event)])
    return found


def records(seen: list[Event]) -> list[dict[str, Any]]:
    return [detail for source, _, detail, *_ in seen if source == "aws.ec2"]


def changes(seen: list[Event]) -> list[dict[str, Any]]:
    return [detail for source, _, detail, *_ in seen if source == "aws.tag"]


def tag(world: World, instance: str, value: str) -> None:
    world.ec2.create_tags(Resources=[instance], Tags=[{"Key": "Toban", "Value": value}])


def test_create_tags_leaves_the_record_and_one_change_per_resource(
    world: World, seen: list[Event]
) -> None:
    one, two = world.launch(count=2)
    seen.clear()
    world.ec2.create_tags(Resources=[one, two], Tags=[{"Key": "Toban", "Value": "suspicious"}])
    [record] = records(seen)
    assert record["eventName"] == "CreateTags" and record["eventSource"] == "ec2.amazonaws.com"
    assert record["requestParameters"] == {
        "resourcesSet": {"items": [{"resourceId": one}, {"resourceId": two}]},
        "tagSet": {"items": [{"key": "Toban", "value": "suspicious"}]},
    }
    assert record["responseElements"]["_return"] is True
    assert record["awsRegion"] == REGION and record["recipientAccountId"] == ACCOUNT
    assert record["readOnly"] is False and "errorCode" not in record
    assert record["eventTime"].endswith("Z") and len(record["eventTime"]) == 20
    assert [event[3] for event in seen if event[0] == "aws.tag"] == [
        [f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{each}"] for each in (one, two)
    ]
    assert changes(seen)[0] == {
        "changed-tag-keys": ["Toban"],
        "service": "ec2",
        "resource-type": "instance",
        "version": 2,
        "tags": {"Name": "web-1", "Toban": "suspicious"},
    }


def test_versions_rise_and_removed_tags_are_gone(world: World, seen: list[Event]) -> None:
    [instance] = world.launch()
    tag(world, instance, "assess")
    tag(world, instance, "assess")
    world.ec2.delete_tags(Resources=[instance], Tags=[{"Key": "Toban"}])
    assert [each["version"] for each in changes(seen)] == [1, 2, 3]
    last = changes(seen)[-1]
    assert last["changed-tag-keys"] == ["Toban"] and last["tags"] == {"Name": "web-1"}
    names = [each["eventName"] for each in records(seen)]
    assert names == ["RunInstances", "CreateTags", "CreateTags", "DeleteTags"]
    assert len({each["eventID"] for each in records(seen)}) == 4
    assert records(seen)[-1]["requestParameters"]["tagSet"] == {"items": [{"key": "Toban"}]}


def test_launch_shows_its_tags(world: World, seen: list[Event]) -> None:
    [instance] = world.launch(name="batch-9")
    [record] = records(seen)
    specification = record["requestParameters"]["tagSpecificationSet"]["items"][0]
    tags = [{"key": "Name", "value": "batch-9"}]
    assert specification == {"resourceType": "instance", "tags": tags}
    [launched] = record["responseElements"]["instancesSet"]["items"]
    assert launched["instanceId"] == instance and launched["tagSet"]["items"] == tags
    assert changes(seen)[0]["tags"] == {"Name": "batch-9"}


def test_failed_calls_leave_a_record_and_no_change(world: World, seen: list[Event]) -> None:
    with pytest.raises(ClientError):
        tag(world, "i-0123456789abcdef0", "patch")
    [record] = records(seen)
    assert record["errorCode"] == "Client.InvalidInstanceID.NotFound"
    assert record["responseElements"] is None and record["errorMessage"]
    assert changes(seen) == []


def test_identity_comes_from_the_resolver(
    world: World, seen: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    [instance] = world.launch()
    assert records(seen)[0]["userIdentity"]["type"] == "IAMUser"
    monkeypatch.setattr(
        cloudtrail_events, "IDENTITY", lambda key: {"type": "Root", "accessKeyId": key}
    )
    tag(world, instance, "patch")
    assert records(seen)[-1]["userIdentity"] == {"type": "Root", "accessKeyId": KEY}


def test_identity_of_a_user_that_moto_knows(world: World) -> None:
    iam = client("iam")
    iam.create_user(UserName="dana")
    key = iam.create_access_key(UserName="dana")["AccessKey"]["AccessKeyId"]
    found = cloudtrail_events.caller(key, ACCOUNT)
    assert found["arn"] == f"arn:aws:iam::{ACCOUNT}:user/dana" and found["userName"] == "dana"
