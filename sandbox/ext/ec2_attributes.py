"""Instance attributes: one per call, checked, and described in the service's own shape.

Guesses: the texts for wrong values, and the code for protecting a spot instance from termination
(that it is refused is documented).
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.instances import Instance
from moto.ec2.responses import InstanceResponse

from sandbox.network import ec2_views
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import fail, find_instance, patch, require
from .ec2_interfaces import choose_groups

Change = Callable[[Any, Instance, Any], Callable[[], None]]
NAMES = {
    "BlockDeviceMappings": "blockDeviceMapping",
    "DisableApiStop": "disableApiStop",
    "DisableApiTermination": "disableApiTermination",
    "EbsOptimized": "ebsOptimized",
    "EnaSupport": "enaSupport",
    "Groups": "groupSet",
    "InstanceInitiatedShutdownBehavior": "instanceInitiatedShutdownBehavior",
    "InstanceType": "instanceType",
    "Kernel": "kernel",
    "Ramdisk": "ramdisk",
    "SourceDestCheck": "sourceDestCheck",
    "SriovNetSupport": "sriovNetSupport",
    "UserData": "userData",
}
LISTS = {"BlockDeviceMappings", "Groups"}
_ALIKE = {
    "EbsOptimized": "ebs_optimized",
    "InstanceType": "instance_type",
    "UserData": "user_data",
}
"""Attributes that only a stopped instance lets go of, and moto's names for them."""


def modify_instance_attribute(self: Any) -> ActionResult:
    """Change one attribute of an instance."""
    instance = find_instance(self.ec2_backend, require(self, "InstanceId"))
    name, value = _given(self)
    if instance.state == "terminated":
        text = f"The instance '{instance.id}' is not in a state from which it can be modified."
        fail("IncorrectInstanceState", text)
    change = CHANGES.get(name)
    if change is None:
        raise NotImplementedError(f"the attribute {NAMES[name]}")
    apply = change(self, instance, value)
    self.error_on_dryrun()
    apply()
    return EmptyResult()


def _given(self: Any) -> tuple[str, Any]:
    """The one attribute that a request names, in the new way or the old."""
    given = {name: self._get_param(name) for name in NAMES if self._get_param(name) is not None}
    if old := self._get_param("Attribute"):
        known = {NAMES[name]: name for name in (*given, *set(NAMES) - LISTS)}
        if old not in known:
            _invalid("attribute", old, "Unknown attribute.")
        given.setdefault(known[old], {"Value": self._get_param("Value")})
    if not given:
        fail("InvalidParameterCombination", "No attributes specified.")
    if len(given) > 1:
        wire = ", ".join(NAMES[name] for name in given)
        text = f"Fields for multiple attribute types specified: {wire}"
        fail("InvalidParameterCombination", text)
    return next(iter(given.items()))


def _invalid(name: str, value: Any, rule: str) -> None:
    fail("InvalidParameterValue", f"Value ({value}) for parameter {name} is invalid. {rule}")


def _truth(name: str, value: Any) -> bool:
    """A boolean attribute's value; the old form sends text."""
    text = str(value.get("Value")).lower()
    if text not in ("true", "false"):
        _invalid(NAMES[name], value.get("Value"), "Must be true or false.")
    return text == "true"


def _protect(name: str, attribute: str) -> Change:
    def change(_self: Any, instance: Instance, value: Any) -> Callable[[], None]:
        wanted = _truth(name, value)
        if wanted and name == "DisableApiTermination" and instance.lifecycle == "spot":
            text = f"Termination protection is not supported for Spot instance '{instance.id}'."
            fail("UnsupportedOperation", text)
        return lambda: setattr(instance, attribute, wanted)

    return change


def check_shutdown(value: Any) -> str:
    """What the machine does when its system shuts it down: stop or terminate."""
    if value not in ("stop", "terminate"):
        _invalid("instanceInitiatedShutdownBehavior", value, "Must be stop or terminate.")
    return str(value)


def _shutdown(_self: Any, instance: Instance, value: Any) -> Callable[[], None]:
    wanted = check_shutdown(value.get("Value"))
    return lambda: setattr(instance, "instance_initiated_shutdown_behavior", wanted)


