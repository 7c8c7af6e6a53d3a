"""A proposed run in the workflow: evidence, the question to people, and the wait for one answer."""

from aws_durable_execution_sdk_python.exceptions import CallbackError

from skill.actions import ACTIONS, _gather, _proposals, _targets
from skill.aws import Aws
from skill.engine import claims, intake, notify, policy, records
from skill.engine.flow import DurableFlow
from skill.errors import Refused, TobanError, Unavailable
from skill.model import Ending, Facts, Plan, Result, document

EVIDENCE_SECONDS = 60
NOT_TOLD = ("unavailable", "throttled")


def superseded(event: Facts, aws: Aws, flow: DurableFlow) -> bool:
    """Whether, after the time that a proposal waits before it is one, somebody else has asked."""
    if not event.get("after"):
        return False
    flow.wait("whether somebody else asks too", event["after"])
    run, claim = event["run"], event.get("unless", "")
    free = not claim or flow.step("did nobody", lambda: claims.proposed(aws, claim, run["id"]))
    ended = (intake.PROPOSAL, "") if free else (intake.IGNORED, intake.TWIN)
    if records.event_of(run):
        flow.step("account for the event", lambda: intake.settle(aws, run, *ended))
    return not free


def answered(run: Facts, aws: Aws, flow: DurableFlow) -> Facts:
    """The run with its answer, after evidence and message, when somebody gave one or time is up."""
    run = run | {"evidence": _gathered(run, aws, flow)}
    callback = flow.callback("answer", run["minutes"] * 60)
    flow.step("keep the callback", lambda: _keep(aws, run, callback.callback_id))
    if not flow.step("answered already", lambda: _answer(aws, run) is not None):
        _post(run, aws, flow)
        try:
            callback.result()
        except CallbackError:  # time is up; whether somebody was in time is in the ledger
            pass
    taken: Facts = flow.step("take the answer", lambda: _take(aws, run))
    return run | taken


def _gathered(run: Facts, aws: Aws, flow: DurableFlow) -> Facts:
    """What is known about the one instance that it is about. Best effort: nobody waits for long."""
    targets = run["plan"]["targets"]
    if len(targets) != 1 or targets[0]["type"] != "instance":
        return {}
    try:
        there = aws.of(run["plan"]["facts"])
        about = flow.step("the instance", lambda: _about(there, targets[0]["id"]))
        found: Facts = _gather.gather(about, there, flow, EVIDENCE_SECONDS)
    except TobanError as error:
        return {"error": error.document()}
    return found


def _about(aws: Aws, instance: str) -> Facts:
    return _gather.asked_about(_targets.instance(aws, instance))


def _keep(aws: Aws, run: Facts, callback: str) -> bool:
    return aws.ledger.put(f"run#{run['id']}", "callback", {"callback": callback})


def _answer(aws: Aws, run: Facts) -> Facts | None:
    item = aws.ledger.get(f"run#{run['id']}", "answer")
    return item["doc"] if item else None


def _post(run: Facts, aws: Aws, flow: DurableFlow) -> None:
    """Ask in Slack, more than once if need be: without the message only a voice can answer."""
    told = flow.step("propose", lambda: notify.tell(aws, run, "proposed"))
    if str(told["slack"]).partition(":")[0] in NOT_TOLD:
        try:
            flow.step("propose again", lambda: _again(aws, run))
        except TobanError:
            return


def _again(aws: Aws, run: Facts) -> Facts:
    told = notify.tell(aws, run, "proposed")
    if str(told["slack"]).partition(":")[0] in NOT_TOLD:
        raise Unavailable(operation="post", service="slack")
    return told


def _take(aws: Aws, run: Facts) -> Facts:
    """The answer that holds, kept in the record. Nobody's, if nobody answered in time."""
    none: Facts = {"verdict": _proposals.EXPIRED, "run": run["id"]}
    holds = _proposals.claim(aws, run["id"], none)
    approval = run["approval"] | {"how": holds["verdict"], "answered": records.now(), **holds}
    if holds["run"] != run["id"] and (by := records.get(aws, holds["run"])):
        approval |= {"answer": by["approval"], "answered_by": by["actor"]}
    return records.answered(aws, run, approval)


def approved(run: Facts, aws: Aws, flow: DurableFlow) -> Facts:
    """The run with its plan as it is now, of what was agreed to. Raises Refused if policy has come
    to say no, or nothing is left to do.
    """
    plan = flow.step("plan again", lambda: document(_afresh(run, aws)))
    run = run | {"plan": plan}
    flow.step("planned", lambda: records.planned(aws, run))
    return run


def _afresh(run: Facts, aws: Aws) -> Plan:
    row = ACTIONS[run["action"]]
    hour = policy.this_hour(row, run["id"], aws)
    plan = _proposals.afresh(aws, run, run["approval"]["agreed"])
    policy.check(row, plan, run["id"], hour, aws.settings)
    if not plan.targets:
        raise Refused(reason="nothing_to_do", left_out=[document(one) for one in plan.left_out])
    return plan


def closing(run: Facts) -> Result:
    """The result of a run that was not approved."""
    ending = Ending(run["approval"]["verdict"])
    return Result(ending, run["plan"]["facts"] | _proposals.told(run))
