"""Says whether the last assessment is done, how long it took and what it found."""

from dataclasses import dataclass

from skill.actions import _history
from skill.aws import Aws
from skill.model import Plan, Risk

RISK = Risk.READ
PERMISSIONS = {"plan": ("dynamodb:Query",)}


@dataclass(frozen=True)
class Params:
    """Nothing: the newest assessment is meant."""


def plan(params: Params, aws: Aws) -> Plan:
    found = [head for head in _history.heads(aws, hours=24 * 7) if head["action"] == "assess"]
    if not found:
        return Plan("assessment_status", facts={"state": "none"})
    head = found[0]
    state = head["ending"] or "running"
    facts = {
        **head["facts"],
        "state": state,
        "seconds": _history.seconds(head),
        "instances": head["targets"],
    }
    return Plan("assessment_status", facts=facts)
