"""Locks a Lambda function: no new calls, no event sources, its role denied, and read back."""

from dataclasses import dataclass

from skill import sites
from skill.actions import (
    _contain,
    _containment,
    _functions,
    _locks,
    _measures,
    _principals,
    _release,
)
from skill.actions._flow import Flow
from skill.actions._measures import Look
from skill.actions._measures.mappings import switched_on
from skill.aws import Aws
from skill.entity import FUNCTION
from skill.model import Change, Facts, LeftOut, Plan, Result, Risk, Target

RISK = Risk.DESTRUCTIVE
LANE = "containment"
PERMISSIONS = {
    "plan": (
        *_measures.permissions("read", FUNCTION),
        "dynamodb:GetItem",
        "ec2:DescribeInstances",
        "iam:ListInstanceProfiles",
        "lambda:ListFunctions",
        "lambda:ListTags",
    ),
    "apply": _measures.permissions("contain", FUNCTION),
    "undo": _measures.permissions("release", FUNCTION),
}


@dataclass(frozen=True)
class Params:
    """`function`: the ARN of a function, a version or an alias, or a name as spoken."""

    function: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    there = _principals.place(aws, params.function)
    (one, role), profiles = aws.gather(
        lambda: _functions.entity(aws, params.function), there.iam.profiles_by_role
    )
    tags, served, record, states = there.gather(
        lambda: there.functions.tags(one.arn),
        lambda: _principals.serves(there, role, profiles, one.arn),
        lambda: _containment.record_of(aws, one.key),
        lambda: _containment.survey(Look(there, one, role=role)),
    )
    facts = _facts(states) | served
    facts |= {"function": one.id, "kind": FUNCTION, "role": role} | sites.of(aws.settings, one)
    if _containment.whole(there, one, record, states):
        return Plan("lock_function", left_out=(LeftOut(one.id, "already"),), facts=facts)
    ours = _locks.our_function(aws.settings, one.id) or _locks.our_role(aws.settings, role)
    protected = ours or served["own"] or _locks.PROTECTED in tags
    return Plan(
        "lock_function",
        targets=(Target(one.key, one.id, FUNCTION, protected),),
        changes=_changes(one.key, role, states),
        warnings=_warnings(facts),
        facts=facts,
        prior=_containment.prior(one, one.id, states),
    )


def _facts(states: dict[str, Facts]) -> Facts:
    """Its reserved concurrency (None for none), how many of its versions and aliases have
    provisioned concurrency, how many event sources are on, and what could not be read.
    """
    return {
        "reserved": states["concurrency"].get("reserved"),
        "provisioned": len(states["concurrency"].get("provisioned", {})),
        "mappings": len(switched_on(states["mappings"].get("mappings", {}))),
        "unread": _containment.unread(states),
        "steps": _containment.steps(states),
    }


def _changes(key: str, role: str, states: dict[str, Facts]) -> tuple[Change, ...]:
    mappings = states["mappings"].get("mappings", {})
    off = [Change(each, "state", mappings[each], "Disabled") for each in switched_on(mappings)]
    reserved = Change(key, "concurrency", states["concurrency"].get("reserved"), 0)
    return (reserved, *off, Change(role, "policies", None, "deny"))


def _warnings(facts: Facts) -> tuple[str, ...]:
    warned = {
        "unread": facts["unread"],
        "role_spared": facts["instances"] or facts["functions"],
        "provisioned": facts["provisioned"],
        "running_calls": True,
        "policy_delay": True,
    }
    return tuple(name for name, holds in warned.items() if holds)


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    return _contain.contain(plan, aws, flow)


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    return _release.undo(record, aws, flow)
