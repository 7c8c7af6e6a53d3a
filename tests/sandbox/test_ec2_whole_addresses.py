"""Public addresses: Elastic IPs on private addresses, and those that are lent."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto.ec2.models import ec2_backends

from sandbox.ext.ec2_interfaces import mark_interface
from tests.sandbox.ec2_world import ACCOUNT, REGION, World, open_world, refused


@pytest.fixture
def world() -> Iterator[World]:
    with open_world() as made:
        yield made


@pytest.fixture
def online(world: World) -> World:
    """The VPC has an internet gateway, without which no Elastic IP comes in."""
    gateway = world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    world.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=world.vpc)
    return world


def allocate(world: World) -> dict[str, Any]:
    made: dict[str, Any] = world.ec2.allocate_address(Domain="vpc")
    return made


def addresses(world: World, **filters: str) -> list[dict[str, Any]]:
    wanted = [
        {"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()
    ]
    found: list[dict[str, Any]] = world.ec2.describe_addresses(Filters=wanted)["Addresses"]
    return found


def test_an_elastic_ip_comes_and_goes(online: World) -> None:
    [instance] = online.launch()
    eni, one = online.eni_of(instance), allocate(online)
    assert "PublicIpAddress" not in online.instance(instance)
    place = {"AllocationId": one["AllocationId"], "NetworkInterfaceId": eni}
    refused("DryRunOperation", online.ec2.associate_address, **place, DryRun=True)
    link = online.ec2.associate_address(**place)["AssociationId"]
    assert online.ec2.associate_address(**place)["AssociationId"] == link
    [shown] = addresses(online, network_interface_id=eni)
    assert shown["InstanceId"] == instance and shown["AssociationId"] == link
    assert shown == addresses(online, instance_id=instance)[0]
    assert shown == addresses(online, allocation_id=one["AllocationId"])[0]
    assert online.instance(instance)["PublicIpAddress"] == one["PublicIp"]
    seen = online.interface(eni)["Association"]
    assert (seen["PublicIp"], seen["AllocationId"]) == (one["PublicIp"], one["AllocationId"])
    assert seen["AssociationId"] == link and seen["IpOwnerId"] == ACCOUNT
    release = online.ec2.release_address
    refused("InvalidIPAddress.InUse", release, AllocationId=one["AllocationId"])
    online.ec2.disassociate_address(AssociationId=link)
    assert "Association" not in online.interface(eni)
    assert "PublicIpAddress" not in online.instance(instance)
    assert addresses(online, instance_id=instance) == []
    take = online.ec2.disassociate_address
    refused("InvalidAssociationID.NotFound", take, AssociationId=link)
    release(AllocationId=one["AllocationId"])
    unknown = {"AllocationId": one["AllocationId"], "NetworkInterfaceId": eni}
    refused("InvalidAllocationID.NotFound", online.ec2.associate_address, **unknown)


def test_elastic_ips_on_secondary_addresses(online: World) -> None:
    [instance] = online.launch()
    eni, associate = online.eni_of(instance), online.ec2.associate_address
    more = online.ec2.assign_private_ip_addresses(
        NetworkInterfaceId=eni, PrivateIpAddresses=["10.9.1.7"]
    )
    assert [each["PrivateIpAddress"] for each in more["AssignedPrivateIpAddresses"]] == ["10.9.1.7"]
    first, second = allocate(online), allocate(online)
    associate(AllocationId=first["AllocationId"], NetworkInterfaceId=eni)
    associate(
        AllocationId=second["AllocationId"], NetworkInterfaceId=eni, PrivateIpAddress="10.9.1.7"
    )
    rows = online.interface(eni)["PrivateIpAddresses"]
    assert [row["Association"]["PublicIp"] for row in rows] == [
        first["PublicIp"],
        second["PublicIp"],
    ]
    assert online.instance(instance)["PublicIpAddress"] == first["PublicIp"]
    nowhere = {"AllocationId": second["AllocationId"], "NetworkInterfaceId": eni}
    refused("InvalidParameterValue", associate, **nowhere, PrivateIpAddress="10.9.1.8")
    online.ec2.unassign_private_ip_addresses(
        NetworkInterfaceId=eni, PrivateIpAddresses=["10.9.1.7"]
    )
    assert addresses(online, public_ip=second["PublicIp"])[0].get("AssociationId") is None


def test_reassociation_is_automatic_unless_refused(online: World) -> None:
    one, two = (online.eni_of(each) for each in online.launch(count=2))
    held = allocate(online)["AllocationId"]
    associate = online.ec2.associate_address
    associate(AllocationId=held, NetworkInterfaceId=one)
    there = {"AllocationId": held, "NetworkInterfaceId": two}
    refused("Resource.AlreadyAssociated", associate, **there, AllowReassociation=False)
    assert "Association" in online.interface(one)
    associate(**there)
    assert "Association" not in online.interface(one)
    assert online.interface(two)["Association"]["AllocationId"] == held
    other = allocate(online)["AllocationId"]
    associate(AllocationId=other, NetworkInterfaceId=two)
    assert online.interface(two)["Association"]["AllocationId"] == other
    assert "AssociationId" not in addresses(online, allocation_id=held)[0]


def test_where_no_elastic_ip_goes(world: World) -> None:
    [instance] = world.launch()
    associate, held = world.ec2.associate_address, allocate(world)["AllocationId"]
    eni = world.eni_of(instance)
    refused("Gateway.NotAttached", associate, AllocationId=held, NetworkInterfaceId=eni)
    both = {"AllocationId": held, "NetworkInterfaceId": eni, "InstanceId": instance}
    refused("InvalidParameterCombination", associate, **both)
    refused("MissingParameter", associate, AllocationId=held)
    refused("MissingParameter", associate, NetworkInterfaceId=eni)
    nics = [{"DeviceIndex": index, "SubnetId": world.subnet} for index in range(2)]
    [two] = world.launch(NetworkInterfaces=nics)
    refused("InvalidInstanceID", associate, AllocationId=held, InstanceId=two)
    mark_interface(ACCOUNT, REGION, eni, "requester-managed")
    refused("AuthFailure", associate, AllocationId=held, NetworkInterfaceId=eni)


def lent(world: World, instance: str) -> str | None:
    found: str | None = world.instance(instance).get("PublicIpAddress")
    return found


def test_lent_addresses(online: World) -> None:
    ec2 = online.ec2
    ec2.modify_subnet_attribute(SubnetId=online.subnet, MapPublicIpOnLaunch={"Value": True})
    [instance] = online.launch()
    eni, modify = online.eni_of(instance), ec2.modify_network_interface_attribute
    before = lent(online, instance)
    assert before and online.interface(eni)["Association"]["IpOwnerId"] == "amazon"
    assert "AllocationId" not in online.interface(eni)["Association"]
    modify(NetworkInterfaceId=eni, AssociatePublicIpAddress=False)
    assert lent(online, instance) is None
    modify(NetworkInterfaceId=eni, AssociatePublicIpAddress=True)
    again = lent(online, instance)
    assert again and again != before
    held = allocate(online)
    place = {"AllocationId": held["AllocationId"], "NetworkInterfaceId": eni}
    link = ec2.associate_address(**place)["AssociationId"]
    assert lent(online, instance) == held["PublicIp"]
    modify(NetworkInterfaceId=eni, AssociatePublicIpAddress=False)
    assert lent(online, instance) == held["PublicIp"]
    modify(NetworkInterfaceId=eni, AssociatePublicIpAddress=True)
    ec2.disassociate_address(AssociationId=link)
    assert lent(online, instance) not in (None, held["PublicIp"], again)
    ec2.stop_instances(InstanceIds=[instance])
    assert lent(online, instance) is None
    ec2.start_instances(InstanceIds=[instance])
    assert lent(online, instance)


def test_a_second_interface_is_not_lent_another_address(online: World) -> None:
    ec2 = online.ec2
    ec2.modify_subnet_attribute(SubnetId=online.subnet, MapPublicIpOnLaunch={"Value": True})
    [instance] = online.launch()
    eni = ec2.create_network_interface(SubnetId=online.subnet)["NetworkInterface"]
    ec2.attach_network_interface(
        NetworkInterfaceId=eni["NetworkInterfaceId"], InstanceId=instance, DeviceIndex=1
    )
    assert lent(online, instance)
    ec2.stop_instances(InstanceIds=[instance])
    ec2.start_instances(InstanceIds=[instance])
    assert lent(online, instance) is None


def test_an_elastic_ip_outlives_the_instance(online: World) -> None:
    [instance] = online.launch()
    held = allocate(online)["AllocationId"]
    online.ec2.associate_address(AllocationId=held, InstanceId=instance)
    online.ec2.terminate_instances(InstanceIds=[instance])
    [left] = addresses(online, allocation_id=held)
    assert "AssociationId" not in left and "InstanceId" not in left
    assert not [
        each
        for each in ec2_backends[ACCOUNT][REGION].enis.values()
        if each.instance and each.instance.id == instance
    ]
