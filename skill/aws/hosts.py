"""What surrounds an instance: attributes, Elastic IPs, metadata, snapshots, console, routes."""

import base64
from collections.abc import Sequence
from typing import Any

from skill.aws.client import Service
from skill.aws.ec2 import filters

Row = dict[str, Any]


class Hosts(Service):
    name = "ec2"

    def attribute(self, instance: str, attribute: str) -> Any:
        """One attribute's value: `disableApiTermination`, `disableApiStop` or
        `instanceInitiatedShutdownBehavior`.
        """
        answer = self.call("describe_instance_attribute", InstanceId=instance, Attribute=attribute)
        return answer[attribute[0].upper() + attribute[1:]].get("Value")

    def set_attribute(self, instance: str, attribute: str, value: Any) -> None:
        name = attribute[0].upper() + attribute[1:]
        change = {name: {"Value": value}}
        self.call("modify_instance_attribute", InstanceId=instance, **change)

    def keep_volumes(self, instance: str, devices: dict[str, bool]) -> None:
        """Device name to whether the volume goes when the instance is terminated."""
        rows = [
            {"DeviceName": device, "Ebs": {"DeleteOnTermination": goes}}
            for device, goes in devices.items()
        ]
        self.call("modify_instance_attribute", InstanceId=instance, BlockDeviceMappings=rows)

    def set_metadata(self, instance: str, endpoint: str) -> None:
        """Switch the instance metadata service: "enabled" or "disabled"."""
        self.call("modify_instance_metadata_options", InstanceId=instance, HttpEndpoint=endpoint)

    def set_timeout(self, interface: str, seconds: int) -> None:
        """How long an idle tracked TCP connection is remembered. Nitro only: raises Conflict."""
        self.call(
            "modify_network_interface_attribute",
            NetworkInterfaceId=interface,
            ConnectionTrackingSpecification={"TcpEstablishedTimeout": seconds},
        )

    def addresses(self, interfaces: Sequence[str]) -> list[Row]:
        """The Elastic IPs of some interfaces."""
        wanted = filters(network_interface_id=interfaces)
        rows: list[Row] = self.call("describe_addresses", Filters=wanted)["Addresses"]
        return rows

    def take_address(self, association: str) -> None:
        self.call("disassociate_address", AssociationId=association)

    def give_address(self, allocation: str, interface: str, private: str) -> None:
        """Never one that somebody else uses meanwhile. Raises Conflict."""
        self.call(
            "associate_address",
            AllocationId=allocation,
            NetworkInterfaceId=interface,
            PrivateIpAddress=private,
            AllowReassociation=False,
        )

    def snapshots(self, instance: str, run: str) -> list[str]:
        """The ids of the snapshots that a run made of an instance."""
        wanted = filters(tag__TobanRun=run, tag__TobanInstance=instance)
        rows = self.pages("describe_snapshots", "Snapshots", Filters=wanted, OwnerIds=["self"])
        return sorted(row["SnapshotId"] for row in rows)

    def snapshot(self, instance: str, run: str) -> list[str]:
        """One crash-consistent set over all volumes. The copying goes on by itself."""
        tags = {"TobanRun": run, "TobanInstance": instance, "Name": f"Evidence of {instance}"}
        rows = [{"Key": key, "Value": value} for key, value in tags.items()]
        made = self.call(
            "create_snapshots",
            InstanceSpecification={"InstanceId": instance},
            Description=f"Toban: evidence, run {run}",
            TagSpecifications=[{"ResourceType": "snapshot", "Tags": rows}],
        )
        return sorted(row["SnapshotId"] for row in made["Snapshots"])

    def console(self, instance: str) -> bytes:
        """What the instance last wrote to its console; empty for many."""
        text: str = self.call("get_console_output", InstanceId=instance).get("Output") or ""
        return text.encode()  # botocore has decoded it

    def screenshot(self, instance: str) -> bytes:
        """A JPEG of the instance's screen. Raises Conflict where there is none."""
        return base64.b64decode(
            self.call("get_console_screenshot", InstanceId=instance)["ImageData"]
        )

    def through_nat(self, vpc: str, subnets: Sequence[str]) -> bool:
        """Whether one of the subnets reaches the Internet through a NAT gateway."""
        wanted = filters(vpc_id=vpc)
        tables = list(self.pages("describe_route_tables", "RouteTables", Filters=wanted))
        own = [table for table in tables if _governs(table, subnets)]
        main = [table for table in tables if any(a.get("Main") for a in table["Associations"])]
        return any(route.get("NatGatewayId") for table in own or main for route in table["Routes"])

    def drop_group(self, group: str) -> None:
        """Delete a security group. Raises Conflict while something uses it."""
        self.call("delete_security_group", GroupId=group)


def _governs(table: Row, subnets: Sequence[str]) -> bool:
    return any(each.get("SubnetId") in subnets for each in table["Associations"])
