"""Filters, pages and tags of descriptions."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.ec2_world import World, open_world, refused

UNKNOWN_GROUP = "sg-0123456789abcdef0"


@pytest.fixture
def world() -> Iterator[World]:
    with open_world() as made:
        yield made


def test_describe_instances_bounds(world: World) -> None:
    describe = world.ec2.describe_instances
    [instance] = world.launch()
    refused("InvalidInstanceID.Malformed", describe, InstanceIds=["i-zz"])
    refused("InvalidInstanceID.NotFound", describe, InstanceIds=[instance, "i-01234567"])
    for size in (4, 1001):
        refused("InvalidParameterValue", describe, MaxResults=size)
    refused("InvalidParameterCombination", describe, InstanceIds=[instance], MaxResults=5)
    refused("InvalidParameterValue", describe, Filters=[{"Name": "colour", "Values": ["red"]}])
    many = [{"Name": "instance-id", "Values": ["i-x"] * 201}]
    refused("FilterLimitExceeded", describe, Filters=many)
    refused("DryRunOperation", describe, DryRun=True)
    refused("InvalidNextToken", describe, NextToken="nonsense")  # noqa: S106 (a paging token)


def names(world: World, *filters: tuple[str, list[str]]) -> set[str]:
    wanted = [{"Name": name, "Values": values} for name, values in filters]
    found = world.ec2.describe_instances(Filters=wanted)["Reservations"]
    return {tag["Value"] for each in found for item in each["Instances"] for tag in item["Tags"]}


def test_filters_know_wildcards(world: World) -> None:
    for name in ("web-1", "web-2", "batch-1", "we*b"):
        world.launch(name=name)
    [stopped] = world.launch(name="web-9")
    world.ec2.stop_instances(InstanceIds=[stopped])
    assert names(world, ("tag:Name", ["web-?"])) == {"web-1", "web-2", "web-9"}
    running = ("instance-state-name", ["running", "pending"])
    assert names(world, ("tag:Name", ["web-*", "batch-1"]), running) == {
        "web-1",
        "web-2",
        "batch-1",
    }
    assert names(world, ("tag:Name", [r"we\*b"])) == {"we*b"}
    assert names(world, ("tag:Name", ["WEB-1"])) == set()
    assert names(world, ("tag-key", ["Na*"]), ("subnet-id", [world.subnet]), running) == {
        "web-1",
        "web-2",
        "batch-1",
        "we*b",
    }
    assert names(
        world, ("network-interface.subnet-id", [world.subnet]), ("instance-id", [stopped])
    ) == {"web-9"}
    assert names(world, ("root-device-type", ["ebs"]), ("tag:Name", ["b*"])) == {"batch-1"}
    found = world.ec2.describe_tags(Filters=[{"Name": "value", "Values": ["web*"]}])["Tags"]
    assert {tag["Value"] for tag in found} == {"web-1", "web-2", "web-9"}
    world.group("toban-isolation")
    named = [{"Name": "group-name", "Values": ["toban-*"]}]
    assert len(world.ec2.describe_security_groups(Filters=named)["SecurityGroups"]) == 1


def test_pages_count_instances_not_reservations(world: World) -> None:
    wanted = set(world.launch(count=12))
    pages = list(
        world.ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})
    )
    found = [
        item["InstanceId"]
        for page in pages
        for each in page["Reservations"]
        for item in each["Instances"]
    ]
    assert len(pages) == 3 and set(found) == wanted and len(found) == 12
    tags = list(world.ec2.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["Tags"]) for page in tags] == [5, 5, 2]


def test_tags_have_limits(world: World) -> None:
    [instance] = world.launch()
    create, delete = world.ec2.create_tags, world.ec2.delete_tags

    def tag(key: str, value: str = "x") -> dict[str, Any]:
        return {"Resources": [instance], "Tags": [{"Key": key, "Value": value}]}

    refused("InvalidParameterValue", create, **tag("aws:mine"))
    refused("InvalidParameterValue", create, **tag("k" * 129))
    refused("InvalidParameterValue", create, **tag("k", "v" * 257))
    create(**tag("k" * 128, "v" * 256))
    refused(
        "InvalidInstanceID.NotFound", create, **tag("k") | {"Resources": ["i-0123456789abcdef0"]}
    )
    refused("InvalidGroup.NotFound", create, **tag("k") | {"Resources": [instance, UNKNOWN_GROUP]})
    refused("InvalidID", create, **tag("k") | {"Resources": ["nonsense"]})
    refused("DryRunOperation", create, **tag("k"), DryRun=True)
    create(Resources=[instance], Tags=[{"Key": str(number), "Value": ""} for number in range(48)])
    refused("TagLimitExceeded", create, **tag("one too many"))
    delete(Resources=[instance], Tags=[{"Key": "1", "Value": "other"}])
    delete(Resources=[instance], Tags=[{"Key": "2"}])
    left = {item["Key"] for item in world.instance(instance)["Tags"]}
    assert "1" in left and "2" not in left


def test_a_page_holds_a_thousand_instances(world: World) -> None:
    for _ in range(3):
        world.launch(count=400)
    found = world.ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["web*"]}])
    assert sum(len(each["Instances"]) for each in found["Reservations"]) == 1000
    assert found["NextToken"]
