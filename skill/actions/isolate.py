"""Cuts an instance off: role, fleet, load balancers, addresses and every interface, read back."""

from dataclasses import dataclass

from skill import sites
from skill.actions import (
    _contain,
    _contained,
    _containment,
    _isolation,
    _measures,
    _release,
    _targets,
)
from skill.actions._flow import Flow
from skill.actions._measures import Case, Look
from skill.actions._measures.network import unlike, wide_open
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.entity import INSTANCE
from skill.errors import TobanError
from skill.model import Change, Facts, LeftOut, Plan, Result, Risk

RISK = Risk.DESTRUCTIVE
LANE = "containment"
PERMISSIONS = {
    "plan": (
        *_measures.permissions("read", INSTANCE),
        "ec2:DescribeTags",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeRouteTables",
        "dynamodb:GetItem",
        "dynamodb:Query",
    ),
    "apply": _measures.permissions("contain", INSTANCE),
    "undo": (*_measures.permissions("release", INSTANCE), "ec2:CreateTags", "ec2:DeleteTags"),
}


@dataclass(frozen=True)
class Params:
    """`instance`: an instance id, an ARN, a Name tag, or the name as spoken.

    `sessions` has all older sessions of its role revoked too, whoever else holds one.
    """

    instance: str = ""
    sessions: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    named = _contained.instance(aws, params.instance)
    entity, one, record = named.entity, named.live, named.record
    there = aws.at(entity.account, entity.region)
    wanted = _wanted(params, aws)
    look = Look(there, entity, record, wanted, one, named.fronts)
    shared, groups, nat, states = there.gather(
        lambda: _targets.sharing(there, one.id, one.profile),
        lambda: _isolation.of_vpc(there, one.vpc, _isolation.ISOLATION),
        lambda: _through_nat(there, one),
        lambda: _containment.survey(look),
    )
    facts = _facts(one, states) | {"shared": len(shared)} | sites.of(aws.settings, entity)
    whole = _containment.whole(there, entity, record, states)
    if (whole and one.status == "isolated") or (record is None and isolated(one, groups)):
        return Plan("isolate", left_out=(LeftOut(one.name, "already"),), facts=facts)
    prior = _containment.prior(entity, one.name, states, wanted, vpc=one.vpc)
    return Plan(
        "isolate",
        targets=(_targets.target(one),),
        changes=tuple(Change(eni.id, "groups", list(eni.groups)) for eni in one.interfaces),
        warnings=_warnings(facts, states, nat),
        facts=facts,
        prior=prior | {"status": one.status},
    )


def _wanted(params: Params, aws: Aws) -> tuple[str, ...]:
    settings = aws.settings
    sessions = bool(params.sessions) or settings.revoke_sessions
    asked = {"sessions": sessions, "metadata": settings.metadata_off}
    return tuple(name for name, is_asked in asked.items() if is_asked)


def _through_nat(aws: Aws, one: Instance) -> bool:
    """A warning only: not worth failing a plan for."""
    try:
        return aws.hosts.through_nat(one.vpc, [eni.subnet for eni in one.interfaces])
    except TobanError:
        return False


def _facts(one: Instance, states: dict[str, Facts]) -> Facts:
    """Numbers and names for the question: what it has, and whom it would hurt."""
    fronts = states["balancers"]
    groups = {each["group"] for each in fronts.get("targets", {}).values()}
    return {
        "instance": one.name,
        "interfaces": len(one.interfaces),
        "role": states["role"].get("role") or _targets.short_role(one.profile),
        "state": one.state,
        "fleet": states["autoscaling"].get("group", ""),
        "balancers": len(groups) + len(fronts.get("classic", {})),
        "last": fronts.get("last", 0),
        "addresses": len(states["addresses"].get("elastic", {})),
        "unread": _containment.unread(states),
        "steps": _containment.steps(states),
    }


def _warnings(facts: Facts, states: dict[str, Facts], nat: bool) -> tuple[str, ...]:
    warned = {
        "unread": facts["unread"],
        "last_target": facts["last"],
        "sessions": states["sessions"] and not states["sessions"].get("error"),
        "nat": nat,
        "dns": True,
    }
    return tuple(name for name, holds in warned.items() if holds)


def isolated(one: Instance, groups: list[str]) -> bool:
    """Whether every interface is in exactly one group and that group is an isolation group of
    ours.
    """
    held = [list(eni.groups) for eni in one.interfaces]
    return bool(held) and all(len(each) == 1 and each[0] in groups for each in held)


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    return _contain.contain(plan, aws, flow, _told)


def _told(case: Case, now: dict[str, Facts]) -> Facts:
    """What became of the interfaces, in numbers; `wide_open` are those in the untracking group."""
    made = case.record["made"].get("network", {})
    groups = now["network"].get("groups", {})
    left = unlike(groups, made.get(_isolation.ISOLATION, ""))
    opened = made.get(_isolation.UNTRACKING, "")
    return {
        "interfaces": len(groups or case.record["before"]["network"]["groups"]),
        "isolated": len(groups) - len(left),
        "open": left,
        "wide_open": len(wide_open(groups, opened)) if opened else 0,
        "snapshots": len(now["snapshots"].get("snapshots", [])),
    }


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    return _release.undo(record, aws, flow)
