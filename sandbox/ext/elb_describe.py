"""DescribeTargetGroups and DescribeLoadBalancers (2015-12-01): pages of 400, and true refusals."""

from collections.abc import Callable, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from sandbox.balance.base import fail, page, settle, size_of
from sandbox.delivery.overrides import override

from .elb_targets import find

PAGE = 400
_BAD_MARKER = ("ValidationError", "The marker is not valid")


def _paged(self: Any, name: str, rows: Sequence[Any]) -> ActionResult:
    size = size_of(self._get_param("PageSize"), PAGE, PAGE, "pageSize")
    shown, marker = page(rows, self._get_param("Marker"), size, _BAD_MARKER)
    return ActionResult({name: list(shown), "NextMarker": marker})


def describe_target_groups(self: Any) -> ActionResult:
    """Those of a load balancer, those named by ARN or name, or all: by one of the three."""
    backend = self.elbv2_backend
    settle(backend)
    arns = self._get_param("TargetGroupArns", [])
    balancer, names = self._get_param("LoadBalancerArn"), self._get_param("Names", [])
    for arn in arns:
        find(backend, arn)
    return _paged(self, "TargetGroups", list(backend.describe_target_groups(balancer, arns, names)))


def _load_balancers(self: Any, arns: list[str] | None, names: list[str] | None) -> list[Any]:
    """moto takes a balancer that it found before for one that is not there."""
    known = list(self.load_balancers.values())
    for each in known:
        each.activate()
    if missing := [name for name in names or [] if name not in [each.name for each in known]]:
        fail("LoadBalancerNotFound", f"Load balancers '[{', '.join(missing)}]' not found")
    if any(arn not in self.load_balancers for arn in arns or []):
        fail("LoadBalancerNotFound", "One or more load balancers not found")
    wanted = {*(arns or []), *(names or [])}
    return [each for each in known if not wanted or wanted & {each.arn, each.name}]


def describe_load_balancers(self: Any) -> ActionResult:
    """Those named by ARN or name, or all."""
    backend = self.elbv2_backend
    rows = backend.describe_load_balancers(
        self._get_param("LoadBalancerArns", []), self._get_param("Names", [])
    )
    return _paged(self, "LoadBalancers", rows)


OPERATIONS: tuple[Callable[[Any], ActionResult], ...] = (
    describe_target_groups,
    describe_load_balancers,
)


def install() -> None:
    """Put the strict ones in place of moto's; assigning twice changes nothing."""
    override(ELBv2Backend, "describe_load_balancers", _load_balancers)
    for operation in OPERATIONS:
        override(ELBV2Response, operation.__name__, operation)
