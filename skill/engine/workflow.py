"""A run's life in the workflow function: record, announce, apply, close, report."""

import logging

from aws_durable_execution_sdk_python import DurableContext

from skill.actions import ACTIONS
from skill.aws import Aws
from skill.engine import caps, cases, holds, meter, notify, proposals, records, waking
from skill.engine.flow import DurableFlow
from skill.engine.flush import flush
from skill.errors import TobanError, bug
from skill.log import about
from skill.model import Facts, Plan, Result

log = logging.getLogger("toban.workflow")
CLOSE_AGAIN_SECONDS = 60


def execute(event: Facts, context: DurableContext, aws: Aws) -> Facts:
    """One durable execution: a run, the waking of one that waits, or the flush of messages that had
    to wait.
    """
    for name, work in (("flush", flush), ("wake", waking.wake)):
        if name in event:
            return work(event, context, aws)
    with about(run=event["run"]["id"], action=event["run"]["action"]):
        return _run(event, context, aws)


def _run(event: Facts, context: DurableContext, aws: Aws) -> Facts:
    """Run `event["run"]` to its end. Whatever happens, the record is closed and somebody is
    told.
    """
    run = event["run"]
    flow = DurableFlow(context, aws, run["id"])
    try:
        if over := _over(event, aws, flow):
            return {"run": run["id"], "ending": over}
        if run["proposed"]:
            run = proposals.answered(run, aws, flow)
        if run["approval"].get("verdict", "approved") != "approved":
            return _end(run, proposals.closing(run), aws, flow)
        if run["proposed"]:
            run = proposals.approved(run, aws, flow)
        flow.step("hold", lambda: _may_begin(aws, run))
        flow.step("announce", lambda: notify.tell(aws, run, "started"))
        result = _apply(run, aws, flow)
    except TobanError as error:
        result = records.failure(run, error.document())
        if error.key == TobanError.key:  # a fault of ours: the alarm on errors shall hear of it
            _end(run, result, aws, flow)
            raise
    except Exception as error:  # the workflow door's one broad catch: a bug must not end in silence
        _end(run, records.failure(run, bug(error)), aws, flow)
        raise
    return _end(run, result, aws, flow)


def _may_begin(aws: Aws, run: Facts) -> bool:
    """Its targets are its own, and within the hour's limit; a door may have seen to that before."""
    holds.take(aws, run)
    caps.claim(aws, run)
    return True


def _over(event: Facts, aws: Aws, flow: DurableFlow) -> str:
    """Why there is nothing to run: somebody else has asked for the same, or this very run has
    ended (a dead letter that is sent again, a start that was told as refused).
    """
    if proposals.superseded(event, aws, flow):
        return "superseded"
    begun = flow.step("record", lambda: records.begin(aws, event["run"]))
    return "" if begun else "ended before"


def _apply(run: Facts, aws: Aws, flow: DurableFlow) -> Result:
    apply = ACTIONS[run["action"]].apply
    if apply is None:
        raise TobanError(action=run["action"])
    return apply(Plan.of(run["plan"]), aws, flow)


def _end(run: Facts, result: Result, aws: Aws, flow: DurableFlow) -> Facts:
    """Close and report. A record that cannot be closed is reported all the same, and then raised:
    the execution fails, and the dead-letter queue's alarm says so.
    """
    _let_go(run, aws, flow)
    try:
        closed = _close(run, result, aws, flow)
    except TobanError:
        flow.step("report", lambda: notify.tell(aws, run | _unclosed(result), "ended"))
        raise
    flow.step("report", lambda: _report(aws, run | closed))
    _ticket(run | closed, aws, flow)
    return {"run": run["id"], "ending": closed["ending"]}


def _close(run: Facts, result: Result, aws: Aws, flow: DurableFlow) -> Facts:
    """Close the record, and should that be refused, once more after a while."""

    def work() -> Facts:
        return _brief(records.close(aws, run, result, flow.waited))

    try:
        return dict(flow.step("close", work))
    except TobanError:
        flow.wait("before closing again", CLOSE_AGAIN_SECONDS)
        return dict(flow.step("close again", work))


def _let_go(run: Facts, aws: Aws, flow: DurableFlow) -> None:
    """Best effort: a hold that stays has its own end."""
    try:
        flow.step("let go", lambda: holds.drop(aws, run))
    except TobanError as error:
        log.warning("hold kept", extra={"run": run["id"], "why": error.key})


def _ticket(ended: Facts, aws: Aws, flow: DurableFlow) -> None:
    """Best effort, and a step apart: a message shall not come twice for want of a ticket."""
    try:
        flow.step("ticket", lambda: cases.note(aws, ended))
    except TobanError as error:
        log.warning("no ticket", extra={"run": ended["id"], "why": error.key})


def _report(aws: Aws, ended: Facts) -> Facts:
    meter.ended(ended)
    meter.fixes(ended)
    return notify.tell(aws, ended, "ended")


def _unclosed(result: Result) -> Facts:
    return {"ending": str(result.ending), "result": {"facts": result.facts}}


def _brief(closed: Facts) -> Facts:
    """The parts of a closed record that the report needs; checkpoints have a size limit."""
    return {name: closed[name] for name in ("ended", "ending", "result")}
