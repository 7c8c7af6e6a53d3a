"""What others may do to contained entities before they are released."""

from tests.containment_undoing import first
from tests.containment_view import aws, groups
from tests.containment_world import yard
from tests.product.lock_world import DENY_ALL
from tests.world import Sandbox


def drop_group(box: Sandbox, one: str) -> None:
    """The second group of an interface, which nothing uses now."""
    aws(box, "ec2").delete_security_group(GroupId=yard(box)["groups"][5])


def drop_card(box: Sandbox, one: str) -> None:
    ec2, card = aws(box, "ec2"), list(groups(box, one))[1]
    row = ec2.describe_network_interfaces(NetworkInterfaceIds=[card])["NetworkInterfaces"][0]
    ec2.detach_network_interface(AttachmentId=row["Attachment"]["AttachmentId"])
    ec2.delete_network_interface(NetworkInterfaceId=card)


def free_address(box: Sandbox, one: str) -> str:
    rows = aws(box, "ec2").describe_addresses(Filters=[{"Name": "tag:Of", "Values": [one]}])
    return str(rows["Addresses"][0]["AllocationId"])


def use_address(box: Sandbox, one: str) -> None:
    gate = box.instance("gate-1")["InstanceId"]
    aws(box, "ec2").associate_address(
        AllocationId=free_address(box, one), NetworkInterfaceId=first(box, gate)
    )


def release_address(box: Sandbox, one: str) -> None:
    aws(box, "ec2").release_address(AllocationId=free_address(box, one))


def drop_scaling(box: Sandbox, one: str) -> None:
    api = aws(box, "autoscaling")
    row = api.describe_auto_scaling_instances(InstanceIds=[one])["AutoScalingInstances"][0]
    named = {"AutoScalingGroupName": row["AutoScalingGroupName"]}
    api.detach_instances(**named, InstanceIds=[one], ShouldDecrementDesiredCapacity=True)
    box.idle()
    api.delete_auto_scaling_group(**named)


def drop_targets(box: Sandbox, one: str) -> None:
    elbv2 = aws(box, "elbv2")
    arn = elbv2.describe_target_groups(Names=["parts-gone-0"])["TargetGroups"][0]
    balancers = elbv2.describe_load_balancers(Names=["parts-gone-0"])["LoadBalancers"]
    elbv2.delete_load_balancer(LoadBalancerArn=balancers[0]["LoadBalancerArn"])
    elbv2.delete_target_group(TargetGroupArn=arn["TargetGroupArn"])


def take_parts(box: Sandbox, one: str) -> None:
    """What it is given back to is gone, or has others."""
    use_address(box, one)
    drop_scaling(box, one)
    drop_targets(box, one)


def terminate(box: Sandbox, one: str) -> None:
    ec2 = aws(box, "ec2")
    for name in ("DisableApiTermination", "DisableApiStop"):
        ec2.modify_instance_attribute(InstanceId=one, **{name: {"Value": False}})
    ec2.terminate_instances(InstanceIds=[one])


def keys(box: Sandbox, one: str) -> dict[str, str]:
    rows = aws(box, "iam").list_access_keys(UserName=one)["AccessKeyMetadata"]
    return {row["AccessKeyId"]: row["Status"] for row in rows}


def drop_key(box: Sandbox, one: str) -> None:
    aws(box, "iam").delete_access_key(UserName=one, AccessKeyId=min(keys(box, one)))


def activate_keys(box: Sandbox, one: str) -> None:
    for key in keys(box, one):
        aws(box, "iam").update_access_key(UserName=one, AccessKeyId=key, Status="Active")


def meddle_keys(box: Sandbox, one: str) -> None:
    """One is gone, the other can be used."""
    drop_key(box, one)
    activate_keys(box, one)


def bare(box: Sandbox, kind: str, one: str) -> None:
    """Without its policies."""
    iam, who = aws(box, "iam"), {f"{kind.title()}Name": one}
    for row in getattr(iam, f"list_attached_{kind}_policies")(**who)["AttachedPolicies"]:
        getattr(iam, f"detach_{kind}_policy")(**who, PolicyArn=row["PolicyArn"])
    for name in getattr(iam, f"list_{kind}_policies")(**who)["PolicyNames"]:
        getattr(iam, f"delete_{kind}_policy")(**who, PolicyName=name)


def drop_user(box: Sandbox, one: str) -> None:
    bare(box, "user", one)
    for key in keys(box, one):
        aws(box, "iam").delete_access_key(UserName=one, AccessKeyId=key)
    aws(box, "iam").delete_user(UserName=one)


def drop_role(box: Sandbox, one: str) -> None:
    bare(box, "role", one)
    aws(box, "iam").delete_role(RoleName=one)


def lift_denial(box: Sandbox, one: str) -> None:
    aws(box, "iam").detach_role_policy(RoleName=one, PolicyArn=DENY_ALL)


def drop_function(box: Sandbox, one: str) -> None:
    aws(box, "lambda").delete_function(FunctionName=one)


def drop_mapping(box: Sandbox, one: str) -> None:
    api = aws(box, "lambda")
    rows = api.list_event_source_mappings(FunctionName=one)["EventSourceMappings"]
    api.delete_event_source_mapping(UUID=rows[0]["UUID"])


def set_number(box: Sandbox, one: str) -> None:
    aws(box, "lambda").put_function_concurrency(FunctionName=one, ReservedConcurrentExecutions=7)


def meddle_function(box: Sandbox, one: str) -> None:
    drop_mapping(box, one)
    set_number(box, one)


def other_role(box: Sandbox, one: str) -> None:
    role = aws(box, "iam").get_role(RoleName="jobs")["Role"]["Arn"]
    aws(box, "lambda").update_function_configuration(FunctionName=one, Role=role)
