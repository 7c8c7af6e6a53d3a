"""When somebody was here last, and what is new since then."""

import logging
from datetime import UTC, datetime, timedelta

from skill.actions import _digests, _history
from skill.aws import Aws
from skill.engine.records import now
from skill.errors import TobanError
from skill.model import Actor, Facts

log = logging.getLogger("toban.visits")
KEEP_DAYS = 90
# The index is by when a run began, and one may have ended after the visit.
LONGEST = timedelta(days=1)
# Seconds that the greeting waits for what is new; without it there is enough to say.
PATIENCE = 1.6


def since_last(aws: Aws, actor: Actor) -> Facts:
    """{"known": whether there was a visit before, "ended": rows of runs that ended since, newest
    first, "findings": what is new of Inspector's, "digest": how much of a new digest needs
    somebody}; this visit is the last one from now on.

    Two rounds of calls. What cannot be read is no reason to be silent.
    """
    try:
        at, _ = aws.gather(
            lambda: _noted(aws, f"visit#{actor.id}"),
            lambda: aws.clients("inspector2"),  # takes as long as a call, and here nobody waits
        )
        (ended, capped), found, digest = aws.gather(
            lambda: _ended(aws, at),
            lambda: _findings(aws, at),
            lambda: _digest(aws, at),
        )
    except TobanError as problem:
        log.warning("visit not read or kept: %s", problem.key)
        return {"known": False, "ended": [], "findings": None, "digest": None}
    known = {"known": bool(at), "ended": ended, "capped": capped}
    return known | {"findings": found, "digest": digest}


def _noted(aws: Aws, key: str) -> str:
    """This visit is the last one: when the one before was, empty if there was none."""
    until = int((datetime.now(UTC) + timedelta(days=KEEP_DAYS)).timestamp())
    item = aws.ledger.replace(key, "last", {"at": now()}, ttl=until)
    return str(item["doc"]["at"]) if item else ""


def _findings(aws: Aws, at: str) -> Facts | None:
    """Serious findings that are new since then: {"critical", "high", "more"}; None for none."""
    if not at:
        return None
    (found,) = aws.within(PATIENCE, lambda: aws.inspector.new_since(at))
    critical, high, more = found or (0, 0, False)
    return {"critical": critical, "high": high, "more": more} if critical + high else None


def _digest(aws: Aws, at: str) -> int | None:
    """How many things of a digest that was made since then need somebody; None without one."""
    found = _digests.newest(aws, at) if at else None
    return sum(_digests.needs(found).values()) if found else None


def _ended(aws: Aws, at: str) -> tuple[list[Facts], bool]:
    """The rows, and whether there may be more of them than one call reads."""
    if not at:
        return [], False
    begun = (datetime.fromisoformat(at) - LONGEST).isoformat()
    newest = aws.ledger.newest("run", begun, _history.MOST)
    ended = [head for head in newest if (head["ended"] or "") > at]
    heads = [head for head in ended if not _history.aside(head)]
    rows = [_row(head) for head in sorted(heads, key=lambda head: head["ended"], reverse=True)]
    return rows, len(newest) >= _history.MOST


def _row(head: Facts) -> Facts:
    kept = ("action", "ending", "names", "targets", "facts")
    times = {"seconds": _history.seconds(head), "ago": _history.ago(head)}
    return {**{name: head[name] for name in kept}, **times}
