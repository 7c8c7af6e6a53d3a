"""From events to runs. Each event ends as a run, a proposal, an ignore with its reason, or raised.

What is raised may succeed later: Lambda delivers the event again, and then puts it into the
dead-letter queue. Wishes that were granted before are the same runs when they are asked for again.
"""

import hmac
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from skill.actions import digest
from skill.engine import alarms, collect, daily, intake, meter, notify, policy, records
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.errors import Refused, TobanError, Transient, bug
from skill.events import routes
from skill.events.reading import Mode, Wish
from skill.log import about
from skill.model import Actor, Facts, Kind, Outcome, Request, Role, document

log = logging.getLogger("toban.events")
WRONG = ("gone", "drifted", "unread", "unfinished")
# Nobody can mend these by delivering the event again: they are heard of and not retried.
FINAL = ("refused", "badrequest", "nomatch", "ambiguous", "gone")
RUN, PROPOSAL, FAILED = "run", "proposal", "failed"
MOST_ROWS, MOST_TEXT = 20, 300


def handle(event: Any, engine: Engine, delivery: str) -> Facts:
    """What became of each event of an invocation, whose id `delivery` is. Raises when one failed
    in a way that another delivery may mend; the others have had their turn by then.
    """
    taken = [
        _take(record, engine, f"{delivery}#{at}") for at, record in enumerate(routes.records(event))
    ]
    for one in taken:
        log.info("event", extra={"taken": one})
    failed = [one for one in taken if one["outcome"] == FAILED]
    if failed:
        raise TobanError.of(failed[0]["why"])
    return {"events": taken}


def _take(record: Any, engine: Engine, delivery: str) -> Facts:
    """One event's end; whatever goes wrong with it, the others of the batch have their turn."""
    with about(event=routes.name_of(record)):
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
    name = routes.name_of(record)
    if reading.error:
        notify.refused(engine.aws, "unknown", reading.route, reading.error)
    rows = [_whole(partial(_one, wish, name, engine)) for wish in reading.wishes]
    failed = [row for row in rows if row["outcome"] == FAILED]
    if failed:
        return {"event": name, "route": reading.route, "outcome": FAILED, "why": failed[0]["why"]}
    doc = {"event": name, "delivery": delivery, "at": records.now(), **_summary(reading, rows)}
    kept = intake.keep(engine.aws, doc)
    _repeated(kept, reading.wishes, engine)
    return kept


def _summary(reading: routes.Reading, rows: list[Facts]) -> Facts:
    """A run before a proposal before an ignore; a copy's run is another event's."""
    own = [row["outcome"] for row in rows if not row.get("again")]
    outcome = next((one for one in (RUN, PROPOSAL) if one in own), intake.IGNORED)
    reasons = [row["reason"] for row in rows if row.get("reason")]
    copies = [intake.DUPLICATE for row in rows if row.get("again")]
    why = [*reasons, *copies, reading.ignored or "nothing-asked"]
    return {
        "route": reading.route,
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


def _one(wish: Wish, name: str, engine: Engine) -> Facts:
    """One wish's outcome as data, so that the other wishes of the event still have their turn."""
    if wish.mode is Mode.TELL:
        return {
            "action": wish.action,
            "outcome": RUN,
            "found": alarms.tell(engine.aws, wish.params),
        }
    if wish.mode is Mode.WAKE:
        return _woken(wish, engine)
    try:
        actor = Actor(wish.door, wish.principal, _role(wish, engine))
        request = Request(wish.action, wish.params, actor, wish.key, wish.reason, name)
        return _told(wish, _asked(wish, request, engine), engine)
    except TobanError as error:
        return _failed(wish, error, engine)


def _woken(wish: Wish, engine: Engine) -> Facts:
    """Whoever waits for what has ended looks now. Of most of what ends, nobody waits for it."""
    run = engine.wake(wish.params["what"], wish.params["seconds"], wish.key)
    row: Facts = {"action": wish.action, "what": wish.params["what"]}
    if run:
        return row | {"outcome": RUN, "run": run}
    return row | {"outcome": intake.IGNORED, "reason": "not-awaited"}


def _asked(wish: Wish, request: Request, engine: Engine) -> Outcome:
    if wish.mode is Mode.COLLECT:
        return collect.take(engine, request, Turn())
    return engine.run(request, Turn())


def _told(wish: Wish, found: Outcome, engine: Engine) -> Facts:
    row: Facts = {"action": wish.action, "outcome": RUN}
    if found.kind is Kind.ANSWER:
        return row | {"found": _looked(wish, found, engine)}
    if found.kind is Kind.STARTED:
        return row | {"run": found.run, "again": found.again}
    if reason := found.facts.get(collect.IGNORED):
        return row | {"outcome": intake.IGNORED, "reason": reason}
    left_out = [document(one) for one in found.plan.left_out] if found.plan else []
    notify.refused(
        engine.aws, wish.principal, wish.action, Refused(reason="nothing_to_do", left_out=left_out)
    )
    return row | {"outcome": intake.IGNORED, "reason": "nothing-to-do", "left_out": left_out}


def _looked(wish: Wish, found: Outcome, engine: Engine) -> str:
    """What a scheduled look found: a digest always told, drift when somebody has to act on it."""
    if found.action == digest.NAME:
        return daily.tell(engine.aws, wish.key, found.facts)
    wrong = sum(found.facts[state] for state in WRONG)
    meter.drift(wrong)
    if not wrong:
        return "answer"
    log.warning("drift", extra={"told": notify.drift(engine.aws, found)})
    return "alarm"


def _role(wish: Wish, engine: Engine) -> Role:
    """A listed principal, or for a message whoever knows the external id, may change things; the
    clock may look. A finding asks for a report and for nothing else.
    """
    if wish.door == "schedule":
        return Role.VIEWER
    if wish.door == "finding":
        return Role.RESPONDER
    if wish.door == "tag":
        return policy.event_role(engine.aws.settings, wish.principal)
    known = engine.aws.secrets.value(engine.aws.settings.lockdown_secret)
    same = hmac.compare_digest(wish.secret.encode(), known.encode())
    return Role.RESPONDER if same and known else Role.NONE


def _failed(wish: Wish, error: TobanError, engine: Engine) -> Facts:
    """A refusal that another delivery cannot mend is told and ends here."""
    row = {"action": wish.action, "why": error.document()}
    if error.key not in FINAL or isinstance(error, Transient):
        return row | {"outcome": FAILED}
    notify.refused(engine.aws, wish.principal, wish.action, error)
    reason = f"refused:{error.facts.get('reason') or error.key}"
    return row | {"outcome": intake.IGNORED, "reason": reason}
