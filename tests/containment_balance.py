"""Target groups, classic load balancers and Auto Scaling groups round instances that exist."""

from tests.containment_view import aws
from tests.world import Json, Sandbox

PORT = 443


def target_group(box: Sandbox, place: Json, name: str, kind: str) -> str:
    """The ARN of a new target group, behind a balancer of its name."""
    elbv2 = aws(box, "elbv2")
    made = elbv2.create_target_group(
        Name=name, Protocol="TCP", Port=PORT, VpcId=place["vpc"], TargetType=kind
    )
    arn = str(made["TargetGroups"][0]["TargetGroupArn"])
    subnets = list(place["subnets"].values())[:1]
    balancer = elbv2.create_load_balancer(Name=name, Subnets=subnets, Type="network")
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="TCP",
        Port=PORT,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    return arn


def register(box: Sandbox, arn: str, target: str) -> None:
    aws(box, "elbv2").register_targets(TargetGroupArn=arn, Targets=[{"Id": target}])


def classic(box: Sandbox, place: Json, name: str, instance: str) -> None:
    """A new classic load balancer that sends to an instance."""
    elb = aws(box, "elb")
    listener = {"Protocol": "TCP", "LoadBalancerPort": PORT, "InstancePort": PORT}
    subnets = list(place["subnets"].values())[:1]
    elb.create_load_balancer(LoadBalancerName=name, Listeners=[listener], Subnets=subnets)
    elb.register_instances_with_load_balancer(
        LoadBalancerName=name, Instances=[{"InstanceId": instance}]
    )


def scaling_group(box: Sandbox, place: Json, name: str, instances: list[str]) -> str:
    """The name of a new Auto Scaling group that has these members."""
    data = {"ImageId": "ami-1e749f67", "InstanceType": "t3.medium"}
    ec2, scaling = aws(box, "ec2"), aws(box, "autoscaling")
    made = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]},
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=0,
        VPCZoneIdentifier=",".join(place["subnets"].values()),
    )
    scaling.attach_instances(AutoScalingGroupName=name, InstanceIds=instances)
    return name
