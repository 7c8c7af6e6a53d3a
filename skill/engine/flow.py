"""`Flow` on the durable execution SDK: every step checkpointed, noted in the ledger, safe to
repeat.
"""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from aws_durable_execution_sdk_python import DurableContext, StepContext
from aws_durable_execution_sdk_python.config import CallbackConfig, Duration, StepConfig
from aws_durable_execution_sdk_python.retries import RetryDecision
from aws_durable_execution_sdk_python.types import Callback
from aws_durable_execution_sdk_python.waits import (
    WaitForConditionConfig,
    WaitForConditionDecision,
)

from skill.actions._flow import ATTEMPTS
from skill.aws import Aws
from skill.engine import records
from skill.engine.wakes import Watch
from skill.errors import TobanError, Transient, bug

log = logging.getLogger("toban.workflow")
# Larger results stay in the checkpoint and the run's result.
NOTED = 2000
_FIRST_PAUSE = 2


def _retry(most: int) -> Callable[[Exception, int], RetryDecision]:
    """Transient errors only, 2 to 32 s apart; anything else is a bug and fails the execution."""

    def decide(error: Exception, attempts: int) -> RetryDecision:
        if isinstance(error, Transient) and attempts < most:
            return RetryDecision.retry(Duration(seconds=_FIRST_PAUSE**attempts))
        return RetryDecision.no_retry()

    return decide


class DurableFlow:
    """One run's progress. `waited` counts the seconds that its waits stood for."""

    def __init__(self, context: DurableContext, aws: Aws, run: str) -> None:
        self._context = context
        self._aws = aws
        self._steps = 0
        self.run = run
        self.waited = 0
        self.progress = (0, 0)

    def step(self, name: str, work: Callable[[], Any], attempts: int = ATTEMPTS) -> Any:
        """The kept result of `work`; a TobanError that is not worth another try is kept too, and
        raised.
        """
        self._steps += 1
        order = self._steps
        return self._once(name, work, attempts, lambda outcome: self._note(order, name, outcome))

    def unnoted(self, name: str, work: Callable[[], Any], attempts: int = ATTEMPTS) -> Any:
        """A step of the engine's own, which is no part of what the run did."""
        return self._once(name, work, attempts, lambda outcome: None)

    def _once(
        self,
        name: str,
        work: Callable[[], Any],
        attempts: int,
        note: Callable[[dict[str, Any]], None],
    ) -> Any:
        def once(context: StepContext) -> dict[str, Any]:
            outcome = _outcome(work, last=context.attempt >= attempts)
            note(outcome)
            return outcome

        config = StepConfig(retry_strategy=_retry(attempts))
        return _value(self._context.step(once, name=name, config=config))

    def wait(self, name: str, seconds: int) -> None:
        self._context.wait(Duration(seconds=seconds), name=name)
        self.waited += seconds

    def callback(self, name: str, seconds: int, kind: str = "") -> Callback[str]:
        """Something that somebody else can answer; its result is awaited so long at most."""
        config = CallbackConfig(timeout=Duration(seconds=seconds), sub_type=kind or None)
        return self._context.create_callback(name, config)

    def until(
        self,
        name: str,
        look: Callable[[], Any],
        done: Callable[[Any], bool],
        every: int,
        within: int,
        wakes: Sequence[str] = (),
    ) -> Any:
        """Bounded by the number of looks, so that it ends whatever the clock does."""
        looks = max(within // every, 1)
        if wakes:
            return self._woken(name, look, done, (every, looks), wakes)

        def check(state: dict[str, Any], _: Any) -> dict[str, Any]:
            return {"looks": state["looks"] + 1, **_outcome(look, last=state["looks"] + 1 >= looks)}

        def strategy(state: dict[str, Any], _: int) -> WaitForConditionDecision:
            if (
                "error" in state
                or state["looks"] >= looks
                or ("value" in state and done(state["value"]))
            ):
                return WaitForConditionDecision.stop_polling()
            return WaitForConditionDecision.continue_waiting(Duration(seconds=every))

        config: WaitForConditionConfig[dict[str, Any]] = WaitForConditionConfig(
            wait_strategy=strategy, initial_state={"looks": 0}
        )
        kept: dict[str, Any] = self._context.wait_for_condition(_patient(check), config, name=name)
        self.waited += (kept["looks"] - 1) * every
        return _value(kept)

    def _woken(
        self,
        name: str,
        look: Callable[[], Any],
        done: Callable[[Any], bool],
        limits: tuple[int, int],
        wakes: Sequence[str],
    ) -> Any:
        from skill.engine import waking

        watch = Watch(self._aws, self.run, wakes)
        self.unnoted(f"{name}: watch", watch.begin)
        every, looks = limits
        return waking.until(
            self, name, look, done, {"every": every, "looks": looks, "watch": watch}
        )

    def _note(self, order: int, name: str, outcome: dict[str, Any]) -> None:
        row: dict[str, Any] = {"name": name, "at": records.now(), "progress": self.progress}
        row["error" if "error" in outcome else "done"] = outcome.get("error", True)
        if len(json.dumps(outcome)) < NOTED:
            row["outcome"] = outcome.get("value")
        try:
            records.note(self._aws, self.run, order, row)
        except TobanError as error:
            # What was done is done: it must not be done again for want of a note.
            log.warning("step not noted", extra={"run": self.run, "step": name, "why": error.key})


def _outcome(work: Callable[[], Any], last: bool) -> dict[str, Any]:
    """`work`'s value or its error as data; a transient error is let out to be retried unless it
    is the last.
    """
    try:
        return {"value": work()}
    except Transient as error:
        if not last:
            raise
        return {"error": error.document()}
    except TobanError as error:
        return {"error": error.document()}
    except Exception as error:  # a fault of ours in one step: the others still have their turn
        log.exception("a step broke")
        return {"error": bug(error)}


def _value(kept: dict[str, Any]) -> Any:
    """What a checkpoint kept: the value, or the error to raise again."""
    if "error" in kept:
        raise TobanError.of(kept["error"])
    return kept["value"]


def _patient(
    check: Callable[[dict[str, Any], Any], dict[str, Any]],
) -> Callable[..., dict[str, Any]]:
    """A look that met a transient error counts as a look and is repeated after the usual pause."""

    def looked(state: dict[str, Any], context: Any) -> dict[str, Any]:
        try:
            return check(state, context)
        except Transient:
            return {"looks": state["looks"] + 1}

    return looked
