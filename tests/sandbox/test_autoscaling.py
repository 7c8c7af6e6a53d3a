"""Auto Scaling groups: standby and back in time, sizes that are kept, members that are replaced."""

from typing import Any

from tests.sandbox.balance_world import GROUP, Shop, deny, refused, shop

__all__ = ["shop"]


def tags(shop: Shop, name: str) -> dict[str, str]:
    return dict(shop.instance(name)["Tags"])


def test_the_scenario_puts_its_own_instances_into_groups(shop: Shop) -> None:
    group = shop.group()
    assert {row["InstanceId"] for row in group["Instances"]} == {
        shop.id(name) for name in ("web-1", "web-2", "web-3")
    }
    assert shop.states() == ["InService"] * 3
    assert {row["HealthStatus"] for row in group["Instances"]} == {"Healthy"}
    assert shop.sizes() == (1, 4, 3)
    assert shop.sizes("shop-small") == (1, 1, 1)
    assert group["TargetGroupARNs"] == [shop.arn()]
    assert tags(shop, "web-1")["aws:autoscaling:groupName"] == GROUP
    assert "aws:autoscaling:groupName" not in tags(shop, "spare-1")


def test_the_instances_of_groups_come_in_pages(shop: Shop) -> None:
    pages = shop.scaling.get_paginator("describe_auto_scaling_instances").paginate(
        PaginationConfig={"PageSize": 3}
    )
    rows = [page["AutoScalingInstances"] for page in pages]
    assert [len(each) for each in rows] == [3, 1]
    row = rows[1][0]
    assert (row["AutoScalingGroupName"], row["InstanceId"]) == ("shop-small", shop.id("desk-1"))
    assert (row["HealthStatus"], row["AvailabilityZone"]) == ("HEALTHY", "us-east-1a")
    assert row["LaunchTemplate"]["LaunchTemplateName"] == "shop-small"
    none = shop.scaling.describe_auto_scaling_instances(InstanceIds=[shop.id("spare-1"), "i-0"])
    assert none["AutoScalingInstances"] == []
    describe = shop.scaling.describe_auto_scaling_instances
    refused("InvalidNextToken", describe, NextToken="bad")
    refused("ValidationError", describe, MaxRecords=51)
    refused("ValidationError", describe, InstanceIds=[f"i-{each}" for each in range(51)])


def test_groups_come_in_pages_and_by_filter(shop: Shop) -> None:
    describe = shop.scaling.describe_auto_scaling_groups
    first = describe(MaxRecords=1)
    second = describe(MaxRecords=1, NextToken=first["NextToken"])
    names = [
        row["AutoScalingGroupName"] for page in (first, second) for row in page["AutoScalingGroups"]
    ]
    assert sorted(names) == ["shop-small", "shop-web"]
    assert "NextToken" not in second
    found = describe(Filters=[{"Name": "tag:Team", "Values": ["shop"]}])["AutoScalingGroups"]
    assert [row["AutoScalingGroupName"] for row in found] == [GROUP]
    assert describe(AutoScalingGroupNames=["nobody"])["AutoScalingGroups"] == []


def test_standby_takes_its_time_and_leaves_the_balancer(shop: Shop) -> None:
    (activity,) = shop.stand_by("web-1")
    assert activity["StatusCode"] == "InProgress"
    assert "shrinking the capacity from 3 to 2" in activity["Cause"]
    assert (shop.state("web-1"), shop.sizes()) == ("EnteringStandby", (1, 4, 2))
    assert shop.health()[shop.id("web-1"), 443] == "draining"
    refused("ValidationError", shop.stand_up, "web-1")
    shop.idle()
    assert (shop.state("web-1"), shop.states()) == (
        "Standby",
        ["InService", "InService", "Standby"],
    )
    assert (shop.id("web-1"), 443) not in shop.health()
    done = shop.scaling.describe_scaling_activities(ActivityIds=[activity["ActivityId"]])
    assert done["Activities"][0]["StatusCode"] == "Successful"
    assert tags(shop, "web-1")["aws:autoscaling:groupName"] == GROUP


def test_back_from_standby_it_is_registered_again_once_in_service(shop: Shop) -> None:
    shop.stand_by("web-1")
    shop.idle()
    (activity,) = shop.stand_up("web-1")
    assert activity["StatusCode"] == "PreInService"
    assert (shop.state("web-1"), shop.sizes()) == ("Pending", (1, 4, 3))
    assert (shop.id("web-1"), 443) not in shop.health()
    shop.idle()
    assert shop.states() == ["InService"] * 3
    assert shop.health()[shop.id("web-1"), 443] == "healthy"


