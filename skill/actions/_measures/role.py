"""Denies everything to the instance's role, but only where this instance uses it.

`ec2:SourceInstanceARN` is in every request that is signed with the instance's own credentials, also
from elsewhere; requests of other instances pass (aws.md §6). It takes up to five minutes to act, so
it comes first. An instance without a role has nothing to deny.
"""

from skill.actions._measures import Case, Look, _denial
from skill.entity import ROLE
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
        lambda: look.aws.iam.policies(ROLE, recorded) if recorded else [],
    )
    if role != recorded and not look.known:
        policies = look.aws.iam.policies(ROLE, role) if role else []
    return {"role": role, "denied": _policy(look.entity.id) in policies} if role else {}


def _policy(instance: str) -> str:
    return f"TobanDeny-{instance}"


def contain(case: Case, before: Facts, now: Facts) -> None:
    if before:
        put, policy = case.aws.iam.put, _policy(case.entity.id)
        case.step("deny the role", lambda: put(ROLE, before["role"], policy, _here(case)))


def _here(case: Case) -> Facts:
    condition = {"ArnEquals": {"ec2:SourceInstanceARN": case.entity.arn}}
    return _denial.EVERYTHING | {"Sid": "TobanDeniesThisInstance", "Condition": condition}


def holds(case: Case, before: Facts, now: Facts) -> bool:
    """A role that the instance got meanwhile is not denied."""
    return not now or (now["denied"] and now["role"] == before.get("role"))


def release(case: Case, before: Facts, now: Facts) -> None:
    if before and not before["denied"]:
        drop, policy = case.aws.iam.drop, _policy(case.entity.id)
        case.step("allow the role", lambda: drop(ROLE, before["role"], policy))


def restored(before: Facts, now: Facts) -> bool:
    """Of a role that the instance no longer has, the policy was dropped without a look."""
    other = not before or not now or now["role"] != before["role"]
    return other or before["denied"] or not now["denied"]
