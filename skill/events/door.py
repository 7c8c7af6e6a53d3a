"""From an event to runs. Anything that may succeed later is raised, so that Lambda retries it."""

import hmac
import logging
from typing import Any

from skill.engine import meter, notify, policy
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.errors import BadRequest, Refused, TobanError, Transient
from skill.events.routes import Wish, wishes
from skill.model import Actor, Kind, Outcome, Request, Role, document

log = logging.getLogger("toban.events")
# Nobody can mend these by delivering the event again: they are heard of and not retried.
WRONG = ("gone", "drifted", "unread", "unfinished")
FINAL = ("refused", "badrequest", "nomatch", "ambiguous", "gone")


def handle(event: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """What became of each wish. Raises when one failed in a way that another delivery may mend."""
    try:
        route, asked = wishes(event)
    except BadRequest as error:
        notify.refused(engine.aws, "unknown", "event", error)
        return {"route": "", "outcomes": [{"outcome": "refused", "why": error.document()}]}
    rows = [_one(wish, engine) for wish in asked]
    log.info("event", extra={"route": route or "none", "event": event.get("id"), "outcomes": rows})
    failed = [row for row in rows if row["outcome"] == "failed"]
    if failed:
        raise TobanError.of(failed[0]["why"])
    return {"route": route, "outcomes": rows}


def _one(wish: Wish, engine: Engine) -> dict[str, Any]:
    """One wish's outcome as data, so that the other wishes of the event still have their turn."""
    try:
        actor = Actor(wish.door, wish.principal, _role(wish, engine))
        request = Request(wish.action, wish.params, actor, wish.key, wish.reason)
        found = engine.run(request, Turn())
    except TobanError as error:
        return _failed(wish, error, engine)
    if found.kind is Kind.ANSWER:
        return {"action": wish.action, "outcome": _looked(found, engine)}
    if found.kind is Kind.STARTED:
        if found.again and wish.door == "sns":
            notify.repeated(engine.aws, wish.principal, wish.action, found.run)
        return {"action": wish.action, "outcome": "run", "run": found.run}
    reasons = [document(one) for one in found.plan.left_out] if found.plan else []
    nothing = Refused(reason="nothing_to_do", left_out=reasons)
    notify.refused(engine.aws, wish.principal, wish.action, nothing)
    return {"action": wish.action, "outcome": "nothing", "why": reasons}


def _looked(found: Outcome, engine: Engine) -> str:
    """What a scheduled look found: told when somebody has to act on it, counted always."""
    wrong = sum(found.facts[state] for state in WRONG)
    meter.drift(wrong)
    if not wrong:
        return "answer"
    log.warning("drift", extra={"told": notify.drift(engine.aws, found)})
    return "alarm"


def _role(wish: Wish, engine: Engine) -> Role:
    """A listed principal, or for a message whoever knows the external id, may change things; the
    clock may look.
    """
    if wish.door == "schedule":
        return Role.VIEWER
    if wish.door == "tag":
        return policy.event_role(engine.aws.settings, wish.principal)
    known = engine.aws.secrets.value(engine.aws.settings.lockdown_secret)
    same = hmac.compare_digest(wish.secret.encode(), known.encode())
    return Role.RESPONDER if same and known else Role.NONE


def _failed(wish: Wish, error: TobanError, engine: Engine) -> dict[str, Any]:
    final = error.key in FINAL and not isinstance(error, Transient)
    if final:
        notify.refused(engine.aws, wish.principal, wish.action, error)
    outcome = "refused" if final else "failed"
    return {"action": wish.action, "outcome": outcome, "why": error.document()}
