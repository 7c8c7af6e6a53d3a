"""Says whether the last assessment is done, how long it took and what it found."""

from dataclasses import dataclass

from skill.actions import _history, _targets
from skill.aws import Aws
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {"plan": ("dynamodb:Query",)}


@dataclass(frozen=True)
class Params:
    """`group`: as spoken, or empty for the newest assessment of any."""

    group: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    heads = [head for head in _history.heads(aws, hours=24 * 7) if head["action"] == "assess"]
    found = [head for head in heads if _is_of(head, params.group)]
    if not found:
        return Plan("assessment_status", facts={"state": "none", "group": params.group})
    head = found[0]
    alive = "running" if _history.alive(head) else "failed"
    facts = {
        **head["facts"],
        "state": head["ending"] or alive,
        "seconds": _history.seconds(head),
        "instances": head["targets"],
    }
    return Plan("assessment_status", facts=facts)


def _is_of(head: Facts, group: str) -> bool:
    """Whether a run was of the group as spoken; one of all instances covers every group."""
    if group in ("", _targets.ALL) or head["params"].get("group") == _targets.ALL:
        return True
    return _targets.same_group(head["facts"].get("group", ""), group)