def test_standby_that_would_go_below_the_minimum_is_refused(shop: Shop) -> None:
    text = refused("ValidationError", shop.stand_by, "web-1", "web-2", "web-3")
    assert text == (
        f"AutoScalingGroup {GROUP} has min-size=1, max-size=4, and desired-size=3. To place into"
        " standby 3 instances, please update the AutoScalingGroup sizes appropriately."
    )
    assert shop.states() == ["InService"] * 3
    shop.scaling.update_auto_scaling_group(AutoScalingGroupName=GROUP, MinSize=0)
    assert len(shop.stand_by("web-1", "web-2", "web-3")) == 3
    assert shop.sizes() == (0, 4, 0)


def test_only_what_is_in_service_enters_standby_and_only_what_stands_by_leaves(shop: Shop) -> None:
    web, spare = shop.id("web-1"), shop.id("spare-1")
    text = refused("ValidationError", shop.stand_by, "spare-1")
    assert text == f"The instance {spare} is not part of Auto Scaling group {GROUP}."
    assert refused("ValidationError", shop.stand_up, "web-1") == (
        f"The instance {web} is not in Standby."
    )
    shop.stand_by("web-1")
    shop.idle()
    assert refused("ValidationError", shop.stand_by, "web-1") == (
        f"The instance {web} is not in InService."
    )
    call: Any = shop.scaling.exit_standby
    text = refused("ValidationError", call, AutoScalingGroupName="nobody", InstanceIds=[web])
    assert text == "AutoScalingGroup name not found - AutoScalingGroup: nobody not found"
    refused("ValidationError", call, AutoScalingGroupName=GROUP, InstanceIds=[])


def test_back_from_standby_over_the_maximum_is_refused(shop: Shop) -> None:
    shop.stand_by("web-1")
    shop.idle()
    shop.scaling.update_auto_scaling_group(AutoScalingGroupName=GROUP, MaxSize=2)
    text = refused("ValidationError", shop.stand_up, "web-1")
    assert "has min-size=1, max-size=2, and desired-size=2." in text
    assert shop.state("web-1") == "Standby"


def test_without_decrement_another_instance_is_launched(shop: Shop) -> None:
    shop.stand_by("web-1", decrement=False)
    assert shop.states() == ["EnteringStandby", "InService", "InService", "Pending"]
    shop.idle()
    assert shop.states() == ["InService", "InService", "InService", "Standby"]
    old = {shop.id(name) for name in ("web-1", "web-2", "web-3")}
    (new,) = {row["InstanceId"] for row in shop.group()["Instances"]} - old
    row = shop.ec2.describe_instances(InstanceIds=[new])["Reservations"][0]["Instances"][0]
    assert row["SecurityGroups"] == shop.instance("web-1")["SecurityGroups"]
    assert row["IamInstanceProfile"]["Arn"].endswith("/shop-web")
    assert {"Key": "aws:autoscaling:groupName", "Value": GROUP} in row["Tags"]
    assert shop.health()[new, 443] == "healthy"


def test_detaching_leaves_the_group_and_the_balancer(shop: Shop) -> None:
    web = shop.id("web-2")
    call: Any = shop.scaling.detach_instances
    named = {"AutoScalingGroupName": GROUP, "InstanceIds": [web]}
    (activity,) = call(**named, ShouldDecrementDesiredCapacity=True)["Activities"]
    assert activity["Description"] == f"Detaching EC2 instance: {web}"
    assert (shop.state("web-2"), shop.sizes()[2]) == ("Detaching", 2)
    assert shop.health()[web, 443] == "draining"
    text = refused("ValidationError", call, **named, ShouldDecrementDesiredCapacity=True)
    assert text == f"The instance {web} is not in InService or Standby."
    shop.idle()
    assert (shop.state("web-2"), shop.instance("web-2")["State"]["Name"]) == (None, "running")
    assert "aws:autoscaling:groupName" not in tags(shop, "web-2")
    desk = {"AutoScalingGroupName": "shop-small", "InstanceIds": [shop.id("desk-1")]}
    text = refused("ValidationError", call, **desk, ShouldDecrementDesiredCapacity=True)
    assert "desired-size=1. To detach 1 instance, please update" in text


