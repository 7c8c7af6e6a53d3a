"""Denies everything to the instance's role, but only where this instance uses it.

`ec2:SourceInstanceARN` is in every request that is signed with the instance's own credentials, also
from elsewhere; requests of other instances pass (aws.md §6). It takes up to five minutes to act, so
it comes first. An instance without a role has nothing to deny.
"""

import json

from skill.actions._measures import Case, Look
from skill.errors import Gone
from skill.model import Facts

NAME = "role"
ESSENTIAL = False
OUTLIVES = True
PERMISSIONS = {
    "read": ("ec2:DescribeInstances", "iam:GetInstanceProfile", "iam:ListRolePolicies"),
    "contain": ("iam:PutRolePolicy",),
    "release": ("iam:DeleteRolePolicy",),
}


def read(look: Look) -> Facts:
    """The profile's role, and whether it is denied; a plan has no time to look for the latter."""
    profile, recorded = look.instance.profile, look.before(NAME).get("role", "")
    if not profile:
        return {}
    role, policies = look.aws.gather(
        lambda: look.aws.iam.role_of_profile(profile),
        lambda: look.aws.iam.role_policies(recorded) if recorded else [],
    )
    if role != recorded and not look.known:
        policies = look.aws.iam.role_policies(role) if role else []
    return {"role": role, "denied": _policy(look.entity.id) in policies} if role else {}


def _policy(instance: str) -> str:
    return f"TobanDeny-{instance}"


def contain(case: Case, before: Facts, now: Facts) -> None:
    if before:
        case.step("deny the role", lambda: _deny(case, before["role"]))


def _deny(case: Case, role: str) -> bool:
    statement = {
        "Sid": "TobanDeniesThisInstance",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ArnEquals": {"ec2:SourceInstanceARN": case.entity.arn}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    case.aws.iam.put_role_policy(role, _policy(case.entity.id), document)
    return True


def holds(case: Case, before: Facts, now: Facts) -> bool:
    """A role that the instance got meanwhile is not denied."""
    return not now or (now["denied"] and now["role"] == before.get("role"))


def release(case: Case, before: Facts, now: Facts) -> None:
    if before and not before["denied"]:
        case.step("allow the role", lambda: _allow(case, before["role"]))


def _allow(case: Case, role: str) -> bool:
    try:
        case.aws.iam.drop_role_policy(role, _policy(case.entity.id))
    except Gone:
        return False
    return True


def restored(before: Facts, now: Facts) -> bool:
    """Of a role that the instance no longer has, the policy was dropped without a look."""
    other = not before or not now or now["role"] != before["role"]
    return other or before["denied"] or not now["denied"]
