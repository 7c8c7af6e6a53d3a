"""Each measure of a containment undone by hand, as somebody else would, and how it is called."""

from collections.abc import Callable

from tests.containment_balance import register
from tests.containment_view import aws, groups
from tests.containment_world import yard
from tests.product.lock_world import DENY_ALL
from tests.world import Sandbox

Undo = Callable[[Sandbox, str], None]
SAID = {
    "role": "its role",
    "protection": "its protection from termination",
    "autoscaling": "its Auto Scaling group",
    "balancers": "its load balancers",
    "addresses": "its Elastic I P addresses",
    "tracking": "its connection tracking",
    "network": "its security groups",
    "metadata": "its metadata service",
    "snapshots": "its snapshots",
    "console": "its console",
    "deny": "the deny policy",
    "keys": "its access keys",
    "sessions": "its older sessions",
    "password": "its console password",
    "concurrency": "its concurrency",
    "mappings": "its event sources",
    "execution": "its execution role",
}


def role_policy(prefix: str) -> Undo:
    """Delete the inline policy of that name from the instance's role."""

    def undo(box: Sandbox, one: str) -> None:
        aws(box, "iam").delete_role_policy(RoleName="app", PolicyName=f"{prefix}-{one}")

    return undo


def unprotect(box: Sandbox, one: str) -> None:
    aws(box, "ec2").modify_instance_attribute(InstanceId=one, DisableApiStop={"Value": False})


def stand_up(box: Sandbox, one: str) -> None:
    api = aws(box, "autoscaling")
    row = api.describe_auto_scaling_instances(InstanceIds=[one])["AutoScalingInstances"][0]
    name = row["AutoScalingGroupName"]
    api.exit_standby(AutoScalingGroupName=name, InstanceIds=[one])


def serve(box: Sandbox, one: str) -> None:
    arn = aws(box, "elbv2").describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    register(box, arn, one)


def first(box: Sandbox, one: str) -> str:
    return next(iter(groups(box, one)))


def address(box: Sandbox, one: str) -> None:
    """One of those that were taken away, put on this instance."""
    rows = aws(box, "ec2").describe_addresses()["Addresses"]
    free = next(row["AllocationId"] for row in rows if "AssociationId" not in row)
    aws(box, "ec2").associate_address(AllocationId=free, NetworkInterfaceId=first(box, one))


def track(box: Sandbox, one: str) -> None:
    aws(box, "ec2").modify_network_interface_attribute(
        NetworkInterfaceId=first(box, one),
        ConnectionTrackingSpecification={"TcpEstablishedTimeout": 3600},
    )


def regroup(box: Sandbox, one: str) -> None:
    aws(box, "ec2").modify_network_interface_attribute(
        NetworkInterfaceId=first(box, one), Groups=[yard(box)["groups"][1]]
    )


def switch_on(box: Sandbox, one: str) -> None:
    aws(box, "ec2").modify_instance_metadata_options(InstanceId=one, HttpEndpoint="enabled")


def drop_snapshot(box: Sandbox, one: str) -> None:
    wanted = [{"Name": "tag:TobanInstance", "Values": [one]}]
    made = aws(box, "ec2").describe_snapshots(OwnerIds=["self"], Filters=wanted)["Snapshots"]
    aws(box, "ec2").delete_snapshot(SnapshotId=made[0]["SnapshotId"])


def drop_console(box: Sandbox, one: str) -> None:
    s3 = aws(box, "s3")
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    for row in s3.list_objects_v2(Bucket=bucket, Prefix=one)["Contents"]:
        s3.delete_object(Bucket=bucket, Key=row["Key"])


def allow_user(box: Sandbox, one: str) -> None:
    aws(box, "iam").detach_user_policy(UserName=one, PolicyArn=DENY_ALL)


def allow_role(box: Sandbox, one: str) -> None:
    aws(box, "iam").detach_role_policy(RoleName=one, PolicyArn=DENY_ALL)


def activate(box: Sandbox, one: str) -> None:
    rows = aws(box, "iam").list_access_keys(UserName=one)["AccessKeyMetadata"]
    key = rows[0]["AccessKeyId"]
    aws(box, "iam").update_access_key(UserName=one, AccessKeyId=key, Status="Active")


def mend_user(box: Sandbox, one: str) -> None:
    aws(box, "iam").delete_user_policy(UserName=one, PolicyName="TobanRevokeOlderSessions")


def mend_role(box: Sandbox, one: str) -> None:
    aws(box, "iam").delete_role_policy(RoleName=one, PolicyName="TobanRevokeOlderSessions")


def unreserve(box: Sandbox, one: str) -> None:
    aws(box, "lambda").delete_function_concurrency(FunctionName=one)


def feed_again(box: Sandbox, one: str) -> None:
    api = aws(box, "lambda")
    rows = api.list_event_source_mappings(FunctionName=one)["EventSourceMappings"]
    api.update_event_source_mapping(UUID=rows[0]["UUID"], Enabled=True)


def allow_function(box: Sandbox, one: str) -> None:
    iam, role = aws(box, "iam"), f"{one}-role"
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        if policy.startswith("TobanDeny"):
            iam.delete_role_policy(RoleName=role, PolicyName=policy)


UNDOING: dict[tuple[str, str], Undo] = {
    ("instance", "role"): role_policy("TobanDeny"),
    ("instance", "sessions"): role_policy("TobanRevokeOlderSessions"),
    ("instance", "protection"): unprotect,
    ("instance", "autoscaling"): stand_up,
    ("instance", "balancers"): serve,
    ("instance", "addresses"): address,
    ("instance", "tracking"): track,
    ("instance", "network"): regroup,
    ("instance", "metadata"): switch_on,
    ("instance", "snapshots"): drop_snapshot,
    ("instance", "console"): drop_console,
    ("user", "deny"): allow_user,
    ("user", "keys"): activate,
    ("user", "sessions"): mend_user,
    ("role", "deny"): allow_role,
    ("role", "sessions"): mend_role,
    ("function", "concurrency"): unreserve,
    ("function", "mappings"): feed_again,
    ("function", "execution"): allow_function,
}
