"""Network ACLs: quota, rule numbers, addresses, and the refusals that moto lacks."""

import ipaddress
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.network_acls import NetworkAclBackend, NetworkAclEntry
from moto.ec2.responses import NetworkACLs

from .ec2_base import ACL, fail, look_up, patch, require
from .ec2_filters import page

MAX_ENTRIES = 20
MAX_NUMBER = 32766
_done: set[type] = set()
_PROTOCOLS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "all": "-1"}


def _acl(self: Any) -> Any:
    return look_up(ACL, [require(self, "NetworkAclId")], self.ec2_backend.network_acls)[0]


def _find(acl: Any, number: int, egress: bool) -> NetworkAclEntry | None:
    return next(
        (
            each
            for each in acl.network_acl_entries
            if (each.rule_number, each.egress) == (number, egress)
        ),
        None,
    )


def _number(self: Any) -> int:
    number = int(require(self, "RuleNumber"))
    if not 1 <= number <= MAX_NUMBER:
        rule = f"Must be between 1 and {MAX_NUMBER}."
        text = f"Value ({number}) for parameter ruleNumber is invalid. {rule}"
        fail("InvalidParameterValue", text)
    return number


def _canonical(cidr: str | None, name: str, version: int) -> str | None:
    if cidr is None:
        return None
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "/" not in cidr:
        text = f"Value ({cidr}) for parameter {name} is invalid. This is not a valid CIDR block."
        fail("InvalidParameterValue", text)
    return str(network)


def _protocol(self: Any) -> str:
    asked = str(require(self, "Protocol")).lower()
    protocol = _PROTOCOLS.get(asked, asked)
    valid = protocol == "-1" or (protocol.isdigit() and int(protocol) <= 255)
    if not valid:
        fail("InvalidParameterValue", f"Invalid value '{asked}' for IP protocol. Unknown protocol.")
    return protocol


def _entry(self: Any, acl: Any) -> NetworkAclEntry:
    """The entry that a request describes, checked."""
    number, protocol = _number(self), _protocol(self)
    action = require(self, "RuleAction")
    if action not in ("allow", "deny"):
        text = f"Value ({action}) for parameter ruleAction is invalid. Must be allow or deny."
        fail("InvalidParameterValue", text)
    egress = bool(require(self, "Egress"))
    v4 = _canonical(self._get_param("CidrBlock"), "cidrBlock", 4)
    v6 = _canonical(self._get_param("Ipv6CidrBlock"), "ipv6CidrBlock", 6)
    if (v4 is None) == (v6 is None):
        fail("InvalidParameterCombination", "Specify exactly one of cidrBlock and ipv6CidrBlock.")
    low, high = self._get_param("PortRange.From"), self._get_param("PortRange.To")
    _check_ports(self, protocol, low, high)
    icmp = self._get_param("Icmp.Code"), self._get_param("Icmp.Type")
    rest: tuple[Any, ...] = (v4, *icmp, low, high, v6)
    return NetworkAclEntry(self.ec2_backend, acl.id, number, protocol, action, egress, *rest)


def _check_ports(self: Any, protocol: str, low: int | None, high: int | None) -> None:
    if protocol in ("6", "17"):
        if low is None or high is None:
            fail("MissingParameter", "The request must contain the parameter portRange")
        if not 0 <= int(low) <= int(high) <= 65535:
            fail("InvalidParameterValue", f"Invalid TCP/UDP port range ({low}:{high})")
    if protocol in ("1", "58") and self._get_param("Icmp.Type") is None:
        fail("MissingParameter", "The request must contain the parameter icmpTypeCode")


def create_network_acl_entry(self: Any) -> ActionResult:
    """A new entry; numbers are unique per direction and entries limited."""
    acl = _acl(self)
    entry = _entry(self, acl)
    if _find(acl, entry.rule_number, entry.egress):
        text = f"The network acl entry identified by {entry.rule_number} already exists."
        fail("NetworkAclEntryAlreadyExists", text)
    _check_quota(acl, entry)
    self.error_on_dryrun()
    acl.network_acl_entries.append(entry)
    return EmptyResult()


def _check_quota(acl: Any, entry: NetworkAclEntry) -> None:
    """Per direction and address family; the closing deny entry is one of them."""
    family = [
        each
        for each in acl.network_acl_entries
        if each.egress == entry.egress and bool(each.cidr_block) == bool(entry.cidr_block)
    ]
    if len(family) >= MAX_ENTRIES:
        text = "The maximum number of network acl entries has been reached."
        fail("NetworkAclEntryLimitExceeded", text)


def _existing(self: Any, acl: Any) -> NetworkAclEntry:
    number = _number(self)
    found = _find(acl, number, bool(require(self, "Egress")))
    if found is None:
        text = (
            f"The specified network ACL entry '{number}' does not exist in network ACL '{acl.id}'"
        )
        fail("InvalidNetworkAclEntry.NotFound", text)
    return found


def delete_network_acl_entry(self: Any) -> ActionResult:
    """Remove an entry that exists."""
    acl = _acl(self)
    entry = _existing(self, acl)
    self.error_on_dryrun()
    acl.network_acl_entries.remove(entry)
    return EmptyResult()


def replace_network_acl_entry(self: Any) -> ActionResult:
    """Put another entry in the place of one that exists."""
    acl = _acl(self)
    old, new = _existing(self, acl), _entry(self, acl)
    self.error_on_dryrun()
    acl.network_acl_entries[acl.network_acl_entries.index(old)] = new
    return EmptyResult()


def describe_network_acls(self: Any) -> ActionResult:
    """moto answers an unknown id with the error of a route table."""
    filters = self._filters_from_querystring()
    known = self.ec2_backend.network_acls
    ids = self._get_param("NetworkAclIds", [])
    found = look_up(ACL, ids, known) if ids else list(known.values())
    kept = set(self.ec2_backend.describe_network_acls([each.id for each in found], filters))
    self.error_on_dryrun()
    items, token = page(self, [each for each in found if each in kept])
    return ActionResult({"NetworkAcls": list(items), "NextToken": token})


def _closed(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_network_acl(self: Any, vpc_id: str, *args: Any, **kwargs: Any) -> Any:
        """Every ACL ends in entries that deny the rest, and knows IPv6 when its VPC does."""
        acl = original(self, vpc_id, *args, **kwargs)
        vpc = self.vpcs.get(vpc_id)
        v6 = bool(vpc and vpc.get_cidr_block_association_set(ipv6=True))
        for egress in (True, False):
            if not acl.default:
                _add(self, acl, 32767, "deny", egress, "0.0.0.0/0", None)
            elif v6:
                _add(self, acl, 101, "allow", egress, None, "::/0")
            if v6:
                _add(self, acl, 32768, "deny", egress, None, "::/0")
        return acl

    return create_network_acl


def _add(
    backend: Any, acl: Any, number: int, action: str, egress: bool, v4: str | None, v6: str | None
) -> None:
    rest: tuple[Any, ...] = (v4, None, None, None, None, v6)
    entry = NetworkAclEntry(backend, acl.id, number, "-1", action, egress, *rest)
    acl.network_acl_entries.append(entry)


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        NetworkACLs,
        create_network_acl_entry=create_network_acl_entry,
        delete_network_acl_entry=delete_network_acl_entry,
        replace_network_acl_entry=replace_network_acl_entry,
        describe_network_acls=describe_network_acls,
    )
    if NetworkAclBackend not in _done:
        _done.add(NetworkAclBackend)
        original = NetworkAclBackend.create_network_acl
        patch(NetworkAclBackend, create_network_acl=_closed(original))
