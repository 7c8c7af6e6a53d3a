"""Cuts an instance off the network: every interface into a group without rules, read back."""

from dataclasses import dataclass

from skill.actions import _containment, _isolation, _targets
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance, filters
from skill.errors import TobanError
from skill.model import Change, Ending, Facts, LeftOut, Plan, Result, Risk

RISK = Risk.DESTRUCTIVE
PERMISSIONS = {
    "plan": ("ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeSecurityGroups"),
    "apply": (
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSecurityGroupRules",
        "ec2:CreateSecurityGroup",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:CreateTags",
    ),
    "undo": (
        "ec2:DescribeNetworkInterfaces",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:CreateTags",
        "ec2:DeleteTags",
    ),
}
# Tracked flows become untracked only when a packet passes meanwhile (containment.md §3, 12).
UNTRACK_SECONDS = 60
ROUNDS = 3


@dataclass(frozen=True)
class Params:
    """`instance`: an instance id, a Name tag, or the name as spoken."""

    instance: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    one = _targets.instance(aws, params.instance)
    shared, groups = aws.gather(
        lambda: _targets.sharing(aws, one),
        lambda: aws.ec2.groups(*filters(vpc_id=one.vpc, tag__TobanGroup=_isolation.ISOLATION)),
    )
    facts = {
        "instance": one.name,
        "interfaces": len(one.interfaces),
        "shared": len(shared),
        "role": _targets.short_role(one.profile),
        "state": one.state,
    }
    if isolated(one, [group["GroupId"] for group in groups]):
        return Plan("isolate", left_out=(LeftOut(one.name, "already"),), facts=facts)
    return Plan(
        "isolate",
        targets=(_targets.target(one),),
        changes=tuple(Change(eni.id, "groups", list(eni.groups)) for eni in one.interfaces),
        warnings=("dns",),
        facts=facts,
        prior={
            "vpc": one.vpc,
            "status": one.status,
            "groups": {eni.id: list(eni.groups) for eni in one.interfaces},
        },
    )


def isolated(one: Instance, groups: list[str]) -> bool:
    """Whether every interface is in exactly one group and that group is an isolation group of
    ours.
    """
    held = [list(eni.groups) for eni in one.interfaces]
    return bool(held) and all(len(each) == 1 and each[0] in groups for each in held)


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    target, vpc = plan.targets[0], plan.prior["vpc"]
    record = _containment.claim(flow, aws, target.id, plan.prior)
    # Both groups first: a refusal here must leave nothing changed.
    closed = flow.step("isolation group", lambda: _isolation.ensure(aws, vpc, _isolation.ISOLATION))
    _untrack(plan, aws, flow)
    present = _close(aws, flow, target.id, closed)
    left = _containment.unlike(present, dict.fromkeys(present, [closed]))
    if left:
        _containment.move(
            flow,
            aws,
            "do not leave open",
            {e: record["groups"][e] for e in left if e in record["groups"]},
        )
    whole = bool(present) and not left
    status = "isolated" if whole else "suspicious"
    flow.step("status", lambda: _containment.say(aws, target.id, status))
    facts = plan.facts | {
        "interfaces": len(present),
        "isolated": len(present) - len(left),
        "open": left,
    }
    return Result(_ending(whole, present, left), facts, undo=record)


def _untrack(plan: Plan, aws: Aws, flow: Flow) -> None:
    """Let tracked flows become untracked. Whatever fails in here, isolation still follows."""
    target, vpc = plan.targets[0], plan.prior["vpc"]
    try:
        group = flow.step(
            "untracking group", lambda: _isolation.ensure(aws, vpc, _isolation.UNTRACKING)
        )
        flow.step("status untracking", lambda: _containment.say(aws, target.id, "untracking"))
        present = flow.step("interfaces", lambda: _containment.prior(aws, target.id))
    except TobanError:
        return
    failed = _containment.move(flow, aws, "untrack", dict.fromkeys(present, [group]))
    if len(failed) < len(present):
        flow.wait("untracking", UNTRACK_SECONDS)


def _close(aws: Aws, flow: Flow, instance: str, group: str) -> dict[str, list[str]]:
    """Every interface into the isolation group, those attached meanwhile too; what was read back
    last.
    """
    present: dict[str, list[str]] = {}
    for turn in range(ROUNDS + 1):
        present = flow.step(f"read back {turn}", lambda: _containment.prior(aws, instance))
        wrong = _containment.unlike(present, dict.fromkeys(present, [group]))
        if not wrong:
            break
        _containment.move(flow, aws, f"isolate {turn}", dict.fromkeys(wrong, [group]))
    return present


def _ending(whole: bool, present: dict[str, list[str]], left: list[str]) -> Ending:
    if whole:
        return Ending.DONE
    return Ending.PARTIAL if len(left) < len(present) else Ending.FAILED


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    return _containment.restore(record["undo"], record["plan"]["facts"], aws, flow)
