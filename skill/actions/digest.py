"""Sums up the posture of a day: new, fixed and overdue findings, unpatched instances, drift."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from skill.actions import _cases, _fleet, _history, verify
from skill.actions._digests import NAME
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.aws.inspector import Finding
from skill.errors import TobanError, caught
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {
    "plan": (
        *verify.PERMISSIONS["plan"],
        "inspector2:ListFindings",
        "inspector2:ListFindingAggregations",
        "ssm:DescribeInstancePatchStates",
    )
}
HOURS = 24
# What is read of each; what is more is said to be "at least".
CASES, PAGES, RUNS, INSTANCES = 1000, 5, 500, 1000
NAMES = 10
# What a containment may be that somebody has to look at.
WRONG = ("gone", "drifted", "unread", "unfinished", "partly")


@dataclass(frozen=True)
class Params:
    """Nothing: it looks at the last day and at now."""


def plan(params: Params, aws: Aws) -> Plan:
    """Each part by itself: one that cannot be read is named, and the others are told."""
    looks: dict[str, Callable[[], Facts]] = {
        "cases": lambda: _moved(aws),
        "active": lambda: _active(aws),
        "overdue": lambda: _overdue(aws),
        "patches": lambda: _patches(aws),
        "runs": lambda: _pending(aws),
        "contained": lambda: _contained(aws),
    }
    found = aws.gather(*[partial(caught, look) for look in looks.values()])
    facts: Facts = {"unread": [], "partial": []}
    for name, part in zip(looks, found, strict=True):
        if isinstance(part, TobanError):
            facts["unread"].append(name)
            continue
        facts["partial"] += [name] if part.pop("more", False) else []
        facts |= part
    return Plan(NAME, facts=facts)


def _moved(aws: Aws) -> Facts:
    """What was reported and what ended in the last day, from the cases."""
    since = (datetime.now(UTC) - timedelta(hours=HOURS)).isoformat()
    opened, ended, waiting = aws.gather(
        *[
            partial(aws.ledger.since, kind, start, CASES)
            for kind, start in ((_cases.OPEN, since), (_cases.ENDED, since), (_cases.NEW, "0"))
        ]
    )
    fixed = [row["head"] for row in ended if row["head"]["ending"] == "fixed"]
    return {
        "new": sum(row.get("told_at", "") >= since for row in [*opened, *ended]),
        "waiting": len(waiting),
        "fixed": len(fixed),
        "ended": len(ended) - len(fixed),
        "more": CASES in (len(opened), len(ended), len(waiting)),
    }


def _active(aws: Aws) -> Facts:
    """What is open on instances, by aggregation."""
    totals = aws.inspector.totals()
    return {"critical": totals.critical, "high": totals.high, "medium": totals.medium}


def _overdue(aws: Aws) -> Facts:
    """Findings that are open for longer than their severity allows, oldest first."""
    now, days = datetime.now(UTC), aws.settings.overdue_days
    pages = aws.gather(
        *[
            partial(aws.inspector.older, severity, now - timedelta(days=most), PAGES)
            for severity, most in days.items()
        ]
    )
    rows = [_late(*each) for each in zip(days, days.values(), pages, strict=True)]
    count = sum(row["count"] for row in rows)
    more = any(row["more"] for row in rows)
    return {"overdue": [row for row in rows if row["count"]], "overdue_count": count, "more": more}


def _late(severity: str, days: int, page: tuple[list[Finding], bool]) -> Facts:
    found, more = page
    names = list(dict.fromkeys(one.instance_name for one in found))
    return {
        "severity": severity,
        "days": days,
        "count": len(found),
        "more": more,
        "names": names[:NAMES],
    }


def _patches(aws: Aws) -> Facts:
    """Running instances that miss patches and were patched too long ago."""
    live = aws.ec2.instances(states=("running",))
    days = aws.settings.unpatched_days
    began = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    states, heads = aws.gather(
        lambda: _fleet.patch_states(aws, [one.id for one in live]),
        lambda: aws.ledger.newest("run", began, RUNS),
    )
    late = [one.name for one in live if unpatched(one, states.get(one.id), heads) > days]
    return {
        "unpatched": sorted(late)[:NAMES],
        "unpatched_count": len(late),
        "unpatched_days": days,
        "unscanned_count": sum(one.id not in states for one in live),
        "more": len(live) == INSTANCES or len(heads) == RUNS,
    }


def unpatched(one: Instance, state: Mapping[str, Any] | None, heads: Sequence[Facts]) -> int:
    """For how many days an instance that misses patches has had none: since the last
    installation, the last patch run of the ledger, or its launch. 0 if it misses none.
    """
    if not state or not state.get("MissingCount", 0) + state.get("FailedCount", 0):
        return 0
    times = [datetime.fromisoformat(one.launched)] if one.launched else []
    if state.get("Operation") == "Install" and state.get("OperationEndTime"):
        times.append(state["OperationEndTime"])
    times += [datetime.fromisoformat(head["ended"]) for head in heads if _of(head, one)]
    return (datetime.now(UTC) - max(times)).days if times else 0


def _of(head: Facts, one: Instance) -> bool:
    done = head["action"] == "patch" and head["ended"] and one.id in head["ids"]
    return bool(done and one.name in head["facts"].get("patched", []))


def _pending(aws: Aws) -> Facts:
    waiting = [head for head in _history.heads(aws, HOURS) if _history.waiting(head)]
    names = [name for head in waiting for name in head["names"][:1]]
    return {"pending": names[:NAMES], "pending_count": len(waiting)}


def _contained(aws: Aws) -> Facts:
    found = verify.plan(verify.Params(), aws).facts
    rows = [row for row in found["items"] if row["state"] in WRONG]
    wrong = [{name: row[name] for name in ("name", "site") if name in row} for row in rows]
    return {
        "contained": found["count"],
        "drift": sum(found[state] for state in WRONG),
        "drifted": wrong[:NAMES],
    }
