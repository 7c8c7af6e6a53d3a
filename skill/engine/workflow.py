"""A run's life in the workflow function: record, announce, apply, close, report."""

from typing import Any

from aws_durable_execution_sdk_python import DurableContext

from skill.actions import ACTIONS
from skill.aws import Aws
from skill.engine import notify, records
from skill.engine.flow import DurableFlow
from skill.errors import TobanError
from skill.model import Ending, Facts, Plan, Result


def execute(event: Facts, context: DurableContext, aws: Aws) -> Facts:
    """Run `event["run"]` to its end. Whatever happens, the record is closed and somebody is
    told.
    """
    run = event["run"]
    flow = DurableFlow(context, aws, run["id"])
    flow.step("record", lambda: records.put(aws, run))
    flow.step("announce", lambda: notify.tell(aws, run, "started"))
    try:
        result = _apply(run, aws, flow)
    except TobanError as error:
        result = _failed(run, error.document())
    except Exception as error:  # the workflow door's one broad catch: a bug must not end in silence
        _end(run, _failed(run, _bug(error)), aws, flow)
        raise
    return _end(run, result, aws, flow)


def _apply(run: Facts, aws: Aws, flow: DurableFlow) -> Result:
    apply = ACTIONS[run["action"]].apply
    if apply is None:
        raise TobanError(action=run["action"])
    return apply(Plan.of(run["plan"]), aws, flow)


def _end(run: Facts, result: Result, aws: Aws, flow: DurableFlow) -> Facts:
    closed: Facts = flow.step("close", lambda: _brief(records.close(aws, run, result, flow.waited)))
    flow.step("report", lambda: notify.tell(aws, {**run, **closed}, "ended"))
    return {"run": run["id"], "ending": closed["ending"]}


def _brief(closed: Facts) -> Facts:
    """The parts of a closed record that the report needs; checkpoints have a size limit."""
    return {name: closed[name] for name in ("ended", "ending", "result")}


def _failed(run: Facts, error: Facts) -> Result:
    return Result(Ending.FAILED, {**run["plan"]["facts"], "error": error})


def _bug(error: Exception) -> dict[str, Any]:
    return {"key": "error", "facts": {"type": type(error).__name__}}
