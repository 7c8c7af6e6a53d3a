"""Denies everything to a user or a role, whatever its other policies allow.

The managed policy AWSDenyAll; where the quota of attached policies is used up (LimitExceeded), the
inline policy TobanDenyAll. Within five minutes it bites on the next request of sessions and keys
that are in use (aws.md §6).
"""

from skill.actions._measures import Case, Look, _denial
from skill.errors import Conflict
from skill.model import Facts

NAME = "deny"
ESSENTIAL = True
PERMISSIONS = {
    "read": (
        "iam:ListAttachedRolePolicies",
        "iam:ListAttachedUserPolicies",
        "iam:ListRolePolicies",
        "iam:ListUserPolicies",
    ),
    "contain": (
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:PutRolePolicy",
        "iam:PutUserPolicy",
    ),
    "release": (
        "iam:DeleteRolePolicy",
        "iam:DeleteUserPolicy",
        "iam:DetachRolePolicy",
        "iam:DetachUserPolicy",
    ),
}
INLINE = "TobanDenyAll"


def read(look: Look) -> Facts:
    """{"managed", "inline"}: whether each of the two policies is there."""
    one, iam = look.entity, look.aws.iam
    attached, policies = look.aws.gather(
        lambda: iam.attached(one.kind, one.id), lambda: iam.policies(one.kind, one.id)
    )
    managed = _denial.managed(one.partition) in attached
    return {"managed": managed, "inline": INLINE in policies}


def contain(case: Case, before: Facts, now: Facts) -> None:
    case.step("deny everything", lambda: _deny(case))


def _deny(case: Case) -> str:
    """Which of the two it was; again changes nothing more. Raises Conflict if neither fits."""
    one, iam = case.entity, case.aws.iam
    try:
        iam.attach(one.kind, one.id, _denial.managed(one.partition))
    except Conflict as error:
        if error.facts["code"] != "LimitExceeded":
            raise
        iam.put(one.kind, one.id, INLINE, _denial.EVERYTHING)
        return "inline"
    return "managed"


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return bool(now["managed"] or now["inline"])


def release(case: Case, before: Facts, now: Facts) -> None:
    """What was denied before we came stays denied."""
    case.step("deny no more", lambda: _allow(case, before))


def _allow(case: Case, before: Facts) -> bool:
    """What somebody else took away already is fine."""
    one, iam = case.entity, case.aws.iam
    if not before["managed"]:
        iam.detach(one.kind, one.id, _denial.managed(one.partition))
    if not before["inline"]:
        iam.drop(one.kind, one.id, INLINE)
    return True


def restored(before: Facts, now: Facts) -> bool:
    return all(before[how] or not now[how] for how in before)
