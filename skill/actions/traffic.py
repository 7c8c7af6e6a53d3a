"""Tells who talks to an instance: flows accepted and rejected in the last three days, by source."""

from dataclasses import dataclass
from datetime import UTC, datetime

from skill.actions import _evidence, _targets
from skill.aws import Aws
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {
    "plan": (
        "ec2:DescribeInstances",
        "ec2:DescribeTags",
        "dynamodb:Query",
        "logs:StartQuery",
        "logs:GetQueryResults",
    )
}
FRESH_SECONDS = 600


@dataclass(frozen=True)
class Params:
    """`instance`: an id, a Name tag, or the name as spoken. `query`: one that was still running
    before.
    """

    instance: str = ""
    query: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    if params.query:
        return _answer(params.instance, params.query, aws)
    one, kept = aws.gather(
        lambda: _targets.instance(aws, params.instance), lambda: _evidence.newest(aws)
    )
    evidence = kept.get(one.id)
    if evidence and "rejected" in evidence and _age(evidence) < FRESH_SECONDS:
        return Plan("traffic", facts={**evidence, "instance": one.name, "ready": "yes"})
    addresses = [address for eni in one.interfaces for address in eni.addresses]
    query = _evidence.ask(aws, [eni.id for eni in one.interfaces], addresses)
    return _answer(one.name, query, aws)


def _answer(instance: str, query: str, aws: Aws) -> Plan:
    """One look: a query that still runs is answered at the next turn, not waited for."""
    found = _evidence.read(aws, query)
    if found is None:
        return Plan("traffic", facts={"instance": instance, "ready": "no", "query": query})
    return Plan("traffic", facts={**found, "instance": instance, "ready": "yes"})


def _age(evidence: Facts) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(evidence["at"])).total_seconds()
