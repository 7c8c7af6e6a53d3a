"""Proposals: runs that wait for a person, and the one answer that each of them takes.

The answer is an item of its own that must not exist yet: the first one wins. The workflow sleeps on
a callback meanwhile; answering that only wakes it, what it does is what the item says.
"""

import json
from collections.abc import Collection
from dataclasses import fields, replace
from datetime import UTC, datetime

from skill import names
from skill.actions import _history
from skill.aws import Aws
from skill.errors import Conflict, Gone, NoMatch, Refused
from skill.model import Facts, LeftOut, Plan, Target

APPROVED, DECLINED, EXPIRED = "approved", "declined", "expired"
DAYS = 2
KEEP_DAYS = 400
# The parameter by which an action can be told to touch these and no others.
MANY = "instances"


def find(aws: Aws, run: str, heard: str, kinds: tuple[str, ...] = ()) -> Facts:
    """The head of the proposal that is meant: by its id, by a target as spoken, else the newest.

    Raises Refused if nothing waits, or the one that is meant has its answer; NoMatch.
    """
    if run:
        return _named(aws, run)
    heads = [head for head in _history.heads(aws, hours=24 * DAYS) if _history.waiting(head)]
    heads = [head for head in heads if not kinds or head["action"] in kinds]
    if not heads:
        raise Refused(reason="no_proposal")
    if not heard:
        return heads[0]
    meant = [head for head in heads if _is_about(head, heard)]
    if not meant:
        known = [name for head in heads for name in head["names"]]
        raise NoMatch(heard=heard, nearest=names.nearest(heard, known))
    return meant[0]


def _named(aws: Aws, run: str) -> Facts:
    item = aws.ledger.get(f"run#{run}", "record")
    if item is None or not item["doc"].get("proposed"):
        raise Refused(reason="no_proposal")
    head: Facts = json.loads(item["head"])
    return head


def _is_about(head: Facts, heard: str) -> bool:
    return heard in head["ids"] or bool(names.matching(heard, head["names"]))


def record(aws: Aws, head: Facts) -> Facts:
    """The whole record of a proposal that still waits. Raises Refused: answered, no_proposal."""
    item, answer = aws.gather(
        lambda: aws.ledger.get(f"run#{head['id']}", "record"),
        lambda: aws.ledger.get(f"run#{head['id']}", "answer"),
    )
    if item is None:
        raise Refused(reason="no_proposal")
    if answer or not _history.waiting(head):
        raise answered(answer["doc"] if answer else {"verdict": item["doc"]["ending"]})
    run: Facts = item["doc"]
    return run


def answered(answer: Facts) -> Refused:
    return Refused(reason="answered", verdict=answer["verdict"] or "approved")


def facts(run: Facts) -> Facts:
    """What a question about a proposal tells of it."""
    since = (datetime.now(UTC) - datetime.fromisoformat(run["started"])).total_seconds()
    return told(run) | {"proposed": run["action"], "proposal": run["id"], "ago": round(since)}


def told(run: Facts) -> Facts:
    """What a run is about, whatever its action."""
    names = [row["name"] for row in run["plan"]["targets"]]
    return {"names": names[:5], "targets": len(names)}


def targets(run: Facts) -> tuple[Target, ...]:
    return tuple(Target(**row) for row in run["plan"]["targets"])


def claim(aws: Aws, proposal: str, answer: Facts) -> Facts:
    """Give the answer, if there is none yet: the one that holds. `answer["run"]` tells whose it
    is, so a claim that is repeated finds its own.
    """
    key, holder = f"run#{proposal}", answer["run"]
    until = int(datetime.now(UTC).timestamp()) + KEEP_DAYS * 86400
    if aws.ledger.put_new(key, "answer", answer, holder=holder, ttl=until):
        return answer
    item = aws.ledger.get(key, "answer")
    first: Facts = item["doc"] if item else answer
    return first


def wake(aws: Aws, proposal: str) -> bool:
    """Wake the workflow. False where nothing sleeps: it has not come to that yet, or time is up;
    it looks at the answer itself in both cases.
    """
    item = aws.ledger.get(f"run#{proposal}", "callback")
    if item is None:
        return False
    try:
        aws.lambda_.answer(item["doc"]["callback"], {})
    except (Gone, Conflict):
        return False
    return True


def give_back(aws: Aws, proposal: str, run: str) -> bool:
    """Take an answer back that could not be delivered: nobody shall act on it later."""
    return aws.ledger.delete_if(f"run#{proposal}", "answer", "holder = :run", {"run": run})


def afresh(aws: Aws, run: Facts, agreed: Collection[str] | None = None) -> Plan:
    """What a proposal would do now. Of what was agreed to, if that is given: targets that have come
    since are left out by name. Raises Refused where an action cannot be told to leave them out.
    """
    from skill.actions import ACTIONS

    row = ACTIONS[run["action"]]
    plan = row.plan(row.read(run["params"]), aws)
    if agreed is None or plan.target_ids <= set(agreed):
        return plan
    new = [one.name for one in plan.targets if one.id not in agreed]
    if MANY not in {each.name for each in fields(row.params)}:
        raise Refused(reason="grew", names=new)
    left_out = tuple(LeftOut(name, "not_agreed") for name in new)
    kept = sorted(plan.target_ids & set(agreed))
    if not kept:
        return replace(plan, targets=(), changes=(), left_out=(*plan.left_out, *left_out))
    narrow = row.plan(row.read({MANY: kept}), aws)
    if narrow.target_ids - set(agreed):
        raise Refused(reason="grew", names=new)
    return replace(narrow, left_out=(*narrow.left_out, *left_out))
