"""Containing an entity measure by measure, and reading the truth back."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from skill.actions import _containment, _pace
from skill.actions._containment import States
from skill.actions._flow import ATTEMPTS, Flow
from skill.actions._measures import Case, Look, Measure, measures, of
from skill.aws import Aws
from skill.entity import Entity
from skill.model import Ending, Facts, Plan, Result

HURRIED = 2
SCHEMA = 1
Tell = Callable[[Case, States], Facts]


def _nothing(case: Case, now: States) -> Facts:
    return {}


def contain(plan: Plan, aws: Aws, flow: Flow, tell: Tell = _nothing) -> Result:
    """Take every measure, those that were refused once more at the end, and read all of it back.

    `tell` adds what the action's sentences need, of the states that were read last.
    """
    entity = Entity.of(plan.prior["entity"])
    case = Case(aws.at(entity.account, entity.region), flow, entity, {}, HURRIED)
    _pace.take_turn(case, plan)
    case.record, now = flow.step("record the state before", lambda: _claim(case, plan))
    rows = measures(entity.kind)
    refused = _take(case, rows, now)
    case.attempts = ATTEMPTS
    now |= _read_again(case, refused)
    refused = _take(case, [row for row in rows if row.NAME in refused], now)
    return _reached(case, plan, case.refusals | refused, tell)


def _claim(case: Case, plan: Plan) -> tuple[Facts, States]:
    """The record and the state as read now. An open record wins: its state is that of before."""
    given = plan.prior
    wanted = tuple(given["wanted"])
    first, now = case.aws.gather(
        lambda: _containment.record_of(case.aws, case.entity.key),
        lambda: _containment.survey(Look(case.aws, case.entity, None, wanted)),
    )
    if first:
        now = _containment.survey(Look(case.aws, case.entity, first, wanted))
    # What cannot be read now was read for the plan, if it is essential.
    now |= {name: row for name, row in given["before"].items() if "error" in now[name]}
    before = copy.deepcopy(now)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    case.record = given | {"before": before, "made": {}, "held": []}
    case.record |= {"run": case.flow.run, "at": at, "schema": SCHEMA}
    if first:
        case.record = _resumed(first, case.record)
    case.keep()
    return case.record, now


def _resumed(first: Facts, now: Facts) -> Facts:
    """A containment that is taken up again: what it knows of before stays, what is new is added."""
    wanted = sorted({*first["wanted"], *now["wanted"]})
    before = {
        name: _joined(name, first["before"].get(name, {}), state)
        for name, state in now["before"].items()
    }
    return {**first, "before": before, "wanted": wanted, "held": []}


def _joined(name: str, first: Facts, now: Facts) -> Facts:
    if not first or "error" in first:
        return now
    return first if "error" in now or getattr(of(name), "FIXED", False) else _both(first, now)


def _both(first: Facts, now: Facts) -> Facts:
    """What only one of two states has; of what both have, the first."""
    mine = {
        name: _both(value, now[name]) if isinstance(value, dict) and name in now else value
        for name, value in first.items()
    }
    return {**now, **mine}


def _take(case: Case, rows: list[Measure], now: States) -> States:
    """The refusals by measure. A measure that is refused keeps no other back.

    Until the essential ones are through, nothing waits long for what AWS does not want to do.
    """
    refused: States = {}
    for at, row in enumerate(rows):
        case.flow.progress = (at, len(rows))
        before = case.record["before"][row.NAME]
        if "error" in before:
            refused[row.NAME] = before["error"]
            continue
        if row.ESSENTIAL:
            case.attempts = ATTEMPTS
        if error := _containment.tried(partial(row.contain, case, before, now[row.NAME])):
            refused[row.NAME] = error
    return refused


def _read_again(case: Case, refused: States) -> States:
    """The state of refused measures as it is now; of those that could not be read and so were not
    taken yet, that is the state of before.
    """
    if not refused:
        return {}
    before = case.record["before"]
    now: States = case.step("read again", lambda: _containment.survey(case.look()))
    now = {name: before[name] if "error" in now[name] else now[name] for name in refused}
    if missing := [name for name in refused if "error" in before[name]]:
        before |= {name: now[name] for name in missing}
        case.step("record what was read again", case.keep)
    return now


def _reached(case: Case, plan: Plan, refused: States, tell: Tell) -> Result:
    """What was reached, as read back."""
    now = _containment.look(case, "read back")
    rows = measures(case.entity.kind)
    missing = _containment.open_measures(case, now)
    essential = [row.NAME for row in rows if row.ESSENTIAL]
    contained = not set(essential) & set(missing)
    case.record["held"] = [row.NAME for row in rows if row.NAME not in missing]
    tagged = _containment.mark(case, "isolated" if contained else "suspicious")
    case.step("keep what was reached", case.keep)
    facts = {
        "contained": contained,
        "unfinished": missing,
        "refused": {name: refused[name]["key"] for name in missing if name in refused},
        "read_back": not any("error" in now[name] for name in essential),
        "tagged": tagged,
    }
    begun = set(essential) - set(missing) or any(case.record["made"].values())
    ending = _ending(contained, tagged and not missing, bool(begun))
    return Result(ending, plan.facts | facts | tell(case, now), undo=_containment.undo_of(case))


def _ending(contained: bool, whole: bool, begun: bool) -> Ending:
    if whole:
        return Ending.DONE
    return Ending.PARTIAL if contained or begun else Ending.FAILED
