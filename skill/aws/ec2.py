"""Instances, interfaces, security groups and network ACLs."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from skill import names
from skill.aws.client import Service
from skill.errors import Conflict, Gone

LIVE = ("pending", "running", "stopping", "stopped")
_PAGE = 1000
_VALUES = 200


@dataclass(frozen=True)
class Interface:
    """A network interface; `groups` in the order that AWS keeps them.

    `timeout` is the seconds that an idle tracked TCP connection is remembered, if somebody set it.
    """

    id: str
    groups: tuple[str, ...]
    subnet: str
    addresses: tuple[str, ...]
    timeout: int | None = None


@dataclass(frozen=True)
class Instance:
    """A live instance as DescribeInstances gives it.

    `metadata` is whether its metadata service is "enabled"; `volumes` are device names to whether
    the volume goes with the instance.
    """

    id: str
    name: str
    state: str
    vpc: str
    subnet: str
    profile: str
    tags: dict[str, str]
    interfaces: tuple[Interface, ...]
    metadata: str = ""
    volumes: dict[str, bool] = field(default_factory=dict)
    launched: str = ""

    @property
    def protected(self) -> bool:
        return "TobanProtected" in self.tags

    @property
    def status(self) -> str:
        """Ours: vulnerable, suspicious, untracking, isolated, or empty."""
        return self.tags.get("TobanStatus", "")

    @property
    def suspicious(self) -> bool:
        return self.status == "suspicious" or self.tags.get("Toban") == "suspicious"


def filters(**named: str | Sequence[str]) -> list[dict[str, Any]]:
    """EC2 filters; `tag__Name` is `tag:Name`, other underscores are hyphens."""
    return [
        {
            "Name": name.replace("__", ":") if "__" in name else name.replace("_", "-"),
            "Values": [values] if isinstance(values, str) else list(values),
        }
        for name, values in named.items()
    ]


class Ec2(Service):
    name = "ec2"

    def instances(self, *extra: dict[str, Any], states: Sequence[str] = LIVE) -> list[Instance]:
        """At most 1,000 live instances that satisfy the filters, in one call."""
        wanted = [*extra, *filters(instance_state_name=states)]
        page = self.call("describe_instances", Filters=wanted, MaxResults=_PAGE)
        return [_instance(row) for group in page["Reservations"] for row in group["Instances"]]

    def named(self, *names: str) -> list[Instance]:
        """Live instances whose Name tag satisfies one of the patterns."""
        return self.instances(*filters(tag__Name=names))

    def by_id(self, *ids: str) -> list[Instance]:
        """Live instances by id, 200 to a call: a filter takes no more values."""
        pages = [ids[at : at + _VALUES] for at in range(0, len(ids), _VALUES)]
        return [one for page in pages for one in self.instances(*filters(instance_id=page))]

    def tag_values(self, key: str) -> list[str]:
        """The distinct values of one tag over all instances; one call sees 1,000 of them."""
        wanted = filters(key=key, resource_type="instance")
        page = self.call("describe_tags", Filters=wanted, MaxResults=_PAGE)
        return sorted({row["Value"] for row in page["Tags"] if row["Value"]})

    def interfaces(self, instance: str) -> list[Interface]:
        """The interfaces that are attached now, primary first."""
        wanted = [{"Name": "attachment.instance-id", "Values": [instance]}]
        rows = self.pages("describe_network_interfaces", "NetworkInterfaces", Filters=wanted)
        ordered = sorted(rows, key=lambda row: row.get("Attachment", {}).get("DeviceIndex", 0))
        return [_interface(row) for row in ordered]

    def set_groups(self, interface: str, groups: Sequence[str]) -> None:
        """Replaces the interface's whole list of groups."""
        self.call(
            "modify_network_interface_attribute",
            NetworkInterfaceId=interface,
            Groups=list(groups),
        )

    def tag(self, ids: Sequence[str], **tags: str) -> None:
        rows = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.call("create_tags", Resources=list(ids), Tags=rows)

    def untag(self, ids: Sequence[str], *keys: str) -> None:
        self.call("delete_tags", Resources=list(ids), Tags=[{"Key": key} for key in keys])

    def groups(self, *extra: dict[str, Any]) -> list[dict[str, Any]]:
        """Security groups as AWS describes them."""
        return list(self.pages("describe_security_groups", "SecurityGroups", Filters=list(extra)))

    def create_group(self, vpc: str, name: str, description: str, **tags: str) -> str:
        """The id of a new group. Raises Conflict for a name that is taken."""
        rows = [{"Key": key, "Value": value} for key, value in tags.items()]
        made = self.call(
            "create_security_group",
            GroupName=name,
            Description=description,
            VpcId=vpc,
            TagSpecifications=[{"ResourceType": "security-group", "Tags": rows}],
        )
        return str(made["GroupId"])

    def rules(self, *groups: str) -> list[dict[str, Any]]:
        """Every rule of some groups, both directions, one row per range."""
        wanted = [{"Name": "group-id", "Values": list(groups)}]
        return list(
            self.pages("describe_security_group_rules", "SecurityGroupRules", Filters=wanted)
        )

    def revoke(self, group: str, rules: Sequence[dict[str, Any]]) -> None:
        """Remove rules by id; one that somebody else removed meanwhile is as good as removed."""
        for egress, operation in ((True, "egress"), (False, "ingress")):
            ids = [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] == egress]
            if ids:
                with contextlib.suppress(Gone):
                    name = f"revoke_security_group_{operation}"
                    self.call(name, GroupId=group, SecurityGroupRuleIds=ids)

    def allow_all(self, group: str, cidr: str, egress: bool) -> None:
        """Every protocol from or to a range; a rule that is there already is fine."""
        family = (
            {"Ipv6Ranges": [{"CidrIpv6": cidr}]}
            if ":" in cidr
            else {"IpRanges": [{"CidrIp": cidr}]}
        )
        name = f"authorize_security_group_{'egress' if egress else 'ingress'}"
        try:
            self.call(name, GroupId=group, IpPermissions=[{"IpProtocol": "-1", **family}])
        except Conflict as error:
            if error.facts["code"] != "InvalidPermission.Duplicate":
                raise

    def acls_of(self, subnets: Sequence[str]) -> list[dict[str, Any]]:
        """The network ACLs that govern some subnets."""
        wanted = [{"Name": "association.subnet-id", "Values": list(subnets)}]
        return list(self.pages("describe_network_acls", "NetworkAcls", Filters=wanted))

    def acl(self, acl: str) -> dict[str, Any]:
        row: dict[str, Any] = self.call("describe_network_acls", NetworkAclIds=[acl])[
            "NetworkAcls"
        ][0]
        return row

    def deny_source(self, acl: str, rule: int, cidr: str) -> None:
        """An inbound deny of everything from one address, before any allow rule."""
        block = {"Ipv6CidrBlock": cidr} if ":" in cidr else {"CidrBlock": cidr}
        self.call(
            "create_network_acl_entry",
            NetworkAclId=acl,
            RuleNumber=rule,
            Protocol="-1",
            RuleAction="deny",
            Egress=False,
            **block,
        )

    def drop_rule(self, acl: str, rule: int) -> None:
        self.call("delete_network_acl_entry", NetworkAclId=acl, RuleNumber=rule, Egress=False)


