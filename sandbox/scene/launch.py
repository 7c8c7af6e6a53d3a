"""Launch the instances of a scenario, a group of equal ones with one RunInstances."""

import json
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models import ec2_backends

from sandbox.runtime.calls import ACCOUNT, MOTO, REGION
from sandbox.scene import networks
from sandbox.systems import fleet

Spec = dict[str, Any]
_IMAGE = "ami-1e749f67"
_OWN = ("name", "tags", "managed", "platform", "secondary", "ipv6", "eip", "stop_protection")


@dataclass
class Places:
    """The ids of what the scenario names, and in which account and Region they are."""

    account: str = ACCOUNT
    region: str = REGION
    vpcs: dict[str, str] = field(default_factory=dict)
    subnets: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)


def launch(ec2: Any, places: Places, specs: list[Spec]) -> dict[str, str]:
    """Launch all of them; returns the instance id of each name."""
    ids: dict[str, str] = {}
    for rows in _alike(specs):
        made = ec2.run_instances(**_request(places, rows[0], len(rows)))["Instances"]
        ids |= {row["name"]: each["InstanceId"] for row, each in zip(rows, made, strict=True)}
    with MOTO:
        for row in specs:
            _name(places, ids[row["name"]], row)
    for row in specs:
        _extend(ec2, places, ids[row["name"]], row)
    for row in specs:
        if row.get("state") == "stopped":
            ec2.stop_instances(InstanceIds=[ids[row["name"]]])
        if row.get("stop_protection"):
            wanted = {"Value": True}
            ec2.modify_instance_attribute(InstanceId=ids[row["name"]], DisableApiStop=wanted)
    return ids


def _alike(specs: list[Spec]) -> list[list[Spec]]:
    groups: dict[str, list[Spec]] = {}
    for row in specs:
        shared = {name: value for name, value in row.items() if name not in _OWN}
        groups.setdefault(json.dumps(shared, sort_keys=True), []).append(row)
    return list(groups.values())


def _request(places: Places, row: Spec, count: int) -> Spec:
    interface = {
        "DeviceIndex": 0,
        "SubnetId": places.subnets[row["subnet"]],
        "Groups": [places.groups[name] for name in row["groups"]],
    }
    request = {
        "ImageId": row.get("image", _IMAGE),
        "InstanceType": row.get("type", "t3.medium"),
        "MinCount": count,
        "MaxCount": count,
        "NetworkInterfaces": [interface],
    }
    if "role" in row:
        request["IamInstanceProfile"] = {"Name": row["role"]}
    return request | networks.machine(row)


def _name(places: Places, instance_id: str, row: Spec) -> None:
    """Set tags without CreateTags calls (nobody made them), and say what is inside the instance."""
    tags = {"Name": row["name"]} | row.get("tags", {})
    ec2_backends[places.account][places.region].create_tags([instance_id], tags)
    node = fleet.Node(row.get("managed", True), row.get("platform", fleet.Node.platform))
    fleet.nodes(places.account, places.region)[instance_id] = node


def _extend(ec2: Any, places: Places, instance_id: str, row: Spec) -> None:
    interfaces = networks.attach(ec2, places, instance_id, row)
    for interface, spec in zip(interfaces, [row, *row.get("secondary", [])], strict=False):
        networks.address(ec2, interface, int(spec.get("eip", 0)))
        networks.mark(places, interface, spec)
