"""What became of every event, in the ledger: one item for each delivery, kept for 30 days.

`event#<name>`/`outcome` belongs to the delivery that was accounted first; other deliveries of the
same event have `copy#<delivery>` beside it. `got#<run>` says which of these copies has got a run,
and `try#<delivery>#<n>` counts what was put off.
"""

import json
import time

from skill.aws import Aws
from skill.engine import meter
from skill.model import Facts

KEEP_SECONDS = 30 * 86400
RUN, PROPOSAL, IGNORED = "run", "proposal", "ignored"
DUPLICATE, TWIN = "duplicate", "twin"
# Holds the account of an event that the workflow settled before the door could.
NOBODY = "nobody"
# Until it is known whether a proposal is made: not an end.
DEFERRED = "deferred"
# Lambda delivers a failed event again so many times (EventInvokeConfig of the template).
RETRIES = 2
_HEAD = ("event", "route", "outcome", "reason", "at")


def keep(aws: Aws, doc: Facts, delivery: str) -> Facts:
    """Account for one delivery: {event, route, outcome, reason, runs, at, ..} as kept.

    A retry of the same delivery is accounted once. A copy that asks for what another delivery of
    the event has got already is ignored as a duplicate.
    """
    kept = doc if _put(aws, "outcome", doc, delivery) else _known(aws, doc, delivery)
    if kept["outcome"] != DEFERRED:
        meter.event(kept["route"] or "none", kept["outcome"])
    return kept


def accounted(aws: Aws, event: str) -> bool:
    """Whether an event has its account."""
    return aws.ledger.get(_key({"event": event}), "outcome") is not None


def _known(aws: Aws, doc: Facts, delivery: str) -> Facts:
    """Accounted already: this delivery's own account, one that is nobody's yet, or a copy's."""
    mine = {"holder": delivery}
    item, taken = aws.ledger.change(_key(doc), "outcome", "holder = :none", mine, none=NOBODY)
    if item and (taken or item["holder"] == delivery):
        return dict(item["doc"])
    first = item["doc"] if item else doc
    same = set(doc["runs"]) <= set(first["runs"]) if doc["runs"] else first["outcome"] == RUN
    same = same or bool(doc["runs"]) and _owner(aws, doc, delivery) != delivery
    if same and doc["outcome"] != IGNORED:
        doc = doc | {"outcome": IGNORED, "reason": DUPLICATE}
    _put(aws, f"copy#{delivery}", doc, delivery)
    return doc


def settle(aws: Aws, run: Facts, outcome: str, reason: str = "") -> bool:
    """A deferred event has come to its end, in the workflow that waited for it: whether or not the
    door has accounted for it yet.
    """
    event = run["approval"]["event"]
    doc = {
        "event": event["event"],
        "route": event["route"],
        "at": run["started"],
        "outcome": outcome,
        "reason": reason,
        "runs": [run["id"]],
        "by": run["actor"]["id"],
        "wishes": [],
    }
    if not _put(aws, "outcome", doc, NOBODY) and not _settled(aws, "outcome", doc):
        copy = f"copy#{_owner(aws, doc, event['delivery'])}"
        if not _settled(aws, copy, doc):
            _put(aws, copy, doc, NOBODY)
    meter.event(event["route"], outcome)
    return True


def _settled(aws: Aws, sk: str, doc: Facts) -> bool:
    """Whether that account is about the same run; it has its end then."""
    sets = {"doc": json.dumps(doc), "head": _head(doc)}
    return aws.ledger.change(_key(doc), sk, "run = :run", sets, run=doc["runs"][0])[1]


def _owner(aws: Aws, doc: Facts, delivery: str) -> str:
    """Which copy has got a run that the first account does not tell of: who asks first."""
    place = f"got#{doc['runs'][0]}"
    if aws.ledger.put_new(_key(doc), place, {}, holder=delivery, ttl=_ttl()):
        return delivery
    item = aws.ledger.get(_key(doc), place, sure=True)
    return str(item["holder"]) if item else delivery


def may_try_again(aws: Aws, event: Facts) -> bool:
    """Whether raising brings this event back once more: at most as often as Lambda retries."""
    tries = [f"try#{event['delivery']}#{n}" for n in range(RETRIES)]
    return any(aws.ledger.put_new(_key(event), one, {}, ttl=_ttl()) for one in tries)


def _put(aws: Aws, sk: str, doc: Facts, holder: str) -> bool:
    run = next(iter(doc["runs"]), "")
    named = {"kind": "event", "at": doc["at"], "head": _head(doc), "run": run}
    return aws.ledger.put_new(_key(doc), sk, doc, **named, holder=holder, ttl=_ttl())


def _ttl() -> int:
    return int(time.time()) + KEEP_SECONDS


def _head(doc: Facts) -> str:
    return json.dumps({name: doc[name] for name in _HEAD})


def _key(doc: Facts) -> str:
    return f"event#{doc['event']}"
