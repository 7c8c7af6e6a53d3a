"""DescribeAutoScalingInstances, DescribeAutoScalingGroups, DescribeScalingActivities: in pages."""

from collections.abc import Callable, Sequence
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from sandbox.balance import activities
from sandbox.balance.base import fail, page, size_of
from sandbox.delivery.overrides import override

from .autoscaling_base import backend_of

_BAD_TOKEN = ("InvalidNextToken", "The NextToken value is not valid.")
_SAME = (
    "InstanceId",
    "InstanceType",
    "AvailabilityZone",
    "LifecycleState",
    "ProtectedFromScaleIn",
    "LaunchConfigurationName",
    "LaunchTemplate",
)


def _paged(self: Any, name: str, rows: Sequence[Any], default: int, most: int) -> ActionResult:
    size = size_of(self._get_param("MaxRecords"), default, most, "maxRecords")
    shown, token = page(rows, self._get_param("NextToken"), size, _BAD_TOKEN)
    return ActionResult({name: list(shown), "NextToken": token})


def describe_auto_scaling_instances(self: Any) -> ActionResult:
    """The members of all groups; ids that are of none are passed over."""
    ids = self._get_param("InstanceIds", [])
    if len(ids) > 50:
        text = "The number of instance IDs specified must not be greater than 50."
        fail("ValidationError", text)
    members = [
        member
        for group in backend_of(self).autoscaling_groups.values()
        for member in group.instance_states
        if not ids or member.instance_id in ids
    ]
    return _paged(self, "AutoScalingInstances", [_details(each) for each in members], 50, 50)


def _details(member: Any) -> dict[str, Any]:
    """This operation, unlike the other one, writes the health in capitals."""
    values = (
        member.instance_id,
        member.instance_type,
        member.availability_zone,
        member.lifecycle_state,
        bool(member.protected_from_scale_in),
        None if member.launch_template else member.launch_configuration_name,
        member.launch_template,
    )
    row = {name: value for name, value in zip(_SAME, values, strict=True) if value is not None}
    group = {"AutoScalingGroupName": member.auto_scaling_group_name}
    return row | group | {"HealthStatus": member.health_status.upper()}


def describe_auto_scaling_groups(self: Any) -> ActionResult:
    """The groups named, or all, that the filters let pass; names of none are passed over."""
    names, filters = self._get_param("AutoScalingGroupNames", []), self._get_param("Filters", [])
    for each in filters:
        if each["Name"] not in ("tag-key", "tag-value") and not each["Name"].startswith("tag:"):
            fail("ValidationError", f"Filter type {each['Name']} is not correct.")
    groups = backend_of(self).describe_auto_scaling_groups(names, filters=filters)
    return _paged(self, "AutoScalingGroups", groups, 50, 100)


def describe_scaling_activities(self: Any) -> ActionResult:
    """What the groups did, those still under way first."""
    name, ids = self._get_param("AutoScalingGroupName"), self._get_param("ActivityIds", [])
    rows = [
        row
        for row in activities.of(backend_of(self))
        if name in (None, row["AutoScalingGroupName"]) and (not ids or row["ActivityId"] in ids)
    ]
    rows.sort(key=lambda row: row["StatusCode"] == "Successful")
    return _paged(self, "Activities", rows, 100, 100)


OPERATIONS: tuple[Callable[[Any], ActionResult], ...] = (
    describe_auto_scaling_instances,
    describe_auto_scaling_groups,
    describe_scaling_activities,
)


def install() -> None:
    """Put the strict ones in place of moto's; assigning twice changes nothing."""
    for operation in OPERATIONS:
        override(AutoScalingResponse, operation.__name__, operation)
