"""Everything that AWS describes about an instance that a containment may touch, to be compared."""

import copy
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.world import Json, Sandbox

ATTRIBUTES = (
    "disableApiTermination",
    "disableApiStop",
    "instanceInitiatedShutdownBehavior",
    "sourceDestCheck",
    "groupSet",
    "blockDeviceMapping",
)
# AWS's documented default; there is no call to unset a timeout that was set.
TIMEOUT = {"TcpEstablishedTimeout": 432_000}
_making = threading.Lock()


def aws(box: Sandbox, service: str) -> Any:
    """The principal's client; each is made once, since that takes a while."""
    kept = box.__dict__.setdefault("clients", {})
    with _making:
        if service not in kept:
            kept[service] = box.aws(service)
    return kept[service]


def where(**named: str) -> list[Json]:
    """EC2 filters: `attachment__instance_id` is `attachment.instance-id`."""
    return [
        {"Name": name.replace("__", ".").replace("_", "-"), "Values": [value]}
        for name, value in named.items()
    ]


def interfaces(box: Sandbox, instance: str) -> list[Json]:
    """As DescribeNetworkInterfaces tells them, primary first."""
    rows = aws(box, "ec2").describe_network_interfaces(
        Filters=where(attachment__instance_id=instance)
    )["NetworkInterfaces"]
    return sorted(rows, key=lambda row: row["Attachment"]["DeviceIndex"])


def groups(box: Sandbox, instance: str) -> dict[str, list[str]]:
    """Interface id to its groups, in order."""
    return {
        row["NetworkInterfaceId"]: [group["GroupId"] for group in row["Groups"]]
        for row in interfaces(box, instance)
    }


@dataclass
class View:
    """What is described of the whole account once, however many instances are looked at."""

    box: Sandbox

    @cached_property
    def addresses(self) -> list[Json]:
        return [_plain(row) for row in aws(self.box, "ec2").describe_addresses()["Addresses"]]

    @cached_property
    def targets(self) -> dict[str, list[Json]]:
        """Target group to the targets that have not left it."""
        elbv2, found = aws(self.box, "elbv2"), {}
        for group in elbv2.describe_target_groups()["TargetGroups"]:
            arn = group["TargetGroupArn"]
            rows = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
            live = [row for row in rows if row["TargetHealth"]["State"] != "draining"]
            found[arn] = sorted((row["Target"] for row in live), key=str)
        return found

    @cached_property
    def classic(self) -> list[Json]:
        rows = aws(self.box, "elb").describe_load_balancers()["LoadBalancerDescriptions"]
        return [dict(row) for row in rows]


def described(box: Sandbox, instance: str) -> Json:
    """Part to what AWS says. Left out is only what cannot be the same again: association ids of
    addresses (new with each association), the health of targets (checks take their time), and the
    snapshots (they are evidence, and stay).
    """
    return _described(View(box), instance)


def all_described(box: Sandbox, instances: list[str]) -> list[Json]:
    view = View(box)
    return [_described(view, one) for one in instances]


def _described(view: View, instance: str) -> Json:
    box = view.box
    found = aws(box, "ec2").describe_instances(InstanceIds=[instance])
    row = found["Reservations"][0]["Instances"][0]
    cards = interfaces(box, instance)
    ids = {instance, *_privates(cards)}
    names = [each["NetworkInterfaceId"] for each in cards]
    return {
        "instance": _plain(row),
        "attributes": {name: _attribute(box, instance, name) for name in ATTRIBUTES},
        "interfaces": {each["NetworkInterfaceId"]: _plain(each) for each in cards},
        "addresses": [each for each in view.addresses if each.get("NetworkInterfaceId") in names],
        "volumes": _volumes(box, instance),
        "profile": _profile(box, instance),
        "role": _role(box, row.get("IamInstanceProfile", {}).get("Arn", "")),
        "scaling": _scaling(box, instance),
        "targets": {
            arn: mine
            for arn, rows in view.targets.items()
            if (mine := [row for row in rows if row["Id"] in ids])
        },
        "classic": [each for each in view.classic if {"InstanceId": instance} in each["Instances"]],
    }


def released(before: Json) -> Json:
    """What must be described after a release: as before, save that an interface without a tracking
    timeout now has the default.
    """
    after = copy.deepcopy(before)
    for card in [*after["instance"]["NetworkInterfaces"], *after["interfaces"].values()]:
        card.setdefault("ConnectionTrackingConfiguration", dict(TIMEOUT))
    return after


def _plain(value: Any) -> Any:
    """Without association ids, and without whether a change of the metadata service has arrived
    yet; tags by key, since they have no order.
    """
    if isinstance(value, dict):
        kept = {name: _plain(each) for name, each in value.items() if name != "AssociationId"}
        if "HttpEndpoint" in kept:
            kept.pop("State", None)
        for name in {"Tags", "TagSet"} & set(kept):
            kept[name] = sorted(kept[name], key=lambda tag: str(tag["Key"]))
        return kept
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _attribute(box: Sandbox, instance: str, name: str) -> Json:
    found = aws(box, "ec2").describe_instance_attribute(InstanceId=instance, Attribute=name)
    del found["ResponseMetadata"]
    return dict(found)


def _volumes(box: Sandbox, instance: str) -> Json:
    wanted = where(attachment__instance_id=instance)
    rows = aws(box, "ec2").describe_volumes(Filters=wanted)["Volumes"]
    return {row["VolumeId"]: _plain(row) for row in rows}


def _profile(box: Sandbox, instance: str) -> list[Json]:
    rows = aws(box, "ec2").describe_iam_instance_profile_associations(
        Filters=where(instance_id=instance)
    )["IamInstanceProfileAssociations"]
    return [dict(row) for row in rows]


def _role(box: Sandbox, profile: str) -> Json:
    """The policies of the role that the instance has."""
    if not profile:
        return {}
    iam = aws(box, "iam")
    found = iam.get_instance_profile(InstanceProfileName=profile.rpartition("/")[2])
    role = found["InstanceProfile"]["Roles"][0]["RoleName"]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    return {
        "attached": iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"],
        "inline": {
            name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in sorted(names)
        },
    }


def _scaling(box: Sandbox, instance: str) -> Json:
    """Its place in its group, and the group; the members have no order."""
    api = aws(box, "autoscaling")
    rows = api.describe_auto_scaling_instances(InstanceIds=[instance])["AutoScalingInstances"]
    if not rows:
        return {}
    name = rows[0]["AutoScalingGroupName"]
    found = api.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    group = dict(found[0])
    group["Instances"] = sorted(group["Instances"], key=lambda row: str(row["InstanceId"]))
    return {"member": rows[0], "group": group}


def _privates(cards: list[Json]) -> list[str]:
    return [
        *(row["PrivateIpAddress"] for card in cards for row in card["PrivateIpAddresses"]),
        *(row["Ipv6Address"] for card in cards for row in card.get("Ipv6Addresses", [])),
    ]
