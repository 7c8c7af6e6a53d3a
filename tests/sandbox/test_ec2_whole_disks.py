"""The disks of an instance: what becomes of them, and their snapshots."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.clock import CLOCK
from tests.sandbox.ec2_world import World, open_world, refused

ROOT = "/dev/sda1"


@pytest.fixture
def world() -> Iterator[World]:
    CLOCK.reset(real_time=False)
    with open_world() as made:
        yield made
    CLOCK.reset(real_time=False)


def disks(world: World, instance: str) -> dict[str, bool]:
    rows = world.instance(instance)["BlockDeviceMappings"]
    return {row["DeviceName"]: row["Ebs"]["DeleteOnTermination"] for row in rows}


def data(device: str, **more: Any) -> dict[str, Any]:
    return {"DeviceName": device, "Ebs": {"VolumeSize": 20, **more}}


def test_delete_on_termination_per_device(world: World) -> None:
    listed = [data("/dev/sdf", DeleteOnTermination=True), data("/dev/sdg")]
    [instance] = world.launch(BlockDeviceMappings=listed)
    assert disks(world, instance) == {ROOT: True, "/dev/sdf": True, "/dev/sdg": False}
    modify = world.ec2.modify_instance_attribute

    def keep(device: str, **ebs: bool) -> dict[str, Any]:
        return {"DeviceName": device, "Ebs": ebs}

    no = {"DeleteOnTermination": False}
    text = refused(
        "InvalidInstanceAttributeValue",
        modify,
        InstanceId=instance,
        BlockDeviceMappings=[keep(ROOT, **no), keep("/dev/sdz", **no)],
    )
    assert text == "No device is currently mapped at /dev/sdz"
    assert disks(world, instance)[ROOT] is True
    rows = [keep(ROOT, **no), keep("/dev/sdf", **no), keep("/dev/sdg")]
    modify(InstanceId=instance, BlockDeviceMappings=rows)
    wanted = {ROOT: False, "/dev/sdf": False, "/dev/sdg": True}
    assert disks(world, instance) == wanted
    answer = world.ec2.describe_instance_attribute(
        InstanceId=instance, Attribute="blockDeviceMapping"
    )["BlockDeviceMappings"]
    assert {row["DeviceName"]: row["Ebs"]["DeleteOnTermination"] for row in answer} == wanted
    mine = [{"Name": "attachment.instance-id", "Values": [instance]}]
    found = world.ec2.describe_volumes(Filters=mine)["Volumes"]
    links = [volume["Attachments"][0] for volume in found]
    assert {row["Device"]: row["DeleteOnTermination"] for row in links} == wanted
    world.ec2.terminate_instances(InstanceIds=[instance])
    left = world.ec2.describe_volumes()["Volumes"]
    assert {row["VolumeId"] for row in left} == {
        row["VolumeId"] for row in links if not row["DeleteOnTermination"]
    }
    assert {row["State"] for row in left} == {"available"}


def test_volumes_are_looked_up_and_attached_strictly(world: World) -> None:
    [instance] = world.launch()
    describe, attach = world.ec2.describe_volumes, world.ec2.attach_volume
    refused("InvalidVolume.NotFound", describe, VolumeIds=["vol-0123456789abcdef0"])
    root = describe()["Volumes"][0]["VolumeId"]
    refused("VolumeInUse", attach, VolumeId=root, InstanceId=instance, Device="/dev/sdf")
    near, far = (
        world.ec2.create_volume(Size=1, AvailabilityZone=zone)["VolumeId"]
        for zone in ("us-east-1a", "us-east-1b")
    )
    refused("InvalidParameterValue", attach, VolumeId=near, InstanceId=instance, Device=ROOT)
    free = {"InstanceId": instance, "Device": "/dev/sdf"}
    refused("InvalidVolume.ZoneMismatch", attach, VolumeId=far, **free)
    attach(VolumeId=near, **free)
    assert disks(world, instance) == {ROOT: True, "/dev/sdf": False}


def test_snapshots_of_every_volume(world: World) -> None:
    [instance] = world.launch(BlockDeviceMappings=[data("/dev/sdf")])
    tags = [{"ResourceType": "snapshot", "Tags": [{"Key": "Case", "Value": "7"}]}]
    create = world.ec2.create_snapshots
    spec = {"InstanceId": instance}
    refused(
        "InvalidInstanceID.NotFound", create, InstanceSpecification={"InstanceId": "i-01234567"}
    )
    wrong = [{"ResourceType": "volume", "Tags": tags[0]["Tags"]}]
    refused("InvalidParameter", create, InstanceSpecification=spec, TagSpecifications=wrong)
    made = create(InstanceSpecification=spec, Description="case 7", TagSpecifications=tags)
    rows = made["Snapshots"]
    volumes = {row["Ebs"]["VolumeId"] for row in world.instance(instance)["BlockDeviceMappings"]}
    assert {row["VolumeId"] for row in rows} == volumes and len(volumes) == 2
    assert {row["State"] for row in rows} == {"pending"}
    assert all(row["Tags"] == tags[0]["Tags"] for row in rows)
    mine = {"OwnerIds": ["self"], "Filters": [{"Name": "tag:Case", "Values": ["7"]}]}
    CLOCK.arm(CLOCK.now() + timedelta(minutes=2))
    found = world.ec2.describe_snapshots(**mine)["Snapshots"]
    assert {row["SnapshotId"] for row in found} == {row["SnapshotId"] for row in rows}
    assert {(row["State"], row["Description"]) for row in found} == {("completed", "case 7")}
    bootless = create(InstanceSpecification=spec | {"ExcludeBootVolume": True})["Snapshots"]
    assert [row["VolumeSize"] for row in bootless] == [20]
    missing = ["snap-0123456789abcdef0"]
    refused("InvalidSnapshot.NotFound", world.ec2.describe_snapshots, SnapshotIds=missing)
