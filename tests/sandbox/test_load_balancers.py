"""Load balancers of both generations: targets by port, health, draining, pages and refusals."""

from typing import Any

from tests.sandbox.balance_world import Shop, deny, refused, shop

__all__ = ["shop"]
UNKNOWN = "i-0123456789abcdef0"


def address(shop: Shop, name: str) -> str:
    return str(shop.instance(name)["PrivateIpAddress"])


def register(shop: Shop, group: str, *targets: dict[str, Any]) -> None:
    shop.elbv2.register_targets(TargetGroupArn=shop.arn(group), Targets=list(targets))


def deregister(shop: Shop, group: str, *targets: dict[str, Any]) -> None:
    shop.elbv2.deregister_targets(TargetGroupArn=shop.arn(group), Targets=list(targets))


def test_the_scenario_registers_instances_ports_and_addresses(shop: Shop) -> None:
    spare = shop.id("spare-1")
    assert shop.health("shop-extra") == {(spare, 443): "healthy", (spare, 8443): "healthy"}
    rows = shop.elbv2.describe_target_health(TargetGroupArn=shop.arn("shop-addresses"))
    targets = [row["Target"] for row in rows["TargetHealthDescriptions"]]
    assert targets == [
        {"Id": address(shop, "web-1"), "Port": 8443, "AvailabilityZone": "us-east-1a"},
        {"Id": address(shop, "web-2"), "Port": 8443, "AvailabilityZone": "us-east-1b"},
    ]
    (classic,) = shop.elb.describe_load_balancers()["LoadBalancerDescriptions"]
    assert classic["LoadBalancerName"] == "shop-classic"
    assert [row["InstanceId"] for row in classic["Instances"]] == [shop.id("web-1"), spare]


def test_target_groups_come_in_pages_by_name_arn_or_balancer(shop: Shop) -> None:
    describe: Any = shop.elbv2.describe_target_groups
    pages = shop.elbv2.get_paginator("describe_target_groups").paginate(
        PaginationConfig={"PageSize": 2}
    )
    names = [[row["TargetGroupName"] for row in page["TargetGroups"]] for page in pages]
    assert names == [["shop-addresses", "shop-extra"], ["shop-web"]]
    (row,) = describe(TargetGroupArns=[shop.arn("shop-extra")])["TargetGroups"]
    assert (row["Port"], row["TargetType"], row["Protocol"]) == (443, "instance", "HTTP")
    (balancer,) = row["LoadBalancerArns"]
    assert describe(LoadBalancerArn=balancer)["TargetGroups"] == [row]
    refused("TargetGroupNotFound", describe, Names=["nobody"])
    refused("TargetGroupNotFound", describe, TargetGroupArns=[shop.arn("shop-extra") + "0"])
    text = refused("ValidationError", describe, TargetGroupArns=["nope"])
    assert text == "'nope' is not a valid target group ARN"
    refused("ValidationError", describe, Names=["shop-web"], LoadBalancerArn=balancer)
    refused("ValidationError", describe, PageSize=401)
    refused("ValidationError", describe, Marker="bad")


def test_four_hundred_target_groups_are_a_page(shop: Shop) -> None:
    vpc = shop.instance("web-1")["VpcId"]
    common = {"Protocol": "HTTP", "Port": 80, "VpcId": vpc}
    for number in range(400):
        shop.elbv2.create_target_group(Name=f"many-{number}", **common)
    first = shop.elbv2.describe_target_groups()
    assert len(first["TargetGroups"]) == 400
    rest = shop.elbv2.describe_target_groups(Marker=first["NextMarker"])
    assert len(rest["TargetGroups"]) == 3


def test_load_balancers_by_name_and_arn(shop: Shop) -> None:
    describe: Any = shop.elbv2.describe_load_balancers
    rows = {row["LoadBalancerName"]: row for row in describe()["LoadBalancers"]}
    kinds = {"shop-web": "application", "shop-extra": "application", "shop-addresses": "network"}
    assert {name: row["Type"] for name, row in rows.items()} == kinds
    arn = rows["shop-web"]["LoadBalancerArn"]
    (row,) = describe(LoadBalancerArns=[arn])["LoadBalancers"]
    assert row["LoadBalancerName"] == "shop-web"
    text = refused("LoadBalancerNotFound", describe, Names=["shop-web", "ghost"])
    assert text == "Load balancers '[ghost]' not found"


