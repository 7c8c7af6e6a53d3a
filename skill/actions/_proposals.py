"""Proposals: runs that wait for a person, and the one answer that each of them takes.

The answer is an item of its own that must not exist yet: the first one wins. The workflow sleeps on
a callback meanwhile; answering that only wakes it, what it does is what the item says.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from skill import names
from skill.actions import _history
from skill.aws import Aws
from skill.errors import Ambiguous, BadRequest, Conflict, Gone, NoMatch, Refused
from skill.model import Facts, Plan, Target

APPROVED, DECLINED, EXPIRED = "approved", "declined", "expired"
WAITING = "waiting"
DAYS = 2
KEEP_DAYS = 400
# The parameter by which an action can be told to touch these and no others.
ONLY = "only"
# What people call the kinds of what is proposed, and the actions that are of each.
KINDS = {
    "isolation": ("isolate",),
    "lock": ("lock_principal", "lock_function"),
    "patch": ("patch",),
    "assessment": ("assess",),
    "release": ("release",),
    "mark": ("mark_suspicious",),
}
OFFERED = 4


@dataclass(frozen=True)
class Params:
    """`proposal`: a run's id, from who saw it as it was posted; else the newest that waits, with
    that `instance` among its targets if one is given, and of that `kind` (of KINDS).
    """

    proposal: str = ""
    instance: str = ""
    kind: str = ""


def asked(params: Params, aws: Aws) -> Facts:
    """The record of the proposal that is meant: by its id, by kind and target as spoken, else the
    newest.

    Raises Refused if none of the kind waits, or the one that is meant has its answer; NoMatch;
    Ambiguous for several of a kind.
    """
    run, verdict = look(aws, params.proposal or _meant(aws, params)["id"])
    if run is None or not run.get("proposed"):
        raise Refused(reason="no_proposal")
    if verdict != WAITING:
        raise answered(verdict)
    return run


def look(aws: Aws, run: str) -> tuple[Facts | None, str]:
    """The record of a proposal, None if there is none yet, and what became of it: "waiting", or its
    answer. One that ended without an answer did nothing: "expired" too.
    """
    item, answer = aws.gather(
        lambda: aws.ledger.get(f"run#{run}", "record"),
        lambda: aws.ledger.get(f"run#{run}", "answer", sure=True),
    )
    record: Facts | None = item["doc"] if item else None
    return record, _verdict(record, answer)


def _verdict(record: Facts | None, answer: Facts | None) -> str:
    """What the answer says; or the record, which may have been read a moment later."""
    told = answer["doc"] if answer else record["approval"] if record else {}
    ended = EXPIRED if record and record["ended"] else WAITING
    return str(told.get("verdict", ended))


def _meant(aws: Aws, params: Params) -> Facts:
    waiting = [head for head in _history.heads(aws, hours=24 * DAYS) if _history.waiting(head)]
    heads = _of_kind(waiting, params.kind)
    if params.instance:
        return _about(heads, params.instance)
    several = list(dict.fromkeys(head["names"][0] for head in heads if head["names"]))
    if params.kind and len(several) > 1:
        raise Ambiguous(matches=several[:OFFERED], kind="instance")
    return heads[0]


def _of_kind(waiting: list[Facts], kind: str) -> list[Facts]:
    """Those of a kind. Raises Refused, with what waits instead, if there is none."""
    if not waiting:
        raise Refused(reason="no_proposal")
    if kind and kind not in KINDS:
        raise BadRequest(kind=kind)
    heads = [head for head in waiting if not kind or head["action"] in KINDS[kind]]
    if not heads:
        newest = waiting[0]
        told = {"action": newest["action"], "names": newest["names"][:1], "count": len(waiting)}
        raise Refused(reason="no_such_proposal", **told)
    return heads


def _about(heads: list[Facts], heard: str) -> Facts:
    meant = [head for head in heads if _is_about(head, heard)]
    if not meant:
        known = [name for head in heads for name in head["names"]]
        raise NoMatch(heard=heard, nearest=names.nearest(heard, known))
    return meant[0]


def _is_about(head: Facts, heard: str) -> bool:
    return heard in head["ids"] or bool(names.matching(heard, head["names"]))


def answered(verdict: str) -> Refused:
    return Refused(reason="answered", verdict=verdict)


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

    row, params = ACTIONS[run["action"]], run["params"]
    if agreed and ONLY in {each.name for each in fields(row.params)}:
        params = params | {ONLY: sorted(agreed)}
    plan = row.plan(row.read(params), aws)
    if agreed is not None and (new := plan.target_ids - set(agreed)):
        raise Refused(reason="grew", names=[one.name for one in plan.targets if one.id in new])
    return plan
