"""EC2 refuses what the real service refuses, with the same codes, and shows one truth."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto.ec2.models import ec2_backends

from sandbox.ext.ec2_interfaces import mark_interface
from sandbox.network.reach import acl_allows, admits, can_reach_out
from tests.sandbox.ec2_world import ACCOUNT, REGION, World, open_world, refused

UNKNOWN_GROUP = "sg-0123456789abcdef0"


@pytest.fixture
def world() -> Iterator[World]:
    with open_world() as made:
        yield made


def set_groups(world: World, eni: str, groups: list[str]) -> None:
    world.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=groups)


def ids(groups: list[dict[str, str]]) -> list[str]:
    return [group["GroupId"] for group in groups]


def test_groups_are_one_truth_in_the_order_given(world: World) -> None:
    one, two, three = (world.group(name) for name in ("one", "two", "three"))
    [instance] = world.launch(SecurityGroupIds=[one])
    eni = world.eni_of(instance)
    for wanted in ([three, one, two], [two], [two], [two, three]):
        set_groups(world, eni, wanted)
        assert ids(world.interface(eni)["Groups"]) == wanted
        assert ids(world.instance(instance)["SecurityGroups"]) == wanted
        assert ids(world.instance(instance)["NetworkInterfaces"][0]["Groups"]) == wanted
    world.ec2.modify_instance_attribute(InstanceId=instance, Groups=[one])
    assert ids(world.interface(eni)["Groups"]) == [one]


def test_groups_of_an_interface(world: World) -> None:
    [instance] = world.launch()
    eni, modify = world.eni_of(instance), world.ec2.modify_network_interface_attribute
    before = world.interface(eni)["Groups"]
    refused("InvalidGroup.NotFound", modify, NetworkInterfaceId=eni, Groups=[UNKNOWN_GROUP])
    refused("InvalidGroupId.Malformed", modify, NetworkInterfaceId=eni, Groups=["sg-nothex"])
    refused("InvalidParameterCombination", modify, NetworkInterfaceId=eni)
    refused("InvalidParameterCombination", modify, NetworkInterfaceId=eni, Groups=[])
    refused(
        "InvalidNetworkInterfaceID.NotFound",
        modify,
        NetworkInterfaceId="eni-01234567",
        Groups=["a"],
    )
    refused("InvalidNetworkInterfaceId.Malformed", modify, NetworkInterfaceId="eni-x", Groups=["a"])
    other = world.ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    foreign = world.group("foreign", other)
    text = refused("InvalidGroup.NotFound", modify, NetworkInterfaceId=eni, Groups=[foreign])
    assert "different networks" in text
    six = [world.group(f"g{number}") for number in range(6)]
    refused("SecurityGroupsPerInterfaceLimitExceeded", modify, NetworkInterfaceId=eni, Groups=six)
    assert world.interface(eni)["Groups"] == before
    set_groups(world, eni, six[:5])
    refused("DryRunOperation", modify, NetworkInterfaceId=eni, Groups=six[:1], DryRun=True)
    assert ids(world.interface(eni)["Groups"]) == six[:5]


def test_two_interfaces_refuse_the_instance_call(world: World) -> None:
    one, two = world.group("one"), world.group("two")
    nics = [
        {"DeviceIndex": index, "SubnetId": world.subnet, "Groups": [group]}
        for index, group in enumerate((one, two))
    ]
    [instance] = world.launch(NetworkInterfaces=nics)
    text = refused(
        "InvalidInstanceID", world.ec2.modify_instance_attribute, InstanceId=instance, Groups=[one]
    )
    assert text.startswith("There are multiple interfaces attached to instance")
    shown = world.instance(instance)
    assert [ids(nic["Groups"]) for nic in shown["NetworkInterfaces"]] == [[one], [two]]
    assert ids(shown["SecurityGroups"]) == [one]


def test_launch_is_strict(world: World) -> None:
    run = world.ec2.run_instances
    common: dict[str, Any] = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    other = world.ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    foreign, own = world.group("foreign", other), world.group("own")
    here = common | {"SubnetId": world.subnet}
    refused("InvalidGroup.NotFound", run, **here, SecurityGroupIds=[UNKNOWN_GROUP])
    refused("InvalidParameter", run, **here, SecurityGroupIds=[foreign])
    nic = {"DeviceIndex": 0, "SubnetId": world.subnet, "Groups": [UNKNOWN_GROUP]}
    refused("InvalidGroup.NotFound", run, **common, NetworkInterfaces=[nic])
    mixed = {"DeviceIndex": 0, "SubnetId": world.subnet}
    refused(
        "InvalidParameterCombination",
        run,
        **common,
        NetworkInterfaces=[mixed],
        SecurityGroupIds=[own],
    )
    refused("InvalidParameterValue", run, ImageId="ami-12c6146b", MinCount=3, MaxCount=2)
    assert len(run(**here | {"MaxCount": 3})["Instances"]) == 3


def test_every_launched_instance_gets_the_profile(world: World) -> None:
    from tests.sandbox.ec2_world import client

    client("iam").create_instance_profile(InstanceProfileName="web")
    for instance in world.launch(count=3, IamInstanceProfile={"Name": "web"}):
        arn = world.instance(instance)["IamInstanceProfile"]["Arn"]
        assert arn.endswith(":instance-profile/web")
    found = world.ec2.describe_instances(
        Filters=[{"Name": "iam-instance-profile.arn", "Values": ["*/web"]}]
    )
    assert len(found["Reservations"][0]["Instances"]) == 3


def test_group_of_a_terminated_instance_can_go(world: World) -> None:
    group = world.group("batch")
    [instance] = world.launch(SecurityGroupIds=[group])
    world.ec2.terminate_instances(InstanceIds=[instance])
    world.ec2.delete_security_group(GroupId=group)
    gone = world.instance(instance)
    assert gone["State"]["Name"] == "terminated"
    assert gone["NetworkInterfaces"] == [] and gone["SecurityGroups"] == []
    assert "VpcId" not in gone and "PrivateIpAddress" not in gone
    refused("IncorrectInstanceState", world.ec2.start_instances, InstanceIds=[instance])
    refused("IncorrectInstanceState", world.ec2.stop_instances, InstanceIds=[instance])


def default_acl(world: World) -> str:
    filters = [{"Name": "association.subnet-id", "Values": [world.subnet, "subnet-other"]}]
    return str(world.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["NetworkAclId"])


def entry(world: World, number: int, cidr: str = "198.51.100.7/32", **more: Any) -> dict[str, Any]:
    return {
        "NetworkAclId": default_acl(world),
        "RuleNumber": number,
        "Protocol": "-1",
        "RuleAction": "deny",
        "Egress": False,
        "CidrBlock": cidr,
    } | more


def test_network_acl_entries(world: World) -> None:
    create, delete = world.ec2.create_network_acl_entry, world.ec2.delete_network_acl_entry
    create(**entry(world, 1))
    refused("NetworkAclEntryAlreadyExists", create, **entry(world, 1))
    for number in (0, 32767):
        refused("InvalidParameterValue", create, **entry(world, number))
    for cidr in ("198.51.100.7", "300.1.1.1/32", "::/0", "x"):
        refused("InvalidParameterValue", create, **entry(world, 2, cidr))
    refused("DryRunOperation", create, **entry(world, 2), DryRun=True)
    unknown = {"NetworkAclId": "acl-01234567", "RuleNumber": 1, "Egress": False}
    refused("InvalidNetworkAclID.NotFound", delete, **unknown)
    for number in range(2, 19):
        create(**entry(world, number))
    refused("NetworkAclEntryLimitExceeded", create, **entry(world, 40))
    delete(NetworkAclId=default_acl(world), RuleNumber=1, Egress=False)
    refused(
        "InvalidNetworkAclEntry.NotFound",
        delete,
        NetworkAclId=default_acl(world),
        RuleNumber=1,
        Egress=False,
    )


def test_network_acl_decides_before_groups(world: World) -> None:
    group = world.group("open")
    everybody = [{"CidrIp": "0.0.0.0/0"}]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": everybody}
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh])
    [instance] = world.launch(SecurityGroupIds=[group])
    eni = ec2_backends[ACCOUNT][REGION].enis[world.eni_of(instance)]
    assert admits(eni, False, "6", 22, "198.51.100.7")
    assert not admits(eni, False, "6", 23, "198.51.100.7")
    world.ec2.create_network_acl_entry(**entry(world, 1))
    assert not admits(eni, False, "6", 22, "198.51.100.7")
    assert acl_allows(eni, False, "6", 22, "198.51.100.8")


def test_reaching_out_needs_a_running_instance_and_an_egress_rule(world: World) -> None:
    [instance] = world.launch()
    assert can_reach_out(ACCOUNT, REGION, instance)
    closed = world.group("closed")
    world.ec2.revoke_security_group_egress(
        GroupId=closed, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    set_groups(world, world.eni_of(instance), [closed])
    assert not can_reach_out(ACCOUNT, REGION, instance)
    set_groups(world, world.eni_of(instance), [closed, world.group("other")])
    assert can_reach_out(ACCOUNT, REGION, instance)
    world.ec2.stop_instances(InstanceIds=[instance])
    assert not can_reach_out(ACCOUNT, REGION, instance)
    assert not can_reach_out(ACCOUNT, REGION, "i-0123456789abcdef0")


def test_connection_tracking_is_kept_on_nitro_only(world: World) -> None:
    [nitro] = world.launch()
    [old] = world.launch(InstanceType="t2.micro")
    modify = world.ec2.modify_network_interface_attribute
    wanted = {"TcpEstablishedTimeout": 60}
    modify(NetworkInterfaceId=world.eni_of(nitro), ConnectionTrackingSpecification=wanted)
    shown = world.interface(world.eni_of(nitro))
    assert shown["ConnectionTrackingConfiguration"] == wanted
    seen = world.instance(nitro)["NetworkInterfaces"][0]["ConnectionTrackingConfiguration"]
    assert seen == wanted
    for instance, seconds in ((old, 60), (nitro, 59), (nitro, 432001)):
        refused(
            "InvalidParameterValue",
            modify,
            NetworkInterfaceId=world.eni_of(instance),
            ConnectionTrackingSpecification={"TcpEstablishedTimeout": seconds},
        )


@pytest.mark.parametrize(
    ("kind", "code"),
    [("requester-managed", "AuthFailure"), ("trunk", "OperationNotPermitted")],
)
def test_interfaces_of_others_refuse(world: World, kind: str, code: str) -> None:
    [instance] = world.launch()
    eni = world.eni_of(instance)
    mark_interface(ACCOUNT, REGION, eni, kind)
    refused(
        code,
        world.ec2.modify_network_interface_attribute,
        NetworkInterfaceId=eni,
        Groups=[world.group("one")],
    )
    assert world.interface(eni)["RequesterManaged"] is (kind == "requester-managed")
