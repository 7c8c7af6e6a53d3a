"""Says what is running, what ended last and how, and which instances are isolated."""

from dataclasses import dataclass

from skill.actions import _history
from skill.aws import Aws
from skill.aws.ec2 import filters
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {"plan": ("ec2:DescribeInstances", "dynamodb:Query")}


@dataclass(frozen=True)
class Params:
    """Nothing: it looks at the last day."""


def plan(params: Params, aws: Aws) -> Plan:
    heads, isolated = aws.gather(
        lambda: _history.heads(aws),
        lambda: aws.ec2.instances(*filters(tag__TobanStatus=["isolated", "untracking"])),
    )
    running = [_row(head) for head in heads if not head["ended"]]
    ended = [_row(head) for head in heads if head["ended"]]
    facts = {
        "running": running[:3],
        "running_count": len(running),
        "ended": ended[:1],
        "ended_count": len(ended),
        "isolated": sorted(one.name for one in isolated),
    }
    return Plan("status", facts=facts)


def _row(head: Facts) -> Facts:
    return {
        "action": head["action"],
        "ending": head["ending"] or "running",
        "names": head["names"],
        "targets": head["targets"],
        "seconds": _history.seconds(head),
        "ago": _history.ago(head) if head["ended"] else 0,
        "facts": head["facts"],
    }