def _disks(_self: Any, instance: Instance, value: list[dict[str, Any]]) -> Callable[[], None]:
    """What becomes of attached volumes at termination; left out, they are deleted (documented)."""
    wanted = {}
    for row in value:
        name = row.get("DeviceName", "")
        if name not in instance.block_device_mapping:
            fail("InvalidInstanceAttributeValue", f"No device is currently mapped at {name}")
        wanted[name] = bool(row.get("Ebs", {}).get("DeleteOnTermination", True))

    def apply() -> None:
        for name, doomed in wanted.items():
            instance.block_device_mapping[name].delete_on_termination = doomed

    return apply


def _groups(self: Any, instance: Instance, value: list[str]) -> Callable[[], None]:
    _check_single(instance)
    groups = choose_groups(self.ec2_backend, value, instance.nics[0].vpc_id)
    return lambda: setattr(instance, "security_groups", groups)


def _check_single(instance: Instance) -> None:
    if len(instance.nics) > 1:
        text = f"There are multiple interfaces attached to instance '{instance.id}'."
        more = "Please specify an interface ID for the operation instead."
        fail("InvalidInstanceID", f"{text} {more}")


def _source_check(_self: Any, instance: Instance, value: Any) -> Callable[[], None]:
    _check_single(instance)
    wanted = _truth("SourceDestCheck", value)
    return lambda: setattr(instance.nics[0], "source_dest_check", wanted)


def _while_stopped(attribute: str) -> Change:
    def change(_self: Any, instance: Instance, value: Any) -> Callable[[], None]:
        if instance.state != "stopped":
            text = f"The instance '{instance.id}' is not in the 'stopped' state."
            fail("IncorrectInstanceState", text)
        return lambda: setattr(instance, attribute, value.get("Value"))

    return change


CHANGES: dict[str, Change] = {
    "BlockDeviceMappings": _disks,
    "DisableApiStop": _protect("DisableApiStop", "disable_api_stop"),
    "DisableApiTermination": _protect("DisableApiTermination", "disable_api_termination"),
    "Groups": _groups,
    "InstanceInitiatedShutdownBehavior": _shutdown,
    "SourceDestCheck": _source_check,
    **{name: _while_stopped(attribute) for name, attribute in _ALIKE.items()},
}
_SHOWN: dict[str, Callable[[Instance], Any]] = {
    "disableApiStop": lambda item: item.disable_api_stop,
    "disableApiTermination": lambda item: item.disable_api_termination,
    "ebsOptimized": lambda item: bool(item.ebs_optimized),
    "enaSupport": lambda _item: True,
    "instanceInitiatedShutdownBehavior": lambda item: item.instance_initiated_shutdown_behavior,
    "instanceType": lambda item: item.instance_type,
    "kernel": lambda item: item.kernel,
    "ramdisk": lambda item: item.ramdisk,
    "rootDeviceName": lambda item: item.root_device_name,
    "sourceDestCheck": lambda item: item.nics[0].source_dest_check if item.nics else None,
    "sriovNetSupport": lambda item: item.sriov_net_support,
    "userData": lambda item: item.user_data,
}


def describe_instance_attribute(self: Any) -> ActionResult:
    """One attribute of an instance."""
    instance = find_instance(self.ec2_backend, require(self, "InstanceId"))
    name = require(self, "Attribute")
    if name not in (*_SHOWN, "blockDeviceMapping", "groupSet", "productCodes", "enclaveOptions"):
        _invalid("attribute", name, "Unknown attribute.")
    self.error_on_dryrun()
    return XmlAnswer({"instanceId": instance.id, name: _view(instance, name)})


def _view(instance: Instance, name: str) -> Any:
    if name == "blockDeviceMapping":
        return [ec2_views.disk(*each) for each in instance.block_device_mapping.items()]
    if name == "groupSet":
        return ec2_views.group_items(instance.security_groups)
    if name == "productCodes":
        return []
    if name == "enclaveOptions":
        return {"enabled": False}
    return {"value": _SHOWN[name](instance)}


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        InstanceResponse,
        modify_instance_attribute=modify_instance_attribute,
        describe_instance_attribute=describe_instance_attribute,
    )
