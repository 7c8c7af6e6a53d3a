"""Classic load balancers (2012-06-01): one list of instances, strict, with their health.

Not documented, so guessed: the wording about an instance of another network, and that taking out
an instance that exists but is not registered is no error.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.elb.responses import ELBResponse

from sandbox.balance.base import fail, instance_of, page, settle, size_of
from sandbox.balance.targets import lets_in
from sandbox.delivery.overrides import override

PAGE = 400
_BAD_MARKER = ("ValidationError", "The marker is not valid")
_UNHEALTHY = (
    "Instance has failed at least the UnhealthyThreshold number of health checks consecutively."
)
_STRANGER = "Instance is not currently registered with the LoadBalancer."


def _find(self: Any, name: str) -> Any:
    settle(self.elb_backend)
    found = self.elb_backend.load_balancers.get(name)
    return found or fail("LoadBalancerNotFound", f"There is no ACTIVE Load Balancer named '{name}'")


def describe_load_balancers(self: Any) -> ActionResult:
    """Those named, or all, in pages."""
    names = self._get_param("LoadBalancerNames", [])
    settle(self.elb_backend)
    rows = [_find(self, name) for name in names]
    rows = rows or list(self.elb_backend.load_balancers.values())
    size = size_of(self._get_param("PageSize"), PAGE, PAGE, "pageSize")
    shown, marker = page(rows, self._get_param("Marker"), size, _BAD_MARKER)
    return ActionResult({"LoadBalancerDescriptions": list(shown), "NextMarker": marker})


def _given(self: Any) -> list[Any]:
    """The instances of a request; each must be there."""
    ids = [row["InstanceId"] for row in self._get_param("Instances", [])]
    found = [(each, instance_of(self.elb_backend, each)) for each in dict.fromkeys(ids)]
    for each, instance in found:
        if instance is None or instance.state == "terminated":
            fail("InvalidInstance", f"Could not find EC2 instance {each}.")
    return [instance for _, instance in found]


def register_instances_with_load_balancer(self: Any) -> ActionResult:
    """Add instances of the balancer's network; those that are there already stay once."""
    balancer = _find(self, self._get_param("LoadBalancerName"))
    instances = _given(self)
    for each in instances:
        if each.vpc_id != balancer.vpc_id:
            fail("InvalidInstance", f"EC2 instance {each.id} is not in the same VPC as ELB.")
    new = [each.id for each in instances if each.id not in balancer.instance_ids]
    balancer.instance_sparse_ids.extend(new)
    return ActionResult({"Instances": balancer.instances})


def deregister_instances_from_load_balancer(self: Any) -> ActionResult:
    """Take instances out, whoever put them in."""
    balancer = _find(self, self._get_param("LoadBalancerName"))
    ids = {each.id for each in _given(self)}
    for name in ("instance_sparse_ids", "instance_autoscaling_ids"):
        setattr(balancer, name, [each for each in getattr(balancer, name) if each not in ids])
    return ActionResult({"Instances": balancer.instances})


def describe_instance_health(self: Any) -> ActionResult:
    """The state of the instances named, or of all that are registered."""
    balancer = _find(self, self._get_param("LoadBalancerName"))
    rows = _given(self) or [instance_of(self.elb_backend, each) for each in balancer.instance_ids]
    states = [_state(balancer, each) for each in rows if each and each.state != "terminated"]
    return ActionResult({"InstanceStates": states})


def _state(balancer: Any, instance: Any) -> dict[str, str]:
    why = _trouble(balancer, instance)
    return {
        "InstanceId": instance.id,
        "State": "OutOfService" if why else "InService",
        "ReasonCode": "Instance" if why else "N/A",
        "Description": why or "N/A",
    }


def _trouble(balancer: Any, instance: Any) -> str:
    if instance.id not in balancer.instance_ids:
        return _STRANGER
    if instance.state != "running":
        return f"Instance is in {instance.state} state."
    ports = [int(each.instance_port) for each in balancer.listeners]
    return "" if any(lets_in(instance.nics[0], port) for port in ports) else _UNHEALTHY


OPERATIONS: tuple[Callable[[Any], ActionResult], ...] = (
    describe_load_balancers,
    register_instances_with_load_balancer,
    deregister_instances_from_load_balancer,
    describe_instance_health,
)


def install() -> None:
    """Put the strict ones in place of moto's; assigning twice changes nothing."""
    for operation in OPERATIONS:
        override(ELBResponse, operation.__name__, operation)
