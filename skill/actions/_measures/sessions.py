"""Denies everything to sessions that began before now: keys that were stolen earlier are worthless.

Of an instance, only when it is asked for: the cut hits every instance that shares the role, until
it gets fresh credentials. Its policy bears the instance's id, so that two instances of one role are
released apart. The time is a little ahead of now: a policy takes up to five minutes to act, and who
gets a session meanwhile is no better (aws.md §6).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from skill.actions._measures import Case, Look, _denial
from skill.entity import INSTANCE, ROLE, Entity
from skill.model import Facts

NAME = "sessions"
ESSENTIAL = False
OUTLIVES = True
PERMISSIONS = {
    "read": (
        "ec2:DescribeInstances",
        "iam:GetInstanceProfile",
        "iam:ListRolePolicies",
        "iam:ListUserPolicies",
    ),
    "contain": (
        "iam:ListRolePolicies",
        "iam:ListUserPolicies",
        "iam:PutRolePolicy",
        "iam:PutUserPolicy",
    ),
    "release": ("iam:DeleteRolePolicy", "iam:DeleteUserPolicy"),
}
POLICY = "TobanRevokeOlderSessions"
AHEAD = timedelta(minutes=5)


def read(look: Look) -> Facts:
    """{"kind", "name", "cut"}: whose sessions, and whether they are cut by us."""
    kind, name = _holder(look)
    if not name:
        return {}
    cut = _policy(look.entity) in look.aws.iam.policies(kind, name)
    return {"kind": kind, "name": name, "cut": cut}


def _holder(look: Look) -> tuple[str, str]:
    """The principal that the entity's sessions belong to."""
    if look.entity.kind != INSTANCE:
        return look.entity.kind, look.entity.id
    if NAME not in look.wanted or not look.instance.profile:
        return ROLE, ""
    return ROLE, look.aws.iam.role_of_profile(look.instance.profile)


def _policy(entity: Entity) -> str:
    return f"{POLICY}-{entity.id}" if entity.kind == INSTANCE else POLICY


def contain(case: Case, before: Facts, now: Facts) -> None:
    if before:
        case.step("cut older sessions", lambda: _cut(case, before["kind"], before["name"]))


def _cut(case: Case, kind: str, name: str) -> bool:
    """Repeated, it leaves the policy and its time as they are."""
    policy = _policy(case.entity)
    if policy in case.aws.iam.policies(kind, name):
        return False
    case.aws.iam.put(kind, name, policy, _statement(datetime.now(UTC) + AHEAD))
    return True


def _statement(until: datetime) -> dict[str, Any]:
    older = {"DateLessThan": {"aws:TokenIssueTime": until.strftime("%Y-%m-%dT%H:%M:%SZ")}}
    return _denial.EVERYTHING | {"Condition": older}


def holds(case: Case, before: Facts, now: Facts) -> bool:
    """A role that the instance got meanwhile has sessions that are not cut."""
    return not now or (now["cut"] and now["name"] == before.get("name"))


def release(case: Case, before: Facts, now: Facts) -> None:
    if before and not before["cut"]:
        drop = case.aws.iam.drop
        policy = _policy(case.entity)
        case.step("mend sessions", lambda: drop(before["kind"], before["name"], policy))


def restored(before: Facts, now: Facts) -> bool:
    """Of a role that the instance no longer has, the policy was dropped without a look."""
    other = not before or not now or now["name"] != before["name"]
    return other or before["cut"] or not now["cut"]
