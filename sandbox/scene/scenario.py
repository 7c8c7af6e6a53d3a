"""Scenarios: a JSON document that describes a world, and how it is made.

`read` gives the document, checked and scaled; `load` makes it, through the API where there is one.
"""

import ipaddress
import json
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from sandbox.network import flows
from sandbox.network.limits import LIMITS
from sandbox.runtime.calls import ACCOUNT, MOTO, REGION
from sandbox.scene import balancing, launch, networks, people, populate, programs
from sandbox.scene.scale import scaled
from sandbox.scene.scenario_rules import check
from sandbox.systems import findings

Document = dict[str, Any]
Client = Callable[[str], Any]
DEFAULT = Path(__file__).parents[1] / "scenarios" / "default.json"


def read(path: Path | None = None, scale: dict[str, int] | None = None) -> Document:
    """The document of a file (or the default one), scaled; raises ValueError if it is none."""
    source = path or DEFAULT
    try:
        document = json.loads(source.read_text())
    except OSError as error:
        raise ValueError(f"cannot read {source}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"{source} is not JSON: {error}") from error
    try:
        check(document)
    except ValueError as error:
        raise ValueError(f"{source.name}: {error}") from error
    return scaled(document, scale) if scale else document


def load(
    client: Client,
    document: Document,
    seed: int = 42,
    account: str = ACCOUNT,
    region: str = REGION,
) -> None:
    """Make the world that a document describes, with times relative to now.

    The client is of that account and Region; what is `elsewhere` has a load of its own.
    """
    if (account, region) == (ACCOUNT, REGION):
        LIMITS.reset(on=document.get("request_limits", False))
    ec2, iam = client("ec2"), client("iam")
    for name, spec in document.get("roles", {}).items():
        people.make_role(iam, name, spec)
    for name, spec in document.get("users", {}).items():
        people.make_user(iam, name, spec)
    if functions := document.get("functions"):
        programs.make(client, functions, account, region)
    places = launch.Places(account, region)
    for name, spec in document["vpcs"].items():
        _make_vpc(ec2, places, name, spec)
    networks.route(ec2, places, document["vpcs"])
    if spec := document.get("flow_logs"):
        _make_log_group(client("logs"), spec["group"])
        _make_flow_logs(ec2, iam, spec, [places.vpcs[name] for name in spec["vpcs"]])
    nodes = launch.launch(ec2, places, document["instances"])
    balancing.load(client, document, places, nodes)
    with MOTO:
        populate.populate(findings.store(account, region), document, nodes, seed)
        if (account, region) == (ACCOUNT, REGION) or "traffic" in document:
            flows.seed(document, account, region, seed)


def _make_vpc(ec2: Any, places: launch.Places, name: str, spec: Document) -> None:
    wants_ipv6 = any(each.get("ipv6") for each in spec["subnets"].values())
    made = ec2.create_vpc(
        CidrBlock=spec["cidr"],
        AmazonProvidedIpv6CidrBlock=wants_ipv6,
        TagSpecifications=_named("vpc", name),
    )["Vpc"]
    places.vpcs[name] = made["VpcId"]
    block = made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] if wants_ipv6 else ""
    blocks = (
        ipaddress.ip_network(block, strict=False).subnets(new_prefix=64) if block else repeat("")
    )
    for (subnet, each), ipv6_block in zip(spec["subnets"].items(), blocks, strict=False):
        ipv6 = {"Ipv6CidrBlock": str(ipv6_block)}
        places.subnets[subnet] = ec2.create_subnet(
            VpcId=made["VpcId"],
            CidrBlock=each["cidr"],
            AvailabilityZone=each["zone"],
            TagSpecifications=_named("subnet", subnet),
            **(ipv6 if each.get("ipv6") else {}),
        )["Subnet"]["SubnetId"]
        if each.get("public"):
            wanted = {"Value": True}
            ec2.modify_subnet_attribute(SubnetId=places.subnets[subnet], MapPublicIpOnLaunch=wanted)
    _make_groups(ec2, places, made["VpcId"], spec["security_groups"])


def _named(kind: str, name: str) -> list[Document]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def _make_groups(ec2: Any, places: launch.Places, vpc_id: str, groups: dict[str, Document]) -> None:
    for name, spec in groups.items():
        places.groups[name] = ec2.create_security_group(
            GroupName=name, Description=spec.get("description", name), VpcId=vpc_id
        )["GroupId"]
    for name, spec in groups.items():
        rules = [_rule(places, each) for each in spec.get("ingress", [])]
        if rules:
            ec2.authorize_security_group_ingress(GroupId=places.groups[name], IpPermissions=rules)


def _rule(places: launch.Places, row: Document) -> Document:
    low = row.get("port", row.get("from", -1))
    rule = {"IpProtocol": row.get("protocol", "tcp"), "FromPort": low, "ToPort": row.get("to", low)}
    if "group" in row:
        return rule | {"UserIdGroupPairs": [{"GroupId": places.groups[row["group"]]}]}
    if ":" in row["cidr"]:
        return rule | {"Ipv6Ranges": [{"CidrIpv6": row["cidr"]}]}
    return rule | {"IpRanges": [{"CidrIp": row["cidr"]}]}


def _make_log_group(logs: Any, name: str) -> None:
    try:
        logs.create_log_group(logGroupName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def _make_flow_logs(ec2: Any, iam: Any, spec: Document, vpc_ids: list[str]) -> None:
    ec2.create_flow_logs(
        ResourceIds=vpc_ids,
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=spec["group"],
        DeliverLogsPermissionArn=iam.get_role(RoleName=spec["role"])["Role"]["Arn"],
        MaxAggregationInterval=60,
    )
