"""From events to runs. Each event ends as a run, a proposal, an ignore with its reason, or raised.

What is raised may succeed later: Lambda delivers the event again, and then puts it into the
dead-letter queue. Wishes that were granted before are the same runs when they are asked for again.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from skill.engine import claims, intake, notify, records
from skill.engine.core import Engine
from skill.errors import Refused, TobanError, bug
from skill.events import routes
from skill.events.grant import FAILED, grant
from skill.events.reading import Wish, name_of, readable
from skill.log import about
from skill.model import Facts

log = logging.getLogger("toban.events")
# A row's outcomes that make the event's, the strongest first.
ORDER = (intake.RUN, intake.PROPOSAL, intake.DEFERRED)
# What refuses one wish of an event refuses all that are like it.
FULL = "refused:hourly"
MOST_ROWS, MOST_TEXT = 20, 300


def handle(event: Any, engine: Engine, delivery: str) -> Facts:
    """What became of each event of an invocation, whose id `delivery` is. Raises when one failed
    in a way that another delivery may mend; the others have had their turn by then.
    """
    batch = routes.records(readable(event))
    taken = [_take(record, engine, f"{delivery}#{at}") for at, record in enumerate(batch)]
    for one in taken:
        log.info("event", extra={"taken": one})
    failed = [one for one in taken if one["outcome"] == FAILED]
    if failed:
        raise TobanError.of(failed[0]["why"])
    return {"events": taken}


def _take(record: Any, engine: Engine, delivery: str) -> Facts:
    """One event's end; whatever goes wrong with it, the others of the batch have their turn."""
    with about(event=name_of(record)):
        return _whole(lambda: _granted(record, engine, delivery))


def _whole(work: Callable[[], Facts]) -> Facts:
    """An outcome, a failure too: it is raised when all have had their turn."""
    try:
        return work()
    except TobanError as error:
        return {"outcome": FAILED, "why": error.document()}
    except Exception as error:  # the door's one broad catch: a bug must not block others
        log.exception("an event broke")
        return {"outcome": FAILED, "why": bug(error)}


def _granted(record: Any, engine: Engine, delivery: str) -> Facts:
    """One event: granted, accounted for, and told of where somebody has to hear of it."""
    reading = routes.read(record, engine.aws.settings)
    event = {"event": name_of(record), "delivery": delivery, "route": reading.route}
    if _is_old(reading, engine):
        reading = routes.Reading(reading.route, ignored="older")
    _heard(reading, delivery, engine)
    rows = _rows(reading.wishes, event, engine)
    if failed := [row for row in rows if row["outcome"] == FAILED]:
        return {**event, "outcome": FAILED, "why": failed[0]["why"]}
    known = {"event": event["event"], "route": reading.route, "at": records.now()}
    kept = intake.keep(engine.aws, {**known, **_summary(reading, rows)}, delivery)
    _repeated(kept, reading.wishes, engine)
    return kept


def _is_old(reading: routes.Reading, engine: Engine) -> bool:
    """Whether a later state of the instance's tags has been told already."""
    tag = reading.tag
    if tag is None or not tag.version:
        return False
    return not claims.is_newest(engine.aws, tag.instances[0], tag.version)


def _heard(reading: routes.Reading, delivery: str, engine: Engine) -> None:
    """What is ignored in silence nobody needs to know; this somebody does."""
    if reading.error:
        notify.refused(engine.aws, "unknown", reading.route, reading.error)
    if reading.why:
        reason = reading.ignored.replace("-", "_")
        error = Refused(reason=reason, resource=reading.why["resource"])
        notify.unhandled(engine.aws, reading.why["finding"], delivery, reading.why, error)


def _rows(wishes: tuple[Wish, ...], event: Facts, engine: Engine) -> list[Facts]:
    """Each wish's outcome; when the cap is reached, what is left is refused with it."""
    rows: list[Facts] = []
    for wish in wishes:
        full = rows and rows[-1].get("reason") == FULL and rows[-1]["action"] == wish.action
        row = rows[-1] if full else _whole(partial(grant, wish, event, engine))
        rows += row.get("each", [row])
    return rows


def _summary(reading: routes.Reading, rows: list[Facts]) -> Facts:
    """A run before a proposal before an ignore; a copy's run is another event's."""
    own = [row["outcome"] for row in rows if not row.get("again")]
    outcome = next((one for one in ORDER if one in own), intake.IGNORED)
    reasons = [row["reason"] for row in rows if row.get("reason")]
    copies = [intake.DUPLICATE for row in rows if row.get("again")]
    why = [*reasons, *copies, reading.ignored or "nothing-asked"]
    return {
        "outcome": outcome,
        "reason": why[0] if outcome == intake.IGNORED else "",
        "runs": [row["run"] for row in rows if row.get("run")],
        "by": reading.wishes[0].principal[:MOST_TEXT] if reading.wishes else "",
        "wishes": rows[:MOST_ROWS],
    }


def _repeated(kept: Facts, asked: tuple[Wish, ...], engine: Engine) -> None:
    """A message that came again is answered all the same."""
    if kept["reason"] == intake.DUPLICATE and asked[0].door == "sns":
        notify.repeated(engine.aws, asked[0].principal, asked[0].action, kept["runs"][0])
