"""Instances in and out of groups: standby, attach, detach, health, termination.

Each answers at once and takes its time: EnterStandby leaves the instance EnteringStandby, then
Standby; ExitStandby and AttachInstances leave it Pending, then InService (and only then registered
with the balancers); DetachInstances leaves it Detaching, then out. The desired capacity changes at
once. Without ShouldDecrementDesiredCapacity a replacement is launched.

Not documented, so guessed: the wording of refusals to leave standby and to attach an instance that
is unknown, stopped, or in another zone; that a call names at least one instance; and that detaching
one on standby, which counts for nothing, changes no capacity.
"""

from collections.abc import Callable
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from sandbox.balance import activities, groups
from sandbox.balance.base import fail, instance_of
from sandbox.delivery.overrides import override

from .autoscaling_base import backend_of, check_room, find, ids_of, members_of


def enter_standby(self: Any) -> ActionResult:
    """Out of service and of the balancers, still of the group."""
    group = find(backend_of(self), self._get_param("AutoScalingGroupName"))
    members = members_of(group, ids_of(self), "InService")
    why = "was moved to standby in response to a user request"
    why += _shrink(self, group, len(members), "place into standby")
    rows = []
    for member in members:
        groups.part(group, member)
        text = f"instance {member.instance_id} {why}."
        rows.append(
            activities.start(group, member.instance, "Moving EC2 instance to Standby", text)
        )
        groups.move(member, "EnteringStandby", "Standby", rows[-1])
    return _began(group, rows)


def _began(group: Any, rows: list[activities.Activity]) -> ActionResult:
    """The answer that names what began; what is missing now is replaced."""
    groups.balance(group)
    return ActionResult({"Activities": [dict(row) for row in rows]})


def _shrink(self: Any, group: Any, count: int, verb: str) -> str:
    """Lower the desired capacity if that is asked for; what the cause says of it."""
    if not self._get_bool_param("ShouldDecrementDesiredCapacity") or not count:
        return ""
    check_room(group, -count, verb)
    group.desired_capacity -= count
    after = group.desired_capacity
    return f", shrinking the capacity from {after + count} to {after}"


def exit_standby(self: Any) -> ActionResult:
    """Back into service; the desired capacity rises by as many."""
    group = find(backend_of(self), self._get_param("AutoScalingGroupName"))
    members = members_of(group, ids_of(self), "Standby")
    check_room(group, len(members), "remove from standby")
    before, rows = group.desired_capacity, []
    group.desired_capacity += len(members)
    why = "was moved out of standby in response to a user request, increasing the capacity from"
    for member in members:
        text = f"instance {member.instance_id} {why} {before} to {group.desired_capacity}."
        what = "Moving EC2 instance out of Standby"
        state = {"StatusCode": "PreInService", "Progress": 30}
        rows.append(activities.start(group, member.instance, what, text, **state))
        groups.move(member, "Pending", "InService", rows[-1])
    return _began(group, rows)


def detach_instances(self: Any) -> ActionResult:
    """Out of the group and its balancers; the instances run on."""
    group = find(backend_of(self), self._get_param("AutoScalingGroupName"))
    members = members_of(group, ids_of(self), "InService", "Standby")
    serving = [each for each in members if each.lifecycle_state == "InService"]
    why = (
        f"was detached in response to a user request{_shrink(self, group, len(serving), 'detach')}"
    )
    rows = []
    for member in members:
        groups.part(group, member)
        text = f"instance {member.instance_id} {why}."
        rows.append(activities.start(group, member.instance, "Detaching EC2 instance", text))
        groups.move(member, "Detaching", "Detached", rows[-1])
    return _began(group, rows)


def attach_instances(self: Any) -> ActionResult:
    """Running instances of no group, into one with room; the desired capacity rises by as many."""
    backend = backend_of(self)
    group = find(backend, self._get_param("AutoScalingGroupName"))
    instances = [_attachable(backend, group, each) for each in ids_of(self)]
    check_room(group, len(instances), "attach")
    group.desired_capacity += len(instances)
    for instance in instances:
        why = f"an instance was added in response to user request: {instance.id}"
        activity = activities.start(group, instance, "Attaching an existing EC2 instance", why)
        groups.move(groups.add(group, instance), "Pending", "InService", activity)
    return EmptyResult()


def _attachable(backend: Any, group: Any, instance_id: str) -> Any:
    instance = instance_of(backend, instance_id)
    if instance is None or instance.state == "terminated":
        fail("ValidationError", f"Invalid Instance ID(s): [{instance_id}] specified")
    if owner := getattr(instance, "autoscaling_group", None):
        text = f"The Instance: {instance_id} is already part of AutoScalingGroup:{owner.name}"
        fail("ValidationError", text)
    if instance.state != "running":
        text = f"Instance {instance_id} is not in correct state: it is {instance.state}"
        fail("ValidationError", f"{text}, and must be running")
    if instance.placement.zone not in group.availability_zones:
        text = f"Instance {instance_id} is in {instance.placement.zone}"
        fail("ValidationError", f"{text}, which is no Availability Zone of the AutoScalingGroup")
    return instance


def _member(self: Any) -> tuple[Any, Any]:
    """The group and the member that a call names by its instance alone."""
    wanted = self._get_param("InstanceId")
    for group in backend_of(self).autoscaling_groups.values():
        for member in group.instance_states:
            if member.instance_id == wanted:
                return group, member
    return fail("ValidationError", f"Instance Id not found - No managed instance found: {wanted}")


def set_instance_health(self: Any) -> ActionResult:
    """Say how a member is; an unhealthy one that is in service will be replaced."""
    status = self._get_param("HealthStatus")
    if status not in ("Healthy", "Unhealthy"):
        text = f"Invalid health status: {status}. Valid values: [Healthy, Unhealthy]"
        fail("ValidationError", text)
    _, member = _member(self)
    member.health_status = status
    backend_of(self)
    return EmptyResult()


def terminate_instance_in_auto_scaling_group(self: Any) -> ActionResult:
    """End a member, with or without one to follow it."""
    group, member = _member(self)
    if self._get_bool_param("ShouldDecrementDesiredCapacity"):
        if group.desired_capacity <= group.min_size:
            text = f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance"
            text += " without replacement will violate group's min size constraint. Either set"
            text += " shouldDecrementDesiredCapacity flag to false or lower group's min size."
            fail("ValidationError", text)
        group.desired_capacity -= member.lifecycle_state in groups.COUNTED
    activity = groups.end(group, member, "was taken out of service in response to a user request.")
    groups.balance(group)
    return ActionResult({"Activity": dict(activity)})


OPERATIONS: tuple[Callable[[Any], ActionResult], ...] = (
    enter_standby,
    exit_standby,
    detach_instances,
    attach_instances,
    set_instance_health,
    terminate_instance_in_auto_scaling_group,
)


def install() -> None:
    """Put the strict ones in place of moto's; assigning twice changes nothing."""
    for operation in OPERATIONS:
        override(AutoScalingResponse, operation.__name__, operation)