def test_deregistered_targets_drain_and_are_gone(shop: Shop) -> None:
    spare = shop.id("spare-1")
    deregister(shop, "shop-extra", {"Id": spare, "Port": 8443})
    assert shop.health("shop-extra") == {(spare, 443): "healthy", (spare, 8443): "draining"}
    shop.idle()
    assert shop.health("shop-extra") == {(spare, 443): "healthy"}
    assert shop.health("shop-extra", Targets=[{"Id": spare, "Port": 8443}]) == {
        (spare, 8443): "unused"
    }


def test_no_delay_no_draining(shop: Shop) -> None:
    spare = shop.id("spare-1")
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "0"}
    shop.elbv2.modify_target_group_attributes(
        TargetGroupArn=shop.arn("shop-extra"), Attributes=[delay]
    )
    deregister(shop, "shop-extra", {"Id": spare}, {"Id": spare, "Port": 8443})
    assert shop.health("shop-extra") == {}


def test_only_the_port_that_is_named_is_deregistered_and_strangers_are_no_error(
    shop: Shop,
) -> None:
    before = shop.health("shop-extra")
    deregister(shop, "shop-extra", {"Id": shop.id("spare-1"), "Port": 9999}, {"Id": UNKNOWN})
    assert shop.health("shop-extra") == before
    register(shop, "shop-extra", {"Id": shop.id("spare-2"), "Port": 8443})
    deregister(shop, "shop-extra", {"Id": shop.id("spare-2")})
    assert (shop.id("spare-2"), 8443) in shop.health("shop-extra")


def test_a_new_target_is_checked_first(shop: Shop) -> None:
    spare = shop.id("spare-2")
    register(shop, "shop-extra", {"Id": spare})
    assert shop.health("shop-extra")[spare, 443] == "initial"
    shop.idle()
    assert shop.health("shop-extra")[spare, 443] == "healthy"
    register(shop, "shop-extra", {"Id": spare})
    assert shop.health("shop-extra")[spare, 443] == "healthy"


def test_health_follows_the_network_and_the_machine(shop: Shop) -> None:
    spare = shop.id("spare-1")
    wanted = [{"Name": "group-name", "Values": ["shop-none"]}]
    none = shop.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"][0]["GroupId"]
    (eni,) = shop.groups("spare-1")
    shop.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[none])
    assert set(shop.health("shop-extra").values()) == {"unhealthy"}
    health = shop.elb.describe_instance_health(LoadBalancerName="shop-classic")["InstanceStates"]
    assert {row["InstanceId"]: row["State"] for row in health} == {
        shop.id("web-1"): "InService",
        spare: "OutOfService",
    }
    shop.ec2.stop_instances(InstanceIds=[spare])
    rows = shop.elbv2.describe_target_health(TargetGroupArn=shop.arn("shop-extra"))
    for row in rows["TargetHealthDescriptions"]:
        assert row["TargetHealth"] == {
            "State": "unused",
            "Reason": "Target.InvalidState",
            "Description": "Target is in the stopped state",
        }


def test_targets_that_no_group_can_have(shop: Shop) -> None:
    call: Any = shop.elbv2.register_targets

    def refusal(code: str, group: str, **target: Any) -> str:
        return refused(code, call, TargetGroupArn=shop.arn(group), Targets=[target])

    lame, desk = shop.id("lame-1"), shop.id("desk-1")
    text = refusal("InvalidTarget", "shop-extra", Id=lame)
    assert text == (
        f"The following targets are not in a running state and cannot be registered: '{lame}'"
    )
    assert f"'{desk}'" in refusal("InvalidTarget", "shop-extra", Id=desk)
    refusal("InvalidTarget", "shop-extra", Id=UNKNOWN)
    refusal("ValidationError", "shop-extra", Id=address(shop, "web-1"))
    refusal("ValidationError", "shop-extra", Id=shop.id("web-1"), AvailabilityZone="all")
    refusal("ValidationError", "shop-addresses", Id=shop.id("web-1"))
    refusal("InvalidTarget", "shop-addresses", Id="198.51.100.7", AvailabilityZone="all")
    refusal("ValidationError", "shop-addresses", Id="10.99.0.7")
    refusal("ValidationError", "shop-addresses", Id=address(shop, "web-1"), AvailabilityZone="all")
    function = "arn:aws:lambda:us-east-1:123456789012:function:nobody"
    refusal("ValidationError", "shop-extra", Id=function)
    targets = [{"Id": shop.id("spare-2")}, {"Id": lame}]
    refused("InvalidTarget", call, TargetGroupArn=shop.arn("shop-extra"), Targets=targets)
    assert (shop.id("spare-2"), 443) not in shop.health("shop-extra")
    gone = shop.arn("shop-extra") + "0"
    refused("TargetGroupNotFound", call, TargetGroupArn=gone, Targets=[{"Id": lame}])


