"""The two security groups that isolation needs in each VPC, found or made, and checked before
use.
"""

from typing import Any

from skill.aws import Aws
from skill.aws.ec2 import filters
from skill.errors import Conflict

ISOLATION, UNTRACKING = "isolation", "untracking"
_OPEN = {(way, cidr) for way in ("in", "out") for cidr in ("0.0.0.0/0", "::/0")}
_ABOUT = {
    ISOLATION: "Toban: no traffic at all",
    UNTRACKING: "Toban: everything for a minute, so that tracked connections become untracked",
}


def ensure(aws: Aws, vpc: str, kind: str) -> str:
    """The id of this VPC's group of that kind, holding exactly the rules that it should."""
    found = aws.ec2.groups(*filters(vpc_id=vpc, tag__TobanGroup=kind))
    group = found[0]["GroupId"] if found else _make(aws, vpc, kind)
    _repair(aws, group, kind)
    return str(group)


def _make(aws: Aws, vpc: str, kind: str) -> str:
    name = f"toban-{kind}"
    return aws.ec2.create_group(vpc, name, _ABOUT[kind], TobanGroup=kind, TobanVpc=vpc, Name=name)


def _repair(aws: Aws, group: str, kind: str) -> None:
    """Revoke what should not be there and add what is missing: names and tags prove nothing."""
    wanted = _OPEN if kind == UNTRACKING else set()
    rules = aws.ec2.rules(group)
    present = {_shape(rule) for rule in rules}
    aws.ec2.revoke(group, [rule for rule in rules if _shape(rule) not in wanted])
    for way, cidr in sorted(wanted - present):
        aws.ec2.allow_all(group, cidr, egress=way == "out")
    if present != wanted and {_shape(rule) for rule in aws.ec2.rules(group)} != wanted:
        raise Conflict(operation="AuthorizeSecurityGroup", code="GroupHasOtherRules", group=group)


def _shape(rule: dict[str, Any]) -> tuple[str, str]:
    """Direction and range of a rule that allows everything; any other rule has a shape of its
    own.
    """
    way = "out" if rule["IsEgress"] else "in"
    cidr = rule.get("CidrIpv4") or rule.get("CidrIpv6") or ""
    return (
        (way, cidr) if rule["IpProtocol"] == "-1" and cidr else (way, rule["SecurityGroupRuleId"])
    )
