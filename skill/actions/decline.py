"""Declines a proposal that waits for a person, so that nothing of it is done."""

from skill.actions import _proposals, approve
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.model import Plan, Result, Risk

RISK = Risk.CHANGE
LANE = ""
PERMISSIONS = approve.PERMISSIONS
IRREVERSIBLE = "What was declined can be asked for again; nothing was done that could be undone."


Params = _proposals.Params


def plan(params: _proposals.Params, aws: Aws) -> Plan:
    """The proposal as it was made: what may not be done needs no look at what it would do now."""
    run = _proposals.asked(params, aws)
    return Plan(
        "decline",
        targets=_proposals.targets(run),
        facts=run["plan"]["facts"] | _proposals.facts(run),
        prior={"proposal": run["id"], "requester": run["actor"]},
    )


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    return approve.answer(plan, aws, flow, _proposals.DECLINED)
