"""A whole instance: attributes, protection, metadata, console, profile."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.clock import CLOCK
from tests.sandbox.ec2_world import World, client, open_world, refused


@pytest.fixture
def world() -> Iterator[World]:
    CLOCK.reset(real_time=False)
    with open_world() as made:
        yield made
    CLOCK.reset(real_time=False)


def attribute(world: World, instance: str, name: str) -> Any:
    answer = world.ec2.describe_instance_attribute(InstanceId=instance, Attribute=name)
    return answer[f"{name[0].upper()}{name[1:]}"]["Value"]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("disableApiTermination", False, True),
        ("disableApiStop", False, True),
        ("instanceInitiatedShutdownBehavior", "stop", "terminate"),
        ("sourceDestCheck", True, False),
    ],
)
def test_an_attribute_changes_and_is_told(world: World, name: str, before: Any, after: Any) -> None:
    [instance] = world.launch()
    assert attribute(world, instance, name) == before
    member = f"{name[0].upper()}{name[1:]}"
    modify = world.ec2.modify_instance_attribute
    refused(
        "DryRunOperation", modify, InstanceId=instance, DryRun=True, **{member: {"Value": after}}
    )
    assert attribute(world, instance, name) == before
    modify(InstanceId=instance, **{member: {"Value": after}})
    assert attribute(world, instance, name) == after
    modify(InstanceId=instance, Attribute=name, Value=str(before).lower())
    assert attribute(world, instance, name) == before


def test_one_attribute_in_a_call(world: World) -> None:
    [instance] = world.launch()
    modify, on = world.ec2.modify_instance_attribute, {"Value": True}
    text = refused(
        "InvalidParameterCombination",
        modify,
        InstanceId=instance,
        DisableApiStop=on,
        DisableApiTermination=on,
    )
    assert "disableApiStop, disableApiTermination" in text
    refused("InvalidParameterCombination", modify, InstanceId=instance)
    refused("InvalidInstanceID.NotFound", modify, InstanceId="i-01234567", DisableApiStop=on)
    bad = {"InstanceInitiatedShutdownBehavior": {"Value": "sleep"}}
    refused("InvalidParameterValue", modify, InstanceId=instance, **bad)
    kind = {"InstanceType": {"Value": "t3.large"}}
    refused("IncorrectInstanceState", modify, InstanceId=instance, **kind)
    describe = world.ec2.describe_instance_attribute
    refused("InvalidParameterValue", describe, InstanceId=instance, Attribute="mood")
    assert attribute(world, instance, "disableApiStop") is False


def test_stop_protection(world: World) -> None:
    one, two = world.launch(count=2, DisableApiStop=True)
    world.ec2.modify_instance_attribute(InstanceId=two, DisableApiStop={"Value": False})
    text = refused("OperationNotPermitted", world.ec2.stop_instances, InstanceIds=[two, one])
    assert one in text and "disableApiStop" in text
    assert world.instance(two)["State"]["Name"] == "running"
    world.ec2.stop_instances(InstanceIds=[two])
    world.ec2.terminate_instances(InstanceIds=[one])


def test_a_protected_instance_saves_its_zone(world: World) -> None:
    other = world.ec2.create_subnet(
        VpcId=world.vpc, CidrBlock="10.9.16.0/20", AvailabilityZone="us-east-1b"
    )["Subnet"]["SubnetId"]
    [safe] = world.launch(DisableApiTermination=True)
    [near] = world.launch()
    [far] = world.launch(SubnetId=other)
    ids = [far, near, safe]
    text = refused("OperationNotPermitted", world.ec2.terminate_instances, InstanceIds=ids)
    assert safe in text and "disableApiTermination" in text
    states = [world.instance(each)["State"]["Name"] for each in ids]
    assert states == ["terminated", "running", "running"]
    world.ec2.modify_instance_attribute(InstanceId=safe, DisableApiTermination={"Value": False})
    world.ec2.terminate_instances(InstanceIds=[near, safe])
    gone = {"InstanceId": safe, "DisableApiTermination": {"Value": True}}
    refused("IncorrectInstanceState", world.ec2.modify_instance_attribute, **gone)


def test_metadata_options_change_one_by_one(world: World) -> None:
    [instance] = world.launch(MetadataOptions={"HttpTokens": "required"})
    modify = world.ec2.modify_instance_metadata_options
    refused("InvalidInstanceID.NotFound", modify, InstanceId="i-01234567", HttpEndpoint="disabled")
    refused("InvalidParameterValue", modify, InstanceId=instance, HttpEndpoint="off")
    refused("InvalidParameterValue", modify, InstanceId=instance, HttpPutResponseHopLimit=65)
    refused("MissingParameter", modify, InstanceId=instance)
    assert world.instance(instance)["MetadataOptions"]["State"] == "applied"
    answer = modify(InstanceId=instance, HttpEndpoint="disabled")["InstanceMetadataOptions"]
    assert (answer["State"], answer["HttpEndpoint"]) == ("pending", "disabled")
    CLOCK.arm(CLOCK.now() + timedelta(seconds=10))
    shown = world.instance(instance)["MetadataOptions"]
    assert shown["State"] == "applied"
    assert (shown["HttpTokens"], shown["HttpEndpoint"]) == ("required", "disabled")


def test_console(world: World) -> None:
    [instance] = world.launch()
    output = world.ec2.get_console_output(InstanceId=instance, Latest=True)
    assert instance in output["Output"]
    picture = world.ec2.get_console_screenshot(InstanceId=instance)["ImageData"]
    image = base64.b64decode(picture, validate=True)
    assert image.startswith(b"\xff\xd8\xff") and image.endswith(b"\xff\xd9")
    [metal] = world.launch(InstanceType="m5.metal")
    [old] = world.launch(InstanceType="t2.micro")
    world.ec2.stop_instances(InstanceIds=[instance])
    shoot = world.ec2.get_console_screenshot
    refused("UnsupportedOperation", shoot, InstanceId=metal)
    refused("IncorrectInstanceState", shoot, InstanceId=instance)
    refused("UnsupportedOperation", world.ec2.get_console_output, InstanceId=old, Latest=True)
    refused("InvalidInstanceID.NotFound", world.ec2.get_console_output, InstanceId="i-01234567")


def test_profiles_come_and_go(world: World) -> None:
    iam, ec2 = client("iam"), world.ec2
    for name in ("web", "batch"):
        iam.create_instance_profile(InstanceProfileName=name)
    [instance] = world.launch()
    associate = ec2.associate_iam_instance_profile
    profile = {"Name": "web"}
    wrong = {"InstanceId": instance, "IamInstanceProfile": {"Name": "nobody"}}
    assert "iamInstanceProfile.name" in refused("InvalidParameterValue", associate, **wrong)
    unknown = {"InstanceId": "i-01234567", "IamInstanceProfile": profile}
    refused("InvalidInstanceID.NotFound", associate, **unknown)
    made = associate(InstanceId=instance, IamInstanceProfile=profile)
    link = made["IamInstanceProfileAssociation"]
    assert link["State"] == "associating"
    again = {"InstanceId": instance, "IamInstanceProfile": {"Name": "batch"}}
    refused("IncorrectState", associate, **again)
    describe = ec2.describe_iam_instance_profile_associations
    mine = [{"Name": "instance-id", "Values": [instance]}]
    [row] = describe(Filters=mine)["IamInstanceProfileAssociations"]
    assert row["AssociationId"] == link["AssociationId"] and row["State"] == "associated"
    assert row["IamInstanceProfile"] == world.instance(instance)["IamInstanceProfile"]
    ec2.disassociate_iam_instance_profile(AssociationId=link["AssociationId"])
    assert "IamInstanceProfile" not in world.instance(instance)
    assert describe(Filters=mine)["IamInstanceProfileAssociations"] == []
    gone = {"AssociationId": link["AssociationId"]}
    refused("InvalidAssociationID.NotFound", ec2.disassociate_iam_instance_profile, **gone)
    refused("InvalidAssociationID.NotFound", describe, AssociationIds=[link["AssociationId"]])
