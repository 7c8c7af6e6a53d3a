"""Target groups, load balancers and Auto Scaling groups of a scenario, round its instances.

Each target group gets a load balancer of its own name, in all subnets of its VPC, that forwards its
port: targets of a group that no balancer uses would be neither healthy nor drained.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.elbv2.models import elbv2_backends

from sandbox.balance import groups
from sandbox.balance.targets import INITIAL
from sandbox.ext.autoscaling_base import MOST_IDS
from sandbox.runtime.calls import MOTO
from sandbox.scene.balancing_rules import PARTS, desired
from sandbox.scene.launch import Places

Document = dict[str, Any]
Client = Callable[[str], Any]


@dataclass(frozen=True)
class Making:
    """What a scenario's parts are made with: `nodes` has the instances' ids by name."""

    client: Client
    document: Document
    places: Places
    nodes: dict[str, str]

    def instance(self, name: str) -> Document:
        """An instance as EC2 describes it."""
        found = self.client("ec2").describe_instances(InstanceIds=[self.nodes[name]])
        row: Document = found["Reservations"][0]["Instances"][0]
        return row

    def subnets(self, names: Any) -> list[str]:
        """The ids of subnets."""
        return [self.places.subnets[name] for name in names]


def load(client: Client, document: Document, places: Places, nodes: dict[str, str]) -> None:
    """Make what the document has of the three; every instance is in service when this returns."""
    if not any(document.get(part) for part in PARTS):
        return
    making = Making(client, document, places, nodes)
    arns = {
        name: _make_target_group(making, name, spec)
        for name, spec in document.get("target_groups", {}).items()
    }
    for name, spec in document.get("classic_load_balancers", {}).items():
        _make_classic(making, name, spec)
    for name, spec in document.get("auto_scaling_groups", {}).items():
        _make_group(making, name, spec, [arns[each] for each in spec.get("target_groups", [])])
    with MOTO:
        _settle(places)


def _make_target_group(making: Making, name: str, spec: Document) -> str:
    elbv2, kind = making.client("elbv2"), spec.get("type", "instance")
    arn: str = elbv2.create_target_group(
        Name=name,
        Protocol=spec.get("protocol", "HTTP"),
        Port=spec["port"],
        VpcId=making.places.vpcs[spec["vpc"]],
        TargetType=kind,
    )["TargetGroups"][0]["TargetGroupArn"]
    _forward(making, name, spec, arn)
    if targets := [_target(making, kind, each) for each in spec.get("targets", [])]:
        elbv2.register_targets(TargetGroupArn=arn, Targets=targets)
    return arn


def _forward(making: Making, name: str, spec: Document, arn: str) -> None:
    """A load balancer that sends to a target group."""
    elbv2, protocol = making.client("elbv2"), spec.get("protocol", "HTTP")
    web = protocol in ("HTTP", "HTTPS")
    balancer = elbv2.create_load_balancer(
        Name=name,
        Subnets=making.subnets(making.document["vpcs"][spec["vpc"]]["subnets"]),
        Type="application" if web else "network",
    )["LoadBalancers"][0]["LoadBalancerArn"]
    elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP" if web else protocol,
        Port=spec["port"],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )


def _target(making: Making, kind: str, row: Any) -> Document:
    """A target by the name of its instance; of type ip, the address of its first interface."""
    spec = {"instance": row} if isinstance(row, str) else row
    name = spec["instance"]
    ip = kind == "ip"
    target = {"Id": making.instance(name)["PrivateIpAddress"] if ip else making.nodes[name]}
    return target | ({"Port": spec["port"]} if "port" in spec else {})


def _make_classic(making: Making, name: str, spec: Document) -> None:
    elb, port = making.client("elb"), spec.get("port", 80)
    elb.create_load_balancer(
        LoadBalancerName=name,
        Listeners=[{"Protocol": "TCP", "LoadBalancerPort": port, "InstancePort": port}],
        Subnets=making.subnets(spec["subnets"]),
    )
    if ids := [{"InstanceId": making.nodes[each]} for each in spec.get("instances", [])]:
        elb.register_instances_with_load_balancer(LoadBalancerName=name, Instances=ids)


def _make_group(making: Making, name: str, spec: Document, arns: list[str]) -> None:
    """An empty group first, since its instances are there already and are attached."""
    scaling = making.client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": _make_template(making, name, spec)},
        MinSize=0,
        MaxSize=spec["max"],
        DesiredCapacity=0,
        VPCZoneIdentifier=",".join(making.subnets(spec["subnets"])),
        TargetGroupARNs=arns,
        LoadBalancerNames=spec.get("classic_load_balancers", []),
        HealthCheckType=spec.get("health_check", "EC2"),
        Tags=[{"Key": key, "Value": value} for key, value in spec.get("tags", {}).items()],
    )
    for ids in _batches([making.nodes[each] for each in spec["instances"]]):
        scaling.attach_instances(AutoScalingGroupName=name, InstanceIds=ids)
    scaling.update_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=spec["min"], DesiredCapacity=desired(spec)
    )


def _make_template(making: Making, name: str, spec: Document) -> str:
    """What the group launches: more instances like its first one."""
    model = making.instance(spec["instances"][0])
    data = {
        "ImageId": model["ImageId"],
        "InstanceType": model["InstanceType"],
        "SecurityGroupIds": [each["GroupId"] for each in model["SecurityGroups"]],
    }
    if profile := model.get("IamInstanceProfile"):
        data["IamInstanceProfile"] = {"Arn": profile["Arn"]}
    made = making.client("ec2").create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData=data
    )
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def _batches(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), MOST_IDS):
        yield ids[start : start + MOST_IDS]


def _settle(places: Places) -> None:
    groups.finish(places.account, places.region)
    for group in elbv2_backends[places.account][places.region].target_groups.values():
        for target in group.targets.values():
            target["since"] -= INITIAL
