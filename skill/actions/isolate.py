"""Cuts an instance off the network: every interface into a group without rules, read back."""

from dataclasses import dataclass

from skill.actions import _containment, _isolation, _targets
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance, filters
from skill.errors import TobanError
from skill.model import Change, Ending, Facts, LeftOut, Plan, Result, Risk

RISK = Risk.DESTRUCTIVE
LANE = "containment"
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
        "ec2:DescribeSecurityGroups",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:CreateTags",
        "ec2:DeleteTags",
    ),
}
# Tracked flows become untracked only when a packet passes meanwhile (containment.md §3, 12).
UNTRACK_SECONDS = 60
ROUNDS = 3
TRIES, AGAIN_SECONDS = 10, 180


@dataclass(frozen=True)
class Params:
    """`instance`: an instance id, a Name tag, or the name as spoken."""

    instance: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    one = _targets.instance(aws, params.instance)
    shared, groups = aws.gather(
        lambda: _targets.sharing(aws, one.id, one.profile),
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
    # Both groups before the first move: a refusal here must leave nothing changed.
    closed = flow.step("isolation group", lambda: _isolation.ensure(aws, vpc, _isolation.ISOLATION))
    opened = _untrack(plan, aws, flow, record)
    present = _close(aws, flow, record, closed, opened)
    if opened and _still_open(present, opened):
        present = _leave_none_open(aws, flow, target.id, opened, record["groups"], present)
    left = _containment.unlike(present or {}, dict.fromkeys(present or {}, [closed]))
    whole = bool(present) and not left
    tagged = _containment.tag(flow, aws, target.id, "isolated" if whole else "suspicious")
    facts = plan.facts | {
        "interfaces": len(present or record["groups"]),
        "isolated": len(present or {}) - len(left),
        "open": left,
        "wide_open": len(_still_open(present, opened)),
        "read_back": present is not None,
        "tagged": tagged,
    }
    return Result(_ending(whole and tagged, facts), facts, undo=record)


def _untrack(plan: Plan, aws: Aws, flow: Flow, record: Facts) -> str:
    """Let tracked flows become untracked, and give the group that did it.

    Whatever fails in here, isolation still follows.
    """
    target, vpc = plan.targets[0], plan.prior["vpc"]
    try:
        group: str = flow.step(
            "untracking group", lambda: _isolation.ensure(aws, vpc, _isolation.UNTRACKING)
        )
    except TobanError:
        return ""
    _containment.tag(flow, aws, target.id, "untracking")
    failed = _containment.move(flow, aws, "untrack", dict.fromkeys(record["groups"], [group]))
    if len(failed) < len(record["groups"]):
        flow.wait("untracking", UNTRACK_SECONDS)
    return group


def _close(aws: Aws, flow: Flow, record: Facts, group: str, opened: str) -> _containment.Present:
    """Every interface into the isolation group, those attached meanwhile too.

    What was read back last; None if it could not be read. An interface that cannot be looked at
    is closed all the same.
    """
    instance = record["instance"]
    for turn in range(ROUNDS):
        present = _containment.look(flow, aws, f"look {turn}", instance)
        found = record["groups"] if present is None else present
        wrong = _containment.unlike(found, dict.fromkeys(found, [group]))
        if not wrong:
            return present
        _containment.learn(flow, aws, record, found, (group, opened))
        _containment.move(flow, aws, f"isolate {turn}", dict.fromkeys(wrong, [group]))
    return _containment.look(flow, aws, "read back", instance)


def _still_open(present: _containment.Present, opened: str) -> list[str]:
    return [eni for eni, groups in (present or {}).items() if opened in groups]


def _leave_none_open(
    aws: Aws,
    flow: Flow,
    instance: str,
    opened: str,
    recorded: _containment.Groups,
    present: _containment.Present,
) -> _containment.Present:
    """The untracking window closes, if need be by the groups of before, tried for half an hour."""
    for turn in range(TRIES):
        left = [eni for eni in _still_open(present, opened) if eni in recorded]
        if not left:
            break
        _containment.move(flow, aws, f"put back {turn}", {eni: recorded[eni] for eni in left})
        present = _containment.look(flow, aws, f"look again {turn}", instance)
        if _still_open(present, opened):
            flow.wait(f"before trying again {turn}", AGAIN_SECONDS)
    return present


def _ending(done: bool, facts: Facts) -> Ending:
    if done:
        return Ending.DONE
    return Ending.PARTIAL if facts["isolated"] or facts["wide_open"] else Ending.FAILED


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    return _containment.restore(record["undo"], record["plan"]["facts"], aws, flow)
