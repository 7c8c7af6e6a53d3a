"""Gives an isolated instance its network back: every interface exactly as it was recorded."""

from dataclasses import dataclass

from skill.actions import _containment, _history, _targets
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.errors import Refused
from skill.model import Change, Ending, Facts, Plan, Result, Risk

RISK = Risk.CHANGE
LANE = "containment"
PERMISSIONS = {
    "plan": ("ec2:DescribeInstances", "ec2:DescribeTags", "dynamodb:GetItem", "dynamodb:Query"),
    "apply": (
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:CreateTags",
        "ec2:DeleteTags",
    ),
    "undo": (
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:CreateTags",
    ),
}


@dataclass(frozen=True)
class Params:
    """`instance`: an instance id, a Name tag, or the name as spoken."""

    instance: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    one = _targets.instance(aws, params.instance)
    record, heads = aws.gather(
        lambda: _containment.record_of(aws, one.id), lambda: _history.heads(aws, hours=1)
    )
    if record is None:
        return _without_record(one, heads)
    now = {eni.id: list(eni.groups) for eni in one.interfaces}
    recorded: dict[str, list[str]] = record["groups"]
    away = [eni for eni in recorded if eni not in now]
    changes = [
        Change(e, "groups", now[e], recorded[e])
        for e in now
        if e in recorded and now[e] != recorded[e]
    ]
    drifted = one.status == "isolated" and len({tuple(groups) for groups in now.values()}) > 1
    warned = [("interfaces_gone", away), ("drifted", drifted)]
    return Plan(
        "release",
        targets=(_targets.target(one),),
        changes=tuple(changes),
        warnings=tuple(name for name, holds in warned if holds),
        facts={"instance": one.name, "interfaces": len(recorded), "away": len(away)},
        prior={"instance": one.id, "groups": now, "status": one.status, "record": record},
    )


def _without_record(one: Instance, heads: list[Facts]) -> Plan:
    """Nothing to restore: never isolated by us, just being isolated, or we lost track."""
    for head in heads:
        if head["action"] == "isolate" and one.id in head["ids"] and _history.alive(head):
            raise Refused(reason="busy", action="isolate", names=[one.name])
    if one.status in ("isolated", "untracking"):
        raise Refused(reason="no_record", instance=one.name)
    return Plan("release", facts={"instance": one.name})


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    """Only a release from full isolation can be undone: nothing else is a state to go back to."""
    prior = plan.prior
    done = _containment.restore(prior["record"], plan.facts, aws, flow)
    return Result(done.ending, done.facts, undo=prior if prior["status"] == "isolated" else {})


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    """Contain it again, under the record that the release used up."""
    prior = record["undo"]
    flow.step("record the state before", lambda: _again(aws, prior))
    back = _containment.put_back(flow, aws, prior["instance"], prior["groups"])
    tagged = _containment.tag(flow, aws, prior["instance"], prior["status"])
    ending = _containment.ending(back)
    if ending is Ending.DONE and not tagged:
        ending = Ending.PARTIAL
    return Result(ending, record["plan"]["facts"] | back | {"tagged": tagged})


def _again(aws: Aws, prior: Facts) -> bool:
    return aws.ledger.put(f"entity#{prior['instance']}", "contained", prior["record"])
