"""Puts a contained instance, principal or function back exactly as its record says."""

from dataclasses import dataclass

from skill import sites
from skill.actions import (
    _contain,
    _contained,
    _containment,
    _measures,
    _release,
    _targets,
)
from skill.actions._contained import Named
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.entity import FUNCTION, INSTANCE, ROLE, USER, Entity
from skill.errors import Refused
from skill.model import Change, Facts, Plan, Result, Risk, Target

RISK = Risk.CHANGE
LANE = "containment"
_ALL = (INSTANCE, USER, ROLE, FUNCTION)
PERMISSIONS = {
    "plan": (
        *_measures.permissions("read", *_ALL),
        "ec2:DescribeTags",
        "dynamodb:GetItem",
        "dynamodb:Query",
    ),
    "apply": (*_measures.permissions("release", *_ALL), "ec2:CreateTags", "ec2:DeleteTags"),
    "undo": _measures.permissions("contain", *_ALL),
}


@dataclass(frozen=True)
class Params:
    """One of an instance (id, ARN, Name tag, or the name as spoken), a contained principal or a
    contained function. `instance` takes any ARN.
    """

    instance: str = ""
    principal: str = ""
    function: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    named, heads = _contained.asked(aws, params.instance, params.principal, params.function)
    if named.record is None:
        return _without_record(aws, named, heads)
    case, now = _contained.now(aws, named, named.record)
    gone = _containment.vanished(named.entity, now)
    facts = _facts(named, named.record, now, [] if gone else _containment.drift(case, now))
    facts |= sites.of(aws.settings, named.entity)
    return Plan(
        "release",
        targets=(_target(named),),
        changes=tuple(
            Change(named.entity.key, name, now[name], before)
            for name, before in named.record["before"].items()
            if now[name] != before
        ),
        warnings=_warnings(facts, gone),
        facts=facts,
        prior={"entity": named.entity.document()},
    )


def _facts(named: Named, record: Facts, now: Facts, drifted: list[str]) -> Facts:
    groups = record["before"].get("network", {}).get("groups", {})
    left = now.get("network", {}).get("groups", groups)
    return {
        "instance": named.name,
        "kind": named.entity.kind,
        "interfaces": len(groups),
        "away": sum(eni not in left for eni in groups),
        "drift": drifted,
        "keys": _keys(record),
    }


def _warnings(facts: Facts, gone: bool) -> tuple[str, ...]:
    warned = {
        "vanished": gone,
        "interfaces_gone": facts["away"] and not gone,
        "drifted": facts["drift"],
        "keys": facts["keys"] and not gone,
    }
    return tuple(name for name, holds in warned.items() if holds)


def _keys(record: Facts) -> int:
    """Access keys that would work again."""
    keys = record["before"].get("keys", {}).get("keys", {})
    return sum(status == "Active" for status in keys.values())


def _target(named: Named) -> Target:
    if named.live:
        return _targets.target(named.live)
    return Target(named.entity.key, named.name, named.entity.kind)


def _without_record(aws: Aws, named: Named, heads: list[Facts]) -> Plan:
    """Nothing to restore: never contained by us, just being contained, or we lost track."""
    for head in heads:
        if named.entity.key in head["ids"] and _contained.is_containing(head):
            raise Refused(reason="busy", action=head["action"], names=[named.name])
    if named.live and named.live.status in ("isolated", "untracking"):
        raise Refused(reason="no_record", instance=named.name)
    facts = {"instance": named.name, "kind": named.entity.kind}
    return Plan("release", facts=facts | sites.of(aws.settings, named.entity))


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    """Only a whole release can be undone: nothing else is a state to go back to."""
    return _release.release(Entity.of(plan.prior["entity"]), plan.facts, aws, flow)


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    """Contain it again, as it was contained before."""
    kept = record["undo"]["record"]
    prior = kept | {"before": kept["before"]}
    return _contain.contain(Plan("release", facts=record["plan"]["facts"], prior=prior), aws, flow)
