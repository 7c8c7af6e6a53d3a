"""Private IPv4 and IPv6 addresses of interfaces: given and taken back within the type's limits.

Guesses: the texts, and the code for an IPv6 address in a subnet without an IPv6 block.
"""

import ipaddress
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import ElasticNetworkInterfaces
from moto.ec2.utils import random_private_ip

from sandbox.network import addresses
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import INTERFACE, fail, look_up, patch, require
from .ec2_interfaces import check_owned


def _find(self: Any) -> Any:
    eni = look_up(INTERFACE, [require(self, "NetworkInterfaceId")], self.ec2_backend.enis)[0]
    check_owned(eni)
    return eni


def _private(eni: Any) -> list[str]:
    return [str(each.get("PrivateIpAddress")) for each in eni.private_ip_addresses]


def _check_limit(eni: Any, member: str, count: int) -> None:
    known = INSTANCE_TYPES.get(eni.instance.instance_type if eni.instance else "", {})
    limit = known.get("NetworkInfo", {}).get(member)
    if limit is not None and count > limit:
        text = f"Number of addresses will exceed limit ({limit}) of network interface '{eni.id}'."
        fail("PrivateIpAddressLimitExceeded", text)


def _holders(eni: Any, address: str) -> list[Any]:
    return [
        each
        for each in eni.ec2_backend.enis.values()
        if each.subnet.vpc_id == eni.subnet.vpc_id and address in _private(each)
    ]


def _asked(self: Any, eni: Any) -> list[str]:
    """The addresses that a request names, each free and of the subnet."""
    listed: list[str] = self._get_param("PrivateIpAddresses", [])
    moving = bool(self._get_param("AllowReassignment"))
    for value in listed:
        if ipaddress.ip_address(value) not in ipaddress.ip_network(eni.subnet.cidr_block):
            text = f"Value ({value}) for parameter privateIpAddress is invalid."
            rule = "The address is not in the subnet's address range."
            fail("InvalidParameterValue", f"{text} {rule}")
        if not moving and any(each is not eni for each in _holders(eni, value)):
            fail("InvalidIPAddress.InUse", f"Address {value} is in use.")
    return [value for value in listed if value not in _private(eni)]


def assign_private_ip_addresses(self: Any) -> ActionResult:
    """More private addresses, named or counted."""
    eni, count = _find(self), int(self._get_param("SecondaryPrivateIpAddressCount") or 0)
    new = _asked(self, eni)
    if not new and not count and not self._get_param("PrivateIpAddresses"):
        text = "Either privateIpAddress or secondaryPrivateIpAddressCount must be specified."
        fail("MissingParameter", text)
    _check_limit(eni, "Ipv4AddressesPerInterface", len(_private(eni)) + len(new) + count)
    for value in new:
        for other in _holders(eni, value):
            _drop(other, value)
    new += [eni.subnet.get_available_subnet_ip(eni) for _ in range(count)]
    rows = [{"Primary": False, "PrivateIpAddress": value} for value in new]
    eni.private_ip_addresses.extend(rows)
    items = [{"privateIpAddress": value} for value in new]
    shown = {"networkInterfaceId": eni.id, "assignedPrivateIpAddressesSet": items}
    return XmlAnswer(shown)


def _drop(eni: Any, value: str) -> None:
    if address := addresses.elastic(eni).get(value):
        addresses.unbind(address)
    eni.private_ip_addresses = [
        each for each in eni.private_ip_addresses if each.get("PrivateIpAddress") != value
    ]


def unassign_private_ip_addresses(self: Any) -> ActionResult:
    """Take secondary addresses back; an Elastic IP on one comes off with it."""
    eni, listed = _find(self), require(self, "PrivateIpAddresses", "privateIpAddress")
    for value in listed:
        if value == eni.private_ip_address or value not in _private(eni):
            text = f"Some of [{value}] are not secondary addresses of interface '{eni.id}'."
            fail("InvalidParameterValue", text)
    for value in listed:
        _drop(eni, value)
    return EmptyResult()


def assign_ipv6_addresses(self: Any) -> ActionResult:
    """More IPv6 addresses, named or counted."""
    eni, count = _find(self), int(self._get_param("Ipv6AddressCount") or 0)
    blocks = [each["ipv6CidrBlock"] for each in eni.subnet.ipv6_cidr_block_associations.values()]
    if not blocks:
        text = f"The subnet '{eni.subnet.id}' has no IPv6 CIDR block."
        fail("InvalidParameterValue", text)
    block = ipaddress.ip_network(blocks[0], strict=False)
    new = [each for each in self._get_param("Ipv6Addresses", []) if each not in eni.ipv6_addresses]
    for value in new:
        if ipaddress.ip_address(value) not in block:
            text = f"Value ({value}) for parameter ipv6Addresses is invalid. It is not in {block}."
            fail("InvalidParameterValue", text)
    if not new and not count:
        fail("MissingParameter", "Either ipv6Addresses or ipv6AddressCount must be specified.")
    _check_limit(eni, "Ipv6AddressesPerInterface", len(eni.ipv6_addresses) + len(new) + count)
    new += [random_private_ip(str(block), ipv6=True) for _ in range(count)]
    eni.ipv6_addresses.extend(new)
    return XmlAnswer({"networkInterfaceId": eni.id, "assignedIpv6Addresses": new})


def unassign_ipv6_addresses(self: Any) -> ActionResult:
    """Take IPv6 addresses back."""
    eni, listed = _find(self), require(self, "Ipv6Addresses", "ipv6Addresses")
    if missing := [value for value in listed if value not in eni.ipv6_addresses]:
        text = f"Some of {missing} are not assigned to interface '{eni.id}'."
        fail("InvalidParameterValue", text)
    eni.ipv6_addresses = [each for each in eni.ipv6_addresses if each not in listed]
    return XmlAnswer({"networkInterfaceId": eni.id, "unassignedIpv6Addresses": listed})


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        ElasticNetworkInterfaces,
        assign_private_ip_addresses=assign_private_ip_addresses,
        unassign_private_ip_addresses=unassign_private_ip_addresses,
        assign_ipv6_addresses=assign_ipv6_addresses,
        unassign_ipv6_addresses=unassign_ipv6_addresses,
    )
