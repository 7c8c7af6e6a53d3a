"""Approves a proposal that waits for a person, so that its run goes on."""

from skill.actions import _proposals
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts, Plan, Result, Risk

NAME = "approve"
RISK = Risk.CHANGE  # its plan is as grave as what it approves
LANE = ""
PERMISSIONS = {
    "plan": ("dynamodb:Query", "dynamodb:GetItem"),
    "apply": (
        "dynamodb:PutItem",
        "dynamodb:GetItem",
        "dynamodb:DeleteItem",
        "lambda:SendDurableExecutionCallbackSuccess",
    ),
}
IRREVERSIBLE = "What was approved is a run of its own, and that is what is undone."


Params = _proposals.Params


def plan(params: _proposals.Params, aws: Aws) -> Plan:
    """What the proposed action would do now, of what the proposal showed to whoever saw that.
    `prior["agreed"]` are the targets of a yes to it.
    """
    from skill.actions import ACTIONS

    run = _proposals.asked(params, aws)
    row = ACTIONS[run["action"]]
    shown = [one.id for one in _proposals.targets(run)] if params.proposal else None
    fresh = _proposals.afresh(aws, run, shown)
    return Plan(
        NAME,
        targets=fresh.targets,
        changes=fresh.changes,
        left_out=fresh.left_out,
        warnings=fresh.warnings,
        facts=fresh.facts | _proposals.facts(run),
        prior={
            "proposal": run["id"],
            "requester": run["actor"],
            "agreed": shown or [target.id for target in fresh.targets],
        },
        destructive=fresh.destructive or row.risk is Risk.DESTRUCTIVE,
    )


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    return answer(plan, aws, flow, _proposals.APPROVED)


def answer(plan: Plan, aws: Aws, flow: Flow, verdict: str) -> Result:
    """Claim the proposal and wake it. Raises Refused if somebody was first."""
    proposal = plan.prior["proposal"]
    mine: Facts = {"verdict": verdict, "run": flow.run, "agreed": plan.prior.get("agreed", [])}
    holds = flow.step("answer", lambda: _proposals.claim(aws, proposal, mine))
    if holds["run"] != flow.run:
        raise _proposals.answered(holds["verdict"])
    try:
        flow.step("wake the proposal", lambda: _proposals.wake(aws, proposal))
    except TobanError:
        flow.step("give the answer back", lambda: _proposals.give_back(aws, proposal, flow.run))
        raise
    return Result(Ending.DONE, plan.facts)
