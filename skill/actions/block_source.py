"""Denies the attacker's address in the network ACLs of the instance's subnets."""

from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any

from skill.actions import _evidence, _targets
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.errors import BadRequest, Conflict, Gone, Refused, TobanError
from skill.model import Change, Ending, Facts, LeftOut, Plan, Result, Risk, Target

RISK = Risk.CHANGE
PERMISSIONS = {
    "plan": (
        "ec2:DescribeInstances",
        "ec2:DescribeTags",
        "ec2:DescribeNetworkAcls",
        "dynamodb:Query",
    ),
    "apply": ("ec2:DescribeNetworkAcls", "ec2:CreateNetworkAclEntry"),
    "undo": ("ec2:DescribeNetworkAcls", "ec2:DeleteNetworkAclEntry"),
}
# The first match wins, so denies go below the usual allow at 100 (aws.md §5).
RULES = range(1, 41)


@dataclass(frozen=True)
class Params:
    """`instance` may be empty: then it is the suspicious instance with the most rejected flows."""

    instance: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    one, evidence, rows = _whom(params.instance, aws)
    source = evidence.get("attacker")
    if not source:
        raise Refused(reason="no_attacker", instance=one.name)
    cidr = _single(source["address"])
    blocked = [row["NetworkAclId"] for row in rows if _rule_of(row, cidr) is not None]
    free = [row["NetworkAclId"] for row in rows if row["NetworkAclId"] not in blocked]
    facts = {
        "instance": one.name,
        "source": source["address"],
        "rejected": source["rejected"],
        "acls": len(free),
        "subnets": sum(len(row["Associations"]) for row in rows),
    }
    if not free:
        return Plan("block_source", left_out=(LeftOut(one.name, "already"),), facts=facts)
    return Plan(
        "block_source",
        targets=tuple(Target(acl, acl, "network-acl") for acl in free),
        changes=tuple(Change(acl, "deny", None, cidr) for acl in free),
        warnings=("whole_subnet",),
        facts=facts,
        prior={"cidr": cidr},
    )


def _whom(heard: str, aws: Aws) -> tuple[Instance, Facts, list[dict[str, Any]]]:
    """The instance, its kept evidence and the ACLs of its subnets.

    Unnamed, it is the one whose evidence shows the most rejected flows from outside.
    """
    if heard:
        one, kept = aws.gather(lambda: _targets.instance(aws, heard), lambda: _evidence.newest(aws))
        subnets = list(dict.fromkeys(eni.subnet for eni in one.interfaces))
        return one, kept.get(one.id, {}), aws.ec2.acls_of(subnets)
    attacked = [doc for doc in _evidence.newest(aws).values() if doc.get("attacker")]
    if not attacked:
        raise BadRequest(missing="attacked")
    worst = max(attacked, key=lambda doc: doc["attacker"]["rejected"])
    one, rows = aws.gather(
        lambda: _targets.instance(aws, worst["id"]), lambda: aws.ec2.acls_of(worst["subnets"])
    )
    return one, worst, rows


def _single(address: str) -> str:
    """One address as a range; never one of our own, never more than one."""
    if not _evidence.outside(address):
        raise Refused(reason="own_address")
    return str(ip_network(f"{ip_address(address)}"))


def _rule_of(acl: dict[str, Any], cidr: str) -> int | None:
    """The number of the inbound rule that already denies this range."""
    for entry in acl["Entries"]:
        same = cidr in (entry.get("CidrBlock"), entry.get("Ipv6CidrBlock"))
        if (
            same
            and not entry["Egress"]
            and entry["RuleAction"] == "deny"
            and entry["RuleNumber"] in RULES
        ):
            return int(entry["RuleNumber"])
    return None


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    cidr = plan.prior["cidr"]
    rules: dict[str, int] = {}
    seen: list[str] = []
    errors: dict[str, Facts] = {}
    for target in plan.targets:
        try:
            rules[target.id] = flow.step(
                f"deny in {target.id}", partial(_deny, aws, target.id, cidr)
            )
            if flow.step(f"read back {target.id}", partial(_read_back, aws, target.id, cidr)):
                seen.append(target.id)
        except TobanError as error:
            errors[target.id] = error.document()
    whole = len(seen) == len(plan.targets)
    ending = Ending.DONE if whole else (Ending.PARTIAL if rules else Ending.FAILED)
    facts = {**plan.facts, "acls": len(seen), "unread": len(rules) - len(seen), "errors": errors}
    return Result(ending, facts, undo={"cidr": cidr, "rules": rules})


def _deny(aws: Aws, acl: str, cidr: str) -> int:
    """Put the deny at the first free number, and read it back."""
    row = aws.ec2.acl(acl)
    if (there := _rule_of(row, cidr)) is not None:
        return there
    taken = {entry["RuleNumber"] for entry in row["Entries"] if not entry["Egress"]}
    free = next((rule for rule in RULES if rule not in taken), None)
    if free is None:
        raise Conflict(operation="CreateNetworkAclEntry", code="NoFreeRule")
    aws.ec2.deny_source(acl, free, cidr)
    return free


def _read_back(aws: Aws, acl: str, cidr: str) -> bool:
    return _rule_of(aws.ec2.acl(acl), cidr) is not None


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    kept = record["undo"]
    for acl, rule in kept["rules"].items():
        flow.step(f"allow in {acl}", partial(_allow, aws, acl, rule, kept["cidr"]))
    return Result(Ending.DONE, record["plan"]["facts"])


def _allow(aws: Aws, acl: str, rule: int, cidr: str) -> bool:
    """Remove our rule only if it still is ours; somebody else's at the same number stays."""
    try:
        if _rule_of(aws.ec2.acl(acl), cidr) == rule:
            aws.ec2.drop_rule(acl, rule)
    except Gone:
        return False
    return True
