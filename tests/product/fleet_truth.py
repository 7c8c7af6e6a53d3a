"""What AWS tells of every instance of a fleet, by the measures that containment may take."""

from collections import defaultdict
from typing import Any

from tests.product.fault_fleet import State, Subject
from tests.product.fleet_world import instance_arn
from tests.world import Json, Sandbox

SAFE = {
    "disableApiTermination": True,
    "disableApiStop": True,
    "instanceInitiatedShutdownBehavior": "stop",
}


def observed(box: Sandbox) -> State:
    """Instance name to its state; nothing in it changes without somebody's doing.

    Association ids are left out, since AWS gives new ones; snapshots, since they stay; and so does
    a connection timeout that nobody had set, as 432,000 s.
    """
    rows = _instances(box)
    interfaces, balancers = _interfaces(box), _balancers(box)
    members = _members(box)
    found = {}
    for name, row in rows.items():
        one = row["InstanceId"]
        found[name] = {
            "arn": instance_arn(box, one),
            "status": row["Tags"].get("TobanStatus", ""),
            "state": row["State"]["Name"],
            "profile": row["IamInstanceProfile"]["Arn"],
            "denied": _denied(box, name, one),
            "attributes": _attributes(box, one),
            "volumes": {
                each["DeviceName"]: each["Ebs"]["DeleteOnTermination"]
                for each in row["BlockDeviceMappings"]
            },
            "member": members.get(one),
            "balancers": sorted(balancers[one] + _by_address(row, balancers)),
            "interfaces": interfaces[one],
        }
    return found


def _instances(box: Sandbox) -> dict[str, Json]:
    pages = box.ec2.get_paginator("describe_instances").paginate()
    rows = [row for page in pages for group in page["Reservations"] for row in group["Instances"]]
    for row in rows:
        row["Tags"] = {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])}
    return {row["Tags"].get("Name", row["InstanceId"]): row for row in rows}


def _interfaces(box: Sandbox) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = defaultdict(dict)
    pages = box.ec2.get_paginator("describe_network_interfaces").paginate()
    for row in (row for page in pages for row in page["NetworkInterfaces"]):
        if "InstanceId" in row.get("Attachment", {}):
            tracked = row.get("ConnectionTrackingConfiguration", {})
            found[row["Attachment"]["InstanceId"]][row["NetworkInterfaceId"]] = {
                "groups": [group["GroupId"] for group in row["Groups"]],
                "timeout": tracked.get("TcpEstablishedTimeout", 432_000),
                "public": [
                    (each["PrivateIpAddress"], each["Association"]["AllocationId"])
                    for each in row["PrivateIpAddresses"]
                    if each.get("Association", {}).get("AllocationId")
                ],
            }
    return found


def _denied(box: Sandbox, name: str, instance: str) -> bool:
    held = box.aws("iam").list_role_policies(RoleName=f"role-{name}")["PolicyNames"]
    return f"TobanDeny-{instance}" in held


def _attributes(box: Sandbox, instance: str) -> Json:
    found = {}
    for name in SAFE:
        answer = box.ec2.describe_instance_attribute(InstanceId=instance, Attribute=name)
        found[name] = answer[f"{name[0].upper()}{name[1:]}"]["Value"]
    return found


def _members(box: Sandbox) -> dict[str, Json]:
    """Instance to its Auto Scaling group, its place in it, and the group's sizes."""
    found = {}
    pages = box.aws("autoscaling").get_paginator("describe_auto_scaling_groups").paginate()
    for group in (row for page in pages for row in page["AutoScalingGroups"]):
        sizes = [group[name] for name in ("MinSize", "DesiredCapacity", "MaxSize")]
        for one in group["Instances"]:
            place = [group["AutoScalingGroupName"], one["LifecycleState"], *sizes]
            found[one["InstanceId"]] = place
    return found


def _balancers(box: Sandbox) -> dict[str, list[Any]]:
    """Instance or address to the target groups and classic load balancers that send to it."""
    found: dict[str, list[Any]] = defaultdict(list)
    there = box.aws("elbv2")
    pages = there.get_paginator("describe_target_groups").paginate()
    for group in (row for page in pages for row in page["TargetGroups"]):
        health = there.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
        for row in health["TargetHealthDescriptions"]:
            if row["TargetHealth"]["State"] != "draining":
                target = row["Target"]
                found[target["Id"]].append((group["TargetGroupName"], target["Port"]))
    pages = box.aws("elb").get_paginator("describe_load_balancers").paginate()
    for one in (row for page in pages for row in page["LoadBalancerDescriptions"]):
        for row in one["Instances"]:
            found[row["InstanceId"]].append((one["LoadBalancerName"], 0))
    return found


def _by_address(row: Json, balancers: dict[str, list[Any]]) -> list[Any]:
    addresses = [
        each["PrivateIpAddress"]
        for interface in row["NetworkInterfaces"]
        for each in interface["PrivateIpAddresses"]
    ]
    return [place for address in addresses for place in balancers.get(address, [])]


def groups_of_ours(box: Sandbox, kind: str = "*") -> set[str]:
    """Ids of our security groups of a kind, in all VPCs."""
    wanted = [{"Name": "tag:TobanGroup", "Values": [kind]}]
    pages = box.ec2.get_paginator("describe_security_groups").paginate(Filters=wanted)
    return {row["GroupId"] for page in pages for row in page["SecurityGroups"]}


def in_the_open(box: Sandbox, found: State) -> list[Any]:
    """Instances of which an interface is in an untracking group."""
    opened = groups_of_ours(box, "untracking")
    return [
        ("in the open", name)
        for name, one in found.items()
        if any(opened & set(each["groups"]) for each in one["interfaces"].values())
    ]


def _unheld(box: Sandbox, now: State) -> dict[str, set[str]]:
    isolation = groups_of_ours(box, "isolation")
    return {name: _open(one, isolation) for name, one in now.items()}


def _open(one: Json, isolation: set[str]) -> set[str]:
    each = one["interfaces"].values()
    holds = {
        "role": one["denied"],
        "protection": one["attributes"] == SAFE and not any(one["volumes"].values()),
        "autoscaling": one["member"] is None or one["member"][1] == "Standby",
        "balancers": not one["balancers"],
        "addresses": not any(row["public"] for row in each),
        "tracking": all(row["timeout"] == 60 for row in each),
        "network": all(len(row["groups"]) == 1 and row["groups"][0] in isolation for row in each),
    }
    return {name for name, is_so in holds.items() if not is_so}


def changed(before: Json, now: Json) -> set[str]:
    """The measures whose part of an instance is not as it was; "status" for our tag."""
    parts = {
        "denied": "role",
        "attributes": "protection",
        "volumes": "protection",
        "member": "autoscaling",
        "balancers": "balancers",
        "status": "status",
    }
    found = {measure for part, measure in parts.items() if before[part] != now[part]}
    columns = {"groups": "network", "timeout": "tracking", "public": "addresses"}
    cards = zip(before["interfaces"].values(), now["interfaces"].values(), strict=True)
    return found | {
        measure
        for was, is_now in cards
        for column, measure in columns.items()
        if was[column] != is_now[column]
    }


INSTANCES = Subject(observed, _unheld, changed, in_the_open, groups_of_ours)
