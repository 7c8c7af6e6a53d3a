"""Instances: strict launches, groups that are those of the primary interface, true terminations."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.ec2.responses import InstanceResponse

from sandbox.network import ec2_views
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_attributes import check_shutdown
from .ec2_base import (
    GROUP,
    INSTANCE,
    fail,
    groups_by_id,
    instance_index,
    look_up,
    patch,
    require,
)
from .ec2_interfaces import check_tracking, choose_groups, set_tracking
from .ec2_volumes import with_root

_done: set[type] = set()
FORBIDDEN = {
    "start_instances": ({"terminated", "shutting-down", "stopping"}, "started"),
    "stop_instances": ({"terminated", "shutting-down"}, "stopped"),
    "reboot_instances": ({"terminated", "shutting-down", "stopped"}, "rebooted"),
}


def _groups(self: Instance) -> list[Any]:
    nics = self.__dict__.get("nics") or {}
    return nics[0]._group_set if 0 in nics else self.__dict__.get("ext_launch_groups", [])


def _set_groups(self: Instance, groups: list[Any]) -> None:
    nics = self.__dict__.get("nics") or {}
    if 0 in nics:
        nics[0]._group_set = list(groups)
    else:
        self.__dict__["ext_launch_groups"] = list(groups)


def _checked_state(
    name: str, original: Callable[[Any], ActionResult]
) -> Callable[[Any], ActionResult]:
    states, verb = FORBIDDEN[name]

    def operation(self: Any) -> ActionResult:
        ids = require(self, "InstanceIds", "InstanceId")
        for instance in look_up(INSTANCE, ids, instance_index(self.ec2_backend)):
            if instance.state in states:
                text = (
                    f"The instance '{instance.id}' is not in a state from which it can be {verb}."
                )
                fail("IncorrectInstanceState", text)
        return original(self)

    return operation


def _strict_run(original: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def run_instances(self: Any) -> ActionResult:
        params = self._get_params()
        low, high = int(require(self, "MinCount")), int(require(self, "MaxCount"))
        if not 1 <= low <= high:
            text = (
                f"Value ({low}) for parameter minCount is invalid. Must be between 1 and maxCount."
            )
            fail("InvalidParameterValue", text)
        _check_launch(self, params)
        with_root(self.ec2_backend, params)
        params["MinCount"] = high  # moto launches the minimum, the service as many as it can
        reservation: Any = original(self).result
        for instance in reservation.instances:
            _finish(self, instance, params)
        views = [ec2_views.instance(each) for each in reservation.instances]
        pending = {"instanceState": {"code": 0, "name": "pending"}}
        return XmlAnswer(ec2_views.reservation(reservation, [view | pending for view in views]))

    return run_instances


def _check_launch(self: Any, params: dict[str, Any]) -> None:
    nics, machine = params.get("NetworkInterfaces", []), params.get("InstanceType", "m1.small")
    ids = params.get("SecurityGroupIds", [])
    check_shutdown(params.get("InstanceInitiatedShutdownBehavior", "stop"))
    if nics and (ids or params.get("SecurityGroups")):
        what = "Network interfaces and an instance-level security groups"
        text = f"{what} may not be specified on the same request"
        fail("InvalidParameterCombination", text)
    for nic in nics:
        check_tracking(nic.get("ConnectionTrackingSpecification", {}), machine)
        if nic.get("Groups") and nic.get("SubnetId"):
            _check_subnet_groups(self.ec2_backend, nic["Groups"], nic["SubnetId"])
    if ids and not nics:
        _check_subnet_groups(self.ec2_backend, ids, params.get("SubnetId"))


def _check_subnet_groups(backend: Any, ids: list[str], subnet_id: str | None) -> None:
    subnet = backend.get_subnet(subnet_id) if subnet_id else None
    vpc_id = subnet.vpc_id if subnet else backend.default_vpc.id
    for group in look_up(GROUP, ids, groups_by_id(backend)):
        if group.vpc_id != vpc_id:
            place = f"subnet {subnet_id}" if subnet_id else f"VPC {vpc_id}"
            fail(
                "InvalidParameter",
                f"Security group {group.id} and {place} belong to different networks.",
            )
    choose_groups(backend, ids, vpc_id)


def _finish(self: Any, instance: Instance, params: dict[str, Any]) -> None:
    """What moto leaves out: the profile of all but the first, and settings of interfaces."""
    profile = params.get("IamInstanceProfile", {})
    if profile and not instance.iam_instance_profile:
        self.ec2_backend.associate_iam_instance_profile(
            instance.id,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )
    instance.disable_api_termination = bool(params.get("DisableApiTermination"))
    specs = {int(nic.get("DeviceIndex", 0)): nic for nic in params.get("NetworkInterfaces", [])}
    for index, nic in instance.nics.items():
        spec = specs.get(index, {})
        if not spec.get("NetworkInterfaceId"):
            nic.delete_on_termination = spec.get("DeleteOnTermination", True)
        if wanted := spec.get("ConnectionTrackingSpecification"):
            set_tracking(nic, check_tracking(wanted, instance.instance_type))


def _true_terminate(original: Callable[[Instance], Any]) -> Callable[[Instance], Any]:
    def terminate(self: Instance) -> Any:
        """A terminated instance keeps no interface; moto leaves some attached to it."""
        if self.state == "terminated":
            return type(self._state)("terminated", 48)
        nics = list(self.nics.values())
        previous = original(self)
        for nic in nics:
            self.detach_eni(nic)
        return previous

    return terminate


def install() -> None:
    """Put the strict operations in place of moto's."""
    if Instance in _done:
        return
    _done.add(Instance)
    Instance.security_groups = property(_groups, _set_groups)  # type: ignore[assignment]
    patch(Instance, terminate=_true_terminate(Instance.terminate))
    patch(
        InstanceResponse,
        run_instances=_strict_run(InstanceResponse.run_instances),
    )
    for name in FORBIDDEN:
        original = getattr(InstanceResponse, name)
        setattr(InstanceResponse, name, _checked_state(name, original))
