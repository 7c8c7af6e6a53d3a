"""What the network lets through now: security groups per interface, ACLs per subnet."""

import ipaddress
from functools import lru_cache
from typing import Any

from moto.ec2.models import ec2_backends

from sandbox.ext.ec2_base import instance_index

_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}


def can_reach_out(account: str, region: str, instance_id: str) -> bool:
    """Whether the instance runs and has an interface whose groups let anything out."""
    instance = instance_index(ec2_backends[account][region]).get(instance_id)
    if instance is None or instance.state != "running":
        return False
    return any(group.egress_rules for nic in instance.nics.values() for group in nic.group_set)


def admits_nothing(eni: Any) -> bool:
    """Whether the interface's groups have no inbound rule at all."""
    return not any(group.ingress_rules for group in eni.group_set)


def groups_admit(eni: Any, egress: bool, protocol: str, port: int, address: str) -> bool:
    """Whether a rule of the groups covers a flow with this peer (protocol by number)."""
    return any(
        _covers(eni.ec2_backend, rule, protocol, port, address)
        for group in eni.group_set
        for rule in (group.egress_rules if egress else group.ingress_rules)
    )


def _covers(backend: Any, rule: Any, protocol: str, port: int, address: str) -> bool:
    if rule.ip_protocol != "-1":
        if _NUMBERS.get(rule.ip_protocol, rule.ip_protocol) != protocol:
            return False
        if protocol in ("6", "17") and not rule.from_port <= port <= rule.to_port:
            return False
    if rule.source_group:
        return _member(backend, rule.source_group.get("GroupId"), address)
    return inside(address, rule.cidr_ipv4) or inside(address, rule.cidr_ipv6)


def _member(backend: Any, group_id: str | None, address: str) -> bool:
    return any(
        address == eni.private_ip_address and any(group.id == group_id for group in eni.group_set)
        for eni in backend.enis.values()
    )


def acl_allows(eni: Any, egress: bool, protocol: str, port: int, address: str) -> bool:
    """The first entry of the subnet's ACL that fits the flow decides."""
    acl = _acl_of(eni)
    entries = [each for each in acl.network_acl_entries if each.egress == egress] if acl else []
    for entry in sorted(entries, key=lambda each: each.rule_number):
        if _fits(entry, protocol, port, address):
            return bool(entry.rule_action == "allow")
    return acl is None


def _acl_of(eni: Any) -> Any:
    acls = eni.ec2_backend.network_acls.values()
    return next(
        (acl for acl in acls for each in acl.associations if each.subnet_id == eni.subnet.id), None
    )


def _fits(entry: Any, protocol: str, port: int, address: str) -> bool:
    if str(entry.protocol) not in ("-1", protocol):
        return False
    ports = entry.port_range_from is not None and protocol in ("6", "17")
    if ports and not int(entry.port_range_from) <= port <= int(entry.port_range_to):
        return False
    return inside(address, entry.cidr_block) or inside(address, entry.ipv6_cidr_block)


def admits(eni: Any, egress: bool, protocol: str, port: int, address: str) -> bool:
    """Whether ACL and groups both let a new flow with this peer through."""
    return acl_allows(eni, egress, protocol, port, address) and groups_admit(
        eni, egress, protocol, port, address
    )


def inside(address: str, cidr: str | None) -> bool:
    """Whether an address lies in a block; a missing block holds nothing."""
    if not cidr:
        return False
    network, host = _network(cidr), _address(address)
    return network.version == host.version and host in network


@lru_cache(maxsize=1024)
def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(cidr, strict=False)


@lru_cache(maxsize=4096)
def _address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(address)
