"""A box with a shop behind balancers: three instances in a scaling group, others beside it."""

import atexit
import json
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.world import Sandbox

SCENARIO = Path(__file__).parents[1] / "scenarios" / "shop.json"
GROUP = "shop-web"
Json = dict[str, Any]


class Shop(Sandbox):
    """What the tests of groups and balancers ask again and again."""

    @cached_property
    def scaling(self) -> Any:
        return self.aws("autoscaling")

    @cached_property
    def elbv2(self) -> Any:
        return self.aws("elbv2")

    @cached_property
    def elb(self) -> Any:
        return self.aws("elb")

    def id(self, name: str) -> str:
        return str(self.instance(name)["InstanceId"])

    def group(self, name: str = GROUP) -> Json:
        found = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return dict(found["AutoScalingGroups"][0])

    def sizes(self, name: str = GROUP) -> tuple[int, int, int]:
        group = self.group(name)
        return group["MinSize"], group["MaxSize"], group["DesiredCapacity"]

    def state(self, name: str) -> str | None:
        """The lifecycle state of an instance; None if it is in no group."""
        found = self.scaling.describe_auto_scaling_instances(InstanceIds=[self.id(name)])
        return next((str(row["LifecycleState"]) for row in found["AutoScalingInstances"]), None)

    def states(self, name: str = GROUP) -> list[str]:
        return sorted(row["LifecycleState"] for row in self.group(name)["Instances"])

    def arn(self, name: str = GROUP) -> str:
        return str(
            self.elbv2.describe_target_groups(Names=[name])["TargetGroups"][0]["TargetGroupArn"]
        )

    def health(self, name: str = GROUP, **more: Any) -> dict[tuple[str, int], str]:
        """The state of each target of a group by id and port."""
        rows = self.elbv2.describe_target_health(TargetGroupArn=self.arn(name), **more)
        return {
            (row["Target"]["Id"], row["Target"]["Port"]): row["TargetHealth"]["State"]
            for row in rows["TargetHealthDescriptions"]
        }

    def stand_by(self, *names: str, decrement: bool = True) -> list[Json]:
        made: list[Json] = self.scaling.enter_standby(
            AutoScalingGroupName=GROUP,
            InstanceIds=[self.id(name) for name in names],
            ShouldDecrementDesiredCapacity=decrement,
        )["Activities"]
        return made

    def stand_up(self, *names: str) -> list[Json]:
        made: list[Json] = self.scaling.exit_standby(
            AutoScalingGroupName=GROUP, InstanceIds=[self.id(name) for name in names]
        )["Activities"]
        return made

    def user(self, name: str, *statements: Json) -> str:
        """The access key of a new user with these statements."""
        iam, policy = self.aws("iam"), {"Version": "2012-10-17", "Statement": list(statements)}
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=json.dumps(policy))
        return str(iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"])


@cache
def standing() -> Shop:
    """One box for all modules of tests; it ends with the process."""
    made = Shop(("--scenario", str(SCENARIO)))
    made.start()
    atexit.register(made.stop)
    return made


@pytest.fixture
def shop() -> Shop:
    """The scenario as loaded."""
    made = standing()
    made.reset()
    return made


def refused(code: str, call: Callable[..., Any], *args: Any, **parameters: Any) -> str:
    """Assert the error code of a call; gives the message."""
    with pytest.raises(ClientError) as caught:
        call(*args, **parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])


def deny(action: str, resource: str, **condition: Any) -> Json:
    row: Json = {"Effect": "Deny", "Action": action, "Resource": resource}
    return row | ({"Condition": condition} if condition else {})
