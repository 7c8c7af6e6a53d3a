"""Network interfaces: one list of security groups each, in the order given, and real refusals.

Guesses: the code for idle timeouts on a machine that cannot set them, and which of the two
refusals (AuthFailure, OperationNotPermitted) meets requester-managed and which trunk interfaces.
"""

from collections.abc import Callable, Sequence
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import ElasticNetworkInterfaces

from sandbox.network import addresses, ec2_views
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import GROUP, INTERFACE, fail, groups_by_id, look_up, patch, require

MAX_GROUPS = 5
TIMEOUTS = {
    "TcpEstablishedTimeout": ("tcpEstablishedTimeout", 60, 432000),
    "UdpStreamTimeout": ("udpStreamTimeout", 60, 180),
    "UdpTimeout": ("udpTimeout", 30, 60),
}
ATTRIBUTES = {
    "Attachment": "attachment",
    "Description": "description",
    "Groups": "groupSet",
    "SourceDestCheck": "sourceDestCheck",
    "ConnectionTrackingSpecification": "connectionTrackingSpecification",
    "AssociatePublicIpAddress": "associatePublicIpAddress",
}
_XEN = (
    "c1",
    "c3",
    "c4",
    "cc2",
    "cr1",
    "d2",
    "f1",
    "g2",
    "g3",
    "g3s",
    "h1",
    "hs1",
    "i2",
    "i3",
    "m1",
    "m2",
)
_done: set[type] = set()
XEN_FAMILIES = frozenset((*_XEN, "m3", "m4", "p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e"))


def mark_interface(account: str, region: str, eni_id: str, kind: str) -> None:
    """Make an interface one that customers cannot change: "requester-managed" or "trunk"."""
    eni = ec2_backends[account][region].enis[eni_id]
    eni.requester_managed = kind == "requester-managed"
    eni.interface_type = "interface" if eni.requester_managed else kind


def choose_groups(backend: Any, ids: Sequence[str], vpc_id: str) -> list[Any]:
    """The groups for an interface of a VPC, or the refusal that the service gives."""
    groups = look_up(GROUP, ids, groups_by_id(backend))
    if any(group.vpc_id != vpc_id for group in groups):
        fail(GROUP.unknown, "You have specified two resources that belong to different networks.")
    if len(groups) > MAX_GROUPS:
        text = "The maximum number of security groups per interface has been reached."
        fail("SecurityGroupsPerInterfaceLimitExceeded", text)
    return groups


def check_tracking(wanted: dict[str, Any], instance_type: str | None) -> dict[str, int]:
    """Idle timeouts in bounds, on a machine that can set them."""
    if wanted and instance_type and not is_nitro(instance_type):
        text = (
            f"The instance type {instance_type} does not support configurable connection tracking"
        )
        fail("InvalidParameterValue", text)
    for name, value in wanted.items():
        wire, low, high = TIMEOUTS[name]
        if not low <= int(value) <= high:
            rule = f"Must be between {low} and {high}."
            fail("InvalidParameterValue", f"Value ({value}) for {wire} is invalid. {rule}")
    return {TIMEOUTS[name][0]: int(value) for name, value in wanted.items()}


def set_tracking(eni: Any, timeouts: dict[str, int]) -> None:
    """Keep the idle timeouts with the interface."""
    eni.ext_tracking = getattr(eni, "ext_tracking", {}) | timeouts


def is_nitro(instance_type: str) -> bool:
    """Whether a machine of this type runs on Nitro."""
    known = INSTANCE_TYPES.get(instance_type, {}).get("Hypervisor")
    if instance_type.endswith(".metal") and known is None:
        return instance_type.split(".")[0] not in XEN_FAMILIES
    return known == "nitro" or (known is None and instance_type.split(".")[0] not in XEN_FAMILIES)


def _find(response: Any, name: str = "NetworkInterfaceId") -> Any:
    eni_id = require(response, name)
    return look_up(INTERFACE, [eni_id], response.ec2_backend.enis)[0]


def check_owned(eni: Any) -> None:
    """Refuse to change what another service manages."""
    if eni.requester_managed:
        fail("AuthFailure", "You do not have permission to access the specified resource.")
    if eni.interface_type == "trunk":
        text = f"You are not allowed to manage '{eni.id}': it is managed by another service."
        fail("OperationNotPermitted", text)


