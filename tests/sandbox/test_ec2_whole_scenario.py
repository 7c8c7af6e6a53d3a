"""Machines as a scenario describes them, over HTTP: what they have, what they refuse, who pays."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.box import Box, Options
from sandbox.scene import scenario
from tests.sandbox.core.client import aws, http
from tests.sandbox.ec2_world import refused

CODE = Path(__file__).parent / "core"
SCENARIO = Path(__file__).parents[1] / "scenarios" / "machines.json"
Row = dict[str, Any]


NO_LIMITS = {"ec2": False, "buckets": [], "slack": False, "throttled": 0}


class Machines:
    """The running box, and what tests ask again and again."""

    def __init__(self, box: Box) -> None:
        self.box, self.ec2 = box, aws(box.urls["aws"], "ec2")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = http(method, f"{self.box.urls['control']}/{path}", body)
        assert status == 200, answer
        return answer

    def one(self, name: str) -> Row:
        found = self.ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": [name]}])
        (row,) = [each for group in found["Reservations"] for each in group["Instances"]]
        return dict(row)

    def interfaces(self, name: str) -> list[Row]:
        wanted = [{"Name": "attachment.instance-id", "Values": [self.one(name)["InstanceId"]]}]
        rows = self.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
        return sorted(rows, key=lambda row: int(row["Attachment"]["DeviceIndex"]))

    def attribute(self, name: str, attribute: str) -> Any:
        wanted = {"InstanceId": self.one(name)["InstanceId"], "Attribute": attribute}
        answer = self.ec2.describe_instance_attribute(**wanted)
        return answer[f"{attribute[0].upper()}{attribute[1:]}"]["Value"]

    def call(self, operation: str, **params: Any) -> Any:
        """Let the voice function make one EC2 call."""
        answer = self.box.voice({"call": ["ec2", operation], "with": params})
        assert answer.error is None, answer.error
        return answer.payload

    def limits(self) -> dict[str, Row]:
        return {row["bucket"]: row for row in self.control("GET", "limits")["buckets"]}


@pytest.fixture(scope="module")
def running() -> Iterator[Machines]:
    box = Box(Options(scenario=SCENARIO, code=CODE))
    box.start()
    yield Machines(box)
    box.stop()


@pytest.fixture
def anew(running: Machines) -> Iterator[Machines]:
    """For tests that change something: the box is as loaded again afterwards."""
    yield running
    running.control("POST", "reset")


def test_disks_and_protection(running: Machines) -> None:
    rows = running.one("guarded")["BlockDeviceMappings"]
    assert {row["DeviceName"]: row["Ebs"]["DeleteOnTermination"] for row in rows} == {
        "/dev/sda1": True,
        "/dev/sdf": False,
        "/dev/sdg": True,
    }
    ids = [row["Ebs"]["VolumeId"] for row in rows]
    sizes = {row["Size"] for row in running.ec2.describe_volumes(VolumeIds=ids)["Volumes"]}
    assert sizes == {8, 40}
    assert running.attribute("guarded", "disableApiTermination") is True
    assert running.attribute("guarded", "disableApiStop") is True
    assert running.attribute("guarded", "instanceInitiatedShutdownBehavior") == "terminate"
    ids = [running.one("guarded")["InstanceId"]]
    refused("OperationNotPermitted", running.ec2.terminate_instances, InstanceIds=ids)
    refused("OperationNotPermitted", running.ec2.stop_instances, InstanceIds=ids)
    assert running.attribute("behind", "disableApiTermination") is False
    assert running.one("asleep")["State"]["Name"] == "stopped"
    assert running.attribute("asleep", "disableApiStop") is True


def test_addresses(running: Machines) -> None:
    first, second, third = running.interfaces("guarded")
    assert [len(row["Ipv6Addresses"]) for row in (first, second, third)] == [2, 1, 0]
    publics = [
        [each["Association"]["PublicIp"] for each in row["PrivateIpAddresses"]]
        for row in (first, second)
    ]
    assert [len(each) for each in publics] == [2, 1]
    owned = {row["PublicIp"] for row in running.ec2.describe_addresses()["Addresses"]}
    assert {each for row in publics for each in row} < owned
    assert running.one("guarded")["PublicIpAddress"] == publics[0][0]
    assert running.one("borrower")["PublicIpAddress"] not in owned
    assert "PublicIpAddress" not in running.one("behind")


def test_interfaces_of_services(running: Machines) -> None:
    managed, trunk = running.interfaces("guarded")[2], running.interfaces("trunked")[1]
    assert (managed["RequesterManaged"], trunk["InterfaceType"]) == (True, "trunk")
    modify, groups = running.ec2.modify_network_interface_attribute, ["sg-0123456789abcdef0"]
    for eni, code in ((managed, "AuthFailure"), (trunk, "OperationNotPermitted")):
        refused(code, modify, NetworkInterfaceId=eni["NetworkInterfaceId"], Groups=groups)


def test_routes(running: Machines) -> None:
    def way_out(name: str) -> Row:
        row = running.one(name)
        own = [{"Name": "association.subnet-id", "Values": [row["SubnetId"]]}]
        main = [
            {"Name": "association.main", "Values": ["true"]},
            {"Name": "vpc-id", "Values": [row["VpcId"]]},
        ]
        found = running.ec2.describe_route_tables(Filters=own)["RouteTables"]
        table = (found or running.ec2.describe_route_tables(Filters=main)["RouteTables"])[0]
        (route,) = [r for r in table["Routes"] if r.get("DestinationCidrBlock") == "0.0.0.0/0"]
        return dict(route)

    assert way_out("behind")["NatGatewayId"].startswith("nat-")
    assert way_out("guarded")["GatewayId"].startswith("igw-")


def test_xen_machines_have_no_idle_timeouts(running: Machines) -> None:
    eni = running.interfaces("behind")[0]["NetworkInterfaceId"]
    refused(
        "InvalidParameterValue",
        running.ec2.modify_network_interface_attribute,
        NetworkInterfaceId=eni,
        ConnectionTrackingSpecification={"TcpEstablishedTimeout": 60},
    )


def test_the_world_changes_meanwhile(anew: Machines) -> None:
    """Somebody attaches an interface, and deletes a group that an instance had before."""
    ec2, row = anew.ec2, anew.one("borrower")
    group = ec2.create_security_group(
        GroupName="temporary", Description="temporary", VpcId=row["VpcId"]
    )["GroupId"]
    place = {"SubnetId": row["SubnetId"], "Groups": [group]}
    made = ec2.create_network_interface(**place)["NetworkInterface"]["NetworkInterfaceId"]
    ec2.attach_network_interface(
        NetworkInterfaceId=made, InstanceId=row["InstanceId"], DeviceIndex=1
    )
    assert [each["NetworkInterfaceId"] for each in anew.interfaces("borrower")][1] == made
    used = [{"Name": "group-id", "Values": [group]}]
    [found] = ec2.describe_network_interfaces(Filters=used)["NetworkInterfaces"]
    assert found["NetworkInterfaceId"] == made
    refused("DependencyViolation", ec2.delete_security_group, GroupId=group)
    other = [each["GroupId"] for each in row["SecurityGroups"]]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=made, Groups=other)
    ec2.delete_security_group(GroupId=group)
    again = {"NetworkInterfaceId": made, "Groups": [group]}
    refused("InvalidGroup.NotFound", ec2.modify_network_interface_attribute, **again)


def test_reset_brings_everything_back(running: Machines) -> None:
    first = running.interfaces("guarded")[0]
    link = first["Association"]["AssociationId"]
    running.ec2.disassociate_address(AssociationId=link)
    ids = [running.one("borrower")["InstanceId"]]
    running.ec2.terminate_instances(InstanceIds=ids)
    running.control("POST", "reset")
    assert "Association" in running.interfaces("guarded")[0]
    assert running.one("borrower")["State"]["Name"] == "running"


def test_only_functions_draw_on_request_limits(anew: Machines) -> None:
    assert anew.control("GET", "limits") == NO_LIMITS
    anew.call("describe_instances")
    assert anew.control("GET", "limits")["buckets"] == []
    anew.control("PUT", "limits", {"ec2": True})
    anew.ec2.describe_instances()
    assert anew.limits() == {}
    anew.call("describe_instances")
    anew.call("describe_instances", MaxResults=100)
    found = anew.limits()
    assert {name: (row["capacity"], row["refill"]) for name, row in found.items()} == {
        "DescribeInstances (whole)": (50, 10),
        "DescribeInstances": (100, 20),
    }
    assert {(row["least"], row["refused"]) for row in found.values()} == {(49, 0), (99, 0)}
    anew.control("POST", "reset")
    assert anew.control("GET", "limits") == NO_LIMITS
    status, answer = http("PUT", f"{anew.box.urls['control']}/limits", {"s3": True})
    assert status == 400 and "ec2" in answer["error"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d["instances"][2].update(ipv6=True), "lent has no IPv6"),
        (lambda d: d["instances"][0]["volumes"][0].pop("device"), "'device' is a required"),
        (lambda d: d["instances"][0].update(shutdown="sleep"), "'sleep' is not one of"),
        (
            lambda d: [each.update(nat=True) for each in d["vpcs"]["front"]["subnets"].values()],
            "a NAT gateway needs a subnet without nat",
        ),
    ],
)
def test_what_is_no_scenario(tmp_path: Path, change: Any, why: str) -> None:
    document = json.loads(SCENARIO.read_text())
    change(document)
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=why):
        scenario.read(path)
