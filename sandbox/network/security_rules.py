"""Security group rules in comparable form, read from a request with the service's checks."""

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.ext.ec2_base import GROUP, fail, groups_by_id, look_up

PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
Range = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class Rule:
    """One rule: protocol, ports and one peer (`kind` is cidr, cidr6, group or prefix)."""

    protocol: str
    low: int | None
    high: int | None
    kind: str
    value: str

    def __str__(self) -> str:
        if self.protocol == "-1":
            return f"peer: {self.value}, ALL, ALLOW"
        ports = f"from port: {self.low}, to port: {self.high}"
        return f"peer: {self.value}, {self.protocol.upper()}, {ports}, ALLOW"


def parse_permission(
    backend: Any, group: Any, permission: dict[str, Any]
) -> Iterator[tuple[Rule, str | None]]:
    """The rules of one IpPermission, each with its description."""
    ports = _ports(permission)
    found = False
    for member, reader in _PEERS.items():
        for peer in permission.get(member) or []:
            found = True
            yield Rule(*ports, *reader(backend, group, peer)), peer.get("Description")
    if not found:
        text = "The permission must name at least one range, group or prefix list."
        fail("InvalidParameterValue", text)


def _ports(permission: dict[str, Any]) -> Range:
    asked = permission.get("IpProtocol")
    if asked in (None, ""):
        text = "VPC security group rules must specify protocols explicitly."
        fail("InvalidParameterValue", text)
    protocol = PROTOCOLS.get(str(asked).lower(), str(asked).lower())
    low, high = permission.get("FromPort"), permission.get("ToPort")
    if protocol == "-1":
        return protocol, None, None
    if protocol in ("tcp", "udp"):
        return protocol, *_port_range(protocol, low, high)
    if protocol not in ("icmp", "icmpv6") and not re.fullmatch(
        r"\d{1,2}|1\d\d|2[0-4]\d|25[0-5]", protocol
    ):
        fail("InvalidParameterValue", f"Invalid value '{asked}' for IP protocol. Unknown protocol.")
    return protocol, -1 if low is None else int(low), -1 if high is None else int(high)


def _port_range(protocol: str, low: Any, high: Any) -> tuple[int, int]:
    if low is None or high is None:
        text = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
        fail("InvalidParameterValue", text)
    for port in (int(low), int(high)):
        if not 0 <= port <= 65535:
            fail(
                "InvalidParameterValue",
                f"Invalid value '{port}' for port. Must be between 0 and 65535.",
            )
    if int(low) > int(high):
        fail("InvalidParameterValue", f"Invalid {protocol.upper()} port range ({low}:{high})")
    return int(low), int(high)


def canonical(cidr: str, version: int) -> str:
    """A CIDR without host bits, as the service stores it."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "/" not in cidr:
        fail("InvalidParameterValue", f"CIDR block {cidr} is malformed")
    return str(network)


def _cidr(_backend: Any, _group: Any, peer: dict[str, Any]) -> tuple[str, str]:
    return "cidr", canonical(str(peer.get("CidrIp", "")), 4)


def _cidr6(_backend: Any, _group: Any, peer: dict[str, Any]) -> tuple[str, str]:
    return "cidr6", canonical(str(peer.get("CidrIpv6", "")), 6)


def _peer_group(backend: Any, group: Any, peer: dict[str, Any]) -> tuple[str, str]:
    known = groups_by_id(backend)
    if not peer.get("GroupId"):
        name = peer.get("GroupName", "")
        named = [
            each.id for each in known.values() if each.name == name and each.vpc_id == group.vpc_id
        ]
        if not named:
            fail(GROUP.unknown, f"The security group '{name}' does not exist")
        return "group", named[0]
    found = look_up(GROUP, [peer["GroupId"]], known)[0]
    if found.vpc_id != group.vpc_id:
        fail(GROUP.unknown, "You have specified two resources that belong to different networks.")
    return "group", found.id


def _prefix(backend: Any, _group: Any, peer: dict[str, Any]) -> tuple[str, str]:
    prefix_id = str(peer.get("PrefixListId", ""))
    if prefix_id not in backend.managed_prefix_lists:
        fail("InvalidPrefixListID.NotFound", f"The prefix list ID '{prefix_id}' does not exist")
    return "prefix", prefix_id


_PEERS: dict[str, Callable[[Any, Any, dict[str, Any]], tuple[str, str]]] = {
    "IpRanges": _cidr,
    "Ipv6Ranges": _cidr6,
    "UserIdGroupPairs": _peer_group,
    "PrefixListIds": _prefix,
}
