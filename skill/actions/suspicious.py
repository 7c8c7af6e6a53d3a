"""Names the suspicious and isolated instances, with the numbers of the evidence."""

from dataclasses import dataclass

from skill.actions import _evidence
from skill.aws import Aws
from skill.aws.ec2 import Instance, filters
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {"plan": ("ec2:DescribeInstances", "dynamodb:Query")}


@dataclass(frozen=True)
class Params:
    """Nothing: it looks at everything."""


def plan(params: Params, aws: Aws) -> Plan:
    asked, marked, kept = aws.gather(
        lambda: aws.ec2.instances(*filters(tag__Toban="suspicious")),
        lambda: aws.ec2.instances(
            *filters(tag__TobanStatus=["suspicious", "untracking", "isolated"])
        ),
        lambda: _evidence.newest(aws),
    )
    found = {one.id: one for one in [*asked, *marked]}
    rows = [_row(one, kept.get(one.id)) for one in found.values()]
    rows.sort(key=lambda row: (row["state"] == "isolated", -row["rejected"]))
    facts = {
        "count": len([row for row in rows if row["state"] != "isolated"]),
        "isolated": [row["name"] for row in rows if row["state"] == "isolated"],
        "items": [row for row in rows if row["state"] != "isolated"],
    }
    return Plan("suspicious", facts=facts)


def _row(one: Instance, evidence: Facts | None) -> Facts:
    doc = evidence or {}
    return {
        "name": one.name,
        "state": one.status or "suspicious",
        "known": "yes" if "rejected" in doc else "no",
        "rejected": doc.get("rejected", 0),
        "accepted": doc.get("accepted", 0),
        "sources": doc.get("sources", 0),
        "attacker": "yes" if doc.get("attacker") else "no",
        "attacker_rejected": (doc.get("attacker") or {}).get("rejected", 0),
        "critical": doc.get("critical", 0),
        "shared": doc.get("shared", 0),
    }