def test_an_address_outside_the_vpc_keeps_its_zone(shop: Shop) -> None:
    register(shop, "shop-addresses", {"Id": "10.99.0.7", "AvailabilityZone": "all"})
    rows = shop.elbv2.describe_target_health(TargetGroupArn=shop.arn("shop-addresses"))
    last = rows["TargetHealthDescriptions"][-1]["Target"]
    assert last == {"Id": "10.99.0.7", "Port": 8443, "AvailabilityZone": "all"}


def test_classic_instances_in_and_out(shop: Shop) -> None:
    web, spare = {"InstanceId": shop.id("web-1")}, {"InstanceId": shop.id("spare-1")}
    change = {"LoadBalancerName": "shop-classic", "Instances": [web]}
    left = shop.elb.deregister_instances_from_load_balancer(**change)["Instances"]
    assert left == [spare]
    state = shop.elb.describe_instance_health(**change)["InstanceStates"]
    assert [(row["State"], row["Description"]) for row in state] == [
        ("OutOfService", "Instance is not currently registered with the LoadBalancer.")
    ]
    for _ in range(2):
        now = shop.elb.register_instances_with_load_balancer(**change)["Instances"]
        assert now == [spare, web]


def test_classic_refusals(shop: Shop) -> None:
    out: Any = shop.elb.deregister_instances_from_load_balancer
    into: Any = shop.elb.register_instances_with_load_balancer
    web = [{"InstanceId": shop.id("web-1")}]
    for call in (out, into, shop.elb.describe_instance_health):
        text = refused("LoadBalancerNotFound", call, LoadBalancerName="ghost", Instances=web)
        assert text == "There is no ACTIVE Load Balancer named 'ghost'"
        unknown = {"LoadBalancerName": "shop-classic", "Instances": [{"InstanceId": UNKNOWN}]}
        assert UNKNOWN in refused("InvalidInstance", call, **unknown)
    desk = [{"InstanceId": shop.id("desk-1")}]
    refused("InvalidInstance", into, LoadBalancerName="shop-classic", Instances=desk)
    describe: Any = shop.elb.describe_load_balancers
    refused("LoadBalancerNotFound", describe, LoadBalancerNames=["shop-classic", "ghost"])


def test_classic_balancers_come_in_pages(shop: Shop) -> None:
    subnets = [shop.instance("web-1")["SubnetId"]]
    listener = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}
    for name in ("b", "c"):
        shop.elb.create_load_balancer(LoadBalancerName=name, Listeners=[listener], Subnets=subnets)
    pages = shop.elb.get_paginator("describe_load_balancers").paginate(
        PaginationConfig={"PageSize": 2}
    )
    rows = [page["LoadBalancerDescriptions"] for page in pages]
    assert [[row["LoadBalancerName"] for row in page] for page in rows] == [
        ["shop-classic", "b"],
        ["c"],
    ]
    refused("ValidationError", shop.elb.describe_load_balancers, PageSize=401)


def test_writes_are_about_one_balancer_and_listings_about_everything(shop: Shop) -> None:
    group, extra = shop.arn("shop-web"), shop.arn("shop-extra")
    prefix = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    shop.elbv2.add_tags(ResourceArns=[extra], Tags=[{"Key": "Team", "Value": "shop"}])
    tagged = {"StringEquals": {"aws:ResourceTag/Team": "shop"}}
    service = "elasticloadbalancing"
    key = shop.user(
        "clerk",
        deny(f"{service}:DeregisterTargets", group),
        deny(f"{service}:RegisterTargets", "*", **tagged),
        deny(f"{service}:DescribeTargetGroups", group),
        deny(f"{service}:DescribeTargetHealth", "*"),
        deny(f"{service}:*InstancesFromLoadBalancer", f"{prefix}:loadbalancer/shop-classic"),
    )
    clerk, old = shop.aws("elbv2", key), shop.aws("elb", key)
    spare = [{"Id": shop.id("spare-1")}]
    refused("AccessDenied", clerk.deregister_targets, TargetGroupArn=group, Targets=spare)
    refused("AccessDenied", clerk.register_targets, TargetGroupArn=extra, Targets=spare)
    refused("AccessDenied", clerk.describe_target_health, TargetGroupArn=extra)
    classic = {
        "LoadBalancerName": "shop-classic",
        "Instances": [{"InstanceId": shop.id("spare-1")}],
    }
    refused("AccessDenied", old.deregister_instances_from_load_balancer, **classic)
    assert old.register_instances_with_load_balancer(**classic)["Instances"]
    clerk.deregister_targets(TargetGroupArn=extra, Targets=spare)
    assert clerk.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
