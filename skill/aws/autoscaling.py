"""Auto Scaling groups, as far as one of their instances is concerned."""

from dataclasses import dataclass

from skill.aws.client import Service
from skill.errors import Gone

STANDBY, IN_SERVICE = "Standby", "InService"


@dataclass(frozen=True)
class Membership:
    """An instance's place in its group."""

    group: str
    lifecycle: str


@dataclass(frozen=True)
class Sizes:
    """How many instances a group has at least, and how many it wants."""

    least: int
    desired: int


class AutoScaling(Service):
    name = "autoscaling"

    def membership(self, instance: str) -> Membership | None:
        """The group that an instance belongs to; None for most instances."""
        found = self.call("describe_auto_scaling_instances", InstanceIds=[instance])
        rows = found["AutoScalingInstances"]
        if not rows:
            return None
        return Membership(rows[0]["AutoScalingGroupName"], rows[0]["LifecycleState"])

    def sizes(self, group: str) -> Sizes:
        """Raises Gone."""
        found = self.call("describe_auto_scaling_groups", AutoScalingGroupNames=[group])
        if not found["AutoScalingGroups"]:
            raise Gone(operation="DescribeAutoScalingGroups", code="NoGroup")
        row = found["AutoScalingGroups"][0]
        return Sizes(row["MinSize"], row["DesiredCapacity"])

    def stand_by(self, group: str, instance: str) -> None:
        """Out of service; the group's desired capacity falls by one, so nothing replaces it."""
        self.call(
            "enter_standby",
            AutoScalingGroupName=group,
            InstanceIds=[instance],
            ShouldDecrementDesiredCapacity=True,
        )

    def stand_up(self, group: str, instance: str) -> None:
        """Back in service; the group's desired capacity rises by one."""
        self.call("exit_standby", AutoScalingGroupName=group, InstanceIds=[instance])

    def detach(self, group: str, instance: str) -> None:
        self.call(
            "detach_instances",
            AutoScalingGroupName=group,
            InstanceIds=[instance],
            ShouldDecrementDesiredCapacity=True,
        )

    def attach(self, group: str, instance: str) -> None:
        self.call("attach_instances", AutoScalingGroupName=group, InstanceIds=[instance])

    def set_least(self, group: str, least: int) -> None:
        self.call("update_auto_scaling_group", AutoScalingGroupName=group, MinSize=least)
