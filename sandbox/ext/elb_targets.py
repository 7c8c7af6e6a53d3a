"""RegisterTargets, DeregisterTargets, DescribeTargetHealth: strict, by id and port, with draining.

DeregisterTargets leaves alone what is not registered, and a target that was registered under
another port than the one named; it says nothing of either, as the service does.
"""

from typing import Any

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup

from sandbox.balance import targets
from sandbox.balance.base import fail, settle
from sandbox.delivery.overrides import override
from sandbox.systems import progress

_ARN = ":targetgroup/"


def find(backend: Any, arn: str) -> Any:
    """A target group by its ARN, or the error that the service gives."""
    if _ARN not in arn:
        fail("ValidationError", f"'{arn}' is not a valid target group ARN")
    if arn not in backend.target_groups:
        raise TargetGroupNotFoundError
    return backend.target_groups[arn]


def _register(self: Any, target_group_arn: str, instances: list[Any]) -> None:
    settle(self)
    find(self, target_group_arn).register(instances)


def _deregister(self: Any, target_group_arn: str, instances: list[Any]) -> None:
    settle(self)
    find(self, target_group_arn).deregister(instances)


def _describe(self: Any, target_group_arn: str, targets_: list[Any]) -> list[dict[str, Any]]:
    settle(self)
    return targets.describe(find(self, target_group_arn), targets_)


def install() -> None:
    """Put the strict ones in place of moto's; assigning twice changes nothing."""
    override(FakeTargetGroup, "register", targets.register)
    override(FakeTargetGroup, "deregister", targets.deregister)
    override(FakeTargetGroup, "deregister_terminated_instances", targets.forget)
    override(ELBv2Backend, "register_targets", _register)
    override(ELBv2Backend, "deregister_targets", _deregister)
    override(ELBv2Backend, "describe_target_health", _describe)
    if targets.moments not in progress.PENDING:
        progress.PENDING.append(targets.moments)
