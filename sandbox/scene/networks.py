"""What lies around the instances of a scenario: gateways and routes, more interfaces, addresses."""

from typing import Any

from sandbox.ext.ec2_interfaces import mark_interface
from sandbox.runtime.calls import MOTO

Spec = dict[str, Any]
_EVERYWHERE = "0.0.0.0/0"


def route(ec2: Any, places: Any, vpcs: dict[str, Spec]) -> None:
    """An internet gateway for each VPC; subnets with `nat` go through a NAT gateway instead."""
    for name, spec in vpcs.items():
        vpc_id, subnets = places.vpcs[name], spec["subnets"]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc_id)
        wanted = [
            {"Name": "vpc-id", "Values": [vpc_id]},
            {"Name": "association.main", "Values": ["true"]},
        ]
        main = ec2.describe_route_tables(Filters=wanted)["RouteTables"][0]["RouteTableId"]
        _lead_out(ec2, main, spec, gateway)
        hidden = [places.subnets[each] for each, row in subnets.items() if row.get("nat")]
        if hidden:
            seen = next(places.subnets[each] for each, row in subnets.items() if not row.get("nat"))
            _hide(ec2, vpc_id, seen, hidden)


def _lead_out(ec2: Any, table: str, spec: Spec, gateway: str) -> None:
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=_EVERYWHERE, GatewayId=gateway)
    if any(row.get("ipv6") for row in spec["subnets"].values()):
        ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", GatewayId=gateway)


def _hide(ec2: Any, vpc_id: str, seen: str, hidden: list[str]) -> None:
    """Send the hidden subnets through a NAT gateway in one that is seen."""
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=seen, AllocationId=address)["NatGateway"]
    table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    way = {"DestinationCidrBlock": _EVERYWHERE, "NatGatewayId": made["NatGatewayId"]}
    ec2.create_route(RouteTableId=table, **way)
    for subnet in hidden:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)


def attach(ec2: Any, places: Any, instance_id: str, row: Spec) -> list[str]:
    """Give an instance its secondary interfaces, and all of them their IPv6 addresses.

    Returns the interface ids, primary first; [] if the scenario says nothing about them.
    """
    rows = [row, *row.get("secondary", [])]
    if not any(each.get("ipv6") or each.get("eip") or each is not row for each in rows):
        return []
    wanted = [{"Name": "attachment.instance-id", "Values": [instance_id]}]
    first = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"][0]
    interfaces = [str(first["NetworkInterfaceId"])]
    interfaces += [
        _attach(ec2, places, instance_id, index, spec) for index, spec in enumerate(rows[1:], 1)
    ]
    for interface, spec in zip(interfaces, rows, strict=True):
        if count := int(spec.get("ipv6", 0)):
            ec2.assign_ipv6_addresses(NetworkInterfaceId=interface, Ipv6AddressCount=count)
    return interfaces


def _attach(ec2: Any, places: Any, instance_id: str, index: int, spec: Spec) -> str:
    made = ec2.create_network_interface(
        SubnetId=places.subnets[spec["subnet"]],
        Groups=[places.groups[name] for name in spec["groups"]],
    )
    interface = str(made["NetworkInterface"]["NetworkInterfaceId"])
    ec2.attach_network_interface(
        DeviceIndex=index, InstanceId=instance_id, NetworkInterfaceId=interface
    )
    return interface


def address(ec2: Any, interface: str, count: int) -> None:
    """Put Elastic IPs on an interface: one on its primary address, more on secondary ones."""
    privates = [""] * min(count, 1)
    if count > 1:
        more = ec2.assign_private_ip_addresses(
            NetworkInterfaceId=interface, SecondaryPrivateIpAddressCount=count - 1
        )
        privates += [each["PrivateIpAddress"] for each in more["AssignedPrivateIpAddresses"]]
    for private in privates:
        given = ec2.allocate_address(Domain="vpc")["AllocationId"]
        place = {"PrivateIpAddress": private} if private else {}
        ec2.associate_address(AllocationId=given, NetworkInterfaceId=interface, **place)


def mark(places: Any, interface: str, spec: Spec) -> None:
    """Hand an interface over to a service, which nobody can do through the API."""
    for kind in ("requester-managed", "trunk"):
        if spec.get(kind.replace("-", "_")):
            with MOTO:
                mark_interface(places.account, places.region, interface, kind)


def machine(row: Spec) -> Spec:
    """What RunInstances is to be told about disks, and what the instance is protected from."""
    found: Spec = {}
    if disks := row.get("volumes"):
        found["BlockDeviceMappings"] = [_disk(each) for each in disks]
    if row.get("termination_protection"):
        found["DisableApiTermination"] = True
    if "shutdown" in row:
        found["InstanceInitiatedShutdownBehavior"] = row["shutdown"]
    return found


def _disk(row: Spec) -> Spec:
    doomed = row.get("delete_on_termination", False)
    shape = {"VolumeSize": row.get("size", 8), "DeleteOnTermination": doomed, "VolumeType": "gp3"}
    return {"DeviceName": row["device"], "Ebs": shape}
