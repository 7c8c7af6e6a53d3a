"""From an event to runs. Anything that may succeed later is raised, so that Lambda retries it."""

import logging
from typing import Any

from skill.engine import notify, policy
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.errors import TobanError, Transient
from skill.events.routes import Wish, wishes
from skill.model import Actor, Kind, Request

log = logging.getLogger("toban.events")
# Refusals that nobody can mend by delivering the event again: they are recorded, not retried.
FINAL = ("refused", "badrequest", "nomatch", "ambiguous", "gone")


def handle(event: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """What became of each wish. Raises when one failed in a way that another delivery may mend."""
    route, asked = wishes(event)
    rows = [_one(wish, engine) for wish in asked]
    log.info(
        "event", extra={"route": route or "none", "event_id": event.get("id"), "outcomes": rows}
    )
    failed = [row for row in rows if row["outcome"] == "failed"]
    if failed:
        raise TobanError.of(failed[0]["why"])
    return {"route": route, "outcomes": rows}


def _one(wish: Wish, engine: Engine) -> dict[str, Any]:
    """One wish's outcome as data, so that the other wishes of the event still have their turn."""
    role = policy.event_role(engine.aws.settings, wish.principal)
    request = Request(wish.action, wish.params, Actor("tag", wish.principal, role), wish.key)
    try:
        found = engine.run(request, Turn())
    except TobanError as error:
        return _failed(wish, error, engine)
    outcome = "run" if found.kind is Kind.STARTED else "nothing"
    return {"action": wish.action, "outcome": outcome, "run": found.run}


def _failed(wish: Wish, error: TobanError, engine: Engine) -> dict[str, Any]:
    final = error.key in FINAL and not isinstance(error, Transient)
    if final:
        notify.refused(engine.aws, wish.principal, wish.action, error)
    return {
        "action": wish.action,
        "outcome": "refused" if final else "failed",
        "why": error.document(),
    }
