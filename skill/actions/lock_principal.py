"""Locks an IAM user or role: everything denied, keys off, older sessions cut, and read back."""

from dataclasses import dataclass

from skill import sites
from skill.actions import _contain, _containment, _locks, _measures, _principals, _release
from skill.actions._flow import Flow
from skill.actions._measures import Look
from skill.actions._measures.keys import active
from skill.aws import Aws
from skill.entity import ROLE, USER, Entity
from skill.model import Change, Facts, LeftOut, Plan, Result, Risk, Target

RISK = Risk.DESTRUCTIVE
LANE = "containment"
PERMISSIONS = {
    "plan": (
        *_measures.permissions("read", USER, ROLE),
        "dynamodb:GetItem",
        "iam:GetRole",
        "iam:GetUser",
        "iam:ListInstanceProfiles",
        "iam:ListRoles",
        "iam:ListUsers",
        "lambda:ListFunctions",
    ),
    "apply": _measures.permissions("contain", USER, ROLE),
    "undo": _measures.permissions("release", USER, ROLE),
}


@dataclass(frozen=True)
class Params:
    """`principal`: the ARN of a user, a role or a role's session, or a name as spoken.

    `kind` ("user" or "role") tells which, where both have that name; an ARN that comes with it need
    not have the path.
    """

    principal: str = ""
    kind: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    there = _principals.place(aws, params.principal)
    one, profiles = aws.gather(
        lambda: _principals.entity(aws, params.principal, params.kind),
        there.iam.profiles_by_role,
    )
    role = one.id if one.kind == ROLE else ""
    row, served, record, states = there.gather(
        lambda: _principals.described(there, one),
        lambda: _principals.serves(there, role, profiles),
        lambda: _containment.record_of(aws, one.key),
        lambda: _containment.survey(Look(there, one)),
    )
    facts = _facts(one, states) | served | sites.of(aws.settings, one)
    if _containment.whole(there, one, record, states):
        return Plan("lock_principal", left_out=(LeftOut(one.id, "already"),), facts=facts)
    ours = served["own"] or (one.kind == ROLE and _locks.our_role(aws.settings, one.id))
    protected = ours or _locks.PROTECTED in row["Tags"]
    return Plan(
        "lock_principal",
        targets=(Target(one.key, one.id, one.kind, protected),),
        changes=_changes(one, states),
        warnings=_warnings(facts),
        facts=facts,
        prior=_containment.prior(one, one.id, states),
    )


def _facts(one: Entity, states: dict[str, Facts]) -> Facts:
    """What it is, how many active keys it has, and whether it has a console password."""
    return {
        "principal": one.id,
        "kind": one.kind,
        "keys": len(active(states.get("keys", {}).get("keys", {}))),
        "console": bool(states.get("password", {}).get("console")),
        "unread": _containment.unread(states),
        "steps": _containment.steps(states),
    }


def _changes(one: Entity, states: dict[str, Facts]) -> tuple[Change, ...]:
    keys = states.get("keys", {}).get("keys", {})
    off = [Change(key, "status", keys[key], "Inactive") for key in active(keys)]
    console = [Change(one.key, "password")] if states.get("password", {}).get("console") else []
    return (Change(one.key, "policies", None, "deny"), *off, *console)


def _warnings(facts: Facts) -> tuple[str, ...]:
    warned = {
        "unread": facts["unread"],
        "shared_role": facts["instances"] or facts["functions"],
        "password": facts["console"],
        "policy_delay": True,
    }
    return tuple(name for name, holds in warned.items() if holds)


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    return _contain.contain(plan, aws, flow)


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    return _release.undo(record, aws, flow)
