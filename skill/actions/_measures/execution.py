"""Denies everything to the function's execution role; of a shared role, only to this function.

An inline policy that bears the function's name, so that neither another function of the role nor a
lock of the role itself is released with it; where inline policies are used up (LimitExceeded) and
nobody shares the role, AWSDenyAll. If another function of this Region has the role, or an instance
profile holds it, the policy denies where `lambda:SourceFunctionArn` is this function. Lambda puts
that key into the credentials of requests from the execution environment and into those for its
logs; not where it polls an event source (AWS's documentation). That the key stays when the
credentials are used elsewhere is unverified. Functions of other Regions, and who else may assume
the role, are not looked at.
"""

from itertools import chain
from typing import Any

from skill.actions._measures import Case, Look, _denial
from skill.aws import Aws
from skill.entity import ROLE, Entity
from skill.errors import Conflict
from skill.model import Facts

NAME = "execution"
ESSENTIAL = True
OUTLIVES = True
PERMISSIONS = {
    "read": (
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "lambda:GetFunctionConfiguration",
    ),
    "contain": (
        "iam:AttachRolePolicy",
        "iam:ListInstanceProfilesForRole",
        "iam:PutRolePolicy",
        "lambda:ListFunctions",
    ),
    "release": ("iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
}


def read(look: Look) -> Facts:
    """The role that the function has now, and which denials: {"role", "policy", "managed"}."""
    recorded = look.before(NAME).get("role", "")
    role, state = look.aws.gather(
        lambda: look.role or look.aws.functions.one(look.entity.id)["Role"].rpartition("/")[2],
        lambda: _denied(look, look.role or recorded),
    )
    known = role in (look.role, recorded)
    return {"role": role, **(state if known else _denied(look, role))}


def _denied(look: Look, role: str) -> Facts:
    if not role:
        return {}
    one, iam = look.entity, look.aws.iam
    attached, policies = look.aws.gather(
        lambda: iam.attached(ROLE, role), lambda: iam.policies(ROLE, role)
    )
    managed = _denial.managed(one.partition) in attached
    return {"policy": _policy(one) in policies, "managed": managed}


def _policy(function: Entity) -> str:
    """Of one role there may be functions of that name in several Regions."""
    return f"TobanDeny-{function.id}.{function.region}"


def contain(case: Case, before: Facts, now: Facts) -> None:
    role, one = before["role"], case.entity
    spare = case.step("who shares the role", lambda: shared(case.aws, role, one.arn))
    case.record["made"][NAME] = case.step("deny the role", lambda: _deny(case, role, spare))


def shared(aws: Aws, role: str, function: str) -> bool:
    """Whether another function of this Region, or an instance profile, has the role."""
    profiles, pages = aws.gather(
        lambda: aws.iam.profiles(role), lambda: list(aws.functions.listed())
    )
    return bool(profiles or others(chain.from_iterable(rows for rows, _ in pages), role, function))


def others(rows: Any, role: str, function: str) -> list[str]:
    """The names of the other functions that have a role, of rows of ListFunctions."""
    same = [row for row in rows if row["Role"].rpartition("/")[2] == role]
    return sorted(row["FunctionName"] for row in same if row["FunctionArn"] != function)


def _deny(case: Case, role: str, spare: bool) -> str:
    """Which denial it was; again changes nothing more. Raises Conflict if none fits."""
    here = {"ArnEquals": {"lambda:SourceFunctionArn": case.entity.arn}}
    statement = _denial.EVERYTHING | ({"Condition": here} if spare else {})
    try:
        case.aws.iam.put(ROLE, role, _policy(case.entity), statement)
    except Conflict as error:
        if spare or error.facts["code"] != "LimitExceeded":
            raise
        case.aws.iam.attach(ROLE, role, _denial.managed(case.entity.partition))
        return "managed"
    return "policy"


def holds(case: Case, before: Facts, now: Facts) -> bool:
    """A role that the function got meanwhile is not denied."""
    return bool(now["role"] == before["role"] and (now["policy"] or now["managed"]))


def release(case: Case, before: Facts, now: Facts) -> None:
    """What was denied before we came, or by a lock of the role meanwhile, stays denied."""
    managed = case.record["made"].get(NAME) == "managed" and not before["managed"]
    ours = managed and now.get("managed", True) and not now.get("policy")
    case.step("deny the role no more", lambda: _allow(case, before, ours))


def _allow(case: Case, before: Facts, detach: bool) -> bool:
    role = before["role"]
    if not before["policy"]:
        case.aws.iam.drop(ROLE, role, _policy(case.entity))
    if detach:
        case.aws.iam.detach(ROLE, role, _denial.managed(case.entity.partition))
    return True


def restored(before: Facts, now: Facts) -> bool:
    """Of a role that the function no longer has, the denial was dropped without a look."""
    other = now["role"] != before["role"]
    return other or all(before[how] or not now[how] for how in ("policy", "managed"))
