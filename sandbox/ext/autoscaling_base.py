"""Auto Scaling: how its operations look things up, and moto's counting replaced by one in time."""

from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from sandbox.balance import groups
from sandbox.balance.base import SETTLE, fail
from sandbox.delivery.overrides import override
from sandbox.systems import progress

MOST_IDS = 20
"""How many instances one call may name."""


def backend_of(response: Any) -> Any:
    """The backend of a call; what is overdue has happened."""
    backend = response.autoscaling_backend
    groups.settle(backend)
    return backend


def find(backend: Any, name: str) -> Any:
    """A group, or the error that the service gives."""
    group = backend.autoscaling_groups.get(name)
    text = f"AutoScalingGroup name not found - AutoScalingGroup: {name} not found"
    return group or fail("ValidationError", text)


def ids_of(response: Any) -> list[str]:
    """The instances that a call names, each once."""
    ids = list(dict.fromkeys(response._get_param("InstanceIds", [])))
    if not ids:
        fail("ValidationError", "At least one instance ID must be specified.")
    if len(ids) > MOST_IDS:
        text = f"The number of instance IDs specified must not be greater than {MOST_IDS}."
        fail("ValidationError", text)
    return ids


def members_of(group: Any, ids: list[str], *states: str) -> list[Any]:
    """The members with these ids, all of them in one of the states."""
    known = {member.instance_id: member for member in group.instance_states}
    for each in ids:
        if each not in known:
            text = f"The instance {each} is not part of Auto Scaling group {group.name}."
            fail("ValidationError", text)
        if known[each].lifecycle_state not in states:
            fail("ValidationError", f"The instance {each} is not in {' or '.join(states)}.")
    return [known[each] for each in ids]


def check_room(group: Any, change: int, verb: str) -> None:
    """Refuse what would take the desired capacity out of the group's sizes."""
    if group.min_size <= group.desired_capacity + change <= group.max_size:
        return
    count = abs(change)
    what = f"To {verb} {count} instance{'s' if count > 1 else ''}"
    sizes = f"min-size={group.min_size}, max-size={group.max_size}"
    fail(
        "ValidationError",
        f"AutoScalingGroup {group.name} has {sizes}, and desired-size={group.desired_capacity}."
        f" {what}, please update the AutoScalingGroup sizes appropriately.",
    )


def _set_desired(self: Any, new_capacity: int | None) -> None:
    self.desired_capacity = self.min_size if new_capacity is None else new_capacity
    groups.balance(self)


def _rejoin(self: Any, group_name: str) -> None:
    group = self.autoscaling_groups[group_name]
    for member in group.instance_states:
        if member.lifecycle_state == "InService":
            groups.join(group, member)


def _terminated(self: Any, instance_ids: list[str]) -> None:
    """Somebody ended instances of groups: they are gone at once, and replaced."""
    for group in list(self.autoscaling_groups.values()):
        for member in list(group.instance_states):
            if member.instance_id in instance_ids:
                groups.leave(group, member)
        groups.balance(group)


def install() -> None:
    """Replace moto's counting; assigning twice changes nothing."""
    override(FakeAutoScalingGroup, "set_desired_capacity", _set_desired)
    override(AutoScalingBackend, "update_attached_elbs", _rejoin)
    override(AutoScalingBackend, "update_attached_target_groups", _rejoin)
    override(AutoScalingBackend, "notify_terminate_instances", _terminated)
    if groups.moments not in progress.PENDING:
        progress.PENDING.append(groups.moments)
    if groups.advance not in SETTLE:
        SETTLE.append(groups.advance)
