"""Elastic IPs: allocated, put on private addresses, taken off and described, as EC2 does it.

Undocumented, so guessed: the error for a private address that the interface does not have, and
AuthFailure for an address that a service holds (a NAT gateway's). The quota of five addresses is
not enforced, since most accounts have it raised.
"""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.responses import ElasticIPAddresses

from sandbox.network import addresses
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import (
    ALLOCATION,
    INSTANCE,
    INTERFACE,
    check_ids,
    fail,
    find_instance,
    look_up,
    patch,
    require,
)
from .ec2_describe import listing

_done: set[type] = set()


def allocate_address(self: Any) -> ActionResult:
    """A new Elastic IP."""
    tags = self._parse_tag_specification("elastic-ip").get("elastic-ip", {})
    backend = self.ec2_backend
    self.error_on_dryrun()
    asked = self._get_param("Address") or addresses.fresh(backend)
    made = backend.allocate_address("vpc", address=asked, tags=tags)
    answer = {"PublicIp": made.public_ip, "AllocationId": made.allocation_id, "Domain": "vpc"}
    place = {"PublicIpv4Pool": "amazon", "NetworkBorderGroup": backend.region_name}
    return ActionResult(answer | place)


def _named(self: Any) -> Any:
    """The address that a request names by allocation, or in the old way by the address itself."""
    backend = self.ec2_backend
    if value := self._get_param("AllocationId"):
        known = {each.allocation_id: each for each in backend.addresses}
        return look_up(ALLOCATION, [value], known)[0]
    if value := self._get_param("PublicIp"):
        found = next((each for each in backend.addresses if each.public_ip == value), None)
        return found or fail("InvalidAddress.NotFound", f"Address '{value}' not found.")
    return fail("MissingParameter", "Either public IP or allocation id must be specified")


def associate_address(self: Any) -> ActionResult:
    """Put an address on an interface; what is there already makes way."""
    address, eni = _named(self), _target(self)
    private = self._get_param("PrivateIpAddress") or eni.private_ip_address
    if all(each.get("PrivateIpAddress") != private for each in eni.private_ip_addresses):
        text = f"The private IP address {private} is not assigned to network interface '{eni.id}'."
        fail("InvalidParameterValue", text)
    _check_held(eni)
    if address.eni:
        _check_held(address.eni)
    _check_gateway(eni)
    here = address.eni is eni and address.ext_private == private
    if address.eni and not here and self._get_param("AllowReassociation") is False:
        link = f"already associated with associate-id {address.association_id}"
        fail("Resource.AlreadyAssociated", f"resource {address.allocation_id} is {link}")
    self.error_on_dryrun()
    return ActionResult({"AssociationId": addresses.bind(address, eni, private)})


def _target(self: Any) -> Any:
    backend = self.ec2_backend
    instance_id, eni_id = self._get_param("InstanceId"), self._get_param("NetworkInterfaceId")
    if instance_id and eni_id:
        text = "You may specify either an instance or a network interface, but not both."
        fail("InvalidParameterCombination", text)
    if eni_id:
        return look_up(INTERFACE, [eni_id], backend.enis)[0]
    check_ids(INSTANCE, [require(self, "InstanceId")])
    instance = find_instance(backend, instance_id)
    if instance.state == "terminated":
        text = f"The pending instance '{instance.id}' is not in a valid state for this operation."
        fail("InvalidInstanceID", text)
    if len(instance.nics) > 1:
        text = f"There are multiple interfaces attached to instance '{instance.id}'."
        fail("InvalidInstanceID", f"{text} Please specify an interface ID instead.")
    return instance.nics[0]


def _check_held(eni: Any) -> None:
    if eni.requester_managed:
        fail("AuthFailure", "You do not have permission to access the specified resource.")


def _check_gateway(eni: Any) -> None:
    gateways = eni.ec2_backend.internet_gateways.values()
    if all(each.vpc is None or each.vpc.id != eni.vpc_id for each in gateways):
        text = f"Network {eni.vpc_id} is not attached to any internet gateway"
        fail("Gateway.NotAttached", text)


def disassociate_address(self: Any) -> ActionResult:
    """Take an address off; it stays the account's."""
    address = _associated(self) if self._get_param("AssociationId") else _named(self)
    if address.eni:
        _check_held(address.eni)
    self.error_on_dryrun()
    if address.eni:
        addresses.unbind(address)
    return EmptyResult()


def _associated(self: Any) -> Any:
    value = self._get_param("AssociationId")
    known = {each.association_id: each for each in self.ec2_backend.addresses}
    if value not in known:
        text = f"The association ID '{value}' does not exist"
        fail("InvalidAssociationID.NotFound", text)
    return known[value]


def release_address(self: Any) -> ActionResult:
    """Give an address back; one that is in use must be disassociated first."""
    address = _named(self)
    if address.eni:
        fail("InvalidIPAddress.InUse", f"Address {address.allocation_id} is in use.")
    self.error_on_dryrun()
    self.ec2_backend.addresses.remove(address)
    return EmptyResult()


def describe_addresses(self: Any) -> ActionResult:
    """All addresses, or those that the request names; EC2 does not page them."""
    found = list(self.ec2_backend.addresses)
    if ids := self._get_param("AllocationIds", []):
        found = look_up(ALLOCATION, ids, {each.allocation_id: each for each in found})
    if wanted := self._get_param("PublicIps", []):
        known = {each.public_ip: each for each in found}
        if missing := [value for value in wanted if value not in known]:
            fail("InvalidAddress.NotFound", f"Address '{missing[0]}' not found.")
        found = [known[value] for value in wanted]
    return XmlAnswer({"addressesSet": listing(self, found, addresses.view)[0]})


def _associate(self: Any, *_: Any, **wanted: Any) -> Any:
    """What a NAT gateway and CloudFormation call; the caller has checked."""
    eni = wanted.get("eni") or wanted["instance"].nics[0]
    value = wanted.get("allocation_id") or wanted.get("address")
    address = next(a for a in self.addresses if value in (a.allocation_id, a.public_ip))
    addresses.bind(address, eni, eni.private_ip_address)
    return address


def _freeing(original: Any) -> Any:
    def delete_network_interface(self: Any, eni_id: str) -> None:
        """Elastic IPs outlive the interface."""
        for each in [each for each in self.addresses if each.eni and each.eni.id == eni_id]:
            addresses.unbind(each, lending=False)
        original(self, eni_id)

    return delete_network_interface


def _take_back(self: Any, value: str | None) -> None:
    self.ext_lent = value


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        ElasticIPAddresses,
        allocate_address=allocate_address,
        associate_address=associate_address,
        disassociate_address=disassociate_address,
        release_address=release_address,
        describe_addresses=describe_addresses,
    )
    if ElasticAddress in _done:
        return
    _done.add(ElasticAddress)
    ElasticAddress.ext_private = None  # type: ignore[attr-defined]
    patch(ElasticAddressBackend, associate_address=_associate)
    NetworkInterface.public_ip = property(addresses.public, _take_back)  # type: ignore[assignment]
    patch(NetworkInterface, check_auto_public_ip=addresses.lend)
    original = NetworkInterfaceBackend.delete_network_interface
    patch(NetworkInterfaceBackend, delete_network_interface=_freeing(original))
