"""Marks an instance as suspicious and gathers evidence: flows, findings, shared role."""

from dataclasses import dataclass

from skill import sites
from skill.actions import _evidence, _gather, _targets
from skill.actions._flow import Flow
from skill.actions._status import say
from skill.aws import Aws
from skill.model import Change, Ending, Facts, Plan, Result, Risk

RISK = Risk.CHANGE
PERMISSIONS = {
    "plan": ("ec2:DescribeInstances", "ec2:DescribeTags"),
    "apply": (
        "ec2:CreateTags",
        "logs:StartQuery",
        "logs:GetQueryResults",
        "inspector2:ListFindingAggregations",
        "ec2:DescribeInstances",
    ),
    "undo": ("ec2:CreateTags", "ec2:DeleteTags"),
}
LOOK_WITHIN = 300


@dataclass(frozen=True)
class Params:
    """`instance`: an instance id, an ARN, a Name tag, or the name as spoken."""

    instance: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    entity, one = _targets.entity(aws, params.instance)
    after = one.status if one.status in ("isolated", "untracking") else "suspicious"
    return Plan(
        "mark_suspicious",
        targets=(_targets.target(one),),
        changes=(Change(one.id, "TobanStatus", one.status, after),),
        facts={"instance": one.name} | sites.of(aws.settings, entity),
        prior=_gather.asked_about(one) | {"status": one.status, "after": after},
    )


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    prior, there = plan.prior, aws.of(plan.facts)
    flow.step("status", lambda: say(there, prior["instance"], prior["after"]))
    facts = plan.facts | _gather.gather(prior, there, flow, LOOK_WITHIN)
    flow.step("keep the evidence", lambda: _evidence.keep(aws, prior["instance"], facts))
    return Result(
        Ending.PARTIAL if facts["missing"] else Ending.DONE,
        facts,
        undo={"instance": prior["instance"], "status": prior["status"]},
    )


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    prior, facts = record["undo"], record["plan"]["facts"]
    there = aws.of(facts)
    flow.step("status", lambda: say(there, prior["instance"], prior["status"]))
    return Result(Ending.DONE, facts)
