"""Messages that wait in the ledger until the flush of their bucket: counted, kept, closed.

Every message of a window and a lane is counted by one atomic update, which also names the bucket
that it would be kept in. The first ones of a window are sent at once (skill/engine/outbox.py). A
bucket is closed by the same item, so its flush knows how many messages belong to it, and none is
late for it.
"""

import hashlib
import json
import logging
import time
import uuid
from dataclasses import dataclass
from typing import Self

from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Facts

log = logging.getLogger("toban.outbox")
WINDOW = 60
PLAIN, URGENT, UNSENT, AGAIN, TRACKER = "plain", "urgent", "unsent", "again", "tracker"
# Slack takes one a second, and a person reads no more. A tracker is a machine: it gets each one.
AT_ONCE = {PLAIN: 20, URGENT: 20, UNSENT: 0, AGAIN: 1, TRACKER: 0}
# A message that somebody has to answer is sent on its own, one of something wrong is named.
OWN, WRONG, USUAL = 0, 1, 2
KEEP_DAYS = 30
COUNT_DAYS = 2
_LONGEST = 100_000


@dataclass(frozen=True)
class Letter:
    """One message for both channels. `names` are of what it is about, `ref` is the run's id."""

    title: str
    text: str
    blocks: list[Facts]
    doc: Facts
    rank: int = USUAL
    names: tuple[str, ...] = ()
    ref: str = ""

    def item(self, to: list[str]) -> Facts:
        """As it is kept; what the audit topic gets is kept as far as an item can hold it."""
        whole = len(json.dumps(self.doc)) < _LONGEST
        doc = self.doc if whole else {"moment": self.doc.get("moment"), "id": self.ref}
        kept = {"title": self.title, "text": self.text, "blocks": self.blocks, "rank": self.rank}
        return {**kept, "doc": doc, "names": self.names[:5], "ref": self.ref, "to": to}


@dataclass(frozen=True)
class Bucket:
    """Messages of one window and lane that are flushed together; `seen` is of the whole window."""

    window: int
    lane: str
    part: int
    seen: int = 0
    before: int = 0

    @property
    def name(self) -> str:
        return f"{self.window}-{self.lane}-{self.part}"

    @classmethod
    def of(cls, name: str) -> Self:
        window, lane, part = name.split("-")
        return cls(int(window), lane, int(part))

    @property
    def counter(self) -> tuple[str, str]:
        return f"notices#{self.window}", self.lane

    @property
    def at_once(self) -> int:
        return AT_ONCE[self.lane.partition(".")[0]]

    @property
    def place(self) -> int:
        """Which of the bucket's messages the last counted one is, from 1; one that is sent at once
        has none.
        """
        return self.seen - max(self.at_once, self.before)


def count(aws: Aws, lane: str, sample: Facts | None = None) -> Bucket:
    """Count one message: the bucket that is open, with how many were seen before it."""
    window = int(time.time()) // WINDOW * WINDOW
    key = Bucket(window, lane, 0).counter
    item, _ = aws.ledger.update(
        *key,
        "SET doc = if_not_exists(doc, :doc), #ttl = :ttl ADD seen :one",
        "",
        ("ttl",),
        {"doc": json.dumps(sample or {}), "ttl": _ttl(COUNT_DAYS), "one": 1},
    )
    counted = item or {}
    part = int(counted.get("part", 0))
    return Bucket(window, lane, part, counted["seen"], _mark(counted, part - 1))


def close(aws: Aws, bucket: Bucket) -> int:
    """Nothing more goes into a bucket from now on; how many messages it has. Closing it again gives
    the same.
    """
    first = "#part = :part" if bucket.part else "attribute_not_exists(#part)"
    given = {"next": bucket.part + 1} | ({"part": bucket.part} if bucket.part else {})
    item, _ = aws.ledger.update(
        *bucket.counter,
        f"SET #part = :next, mark{bucket.part} = seen",
        f"attribute_exists(pk) AND {first}",
        ("part",),
        given,
    )
    counted = item or {}
    before = max(bucket.at_once, _mark(counted, bucket.part - 1))
    return max(_mark(counted, bucket.part) - before, 0)


def _mark(item: Facts, part: int) -> int:
    return int(item.get(f"mark{part}", 0))


def keep(aws: Aws, bucket: Bucket, letter: Letter, to: list[str], after: int = 0) -> bool:
    """Keep a message, and have its bucket flushed, not before `after` seconds."""
    key = f"{letter.rank}#{time.time():.3f}#{uuid.uuid4().hex[:12]}"
    aws.ledger.put(f"outbox#{bucket.name}", key, letter.item(to), ttl=_ttl(KEEP_DAYS))
    return start(aws, bucket, after)


def start(aws: Aws, bucket: Bucket, after: int = 0) -> bool:
    """Have a bucket flushed. Of one name a durable execution starts once, and the first message
    starts it; that others do so again costs little and helps if a start was lost.
    """
    if bucket.place & (bucket.place - 1) == 0:
        name = f"flush-{bucket.name.replace('.', '_')}"
        event = {"flush": bucket.name, "after": after}
        aws.lambda_.start(aws.settings.workflow_arn, name, event)
    return True


def repeat(aws: Aws, key: str, sample: Facts) -> bool:
    """Whether something that may be said many times is said for the first time in this window;
    otherwise the flush tells how many more times.
    """
    lane = f"{AGAIN}.{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    try:
        bucket = count(aws, lane, sample)
        return bucket.place <= 0 or not start(aws, bucket)
    except TobanError as error:
        log.warning("not counted: %s", error.key)
        return True


def _ttl(days: int) -> int:
    return int(time.time()) + days * 86400
