"""The flush of one bucket of the outbox: a durable execution of its own, named like the bucket.

What is sent depends on the closed bucket and a cursor alone, and each message is one step. So a
flush that is killed goes on where it was; the message that was on its way may come twice.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from aws_durable_execution_sdk_python import DurableContext

from skill.actions import _outbox
from skill.actions._outbox import AGAIN, OWN, PLAIN, TRACKER, UNSENT, USUAL, WINDOW, Bucket
from skill.aws import Aws
from skill.engine import meter
from skill.engine.flow import DurableFlow
from skill.engine.outbox import SENDERS
from skill.errors import TobanError, caught
from skill.model import Facts
from skill.words import collapsed

log = logging.getLogger("toban.flush")
# Before a bucket is closed: the rest of the window for what can wait, a moment for the urgent.
WAITS = {PLAIN: WINDOW, AGAIN: WINDOW, UNSENT: 10}
SOON = 3
# Whoever was counted has written within the time of a function.
LOOK_EVERY, LOOK_FOR = 5, 150
# After a failure: about seven hours in all, then the messages are given up, loudly.
PAUSES = (15, 30, 60, 300, 900, 1800, 3600, 3600, 7200, 7200)
LONGEST_AFTER = 3600
# A durable execution has a limit of operations; what is left goes to another one.
MOST = 400
BOTH = ("audit", "slack")
CHANNELS = {AGAIN: ("audit",), TRACKER: ("tracker",)}
FEW, PAGE = 3, 20
_LAST = "~"


def flush(event: Facts, context: DurableContext, aws: Aws) -> Facts:
    """Send what `event["flush"]`, a bucket's name, holds; `from` says where an earlier flush
    stopped.
    """
    bucket = Bucket.of(event["flush"])
    flow = DurableFlow(context, aws, f"flush-{event['flush']}")
    start: Facts = event.get("from") or {}
    if not start:
        _close(bucket, event["after"], flow, aws)
    sent = 0
    channels = CHANNELS.get(_kind(bucket), BOTH)
    for channel in channels[channels.index(start.get("channel", channels[0])) :]:
        cursor = start.pop("cursor", "")
        sent += _drain(channel, cursor, bucket, flow, aws)
    return {"flush": bucket.name, "sent": sent}


def _close(bucket: Bucket, after: int, flow: DurableFlow, aws: Aws) -> None:
    """Wait, close the bucket, and wait for who was counted and has not written yet."""
    flow.wait("window", max(WAITS.get(_kind(bucket), SOON), min(after, LONGEST_AFTER)))
    expected = flow.step("close", lambda: _outbox.close(aws, bucket))
    if _kind(bucket) == AGAIN:
        return
    flow.until(
        "all there",
        lambda: len(aws.ledger.between(f"outbox#{bucket.name}", "0", _LAST)),
        lambda found: found >= expected,
        every=LOOK_EVERY,
        within=LOOK_FOR,
    )


def _kind(bucket: Bucket) -> str:
    return bucket.lane.partition(".")[0]


def _drain(channel: str, cursor: str, bucket: Bucket, flow: DurableFlow, aws: Aws) -> int:
    """Send one message after the other; how many. After the last pause the rest is given up."""
    sent, failures = 0, 0
    for _ in range(MOST):
        work = partial(_next, channel, cursor, bucket, aws)
        done = _done(flow, f"{channel} after {cursor or 'nothing'}", work)
        if done["over"]:
            return sent
        if "error" not in done:
            sent, failures, cursor = sent + done["sent"], 0, done["cursor"]
            if channel == "slack":
                flow.wait("pace", 1)
            continue
        if failures == len(PAUSES):
            flow.step("give up", partial(_give_up, channel, cursor, done["error"], bucket, aws))
            return sent
        flow.wait("again", min(done.get("after") or PAUSES[failures], LONGEST_AFTER))
        failures += 1
    flow.step("go on", partial(_go_on, channel, cursor, bucket, aws))
    return sent


def _done(flow: DurableFlow, name: str, work: Callable[[], Facts]) -> Facts:
    """What a step did; a bucket that cannot be read is tried again like a message that failed."""
    try:
        return dict(flow.step(name, work))
    except TobanError as error:
        return {"over": False, "error": error.document()}


def _next(channel: str, cursor: str, bucket: Bucket, aws: Aws) -> Facts:
    """Send the message that comes after the cursor. {"over"} if there is none."""
    rows = _rows(cursor, bucket, aws)
    if not rows:
        return {"over": True}
    mine = [row["doc"] for row in rows if channel in row["doc"]["to"]]
    done = {"over": False, "cursor": rows[-1]["sk"], "sent": len(mine)}
    try:
        for item in _messages(mine, bucket, aws):
            SENDERS[channel](aws, item)
    except TobanError as error:
        return done | {"error": error.document(), "after": error.facts.get("after", 0)}
    return done


def _rows(cursor: str, bucket: Bucket, aws: Aws) -> list[Facts]:
    """What goes into the next message: one that stands alone, a list of wrong ones, or the rest."""
    if _kind(bucket) == AGAIN:
        return [] if cursor else _repeated(bucket, aws)
    first = cursor + " " if cursor else "0"
    if _kind(bucket) == TRACKER:
        return aws.ledger.between(f"outbox#{bucket.name}", first, _LAST, 1)
    rows = aws.ledger.between(f"outbox#{bucket.name}", first, f"{USUAL}", PAGE)
    if rows and rows[0]["doc"]["rank"] == OWN:
        return rows[:1]
    if not rows:
        rows = aws.ledger.between(f"outbox#{bucket.name}", max(first, f"{USUAL}"), _LAST)
    return rows if len(rows) > FEW else rows[:1]


def _messages(items: list[Facts], bucket: Bucket, aws: Aws) -> list[Facts]:
    """Items as the one message that they become; few ones are sent as they are."""
    if len(items) <= 1:
        return items
    where = f"outbox#{bucket.name}"
    return [collapsed.message(aws.settings.locale, items, where)]


def _repeated(bucket: Bucket, aws: Aws) -> list[Facts]:
    """What was said once and then counted, as a row."""
    item = aws.ledger.get(*bucket.counter) or {}
    times = _outbox.close(aws, bucket)
    if times < 1:
        return []
    doc = {**item["doc"], "times": times}
    title = f"Toban: {times} more times: {doc.get('moment')} {doc.get('action')}"
    row = {"title": title, "text": "", "blocks": [], "rank": USUAL, "doc": doc, "to": ["audit"]}
    return [{"sk": f"{USUAL}", "doc": row}]


def _give_up(channel: str, cursor: str, why: Facts, bucket: Bucket, aws: Aws) -> int:
    """Tell the other channel, and the alarm, what was not sent."""
    rows = aws.ledger.between(f"outbox#{bucket.name}", cursor + " " if cursor else "0", _LAST)
    lost = [row["doc"] for row in rows if channel in row["doc"]["to"]]
    meter.lost(len(lost))
    log.error("messages lost", extra={"channel": channel, "count": len(lost), "why": why})
    where = f"outbox#{bucket.name}"
    item: dict[str, Any] = collapsed.lost(aws.settings.locale, channel, lost, where)
    for other in BOTH:
        if other != channel:
            caught(partial(SENDERS[other], aws, item))
    return len(lost)


def _go_on(channel: str, cursor: str, bucket: Bucket, aws: Aws) -> bool:
    """Another execution for the rest: its name says where it begins."""
    name = f"flush-{bucket.name}-{channel}-{cursor.replace('.', '_').replace('#', '-')}"
    event = {"flush": bucket.name, "from": {"channel": channel, "cursor": cursor}}
    aws.lambda_.start(aws.settings.workflow_arn, name[:64], event)
    return True