def _instance(row: dict[str, Any]) -> Instance:
    tags = {tag["Key"]: tag["Value"] for tag in row.get("Tags", ())}
    return Instance(
        id=row["InstanceId"],
        name=_name(tags) or row["InstanceId"],
        state=row["State"]["Name"],
        vpc=row.get("VpcId", ""),
        subnet=row.get("SubnetId", ""),
        profile=row.get("IamInstanceProfile", {}).get("Arn", ""),
        tags=tags,
        interfaces=tuple(_interface(eni) for eni in row.get("NetworkInterfaces", ())),
        metadata=row.get("MetadataOptions", {}).get("HttpEndpoint", ""),
        volumes={
            each["DeviceName"]: bool(each["Ebs"].get("DeleteOnTermination"))
            for each in row.get("BlockDeviceMappings", ())
            if "Ebs" in each
        },
        launched=row["LaunchTime"].isoformat() if "LaunchTime" in row else "",
    )


def _name(tags: dict[str, str]) -> str:
    """The Name tag, if anything of it can be said."""
    name = tags.get("Name", "")
    return name if names.clean(name) else ""


def _interface(row: dict[str, Any]) -> Interface:
    return Interface(
        id=row["NetworkInterfaceId"],
        groups=tuple(group["GroupId"] for group in row.get("Groups", ())),
        subnet=row.get("SubnetId", ""),
        addresses=tuple(_addresses(row)),
        timeout=row.get("ConnectionTrackingConfiguration", {}).get("TcpEstablishedTimeout"),
    )


def _addresses(row: dict[str, Any]) -> Iterable[str]:
    yield from (one["PrivateIpAddress"] for one in row.get("PrivateIpAddresses", ()))
    yield from (one["Ipv6Address"] for one in row.get("Ipv6Addresses", ()))
