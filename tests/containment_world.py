"""Instances with everything that a containment may touch, made through AWS's own calls.

    one = build(box, Spec("press-1", interfaces=(Nic((1, 3), eips=2), Nic((2,))), scaling="tight"))
    before = described(box, one)
    contain(box, instance_arn(box, one))
    release(box, instance_arn(box, one))
    assert described(box, one) == released(before)

The box is one of `tests/scenarios/containment.json`, with caps that let many be contained. Releases
have a cap of 20 an hour that no parameter raises: `box.reset()` begins anew.
"""

from dataclasses import dataclass

from tests.containment_balance import classic, register, scaling_group, target_group
from tests.containment_view import aws, described, groups, interfaces, released, where
from tests.world import Json, Sandbox

__all__ = ["described", "groups", "released"]

SCENARIO = "tests/scenarios/containment.json"
CAPS = ("--set", "InstanceCapPerHour=1000", "--set", "LockCapPerHour=1000")
RELEASES = 20
# The range that the box of the whole containments lets in for the examiner.
EXAMINER = "10.99.0.0/16"
ROLE = "app"


@dataclass(frozen=True)
class Nic:
    """An interface: its groups by number (`yard-1` to `yard-5`, in this order), how many Elastic
    IPs (the second and later ones on secondary addresses) and IPv6 addresses it has, and the
    tracking timeout in seconds that somebody set.
    """

    groups: tuple[int, ...] = (1,)
    eips: int = 0
    ipv6: int = 0
    timeout: int | None = None


@dataclass(frozen=True)
class Spec:
    """An instance. `scaling` is "" for none, or what its Auto Scaling group is like: "tight" (the
    smallest size is the desired one), "room" (it is 0), "standby" (it is on standby already).
    `targets` counts target groups that have it by id, `by_address` those that have its first
    address, `classic` classic load balancers. `volumes` are further ones, True if it goes with the
    instance.
    """

    name: str
    interfaces: tuple[Nic, ...] = (Nic(),)
    role: bool = True
    status: str = ""
    termination: bool = False
    stop: bool = False
    shutdown: str = "stop"
    volumes: tuple[bool, ...] = ()
    metadata: str = "enabled"
    scaling: str = ""
    targets: int = 0
    by_address: int = 0
    classic: int = 0


WHOLE = Spec(
    "whole",
    interfaces=(Nic((1, 3, 2), eips=2, ipv6=1), Nic((2,), eips=1, timeout=600)),
    shutdown="terminate",
    volumes=(True, False),
    scaling="tight",
    targets=2,
    by_address=1,
    classic=1,
)


def containment_box(*options: str) -> Sandbox:
    """A started box; whoever starts it stops it."""
    return Sandbox(("--scenario", SCENARIO, *CAPS, *options)).start()


def yard(box: Sandbox) -> Json:
    """Ids of the scenario's network: "vpc", "subnets" (by IPv6 or not), "groups" by number."""
    ec2 = aws(box, "ec2")
    rows = ec2.describe_security_groups()["SecurityGroups"]
    groups = {row["GroupName"]: row for row in rows if row["GroupName"].startswith("yard-")}
    vpc = groups["yard-1"]["VpcId"]
    subnets = ec2.describe_subnets(Filters=where(vpc_id=vpc))["Subnets"]
    return {
        "vpc": vpc,
        "subnets": {bool(row["Ipv6CidrBlockAssociationSet"]): row["SubnetId"] for row in subnets},
        "groups": {int(name[5:]): row["GroupId"] for name, row in groups.items()},
    }


def build(box: Sandbox, spec: Spec) -> str:
    """The id of an instance that is just that. Names must not repeat in a box."""
    place = yard(box)
    instance = _launch(box, place, spec)
    _protect(box, instance, spec)
    first, *others = spec.interfaces
    primary = interfaces(box, instance)[0]["NetworkInterfaceId"]
    _equip(box, primary, first)
    for index, nic in enumerate(others, 1):
        attach(box, instance, nic, index, place)
    _register(box, place, instance, spec)
    if spec.scaling:
        _scale(box, place, instance, spec)
    box.idle()
    return instance


def _launch(box: Sandbox, place: Json, spec: Spec) -> str:
    tags = {"Name": spec.name, "Role": "press", "TobanStatus": spec.status}
    rows = [{"Key": key, "Value": value} for key, value in tags.items() if value]
    disks = [
        {"DeviceName": f"/dev/sd{letter}", "Ebs": {"VolumeSize": 8, "DeleteOnTermination": goes}}
        for letter, goes in zip("fghij", spec.volumes, strict=False)
    ]
    profile = {"IamInstanceProfile": {"Name": ROLE}} if spec.role else {}
    made = aws(box, "ec2").run_instances(
        ImageId="ami-1e749f67",
        InstanceType="t3.medium",
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[_asked(place, spec.interfaces[0]) | {"DeviceIndex": 0}],
        BlockDeviceMappings=disks,
        DisableApiTermination=spec.termination,
        InstanceInitiatedShutdownBehavior=spec.shutdown,
        TagSpecifications=[{"ResourceType": "instance", "Tags": rows}],
        **profile,
    )
    return str(made["Instances"][0]["InstanceId"])


