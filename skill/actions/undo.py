"""Undoes the last change from its record."""

from dataclasses import dataclass

from skill.actions import _history
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.errors import Refused
from skill.model import Change, Facts, Plan, Result, Risk, Target

RISK = Risk.CHANGE
LANE = "containment"
PERMISSIONS = {"plan": ("dynamodb:Query", "dynamodb:GetItem"), "apply": (), "undo": ()}
IRREVERSIBLE = "Undoing an undo would be the same command again; say what you want instead."


@dataclass(frozen=True)
class Params:
    """`run`: the id of a run; empty for the newest change that has not been undone."""

    run: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    head = _which(params.run, _history.heads(aws, hours=24 * 30))
    record = _record(aws, head["id"])
    targets = tuple(Target(**row) for row in record["plan"]["targets"])
    return Plan(
        "undo",
        targets=targets,
        changes=tuple(
            Change(row["target"], row["what"], row["after"], row["before"])
            for row in record["plan"]["changes"]
        ),
        facts={"undone": head["action"], "subject": _subject(head)} | _site(head),
        prior={"run": head["id"]},
        destructive=head["action"] == "release",
    )


def _site(head: Facts) -> Facts:
    """Where it was done, if not at home."""
    site = head["facts"].get("site")
    return {"site": site} if site else {}


def _subject(head: Facts) -> str:
    names: list[str] = head["names"]
    return str(head["facts"].get("instance") or ", ".join(names))


def _which(run: str, heads: list[Facts]) -> Facts:
    """The newest change that ended and is not undone. Raises Refused if it cannot be undone."""
    from skill.actions import ACTIONS

    undone = {
        head["facts"].get("run")
        for head in heads
        if head["action"] == "undo" and head["ending"] == "done"
    }
    changes = [
        head
        for head in heads
        if head["action"] != "undo" and head["id"] not in undone and _history.acted(head)
    ]
    wanted = [head for head in changes if run in ("", head["id"]) and _counts(head)]
    if not wanted:
        raise Refused(reason="nothing_to_undo")
    head = wanted[0]
    if _history.alive(head):
        raise Refused(reason="still_running", action=head["action"])
    if ACTIONS[head["action"]].undo is None:
        raise Refused(reason="irreversible", action=head["action"])
    return head


def _counts(head: Facts) -> bool:
    """Whether a run is a change that somebody meant: nothing that asks no yes, and no answer."""
    from skill.actions import ACTIONS

    return ACTIONS[head["action"]].asks and not _history.answers(head)


def _record(aws: Aws, run: str) -> Facts:
    """The run's record. Raises Refused when it left nothing that could be put back."""
    item = aws.ledger.get(f"run#{run}", "record")
    if item is None or not item["doc"]["undo"]:
        raise Refused(reason="nothing_to_undo")
    record: Facts = item["doc"]
    return record


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    from skill.actions import ACTIONS

    record = flow.step("read the record", lambda: _record(aws, plan.prior["run"]))
    undo = ACTIONS[record["action"]].undo
    if undo is None:
        raise Refused(reason="irreversible", action=record["action"])
    done = undo(record, aws, flow)
    return Result(done.ending, {**done.facts, **plan.facts, "run": plan.prior["run"]})
