"""A small network in moto for the EC2 tests: one VPC, one subnet, the rest on demand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox.ext import (
    cloudtrail_events,
    ec2_acls,
    ec2_addresses,
    ec2_assignments,
    ec2_attributes,
    ec2_base,
    ec2_console,
    ec2_describe,
    ec2_filters,
    ec2_flows,
    ec2_groups,
    ec2_instances,
    ec2_interfaces,
    ec2_limits,
    ec2_metadata,
    ec2_profiles,
    ec2_protection,
    ec2_routes,
    ec2_rules,
    ec2_snapshots,
    ec2_tags,
    ec2_volumes,
    insights,
)

REGION = "us-east-1"
ACCOUNT = "123456789012"
KEY = "AKIATESTTESTTEST0001"
SESSION = boto3.session.Session()  # one for all tests, since it keeps the service models
MODULES = (
    cloudtrail_events,
    ec2_acls,
    ec2_addresses,
    ec2_assignments,
    ec2_attributes,
    ec2_base,
    ec2_console,
    ec2_describe,
    ec2_filters,
    ec2_flows,
    ec2_groups,
    ec2_instances,
    ec2_interfaces,
    ec2_limits,
    ec2_metadata,
    ec2_profiles,
    ec2_protection,
    ec2_routes,
    ec2_rules,
    ec2_snapshots,
    ec2_tags,
    ec2_volumes,
    insights,
)


def client(service: str) -> Any:
    """A boto3 client with keys of its own."""
    return SESSION.client(
        service,
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key="secret",  # noqa: S106 (nothing is secret in here)
    )


@dataclass(frozen=True)
class World:
    """The clients and the ids that tests start from."""

    ec2: Any
    vpc: str
    subnet: str

    def group(self, name: str, vpc: str | None = None) -> str:
        """A new group."""
        made = self.ec2.create_security_group(
            GroupName=name, Description=name, VpcId=vpc or self.vpc
        )
        return str(made["GroupId"])

    def launch(self, count: int = 1, name: str = "web-1", **more: Any) -> list[str]:
        """New instances with a Name tag."""
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        options = {"SubnetId": self.subnet, "InstanceType": "t3.micro"} | more
        if "NetworkInterfaces" in options:
            del options["SubnetId"]
        made = self.ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=count,
            MaxCount=count,
            TagSpecifications=tags,
            **options,
        )
        return [item["InstanceId"] for item in made["Instances"]]

    def instance(self, instance_id: str) -> Any:
        """One instance as described."""
        answer = self.ec2.describe_instances(InstanceIds=[instance_id])
        return answer["Reservations"][0]["Instances"][0]

    def interface(self, eni_id: str) -> Any:
        """One interface as described."""
        return self.ec2.describe_network_interfaces(NetworkInterfaceIds=[eni_id])[
            "NetworkInterfaces"
        ][0]

    def eni_of(self, instance_id: str) -> str:
        """The primary interface."""
        return str(self.instance(instance_id)["NetworkInterfaces"][0]["NetworkInterfaceId"])


@contextmanager
def open_world() -> Iterator[World]:
    """A fresh account with one VPC and one subnet."""
    for module in MODULES * 2:  # twice, since installing must be idempotent
        module.install()
    with mock_aws():
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(
            VpcId=vpc, CidrBlock="10.9.0.0/20", AvailabilityZone="us-east-1a"
        )["Subnet"]["SubnetId"]
        yield World(ec2, vpc, subnet)


def refused(code: str, call: Callable[..., Any], **parameters: Any) -> str:
    """Assert the error code of a call; gives the message."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])
