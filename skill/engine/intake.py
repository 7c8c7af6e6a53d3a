"""What became of every event, in the ledger: one item for each delivery, kept for 30 days.

`event#<name>`/`outcome` belongs to the delivery that was accounted first; other deliveries of the
same event have `copy#<delivery>` beside it.
"""

import json
import time

from skill.aws import Aws
from skill.engine import meter
from skill.model import Facts

KEEP_SECONDS = 30 * 86400
IGNORED, DUPLICATE = "ignored", "duplicate"
_HEAD = ("event", "route", "outcome", "reason", "at")


def keep(aws: Aws, doc: Facts) -> Facts:
    """Account for one delivery: {event, delivery, route, outcome, reason, runs, at, ..} as kept.

    A retry of the same delivery is accounted once. A copy that asks for what another delivery of
    the event has got already is ignored as a duplicate.
    """
    kept = doc if _put(aws, "outcome", doc) else _copy(aws, doc)
    meter.event(kept["route"] or "none", kept["outcome"])
    return kept


def _copy(aws: Aws, doc: Facts) -> Facts:
    item = aws.ledger.get(_key(doc), "outcome")
    first = item["doc"] if item else doc
    if first["delivery"] == doc["delivery"]:
        return dict(first)
    same = first["outcome"] == doc["outcome"] and set(doc["runs"]) <= set(first["runs"])
    if same and doc["outcome"] != IGNORED:
        doc = doc | {"outcome": IGNORED, "reason": DUPLICATE}
    _put(aws, f"copy#{doc['delivery']}", doc)
    return doc


def _put(aws: Aws, sk: str, doc: Facts) -> bool:
    head = json.dumps({name: doc[name] for name in _HEAD})
    ttl = int(time.time()) + KEEP_SECONDS
    return aws.ledger.put_new(_key(doc), sk, doc, kind="event", at=doc["at"], head=head, ttl=ttl)


def _key(doc: Facts) -> str:
    return f"event#{doc['event']}"
