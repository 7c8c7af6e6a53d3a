"""Reads the last daily digest: how much needs somebody, and what was found and fixed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from skill.actions._digests import needs, newest
from skill.aws import Aws
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
NAME = "last_digest"
PERMISSIONS = {"plan": ("dynamodb:Query",)}
DAYS = 90
SAID = 3


@dataclass(frozen=True)
class Params:
    """Nothing: it looks for the newest that was kept."""


def plan(params: Params, aws: Aws) -> Plan:
    since = (datetime.now(UTC) - timedelta(days=DAYS)).isoformat()
    found = newest(aws, since)
    return Plan(NAME, facts=_facts(found) if found else {"there": 0})


def _facts(found: Facts) -> Facts:
    """The numbers, of which no more than three are told apart; `whole` is for the eye."""
    every = needs(found)
    told = [name for name, count in every.items() if count][:SAID]
    facts, at = found["facts"], datetime.fromisoformat(found["at"])
    return {
        "there": 1,
        "ago": round((datetime.now(UTC) - at).total_seconds()),
        "total": sum(every.values()),
        **{name: count if name in told else 0 for name, count in every.items()},
        "new": int(facts.get("new", 0)),
        "fixed": int(facts.get("fixed", 0)),
        "unread": len(facts["unread"]),
        "whole": facts,
    }
