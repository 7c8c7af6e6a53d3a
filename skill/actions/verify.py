"""Reads contained entities again and says whether they still are contained."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from skill import sites
from skill.actions import _contained, _containment, _history, _measures
from skill.actions._contained import Named
from skill.actions._measures import Case
from skill.aws import Aws
from skill.entity import FUNCTION, INSTANCE, ROLE, USER, Entity
from skill.errors import TobanError, caught
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
# Worst first; the first four are for somebody to look at.
STATES = ("gone", "drifted", "unread", "unfinished", "partly", "underway", "free", "held")
# Contained by us, wholly or not: of these it is told since when.
STANDING = ("drifted", "unread", "partly", "held")
# While one of these is at work on it, it is neither contained nor changed by somebody.
AT_WORK = (*_contained.CONTAIN, "release", "undo")
# A containment takes two minutes, half an hour if AWS refuses to close the untracking window.
UNFINISHED = timedelta(minutes=45)
# Each looks at a dozen things at once itself, in the same pool of threads.
AT_ONCE = 8
_ALL = (INSTANCE, USER, ROLE, FUNCTION)
PERMISSIONS = {
    "plan": (
        *_measures.permissions("read", *_ALL),
        "ec2:DescribeTags",
        "dynamodb:GetItem",
        "dynamodb:Query",
    )
}


@dataclass(frozen=True)
class Params:
    """What to look at, as for `release`; nothing is everything that is contained."""

    instance: str = ""
    principal: str = ""
    function: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    if not (params.instance or params.principal or params.function):
        return Plan("verify", facts=_summary(_everything(aws)))
    named, heads = _contained.asked(aws, params.instance, params.principal, params.function)
    busy = _history.busy(heads, AT_WORK)
    row, origin = aws.gather(partial(_row, aws, named, busy), partial(_origin, aws, named))
    told = origin if row["state"] in STANDING else {}
    return Plan("verify", facts=_summary([row]) | told)


def _origin(aws: Aws, named: Named) -> Facts:
    """Seconds since it is contained, and the door that asked for it: who that was is for the audit
    trail. Whether it is contained can be told without the record of its run.
    """
    record = named.record
    if record is None:
        return {}
    began = datetime.now(UTC) - datetime.fromisoformat(record["at"])
    run = caught(lambda: aws.ledger.get(f"run#{record['run']}", "record"))
    door = run["doc"]["door"] if run and not isinstance(run, TobanError) else "unknown"
    return {"since": round(began.total_seconds()), "door": door}


def _everything(aws: Aws) -> list[Facts]:
    """Every open record, and what is only being contained; that is not looked at yet."""
    young = (datetime.now(UTC) - UNFINISHED).isoformat()
    kept, heads = aws.gather(lambda: _containment.kept(aws), lambda: _history.heads(aws, hours=1))
    busy = _history.busy(heads, AT_WORK)
    records = [row for row in kept if row["held"] or row["kept"] < young or _key(row) in busy]
    parts = [records[at : at + AT_ONCE] for at in range(0, len(records), AT_ONCE)]
    found = (aws.gather(*(partial(_of_record, aws, row, busy) for row in part)) for part in parts)
    new = busy - {_key(row) for row in kept}
    begun = [one for one in _contained.beginning(aws, heads) if one.entity.key in new]
    return [*(row for rows in found for row in rows), *(_row(aws, one, busy) for one in begun)]


def _key(record: Facts) -> str:
    return Entity.of(record["entity"]).key


def _of_record(aws: Aws, record: Facts, busy: frozenset[str]) -> Facts:
    """One record's row; an error is a row too: what cannot be read is not called contained."""
    try:
        return _row(aws, Named(Entity.of(record["entity"]), record["name"], record), busy)
    except TobanError as error:
        row = {"name": record["name"], "state": "unread", "drift": [], "error": error.document()}
        return row | sites.of(aws.settings, Entity.of(record["entity"]))


def _row(aws: Aws, named: Named, busy: frozenset[str]) -> Facts:
    row = {"name": named.name, "id": named.entity.id, "kind": named.entity.kind}
    row |= sites.of(aws.settings, named.entity)
    if named.entity.key in busy:
        return {**row, "state": "underway", "drift": []}
    if named.record is None or not named.record["held"]:
        state = "unfinished" if named.record else "free"
        return {**row, "state": state, "drift": []}
    case, now = _contained.now(aws, named, named.record)
    drift = _containment.drift(case, now)
    states = [("gone", _containment.vanished(named.entity, now)), ("drifted", drift)]
    states.append(("unread", _containment.unread(now)))
    states.append(("partly", _containment.open_measures(case, now)))
    state = next((name for name, found in states if found), "held")
    return {**row, "state": state, "drift": drift, "steps": _steps(case, now, drift)}


def _steps(case: Case, now: dict[str, Facts], drift: list[str]) -> list[tuple[str, str]]:
    """What was read of each measure that was meant for it: held, open, drifted or unread."""
    missing, unread = _containment.open_measures(case, now), _containment.unread(now)
    found = [("unread", unread), ("drifted", drift), ("open", missing)]
    return [
        (row.NAME, next((state for state, names in found if row.NAME in names), "held"))
        for row in _measures.measures(case.entity.kind)
        if case.record["before"].get(row.NAME)
    ]


def _summary(rows: list[Facts]) -> Facts:
    """Counts by state; of several only the rows that somebody has to look at."""
    ranked = sorted(rows, key=lambda row: STATES.index(row["state"]))
    counts = {state: sum(row["state"] == state for row in rows) for state in STATES}
    told = [row for row in ranked if row["state"] != "held"]
    return {"count": len(rows), "items": told[:20] if len(rows) > 1 else rows, **counts}
