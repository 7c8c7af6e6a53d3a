"""Declines a proposal that waits for a person, so that nothing of it is done."""

from dataclasses import dataclass

from skill.actions import _proposals, approve
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.model import Plan, Result, Risk

RISK = Risk.CHANGE
LANE = ""
PERMISSIONS = approve.PERMISSIONS
IRREVERSIBLE = "What was declined can be asked for again; nothing was done that could be undone."


@dataclass(frozen=True)
class Params:
    """As those of `approve`."""

    proposal: str = ""
    instance: str = ""
    kind: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    """The proposal as it was made: what may not be done needs no look at what it would do now."""
    kinds = (params.kind,) if params.kind else ()
    run = _proposals.record(aws, _proposals.find(aws, params.proposal, params.instance, kinds))
    return Plan(
        "decline",
        targets=_proposals.targets(run),
        facts=run["plan"]["facts"] | _proposals.facts(run),
        prior={"proposal": run["id"], "requester": run["actor"]},
    )


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    return approve.answer(plan, aws, flow, _proposals.DECLINED)
