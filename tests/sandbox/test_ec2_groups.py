"""Security groups: names, rules and quotas are those of the service."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.ec2_world import World, open_world, refused

UNKNOWN_GROUP = "sg-0123456789abcdef0"


@pytest.fixture
def world() -> Iterator[World]:
    with open_world() as made:
        yield made


def test_security_group_names_and_use(world: World) -> None:
    group = world.group("batch")
    create, delete = world.ec2.create_security_group, world.ec2.delete_security_group
    refused("InvalidGroup.Duplicate", create, GroupName="batch", Description="x", VpcId=world.vpc)
    refused("InvalidParameterValue", create, GroupName="sg-x", Description="x", VpcId=world.vpc)
    refused("InvalidParameterValue", create, GroupName="default", Description="x", VpcId=world.vpc)
    refused("InvalidVpcID.NotFound", create, GroupName="x", Description="x", VpcId="vpc-01234567")
    refused("DryRunOperation", create, GroupName="x", Description="x", VpcId=world.vpc, DryRun=True)
    [instance] = world.launch(SecurityGroupIds=[group])
    refused("DependencyViolation", delete, GroupId=group)
    other = [world.group("other")]
    eni = world.eni_of(instance)
    world.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=other)
    delete(GroupId=group)
    refused("InvalidGroup.NotFound", delete, GroupId=group)
    default = world.ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [world.vpc]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"][0]["GroupId"]
    refused("CannotDelete", delete, GroupId=default)


def permission(port: int, **more: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port} | more


def v4(port: int, cidr: str = "203.0.113.0/24") -> dict[str, Any]:
    return permission(port, IpRanges=[{"CidrIp": cidr}])


def test_rules_are_all_or_nothing(world: World) -> None:
    group = world.group("web")
    authorize = world.ec2.authorize_security_group_ingress
    revoke = world.ec2.revoke_security_group_ingress
    made = authorize(GroupId=group, IpPermissions=[v4(443), v4(80, "203.0.113.77/24")])
    assert [rule["FromPort"] for rule in made["SecurityGroupRules"]] == [443, 80]
    assert made["SecurityGroupRules"][1]["CidrIpv4"] == "203.0.113.0/24"
    refused(
        "InvalidPermission.Duplicate", authorize, GroupId=group, IpPermissions=[v4(22), v4(443)]
    )
    refused("InvalidParameterValue", authorize, GroupId=group, IpPermissions=[v4(22), v4(22)])
    refused("InvalidParameterValue", authorize, GroupId=group, IpPermissions=[v4(22, "10.0.0/8")])
    refused("InvalidParameterValue", authorize, GroupId=group, IpPermissions=[v4(70000)])
    refused("InvalidPermission.NotFound", revoke, GroupId=group, IpPermissions=[v4(443), v4(22)])
    pairs = permission(22, UserIdGroupPairs=[{"GroupId": UNKNOWN_GROUP}])
    refused("InvalidGroup.NotFound", authorize, GroupId=group, IpPermissions=[pairs])
    ports = {r["FromPort"] for r in rules(world, group) if not r["IsEgress"]}
    assert ports == {443, 80}
    revoke(
        GroupId=group, SecurityGroupRuleIds=[made["SecurityGroupRules"][0]["SecurityGroupRuleId"]]
    )
    revoke(GroupId=group, IpPermissions=[v4(80)])
    assert all(rule["IsEgress"] for rule in rules(world, group))


def rules(world: World, group: str) -> list[dict[str, Any]]:
    filters = [{"Name": "group-id", "Values": [group]}]
    found: list[dict[str, Any]] = world.ec2.describe_security_group_rules(Filters=filters)[
        "SecurityGroupRules"
    ]
    return found


def test_sixty_rules_per_direction_and_family(world: World) -> None:
    group = world.group("web")
    authorize = world.ec2.authorize_security_group_ingress
    authorize(GroupId=group, IpPermissions=[v4(port) for port in range(1, 61)])
    refused("RulesPerSecurityGroupLimitExceeded", authorize, GroupId=group, IpPermissions=[v4(100)])
    authorize(GroupId=group, IpPermissions=[permission(100, Ipv6Ranges=[{"CidrIpv6": "::/0"}])])


def test_a_rule_on_another_group_holds_it(world: World) -> None:
    one, two = world.group("one"), world.group("two")
    pairs = permission(22, UserIdGroupPairs=[{"GroupId": two}])
    world.ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[pairs])
    refused("DependencyViolation", world.ec2.delete_security_group, GroupId=two)


def test_ipv6_vpc_opens_both_families(world: World) -> None:
    vpc = world.ec2.create_vpc(CidrBlock="10.8.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"][
        "VpcId"
    ]
    egress = [r for r in rules(world, world.group("six", vpc)) if r["IsEgress"]]
    assert {r.get("CidrIpv4") or r.get("CidrIpv6") for r in egress} == {"0.0.0.0/0", "::/0"}
    acl = world.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[
        "NetworkAcls"
    ][0]
    assert {entry["RuleNumber"] for entry in acl["Entries"]} == {100, 101, 32767, 32768}
