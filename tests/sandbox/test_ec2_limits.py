"""Request limits: the size of each operation's bucket, the refusal, and the refill."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from botocore.config import Config

from sandbox.clock import CLOCK
from sandbox.network.limits import LIMITS, kind
from sandbox.runtime.calls import Caller, set_caller
from tests.sandbox.ec2_world import REGION, SESSION, World, open_world, refused

SOMEBODY = Caller("arn:aws:iam::123456789012:user/somebody")
WORKFLOW = Caller("arn:aws:sts::123456789012:assumed-role/r/workflow", function="workflow")


@pytest.fixture
def world() -> Iterator[World]:
    CLOCK.reset(real_time=False)
    once = Config(retries={"total_max_attempts": 1})
    with open_world() as made:
        LIMITS.reset(on=True)
        ec2 = SESSION.client("ec2", region_name=REGION, config=once)
        yield World(ec2, made.vpc, made.subnet)
    LIMITS.reset(on=False)
    set_caller(SOMEBODY)
    CLOCK.reset(real_time=False)


@pytest.mark.parametrize(
    ("operation", "params", "size"),
    [
        ("DescribeRouteTables", {}, (100, 20)),
        ("DescribeInstances", {"Filters": []}, (100, 20)),
        ("DescribeInstances", {"MaxResults": 5}, (100, 20)),
        ("DescribeInstances", {"InstanceIds": ["i-01234567"]}, (50, 10)),
        ("DescribeNetworkInterfaces", {}, (50, 10)),
        ("DescribeSecurityGroups", {}, (50, 10)),
        ("GetConsoleOutput", {}, (100, 20)),
        ("StopInstances", {}, (50, 5)),
        ("AuthorizeSecurityGroupIngress", {}, (50, 5)),
        ("RevokeSecurityGroupIngress", {}, (50, 5)),
        ("ModifyNetworkInterfaceAttribute", {}, (100, 5)),
        ("CreateSnapshots", {}, (100, 5)),
        ("DisassociateIamInstanceProfile", {}, (100, 5)),
        ("ModifyInstanceMetadataOptions", {}, (100, 5)),
        ("CreateTags", {}, (100, 10)),
    ],
)
def test_sizes(operation: str, params: dict[str, object], size: tuple[int, int]) -> None:
    assert kind(operation, params)[1] == size


def spend(world: World, most: int) -> int:
    """Calls that pass before one is refused."""
    [instance] = world.launch()
    set_caller(WORKFLOW)
    for count in range(most):
        try:
            world.ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": True})
        except world.ec2.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "RequestLimitExceeded"
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 503
            return count
    return most


def test_an_empty_bucket_refuses_until_time_has_passed(world: World) -> None:
    assert 50 <= spend(world, 500) < 500
    [row] = LIMITS.rows()
    assert (row["bucket"], row["account"]) == ("ModifyInstanceAttribute", "123456789012")
    assert row["refused"] >= 1 and row["least"] < 1
    CLOCK.arm(CLOCK.now() + timedelta(minutes=1))
    set_caller(SOMEBODY)
    assert spend(world, 40) == 40


def test_buckets_are_per_operation_and_for_functions_only(world: World) -> None:
    spend(world, 500)
    world.ec2.describe_route_tables()
    set_caller(SOMEBODY)
    [instance] = world.launch()
    world.ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": True})
    unknown = {"InstanceId": "i-01234567", "DisableApiStop": {"Value": True}}
    refused("InvalidInstanceID.NotFound", world.ec2.modify_instance_attribute, **unknown)
    assert {row["bucket"] for row in LIMITS.rows()} == {
        "ModifyInstanceAttribute",
        "DescribeRouteTables",
    }
