"""Termination and stop protection: what StopInstances and TerminateInstances then refuse.

That none of several instances is stopped when one may not be is a guess.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from moto.core.responses import ActionResult
from moto.ec2.responses import InstanceResponse

from .ec2_base import INSTANCE, fail, instance_index, look_up, patch, require

Operation = Callable[[Any], ActionResult]
_done: set[type] = set()


def _named(self: Any) -> list[Any]:
    ids = require(self, "InstanceIds", "InstanceId")
    return look_up(INSTANCE, ids, instance_index(self.ec2_backend))


def _refuse(instance: Any, verb: str, attribute: str) -> NoReturn:
    more = f"Modify its '{attribute}' instance attribute and try again."
    fail("OperationNotPermitted", f"The instance '{instance.id}' may not be {verb}. {more}")


def _stopping(original: Operation) -> Operation:
    def stop_instances(self: Any) -> ActionResult:
        """Nothing is stopped if one of them may not be."""
        for instance in _named(self):
            if instance.disable_api_stop and instance.state == "running":
                _refuse(instance, "stopped", "disableApiStop")
        return original(self)

    return stop_instances


def _terminating(original: Operation) -> Operation:
    def terminate_instances(self: Any) -> ActionResult:
        """A protected instance saves those of its zone that are named with it (documented)."""
        found = _named(self)
        saved = [
            each for each in found if each.disable_api_termination and each.state != "terminated"
        ]
        if not saved:
            return original(self)
        zones = {each.placement.zone for each in saved}
        doomed = [each.id for each in found if each.placement.zone not in zones]
        self.error_on_dryrun()
        if doomed:
            self._get_params()["InstanceIds"] = doomed
            original(self)
        _refuse(saved[0], "terminated", "disableApiTermination")

    return terminate_instances


def install() -> None:
    """Put the checks in front of the operations."""
    if InstanceResponse in _done:
        return
    _done.add(InstanceResponse)
    patch(
        InstanceResponse,
        stop_instances=_stopping(InstanceResponse.stop_instances),
        terminate_instances=_terminating(InstanceResponse.terminate_instances),
    )
