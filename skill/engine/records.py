"""Run records: opened once, closed once, never overwritten after that."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts, Plan, Request, Result, document

KEEP_DAYS = 400
AWAITING = "awaiting"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def run_id(key: str) -> str:
    """The same key is the same run: 24 hex digits, a valid DurableExecutionName."""
    return "r-" + hashlib.sha256(key.encode()).hexdigest()[:24]


def new(request: Request, plan: Plan, approval: Facts) -> Facts:
    """A run's record before anything has happened."""
    return {
        "id": run_id(request.key),
        "action": request.action,
        "door": request.actor.door,
        "actor": document(request.actor),
        "params": request.params,
        "plan": document(plan),
        "approval": approval,
        "proposed": approval["how"] == AWAITING,
        "why": {},
        "started": now(),
        "begun": False,
        "ended": None,
        "ending": None,
        "steps": [],
        "result": None,
        "undo": None,
    }


def head(run: Facts) -> Facts:
    """What a spoken answer needs of a run, small whatever the fleet."""
    plan = run["plan"]
    return {
        **{k: run[k] for k in ("id", "action", "door", "params", "started", "ended", "ending")},
        "begun": run["begun"],
        "waiting": run["approval"]["how"] == AWAITING and not run["ended"],
        "targets": len(plan["targets"]),
        "names": [target["name"] for target in plan["targets"][:5]],
        "ids": [target["id"] for target in plan["targets"][:200]],
        "facts": (run["result"] or {}).get("facts") or plan["facts"],
    }


def failure(run: Facts, error: Facts) -> Result:
    """The result of a run that ended by an error: its plan's facts, so that it can be told."""
    return Result(Ending.FAILED, {**run["plan"]["facts"], "error": error})


def put(aws: Aws, run: Facts) -> bool:
    """Write a new run; False if it is there already."""
    return aws.ledger.put_new(
        f"run#{run['id']}",
        "record",
        run,
        kind="run",
        at=run["started"],
        head=json.dumps(head(run)),
        open=True,
        ttl=_ttl(),
    )


def begin(aws: Aws, run: Facts) -> bool:
    """The workflow has the run: record it, or mark the record that the door wrote."""
    begun = {**run, "begun": True}
    # The door's record is there already, as a rule; it may also come between the first two.
    return _mark(aws, begun) or put(aws, begun) or _mark(aws, begun)


def later(aws: Aws, run: Facts, seconds: int) -> bool:
    """A proposal that is not made yet, and perhaps never; False if that is known already."""
    doc = {"after": seconds, "event": event_of(run)}
    return aws.ledger.put_new(f"run#{run['id']}", "later", doc, ttl=_ttl())


def event_of(run: Facts) -> str:
    """The name of the event that asked for a run; empty if none did."""
    return str((run["approval"].get("event") or {}).get("event", ""))


def origin(aws: Aws, run: str) -> str:
    """The same for a run's id, also while it is a proposal that is not made yet."""
    if record := get(aws, run):
        return event_of(record)
    item = aws.ledger.get(f"run#{run}", "later")
    return str(item["doc"].get("event", "")) if item else ""


def answered(aws: Aws, run: Facts, approval: Facts) -> Facts:
    """A proposal has its answer. One that was approved starts now, for its time and for the caps,
    and its plan is still to be made again: {"approval", "started", "asked": when it was proposed}.
    """
    started = now() if approval["verdict"] == "approved" else run["started"]
    told = {"approval": approval, "started": started, "asked": run["started"]}
    run = {**run, **told, "begun": True}
    told_head = head(run) | {"planning": True}
    sets = {"doc": json.dumps(run), "head": json.dumps(told_head), "at": started}
    _open(aws, run["id"], sets)
    return told


def planned(aws: Aws, run: Facts) -> bool:
    """An approved proposal is about what its plan says now."""
    run = {**run, "begun": True}
    return _open(aws, run["id"], {"doc": json.dumps(run), "head": json.dumps(head(run))})


def _open(aws: Aws, run: str, sets: Facts) -> bool:
    """Change a record that has not ended."""
    given = {"open": True, **sets}
    return aws.ledger.change(f"run#{run}", "record", "#open = :yes", given, yes=True)[1]


def _mark(aws: Aws, begun: Facts) -> bool:
    return _open(aws, begun["id"], {"head": json.dumps(head(begun))})


def _ttl() -> int:
    return int((datetime.now(UTC) + timedelta(days=KEEP_DAYS)).timestamp())


def get(aws: Aws, run: str) -> Facts | None:
    item = aws.ledger.get(f"run#{run}", "record")
    return item["doc"] if item else None


def taken_up(aws: Aws, run: str) -> Facts | None:
    """The record of a run that a workflow has begun; None if it still has to be started."""
    item = aws.ledger.get(f"run#{run}", "record")
    return item["doc"] if item and json.loads(item["head"])["begun"] else None


def raise_if_refused(aws: Aws, run: str) -> None:
    """Raises what a run's start was refused for, if its record was closed before its first step:
    nothing can begin under that id any more.
    """
    record = get(aws, run)
    if record and record["ending"] == Ending.FAILED and not record["steps"]:
        raise TobanError.of(record["result"]["facts"]["error"])


def note(aws: Aws, run: str, order: int, row: Facts) -> None:
    """Keep one step's outcome; a repeated step overwrites only itself."""
    aws.ledger.put(f"run#{run}", f"step#{order:04d}", row, ttl=_ttl())


def close(aws: Aws, run: Facts, result: Result, waited: int) -> Facts:
    """End a run with its steps and result. Ending it again changes nothing; the ended record is
    returned.
    """
    ended = datetime.now(UTC)
    took = max((ended - datetime.fromisoformat(run["started"])).total_seconds(), waited)
    steps = _steps(aws, run["id"])
    facts = {**result.facts, "seconds": round(took)}
    closed = {
        **run,
        "begun": True,
        "ended": ended.isoformat(timespec="milliseconds"),
        "ending": str(result.ending),
        "steps": steps,
        "result": {"ending": str(result.ending), "facts": facts},
        "undo": result.undo,
    }
    _, changed = aws.ledger.change(
        f"run#{run['id']}",
        "record",
        "#open = :yes",
        {"open": False, "doc": json.dumps(closed), "head": json.dumps(head(closed))},
        yes=True,
    )
    return closed if changed else (get(aws, run["id"]) or closed)


def _steps(aws: Aws, run: str) -> list[Facts]:
    """The steps as they were noted. A run that cannot read them still has to end."""
    try:
        return aws.ledger.children(f"run#{run}", "step#")
    except TobanError as error:
        return [{"name": "steps", "error": error.document()}]


def refusal(aws: Aws, user: str, person: str, reason: str) -> None:
    """Keep who was refused by voice, one item a speaker, for the README's "who is listed"."""
    doc = {"userId": user, "personId": person, "reason": reason, "at": now()}
    aws.ledger.put(
        f"refusal#{person or user}",
        "last",
        doc,
        kind="refusal",
        at=doc["at"],
        head=json.dumps(doc),
        ttl=_ttl(),
    )