def test_attaching_needs_room_and_a_running_instance_of_no_group(shop: Shop) -> None:
    attach: Any = shop.scaling.attach_instances

    def refusal(group: str, name: str) -> str:
        ids = [shop.id(name)]
        return refused("ValidationError", attach, AutoScalingGroupName=group, InstanceIds=ids)

    web = shop.id("web-1")
    assert refusal("shop-small", "web-1") == (
        f"The Instance: {web} is already part of AutoScalingGroup:{GROUP}"
    )
    assert "desired-size=1. To attach 1 instance, please update" in refusal("shop-small", "desk-2")
    assert "stopped" in refusal(GROUP, "lame-1")
    assert "us-east-1c" in refusal(GROUP, "spare-2")
    unknown = {"AutoScalingGroupName": GROUP, "InstanceIds": ["i-0123456789abcdef0"]}
    refused("ValidationError", attach, **unknown)
    attach(AutoScalingGroupName=GROUP, InstanceIds=[shop.id("spare-1")])
    assert (shop.state("spare-1"), shop.sizes()[2]) == ("Pending", 4)
    shop.idle()
    assert shop.state("spare-1") == "InService"
    assert shop.health()[shop.id("spare-1"), 443] == "healthy"


def test_sizes_obey_their_rules(shop: Shop) -> None:
    update: Any = shop.scaling.update_auto_scaling_group
    for sizes, text in (
        ({"MinSize": 5}, "Max bound, 4, must be greater than or equal to min bound, 5"),
        (
            {"DesiredCapacity": 5},
            "Desired capacity:5 must be between the specified min size:1 and max size:4",
        ),
        ({"MinSize": 0, "MaxSize": 2, "DesiredCapacity": 3}, "min size:0 and max size:2"),
    ):
        assert text in refused("ValidationError", update, AutoScalingGroupName=GROUP, **sizes)
    assert shop.sizes() == (1, 4, 3)
    text = refused("ValidationError", update, AutoScalingGroupName="nobody", MinSize=1)
    assert text == "AutoScalingGroup name not found - null"
    update(AutoScalingGroupName=GROUP, MinSize=4)
    assert shop.sizes() == (4, 4, 4)
    assert shop.states() == ["InService", "InService", "InService", "Pending"]
    update(AutoScalingGroupName=GROUP, MinSize=0, MaxSize=1)
    assert shop.sizes() == (0, 1, 1)
    shop.idle()
    assert shop.states() == ["InService"]


def test_writes_are_about_the_group_and_listings_about_everything(shop: Shop) -> None:
    arn = shop.group()["AutoScalingGroupARN"]
    small = shop.group("shop-small")["AutoScalingGroupARN"]
    tagged = {"StringEquals": {"autoscaling:ResourceTag/Team": "shop"}}
    key = shop.user(
        "clerk",
        deny("autoscaling:EnterStandby", arn),
        deny("autoscaling:DetachInstances", "*", **tagged),
        deny("autoscaling:SetInstanceHealth", small),
        deny("autoscaling:DescribeAutoScalingGroups", arn),
        deny("autoscaling:DescribeAutoScalingInstances", "*"),
    )
    clerk = shop.aws("autoscaling", key)
    web = {"AutoScalingGroupName": GROUP, "InstanceIds": [shop.id("web-1")]}
    desk = {"InstanceId": shop.id("desk-1"), "HealthStatus": "Healthy"}
    refused("AccessDenied", clerk.enter_standby, **web, ShouldDecrementDesiredCapacity=True)
    refused("AccessDenied", clerk.detach_instances, **web, ShouldDecrementDesiredCapacity=True)
    refused("AccessDenied", clerk.set_instance_health, **desk)
    refused("AccessDenied", clerk.describe_auto_scaling_instances)
    clerk.set_instance_health(InstanceId=shop.id("web-1"), HealthStatus="Healthy")
    assert len(clerk.describe_auto_scaling_groups()["AutoScalingGroups"]) == 2


def test_reset_brings_it_all_back(shop: Shop) -> None:
    before = {name: shop.id(name) for name in ("web-1", "web-2")}
    arn = shop.group()["AutoScalingGroupARN"]
    shop.stand_by("web-1")
    shop.ec2.terminate_instances(InstanceIds=[before["web-2"]])
    shop.reset()
    assert (shop.states(), shop.sizes()) == (["InService"] * 3, (1, 4, 3))
    assert {name: shop.id(name) for name in before} == before
    assert shop.group()["AutoScalingGroupARN"] == arn
    assert set(shop.health().values()) == {"healthy"}
