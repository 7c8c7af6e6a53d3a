"""What IAM is asked for the calls that concern whole instances."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.runtime.access import Access, needed
from sandbox.runtime.calls import Call
from tests.sandbox.ec2_world import ACCOUNT, REGION, World, client, open_world

ARN = f"arn:aws:ec2:{REGION}:{ACCOUNT}"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as made:
        gateway = made.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        made.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=made.vpc)
        yield made


def asked(operation: str, **params: Any) -> list[Access]:
    return needed(Call("ec2", operation, REGION, "", "ec2", params))


def shown(found: list[Access]) -> set[tuple[str, str | None]]:
    return {(each.action.removeprefix("ec2:"), each.resource) for each in found}


@pytest.mark.parametrize(
    "operation",
    [
        "DescribeInstanceAttribute",
        "GetConsoleOutput",
        "GetConsoleScreenshot",
        "ModifyInstanceAttribute",
        "ModifyInstanceMetadataOptions",
        "StopInstances",
        "TerminateInstances",
    ],
)
def test_operations_on_an_instance(world: World, operation: str) -> None:
    [instance] = world.launch(name="till")
    [access] = asked(operation, InstanceId=instance)
    assert access.resource == f"{ARN}:instance/{instance}"
    assert access.context["aws:resourcetag/name"] == ["till"]
    assert access.context["ec2:resourcetag/name"] == ["till"]


def test_listings_are_about_everything(world: World) -> None:
    for operation in ("DescribeAddresses", "DescribeVolumes", "DescribeRouteTables"):
        assert shown(asked(operation)) == {(operation, "*")}


def test_the_attribute_that_changes(world: World) -> None:
    [access] = asked(
        "ModifyInstanceAttribute",
        **{"InstanceId": "i-01234567", "DisableApiTermination.Value": "true"},
    )
    assert access.context["ec2:attribute"] == ["DisableApiTermination"]
    assert access.context["ec2:attribute/disableapitermination"] == ["true"]


def test_elastic_ips(world: World) -> None:
    [instance] = world.launch()
    eni = world.eni_of(instance)
    held = world.ec2.allocate_address(Domain="vpc")["AllocationId"]
    place = {"AllocationId": held, "NetworkInterfaceId": eni}
    both = {f"{ARN}:elastic-ip/{held}", f"{ARN}:network-interface/{eni}"}
    assert {each.resource for each in asked("AssociateAddress", **place)} == both
    link = world.ec2.associate_address(**place)["AssociationId"]
    assert {each.resource for each in asked("DisassociateAddress", AssociationId=link)} == both
    new = asked("AllocateAddress", Domain="vpc")
    assert shown(new) == {("AllocateAddress", f"{ARN}:elastic-ip/*")}


def test_snapshots_need_instance_volumes_and_snapshots(world: World) -> None:
    [instance] = world.launch()
    [disk] = world.instance(instance)["BlockDeviceMappings"]
    found = asked(
        "CreateSnapshots",
        **{
            "InstanceSpecification.InstanceId": instance,
            "TagSpecification.1.ResourceType": "snapshot",
            "TagSpecification.1.Tag.1.Key": "Case",
            "TagSpecification.1.Tag.1.Value": "i-01234567",
        },
    )
    snapshots = f"arn:aws:ec2:{REGION}::snapshot/*"
    assert shown(found) == {
        ("CreateSnapshots", f"{ARN}:instance/{instance}"),
        ("CreateSnapshots", f"{ARN}:volume/{disk['Ebs']['VolumeId']}"),
        ("CreateSnapshots", snapshots),
        ("CreateTags", snapshots),
    }
    tagging = found[-1].context
    assert tagging["ec2:createaction"] == ["CreateSnapshots"]
    assert tagging["aws:requesttag/case"] == ["i-01234567"]
    bootless = {
        "InstanceSpecification.InstanceId": instance,
        "InstanceSpecification.ExcludeDataVolumeId.1": disk["Ebs"]["VolumeId"],
    }
    assert not [row for row in shown(asked("CreateSnapshots", **bootless)) if "volume" in str(row)]


def test_a_profile_passes_its_role(world: World) -> None:
    iam = client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="app")
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
    [instance] = world.launch()
    given = {"InstanceId": instance, "IamInstanceProfile.Name": "app"}
    found = asked("AssociateIamInstanceProfile", **given)
    assert shown(found) == {
        ("AssociateIamInstanceProfile", f"{ARN}:instance/{instance}"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/app"),
    }
    link = world.ec2.associate_iam_instance_profile(
        InstanceId=instance, IamInstanceProfile={"Name": "app"}
    )["IamInstanceProfileAssociation"]["AssociationId"]
    off = asked("DisassociateIamInstanceProfile", AssociationId=link)
    assert shown(off) == {("DisassociateIamInstanceProfile", f"{ARN}:instance/{instance}")}