def _asked(place: Json, nic: Nic) -> Json:
    groups = [place["groups"][number] for number in nic.groups]
    return {"SubnetId": place["subnets"][nic.ipv6 > 0], "Groups": groups}


def _protect(box: Sandbox, instance: str, spec: Spec) -> None:
    ec2 = aws(box, "ec2")
    if spec.stop:
        ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": True})
    if spec.metadata != "enabled":
        ec2.modify_instance_metadata_options(InstanceId=instance, HttpEndpoint=spec.metadata)


def attach(box: Sandbox, instance: str, nic: Nic, index: int, place: Json | None = None) -> str:
    """The id of a further interface."""
    ec2 = aws(box, "ec2")
    made = ec2.create_network_interface(**_asked(place or yard(box), nic))["NetworkInterface"]
    interface = str(made["NetworkInterfaceId"])
    ec2.attach_network_interface(
        DeviceIndex=index, InstanceId=instance, NetworkInterfaceId=interface
    )
    _equip(box, interface, nic)
    return interface


def _equip(box: Sandbox, interface: str, nic: Nic) -> None:
    """Addresses and the timeout."""
    ec2, named = aws(box, "ec2"), {"NetworkInterfaceId": interface}
    if nic.ipv6:
        ec2.assign_ipv6_addresses(**named, Ipv6AddressCount=nic.ipv6)
    if nic.timeout:
        wanted = {"TcpEstablishedTimeout": nic.timeout}
        ec2.modify_network_interface_attribute(**named, ConnectionTrackingSpecification=wanted)
    privates = [""] * min(nic.eips, 1)
    if nic.eips > 1:
        more = ec2.assign_private_ip_addresses(**named, SecondaryPrivateIpAddressCount=nic.eips - 1)
        privates += [row["PrivateIpAddress"] for row in more["AssignedPrivateIpAddresses"]]
    for private in privates:
        give_address(box, interface, private)


def give_address(box: Sandbox, interface: str, private: str = "") -> str:
    """The allocation id of a new Elastic IP on an interface."""
    allocation = str(aws(box, "ec2").allocate_address(Domain="vpc")["AllocationId"])
    place = {"PrivateIpAddress": private} if private else {}
    aws(box, "ec2").associate_address(
        AllocationId=allocation, NetworkInterfaceId=interface, **place
    )
    return allocation


def _register(box: Sandbox, place: Json, instance: str, spec: Spec) -> None:
    for number in range(spec.targets):
        arn = target_group(box, place, f"{spec.name}-{number}", "instance")
        register(box, arn, instance)
    for number in range(spec.by_address):
        arn = target_group(box, place, f"{spec.name}-ip-{number}", "ip")
        register(box, arn, interfaces(box, instance)[0]["PrivateIpAddress"])
    for number in range(spec.classic):
        classic(box, place, f"{spec.name}-old-{number}", instance)


def _scale(box: Sandbox, place: Json, instance: str, spec: Spec) -> None:
    group = scaling_group(box, place, spec.name, [instance])
    least = 1 if spec.scaling == "tight" else 0
    aws(box, "autoscaling").update_auto_scaling_group(AutoScalingGroupName=group, MinSize=least)
    if spec.scaling == "standby":
        box.idle()
        aws(box, "autoscaling").enter_standby(
            AutoScalingGroupName=group,
            InstanceIds=[instance],
            ShouldDecrementDesiredCapacity=True,
        )


def instance_arn(box: Sandbox, instance: str) -> str:
    return f"arn:aws:ec2:{box.ready['region']}:{box.ready['account']}:instance/{instance}"


def send(box: Sandbox, arn: str, action: str = "lock") -> None:
    """A message to the lockdown topic; what comes of it goes on by itself."""
    given = {"Arn": arn, "ExternalId": box.ready["external_id"], "Action": action}
    aws(box, "sns").publish(
        TopicArn=box.ready["lockdown_topic"],
        Message="lockdown",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in given.items()
        },
    )


def contain(box: Sandbox, *arns: str) -> list[Json]:
    """All of them at once; the runs' records, in the order of the ARNs."""
    return _each(box, "lock", arns)


def release(box: Sandbox, *arns: str) -> list[Json]:
    return _each(box, "release", arns)


def _each(box: Sandbox, action: str, arns: tuple[str, ...]) -> list[Json]:
    known = {run["id"] for run in box.runs()}
    for arn in arns:
        send(box, arn, action)
    box.idle()
    fresh = [run for run in box.runs() if run["id"] not in known]
    found = {next(iter(run["params"].values())): run for run in fresh}
    assert set(arns) <= set(found), box.messages()[-len(arns) :]
    return [found[arn] for arn in arns]
