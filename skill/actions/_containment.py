"""What is contained, as its record says and as it is read now.

The record under the entity's key holds what was before each measure and what was made for it. It is
written before the first change, so that whatever dies in between can be released or taken up again.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from skill.actions._measures import KEPT, Case, Look, Measure, measures, network
from skill.aws import Aws
from skill.entity import INSTANCE, Entity
from skill.errors import Gone, TobanError, Transient
from skill.model import Facts

States = dict[str, Facts]
# Seconds before what could not be read is read again.
PAUSES = (2, 4, 8)


def survey(look: Look) -> States:
    """Each measure's state as read now, all at once; {"error": ...} for what could not be read."""
    rows = measures(look.entity.kind)
    states = look.aws.gather(*(partial(_read, row, look) for row in rows))
    return {row.NAME: state for row, state in zip(rows, states, strict=True)}


def _read(measure: Measure, look: Look) -> Facts:
    try:
        return measure.read(look)
    except TobanError as error:
        return {"error": error.document()}


def steps(states: States) -> list[tuple[str, bool]]:
    """The measures in their order, and whether each applies to the entity."""
    return [(name, bool(state)) for name, state in states.items()]


def unread(states: States) -> list[str]:
    return [name for name, state in states.items() if "error" in state]


def look(case: Case, name: str) -> States:
    """Every measure's state as read now. One that cannot be read is tried again: once more, and
    while AWS is busy twice beyond that.
    """
    states: States = case.step(name, lambda: survey(case.look()))
    for turn, seconds in enumerate(PAUSES):
        if not unread(states) or (turn and not _is_busy(states)):
            break
        case.flow.wait(f"before {name} again {turn}", seconds)
        states = case.step(f"{name} again {turn}", lambda: survey(case.look()))
    return states


def _is_busy(states: States) -> bool:
    """Whether something could not be read that another try may bring."""
    errors = [TobanError.of(state["error"]) for state in states.values() if "error" in state]
    return any(isinstance(error, Transient) for error in errors)


def record_of(aws: Aws, key: str) -> Facts | None:
    """The open record of a contained entity."""
    item = aws.ledger.get(f"entity#{key}", "contained")
    return item["doc"] if item else None


def kept(aws: Aws) -> list[Facts]:
    """The open records, newest first; one call reads some hundreds."""
    return aws.ledger.docs(KEPT)


def prior(
    entity: Entity, name: str, states: States, wanted: Sequence[str] = (), **more: Any
) -> Facts:
    """What a plan hands to `contain`: the entity, the state of what is essential should it not be
    readable later, and the measures asked for.
    """
    doc = {"entity": entity.document(), "name": name, "wanted": list(wanted), "status": ""}
    essential = {row.NAME: states[row.NAME] for row in measures(entity.kind) if row.ESSENTIAL}
    return {**doc, "before": essential, **more}


def holds(row: Measure, case: Case, now: States) -> bool:
    """Whether one measure was read to hold. What could not be read does not."""
    before, state = case.record["before"][row.NAME], now[row.NAME]
    return "error" not in state and "error" not in before and row.holds(case, before, state)


def open_measures(case: Case, now: States) -> list[str]:
    """Measures that do not hold, as read `now`."""
    return [row.NAME for row in measures(case.entity.kind) if not holds(row, case, now)]


def whole(aws: Aws, entity: Entity, record: Facts | None, now: States) -> bool:
    """Whether an entity is contained by us and all of it holds, as read now."""
    return record is not None and not open_measures(Case(aws, None, entity, record), now)


def drift(case: Case, now: States) -> list[str]:
    """Measures that held when they were taken and no longer do: somebody else had a hand in it.

    What cannot be read now is not called changed.
    """
    held = set(case.record["held"]) - set(unread(now))
    return [name for name in open_measures(case, now) if name in held]


def vanished(entity: Entity, now: States) -> bool:
    """Whether the entity no longer exists, as far as what is essential could be read."""
    essential = [now[row.NAME] for row in measures(entity.kind) if row.ESSENTIAL]
    return all(state.get("error", {}).get("key") == Gone.key for state in essential)


def mark(case: Case, status: str) -> bool:
    """The status tag, which instances alone have. One that could not be written is told."""
    return network.mark(case, status) if case.entity.kind == INSTANCE else True


def tried(work: Callable[[], None]) -> Facts | None:
    """The error that a measure ended with: it keeps no other back."""
    try:
        work()
    except TobanError as error:
        return error.document()
    return None


def undo_of(case: Case) -> Facts:
    return {"entity": case.entity.document(), "name": case.record["name"]}
