"""The roles and users of a scenario, with their policies, keys and passwords."""

import json
from typing import Any

from moto.iam.models import iam_backends

from sandbox.runtime.calls import MOTO

Spec = dict[str, Any]
PASSWORD = "Correct-Horse-7-Battery"  # noqa: S105 (of users that nobody can be)


def make_role(iam: Any, name: str, spec: Spec) -> None:
    """One role with its policies, and an instance profile of its name unless told otherwise."""
    service = {"Service": spec.get("service", "ec2.amazonaws.com")}
    trust = _policy(Action="sts:AssumeRole", Principal=service)
    tags = _tags(spec)
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=tags)["Role"]
    if actions := spec.get("actions"):
        policy = _policy(Action=actions, Resource=spec.get("resources", "*"))
        iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policy)
    for policy in spec.get("managed", []):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy_arn(policy))
    if spec.get("profile", True):
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    if path := spec.get("path"):
        _move(made["Arn"], name, path)


def _move(arn: str, name: str, path: str) -> None:
    """Put a role under its path last: some paths are AWS's own, and those roles are closed."""
    with MOTO:
        iam_backends[arn.split(":")[4]]["aws"].get_role(name).path = path


def _policy(**statement: Any) -> str:
    allowed = {"Effect": "Allow"} | statement
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


def _tags(spec: Spec) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in spec.get("tags", {}).items()]


def policy_arn(name: str) -> str:
    """The ARN of a managed policy that a scenario names by ARN, or by name if it is AWS's."""
    return name if name.startswith("arn:") else f"arn:aws:iam::aws:policy/{name}"


def make_user(iam: Any, name: str, spec: Spec) -> None:
    """One user with what he may, and what he signs in with."""
    iam.create_user(UserName=name, Path=spec.get("path", "/"), Tags=_tags(spec))
    for policy in spec.get("policies", []):
        iam.attach_user_policy(UserName=name, PolicyArn=policy_arn(policy))
    states = ["Active"] * spec.get("keys", 0) + ["Inactive"] * spec.get("inactive_keys", 0)
    for state in states:
        key = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
        iam.update_access_key(UserName=name, AccessKeyId=key, Status=state)
    if spec.get("console"):
        iam.create_login_profile(UserName=name, Password=PASSWORD)
    if spec.get("mfa"):
        _give_device(iam, name)


def _give_device(iam: Any, name: str) -> None:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    iam.enable_mfa_device(
        UserName=name,
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
