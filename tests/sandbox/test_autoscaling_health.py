"""Auto Scaling groups keep their size: what is ill, cut off or ended is replaced."""

from typing import Any

import pytest

from tests.sandbox.balance_world import Shop, refused, shop

__all__ = ["shop"]


def test_an_instance_in_service_that_is_cut_off_is_replaced_and_one_on_standby_is_not(
    shop: Shop,
) -> None:
    shop.stand_by("web-1")
    shop.idle()
    web = {name: shop.id(name) for name in ("web-1", "web-2")}
    wanted = [{"Name": "group-name", "Values": ["shop-none"]}]
    none = shop.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"][0]["GroupId"]
    for name in web:
        (eni,) = shop.groups(name)
        shop.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[none])
    assert shop.health()[web["web-2"], 443] == "unhealthy"
    shop.idle()
    assert shop.state("web-1") == "Standby"
    assert shop.states() == ["InService", "InService", "Standby"]
    assert web["web-2"] not in {row["InstanceId"] for row in shop.group()["Instances"]}
    found = shop.ec2.describe_instances(InstanceIds=list(web.values()))["Reservations"]
    rows = {each["InstanceId"]: each for row in found for each in row["Instances"]}
    assert rows[web["web-2"]]["State"]["Name"] == "terminated"
    assert rows[web["web-1"]]["State"]["Name"] == "running"


@pytest.mark.parametrize("how", ["stopped", "said to be"])
def test_what_is_unhealthy_is_replaced(shop: Shop, how: str) -> None:
    desk = shop.id("desk-1")
    if how == "stopped":
        shop.ec2.stop_instances(InstanceIds=[desk])
    else:
        shop.scaling.set_instance_health(InstanceId=desk, HealthStatus="Unhealthy")
    assert shop.states("shop-small") == ["Pending", "Terminating"]
    shop.idle()
    (row,) = shop.group("shop-small")["Instances"]
    assert (row["LifecycleState"], row["InstanceId"] != desk) == ("InService", True)
    health: Any = shop.scaling.set_instance_health
    refused("ValidationError", health, InstanceId=desk, HealthStatus="Healthy")
    refused("ValidationError", health, InstanceId=row["InstanceId"], HealthStatus="Fine")


def test_termination_of_a_member_is_made_good(shop: Shop) -> None:
    web = shop.id("web-3")
    shop.ec2.terminate_instances(InstanceIds=[web])
    assert shop.states() == ["InService", "InService", "Pending"]
    assert shop.health()[web, 443] == "draining"
    end: Any = shop.scaling.terminate_instance_in_auto_scaling_group
    text = refused(
        "ValidationError", end, InstanceId=shop.id("desk-1"), ShouldDecrementDesiredCapacity=True
    )
    assert text.startswith("Currently, desiredSize equals minSize (1). Terminating instance")


def test_a_group_with_instances_is_deleted_only_by_force(shop: Shop) -> None:
    delete: Any = shop.scaling.delete_auto_scaling_group
    refused("ResourceInUse", delete, AutoScalingGroupName="shop-small")
    delete(AutoScalingGroupName="shop-small", ForceDelete=True)
    assert (
        shop.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["shop-small"])[
            "AutoScalingGroups"
        ]
        == []
    )
