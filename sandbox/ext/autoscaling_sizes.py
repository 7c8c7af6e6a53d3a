"""Sizes of groups: CreateAutoScalingGroup, UpdateAutoScalingGroup, SetDesiredCapacity, and the end.

Not documented, so guessed: the wording about sizes below zero.
"""

from collections.abc import Callable
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from sandbox.balance import groups
from sandbox.balance.base import fail
from sandbox.delivery.overrides import override

from .autoscaling_base import backend_of, find

_CHANGEABLE = {"AutoScalingGroupName", "MinSize", "MaxSize", "DesiredCapacity", "HealthCheckType"}
_done: set[type] = set()


def _check(low: int, high: int, desired: int | None) -> None:
    """The rules that minimum, maximum and desired capacity obey."""
    for name, size in (("minSize", low), ("maxSize", high), ("desiredCapacity", desired or 0)):
        if size < 0:
            text = f"Value '{size}' at '{name}' failed to satisfy constraint: Member must have"
            text = f"1 validation error detected: {text} value greater than or equal to 0"
            fail("ValidationError", text)
    if low > high:
        text = f"Max bound, {high}, must be greater than or equal to min bound, {low}"
        fail("ValidationError", text)
    if desired is not None and not low <= desired <= high:
        sizes = f"min size:{low} and max size:{high}"
        text = f"Desired capacity:{desired} must be between the specified {sizes}"
        fail("ValidationError", text)


def _strict_create(original: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def create_auto_scaling_group(self: Any) -> ActionResult:
        name = self._get_param("AutoScalingGroupName")
        if name in backend_of(self).autoscaling_groups:
            text = "AutoScalingGroup by this name already exists - A group with the name"
            fail("AlreadyExists", f"{text} {name} already exists")
        desired = self._get_int_param("DesiredCapacity")
        _check(self._get_int_param("MinSize"), self._get_int_param("MaxSize"), desired)
        return original(self)

    return create_auto_scaling_group


def update_auto_scaling_group(self: Any) -> ActionResult:
    """New sizes and health checks; a capacity that is not given follows the sizes."""
    group = backend_of(self).autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
    if group is None:
        fail("ValidationError", "AutoScalingGroup name not found - null")
    given = self._get_params()
    if strange := sorted(set(given) - _CHANGEABLE):
        raise NotImplementedError(f"a change of {', '.join(strange)}")
    low, high = int(given.get("MinSize", group.min_size)), int(given.get("MaxSize", group.max_size))
    desired = self._get_int_param("DesiredCapacity")
    _check(low, high, desired)
    group.min_size, group.max_size = low, high
    group.health_check_type = given.get("HealthCheckType", group.health_check_type)
    if desired is None:
        desired = min(max(group.desired_capacity, low), high)
    group.set_desired_capacity(desired)
    return EmptyResult()


def set_desired_capacity(self: Any) -> ActionResult:
    """As many as asked for, within the group's sizes."""
    group = find(backend_of(self), self._get_param("AutoScalingGroupName"))
    wanted = self._get_int_param("DesiredCapacity")
    for low, bound, size in (
        (True, "below min", group.min_size),
        (False, "above max", group.max_size),
    ):
        if wanted < size if low else wanted > size:
            text = f"New SetDesiredCapacity value {wanted} is {bound} value {size}"
            fail("ValidationError", f"{text} for the AutoScalingGroup.")
    group.set_desired_capacity(wanted)
    return EmptyResult()


def delete_auto_scaling_group(self: Any) -> ActionResult:
    """An empty group; one with instances only by force, which ends them too."""
    backend = backend_of(self)
    group = find(backend, self._get_param("AutoScalingGroupName"))
    if group.instance_states and not self._get_bool_param("ForceDelete"):
        text = "You cannot delete an AutoScalingGroup while there are instances or pending Spot"
        fail("ResourceInUse", f"{text} instance request(s) still in the group.")
    for member in list(group.instance_states):
        groups.part(group, member)
        groups.terminate(member)
        groups.leave(group, member)
    del backend.autoscaling_groups[group.name]
    return EmptyResult()


def install() -> None:
    """Put the strict ones in place of moto's."""
    ours = AutoScalingResponse
    if ours in _done:
        return
    _done.add(ours)
    override(ours, "create_auto_scaling_group", _strict_create(ours.create_auto_scaling_group))
    override(ours, "update_auto_scaling_group", update_auto_scaling_group)
    override(ours, "set_desired_capacity", set_desired_capacity)
    override(ours, "delete_auto_scaling_group", delete_auto_scaling_group)
