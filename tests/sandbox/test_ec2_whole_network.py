"""Addresses of interfaces, private ones, idle timeouts, and the routes around them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.ec2_world import World, open_world, refused


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


def test_private_addresses_are_free_and_of_the_subnet(world: World) -> None:
    one, two = (world.eni_of(each) for each in world.launch(count=2))
    assign = world.ec2.assign_private_ip_addresses
    taken = world.interface(two)["PrivateIpAddress"]
    refused("InvalidIPAddress.InUse", assign, NetworkInterfaceId=one, PrivateIpAddresses=[taken])
    refused(
        "InvalidParameterValue", assign, NetworkInterfaceId=one, PrivateIpAddresses=["10.8.0.9"]
    )
    refused("MissingParameter", assign, NetworkInterfaceId=one)
    refused(
        "PrivateIpAddressLimitExceeded",
        assign,
        NetworkInterfaceId=one,
        SecondaryPrivateIpAddressCount=2,
    )
    made = assign(NetworkInterfaceId=one, SecondaryPrivateIpAddressCount=1)
    assert len(made["AssignedPrivateIpAddresses"]) == 1
    primary = world.interface(one)["PrivateIpAddress"]
    take = world.ec2.unassign_private_ip_addresses
    refused("InvalidParameterValue", take, NetworkInterfaceId=one, PrivateIpAddresses=[primary])


def test_ipv6_addresses(world: World) -> None:
    refused(
        "InvalidParameterValue",
        world.ec2.assign_ipv6_addresses,
        NetworkInterfaceId=world.eni_of(world.launch()[0]),
        Ipv6AddressCount=1,
    )
    ec2 = world.ec2
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    subnet = ec2.create_subnet(
        VpcId=vpc["VpcId"],
        CidrBlock="10.8.0.0/20",
        Ipv6CidrBlock=block,
        AvailabilityZone="us-east-1a",
    )["Subnet"]["SubnetId"]
    [instance] = world.launch(SubnetId=subnet)
    eni = world.eni_of(instance)
    first = ec2.assign_ipv6_addresses(NetworkInterfaceId=eni, Ipv6AddressCount=1)
    second = ec2.assign_ipv6_addresses(NetworkInterfaceId=eni, Ipv6AddressCount=1)
    both = [*first["AssignedIpv6Addresses"], *second["AssignedIpv6Addresses"]]
    assert len(set(both)) == 2
    rows = world.interface(eni)["Ipv6Addresses"]
    assert [row["Ipv6Address"] for row in rows] == both


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("TcpEstablishedTimeout", 60, True),
        ("TcpEstablishedTimeout", 432000, True),
        ("UdpTimeout", 29, False),
        ("UdpTimeout", 61, False),
        ("UdpStreamTimeout", 59, False),
        ("UdpStreamTimeout", 181, False),
    ],
)
def test_tracking_bounds(world: World, name: str, value: int, fits: bool) -> None:
    eni = world.eni_of(world.launch()[0])
    modify = world.ec2.modify_network_interface_attribute
    wanted = {"NetworkInterfaceId": eni, "ConnectionTrackingSpecification": {name: value}}
    if fits:
        modify(**wanted)
    else:
        refused("InvalidParameterValue", modify, **wanted)
    shown = world.interface(eni).get("ConnectionTrackingConfiguration")
    assert shown == ({name: value} if fits else None)


def tables(world: World, **filters: str) -> list[dict[str, Any]]:
    wanted = [
        {"Name": name.replace("__", ".").replace("_", "-"), "Values": [value]}
        for name, value in filters.items()
    ]
    found: list[dict[str, Any]] = world.ec2.describe_route_tables(Filters=wanted)["RouteTables"]
    return found


def test_routes_and_the_nat_gateway(online: World) -> None:
    ec2 = online.ec2
    hidden = ec2.create_subnet(VpcId=online.vpc, CidrBlock="10.9.16.0/20")["Subnet"]["SubnetId"]
    held = allocate(online)["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=online.subnet, AllocationId=held)["NatGateway"]
    table = ec2.create_route_table(VpcId=online.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=nat["NatGatewayId"],
    )
    ec2.associate_route_table(RouteTableId=table, SubnetId=hidden)
    [found] = tables(online, association__subnet_id=hidden)
    assert found["RouteTableId"] == table
    ways = {row["DestinationCidrBlock"]: row.get("NatGatewayId") for row in found["Routes"]}
    assert ways == {"10.9.0.0/16": None, "0.0.0.0/0": nat["NatGatewayId"]}
    assert tables(online, association__subnet_id=online.subnet) == []
    [main] = tables(online, association__main="true", vpc_id=online.vpc)
    assert main["RouteTableId"] != table and main["Associations"][0]["Main"] is True
    assert {row["RouteTableId"] for row in tables(online, vpc_id=online.vpc)} == {
        table,
        main["RouteTableId"],
    }
    missing = ["rtb-0123456789abcdef0"]
    refused("InvalidRouteTableID.NotFound", ec2.describe_route_tables, RouteTableIds=missing)
    [seen] = addresses(online, allocation_id=held)
    service = online.interface(seen["NetworkInterfaceId"])
    assert (service["InterfaceType"], service["RequesterManaged"]) == ("nat_gateway", True)
    assert service["PrivateIpAddress"] == seen["PrivateIpAddress"]
    link = {"AssociationId": seen["AssociationId"]}
    refused("AuthFailure", ec2.disassociate_address, **link)
