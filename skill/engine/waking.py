"""The wait that can end early, in the workflow, on the durable execution SDK."""

import json
import logging
from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python import DurableContext
from aws_durable_execution_sdk_python.exceptions import CallbackError

from skill.aws import Aws
from skill.engine.flow import DurableFlow
from skill.engine.wakes import Watch
from skill.errors import Conflict, Gone, TobanError, Transient
from skill.model import Facts

log = logging.getLogger("toban.wakes")
KIND = "Wake"


def until(
    flow: DurableFlow,
    name: str,
    look: Callable[[], Any],
    done: Callable[[Any], bool],
    limits: Facts,
) -> Any:
    """As `DurableFlow.until`, but the wait for the next look ends early when somebody wakes it.

    `limits` are {"every", "looks", "watch": a Watch}.
    """
    watch, began, value = limits["watch"], flow.waited, None
    for at in range(limits["looks"]):
        last = at + 1 == limits["looks"]
        value = _looked(flow, f"{name} {at}", watch, look, last)
        if last or (value is not None and done(value)):
            break
        _sleep(flow, name, watch, limits["every"], began)
    try:
        flow.unnoted(f"{name}: watched", watch.end)
    except TobanError as error:
        log.warning("still watched: %s", error.key)
    return value


def _looked(flow: DurableFlow, name: str, watch: Watch, look: Callable[[], Any], last: bool) -> Any:
    """One look. AWS may be out of reach for a while: the next look may see more."""

    def work() -> Any:
        watch.look()
        return look()

    try:
        return flow.unnoted(name, work)
    except Transient:
        if last:
            raise
        return None


def _sleep(flow: DurableFlow, name: str, watch: Watch, seconds: int, began: int) -> None:
    callback = flow.callback(f"{name}: woken", seconds, KIND)
    try:
        told = flow.unnoted(f"{name}: asleep", lambda: watch.sleep(callback.callback_id))
        told = told or json.loads(callback.result() or "{}").get("woken", "")
    except CallbackError:  # nobody came: the safety net
        flow.waited += seconds
        return
    except TobanError as error:
        log.warning("cannot be woken: %s", error.key)
        flow.wait(f"{name}: next look", seconds)
        return
    flow.waited = max(flow.waited, began + int(told or 0))


def wake(event: Facts, context: DurableContext, aws: Aws) -> Facts:
    """The workflow's part: answer the callback `event["wake"]`, if it still can be answered."""
    asked = event["wake"]
    flow = DurableFlow(context, aws, f"wake-{asked['run']}")
    try:
        flow.unnoted("wake", lambda: _answer(aws, asked))
    except TobanError as error:  # it looks by itself after a while
        log.warning("not woken: %s", error.key)
        return {"run": asked["run"], "woken": False}
    return {"run": asked["run"], "woken": True}


def _answer(aws: Aws, asked: Facts) -> bool:
    try:
        aws.lambda_.answer(asked["callback"], {"woken": asked["woken"]})
    except (Gone, Conflict):
        return False
    return True