def modify_network_interface_attribute(self: Any) -> ActionResult:
    """Change one attribute; groups are replaced as a whole."""
    eni = _find(self)
    given = [name for name in ATTRIBUTES if self._get_param(name) is not None]
    if not given:
        fail("InvalidParameterCombination", "No attributes specified.")
    if len(given) > 1:
        wire = ", ".join(ATTRIBUTES[name] for name in given)
        text = f"Fields for multiple attribute types specified: {wire}"
        fail("InvalidParameterCombination", text)
    check_owned(eni)
    change = _CHANGES[given[0]](self, eni, self._get_param(given[0]))
    self.error_on_dryrun()
    for name, value in change.items():
        setattr(eni, name, value)
    if change.get("public_ip_auto_assign"):
        addresses.lend(eni)
    return EmptyResult()


def _new_groups(self: Any, eni: Any, value: list[str]) -> dict[str, Any]:
    return {"_group_set": choose_groups(self.ec2_backend, value, eni.vpc_id)}


def _new_tracking(self: Any, eni: Any, value: dict[str, Any]) -> dict[str, Any]:
    machine = eni.instance.instance_type if eni.instance else None
    return {"ext_tracking": getattr(eni, "ext_tracking", {}) | check_tracking(value, machine)}


def _new_attachment(self: Any, eni: Any, value: dict[str, Any]) -> dict[str, Any]:
    if not eni.attachment_id or value.get("AttachmentId") != eni.attachment_id:
        text = f"The attachment ID '{value.get('AttachmentId')}' does not exist"
        fail("InvalidAttachmentID.NotFound", text)
    return {"delete_on_termination": bool(value.get("DeleteOnTermination"))}


def _new_public_address(_self: Any, eni: Any, value: Any) -> dict[str, Any]:
    """An Elastic IP stays; what was lent goes."""
    wanted = str(value).lower() == "true"
    keep = {} if wanted else {"ext_lent": None}
    return {"public_ip_auto_assign": wanted} | keep


_CHANGES: dict[str, Callable[[Any, Any, Any], dict[str, Any]]] = {
    "Attachment": _new_attachment,
    "Description": lambda _self, _eni, value: {"description": value.get("Value", "")},
    "Groups": _new_groups,
    "SourceDestCheck": lambda _self, _eni, value: {"source_dest_check": bool(value.get("Value"))},
    "ConnectionTrackingSpecification": _new_tracking,
    "AssociatePublicIpAddress": _new_public_address,
}


def _strict_create(original: Any) -> Any:
    def create_network_interface(self: Any) -> ActionResult:
        """moto invents groups that it does not know."""
        subnet = self.ec2_backend.get_subnet(require(self, "SubnetId"))
        choose_groups(self.ec2_backend, self._get_param("Groups", []), subnet.vpc_id)
        tracking = check_tracking(self._get_param("ConnectionTrackingSpecification") or {}, None)
        eni = original(self).result["NetworkInterface"]
        set_tracking(eni, tracking)
        return XmlAnswer({"networkInterface": ec2_views.interface(eni) | {"status": "pending"}})

    return create_network_interface


def _strict_delete(original: Any) -> Any:
    def delete_network_interface(self: Any) -> ActionResult:
        eni = _find(self)
        check_owned(eni)
        if eni.instance:
            text = f"Network interface '{eni.id}' is currently in use."
            fail("InvalidNetworkInterface.InUse", text)
        answer: ActionResult = original(self)
        return answer

    return delete_network_interface


def _strict_attach(original: Any) -> Any:
    def attach_network_interface(self: Any) -> ActionResult:
        eni = _find(self)
        instance = self.ec2_backend.get_instance(require(self, "InstanceId"))
        index = int(require(self, "DeviceIndex"))
        if eni.instance:
            fail(
                "InvalidNetworkInterface.InUse",
                f"Network interface '{eni.id}' is currently in use.",
            )
        if index in instance.nics:
            text = f"Instance '{instance.id}' already has an interface at device index '{index}'."
            fail("InvalidParameterValue", text)
        if eni.availability_zone != instance.availability_zone:
            text = "The interface and the instance are not in the same availability zone."
            fail("InvalidParameterCombination", text)
        answer: ActionResult = original(self)
        return answer

    return attach_network_interface


def install() -> None:
    """Put the strict operations in place of moto's."""
    ours = ElasticNetworkInterfaces
    if ours in _done:
        return
    _done.add(ours)
    patch(
        ours,
        modify_network_interface_attribute=modify_network_interface_attribute,
        create_network_interface=_strict_create(ours.create_network_interface),
        delete_network_interface=_strict_delete(ours.delete_network_interface),
        attach_network_interface=_strict_attach(ours.attach_network_interface),
    )
    patch(NetworkInterface, group_set=property(lambda self: self._group_set))
