"""The two security groups that isolation needs in each VPC, found or made, and checked before
use.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from skill.aws import Aws
from skill.aws.ec2 import filters
from skill.errors import Conflict

ISOLATION, UNTRACKING = "isolation", "untracking"
Shape = tuple[str, str]
Groups = Mapping[str, Sequence[str]]
_OPEN = {(way, cidr) for way in ("in", "out") for cidr in ("0.0.0.0/0", "::/0")}
_ABOUT = {
    ISOLATION: "Toban: no traffic at all",
    UNTRACKING: "Toban: everything for a minute, so that tracked connections become untracked",
}


def of_vpc(aws: Aws, vpc: str, kind: str) -> list[str]:
    """Our groups of a kind in a VPC; two runs at once may have made two."""
    found = aws.ec2.groups(*filters(vpc_id=vpc, tag__TobanGroup=kind))
    return sorted(row["GroupId"] for row in found)


def ensure(aws: Aws, vpc: str, kind: str, run: str) -> str:
    """The id of this VPC's group of that kind, holding exactly the rules that it should."""
    found = of_vpc(aws, vpc, kind)
    group = found[0] if found else _make(aws, vpc, kind, run)
    _repair(aws, group, kind)
    return group


def _make(aws: Aws, vpc: str, kind: str, run: str) -> str:
    """A new group, or the one that another run made meanwhile.

    Somebody else's group with our name, but without our tag, is not trusted: ours gets a longer
    name.
    """
    try:
        return _create(aws, vpc, kind, f"toban-{kind}")
    except Conflict as error:
        if error.facts["code"] != "InvalidGroup.Duplicate":
            raise
    found = of_vpc(aws, vpc, kind)
    return found[0] if found else _create(aws, vpc, kind, f"toban-{kind}-{run}")


def _create(aws: Aws, vpc: str, kind: str, name: str) -> str:
    return aws.ec2.create_group(vpc, name, _ABOUT[kind], TobanGroup=kind, TobanVpc=vpc, Name=name)


def wanted(aws: Aws, kind: str) -> set[Shape]:
    """The rules that a group should hold. The examiner's range may come in, nothing goes out."""
    if kind == UNTRACKING:
        return set(_OPEN)
    return {("in", aws.settings.examiner_cidr)} if aws.settings.examiner_cidr else set()


def _repair(aws: Aws, group: str, kind: str) -> None:
    """Revoke what should not be there and add what is missing: names and tags prove nothing."""
    right = wanted(aws, kind)
    rules = aws.ec2.rules(group)
    present = {_shape(rule) for rule in rules}
    aws.ec2.revoke(group, [rule for rule in rules if _shape(rule) not in right])
    for way, cidr in sorted(right - present):
        aws.ec2.allow_all(group, cidr, egress=way == "out")
    if present != right and {_shape(rule) for rule in aws.ec2.rules(group)} != right:
        raise Conflict(operation="AuthorizeSecurityGroup", code="GroupHasOtherRules", group=group)


def widened(aws: Aws, groups: set[str]) -> list[str]:
    """Those of some groups that let through more than an isolation group may."""
    right = wanted(aws, ISOLATION)
    rules = aws.ec2.rules(*sorted(groups)) if groups else []
    return sorted({rule["GroupId"] for rule in rules if _shape(rule) not in right})


def tidy(aws: Aws, vpc: str) -> list[str]:
    """Delete our groups of a VPC that nothing uses. AWS refuses it for those in use."""
    ours = [group for kind in (ISOLATION, UNTRACKING) for group in of_vpc(aws, vpc, kind)]
    return [group for group in ours if _dropped(aws, group)]


def _dropped(aws: Aws, group: str) -> bool:
    try:
        aws.hosts.drop_group(group)
    except Conflict as error:
        if error.facts["code"] != "DependencyViolation":
            raise
        return False
    return True


def _shape(rule: dict[str, Any]) -> Shape:
    """Direction and range of a rule that allows everything; any other rule has a shape of its
    own.
    """
    way = "out" if rule["IsEgress"] else "in"
    cidr = rule.get("CidrIpv4") or rule.get("CidrIpv6") or ""
    return (
        (way, cidr) if rule["IpProtocol"] == "-1" and cidr else (way, rule["SecurityGroupRuleId"])
    )


def existing(aws: Aws, recorded: Groups) -> tuple[dict[str, list[str]], list[str]]:
    """The recorded groups that still exist, by interface, and those that do not."""
    named = sorted({group for groups in recorded.values() for group in groups})
    found = {row["GroupId"] for row in aws.ec2.groups(*filters(group_id=named))} if named else set()
    wanted = {eni: [one for one in groups if one in found] for eni, groups in recorded.items()}
    return wanted, [group for group in named if group not in found]
