"""Putting a contained entity back measure by measure, the last one first, and reading it back."""

from functools import partial

from skill.actions import _containment
from skill.actions._containment import States
from skill.actions._flow import ATTEMPTS, Flow
from skill.actions._measures import Case, Measure, measures
from skill.aws import Aws
from skill.entity import Entity
from skill.model import Ending, Facts, Result


def undo(record: Facts, aws: Aws, flow: Flow) -> Result:
    """Undo of a containment: the entity's own record tells what to put back."""
    entity = Entity.of(record["undo"]["entity"])
    return release(entity, record["plan"]["facts"], aws, flow)


def release(entity: Entity, facts: Facts, aws: Aws, flow: Flow) -> Result:
    """Put every measure back, the last one first, and read all of it back.

    What could not be put back keeps the record, so that it can be released again.
    """
    case = Case(aws.at(entity.account, entity.region), flow, entity, {}, ATTEMPTS)
    found = flow.step("read the record", lambda: _containment.record_of(case.aws, entity.key))
    if found is None:
        return Result(Ending.DONE, facts | {"left": [], "nothing": True})
    case.record = found
    rows = [row for row in measures(entity.kind) if "error" not in found["before"][row.NAME]]
    now = _containment.look(case, "look before")
    if _containment.vanished(entity, now):
        return _cleared(case, facts, rows)
    refused = _put_back(case, rows, now)
    return _released(case, facts, rows, refused)


def _cleared(case: Case, facts: Facts, rows: list[Measure]) -> Result:
    """What was made for an entity that is gone is taken back from what outlives it."""
    case.vanished = True
    rows = [row for row in rows if getattr(row, "OUTLIVES", False)]
    refused = _put_back(case, rows, {row.NAME: {} for row in rows})
    facts = facts | {"left": list(refused), "variant": "vanished"}
    if refused:
        return Result(Ending.PARTIAL, facts | {"variant": ""})
    case.step("forget the record", lambda: _forget(case))
    return Result(Ending.DONE, facts)


def _put_back(case: Case, rows: list[Measure], now: States) -> States:
    refused: States = {}
    for row in reversed(rows):
        before, state = case.record["before"][row.NAME], now[row.NAME]
        if "error" in state:
            refused[row.NAME] = state["error"]
            continue
        if error := _containment.tried(partial(row.release, case, before, state)):
            refused[row.NAME] = error
    return refused


def _released(case: Case, facts: Facts, rows: list[Measure], refused: States) -> Result:
    now = _containment.look(case, "read back")
    left = [row.NAME for row in rows if row.NAME in refused or not _restored(row, case, now)]
    told = case.notes | {
        "lost": sorted(case.notes.get("lost", {})),
        "left": left,
        "refused": {name: refused[name]["key"] for name in left if name in refused},
        "read_back": not any("error" in now[row.NAME] for row in rows if row.ESSENTIAL),
    }
    if left:
        case.record["held"] = [name for name in case.record["held"] if name in left]
        case.step("keep what is left", case.keep)
        ending = Ending.PARTIAL if len(left) < len(rows) else Ending.FAILED
        return Result(ending, facts | told)
    told["tagged"] = _containment.mark(case, case.record["status"])
    if not told["tagged"]:  # A tag that stays would keep it from being patched: try again later
        case.record["held"] = []
        case.step("keep the record for the tag", case.keep)
        return Result(Ending.PARTIAL, facts | told)
    case.step("forget the record", lambda: _forget(case))
    whole = not told.get("lost_groups") and not told["lost"]
    ending = Ending.DONE if whole else Ending.PARTIAL
    return Result(ending, facts | told, undo=_containment.undo_of(case) | {"record": case.record})


def _restored(row: Measure, case: Case, now: States) -> bool:
    before, state = case.record["before"][row.NAME], now[row.NAME]
    return "error" not in state and row.restored(before, state)


def _forget(case: Case) -> None:
    case.aws.ledger.delete(f"entity#{case.entity.key}", "contained")
