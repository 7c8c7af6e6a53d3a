"""Marks an instance as suspicious and gathers evidence: flows, findings, shared role."""

from dataclasses import dataclass

from skill.actions import _evidence, _targets
from skill.actions._flow import Flow
from skill.actions._status import say
from skill.aws import Aws
from skill.errors import TobanError
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
LOOK_EVERY, LOOK_WITHIN = 3, 300


@dataclass(frozen=True)
class Params:
    """`instance`: an instance id, a Name tag, or the name as spoken."""

    instance: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    one = _targets.instance(aws, params.instance)
    after = one.status if one.status in ("isolated", "untracking") else "suspicious"
    return Plan(
        "mark_suspicious",
        targets=(_targets.target(one),),
        changes=(Change(one.id, "TobanStatus", one.status, after),),
        facts={"instance": one.name},
        prior={
            "instance": one.id,
            "status": one.status,
            "after": after,
            "profile": one.profile,
            "interfaces": [eni.id for eni in one.interfaces],
            "subnets": list(dict.fromkeys(eni.subnet for eni in one.interfaces)),
            "addresses": [address for eni in one.interfaces for address in eni.addresses],
        },
    )


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    prior = plan.prior
    flow.step("status", lambda: say(aws, prior["instance"], prior["after"]))
    facts = {**plan.facts, "subnets": prior["subnets"]}
    missing: list[str] = []
    for name, gather in (("flows", _flows), ("findings", _findings), ("shared", _shared)):
        try:
            facts |= gather(plan, aws, flow)
        except TobanError as error:
            missing.append(name)
            facts[f"{name}_error"] = error.document()
    flow.step("keep the evidence", lambda: _evidence.keep(aws, prior["instance"], facts))
    ending = Ending.PARTIAL if missing else Ending.DONE
    return Result(
        ending,
        {**facts, "missing": missing},
        undo={"instance": prior["instance"], "status": prior["status"]},
    )


def _flows(plan: Plan, aws: Aws, flow: Flow) -> Facts:
    prior = plan.prior
    query = flow.step(
        "ask the flow logs", lambda: _evidence.ask(aws, prior["interfaces"], prior["addresses"])
    )
    found = flow.until(
        "flow logs",
        lambda: _evidence.read(aws, query),
        lambda rows: rows is not None,
        LOOK_EVERY,
        LOOK_WITHIN,
    )
    if found is None:
        raise TobanError(operation="flow logs")
    return dict(found)


def _findings(plan: Plan, aws: Aws, flow: Flow) -> Facts:
    return dict(flow.step("open findings", lambda: _evidence.findings(aws, plan.prior["instance"])))


def _shared(plan: Plan, aws: Aws, flow: Flow) -> Facts:
    prior = plan.prior
    return dict(
        flow.step(
            "who shares the role",
            lambda: _evidence.shared(aws, prior["instance"], prior["profile"]),
        )
    )


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    prior = record["undo"]
    flow.step("status", lambda: say(aws, prior["instance"], prior["status"]))
    return Result(Ending.DONE, record["plan"]["facts"])
