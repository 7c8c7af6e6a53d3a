"""Sending: at once if there are few messages, else kept until they are flushed (_outbox.py)."""

import logging
from collections.abc import Callable
from typing import Any

from skill.actions._outbox import PLAIN, UNSENT, URGENT, USUAL, Letter, count, keep
from skill.aws import Aws
from skill.engine import meter
from skill.errors import Conflict, TobanError
from skill.model import Facts

log = logging.getLogger("toban.outbox")
CHANNELS = ("audit", "slack")


def send(aws: Aws, letter: Letter) -> Facts:
    """What became of a message in each channel: "sent", "off", "later", or why it is lost."""
    lane = URGENT if letter.rank < USUAL else PLAIN
    try:
        bucket = count(aws, lane)
        if bucket.place > 0 and keep(aws, bucket, letter, list(CHANNELS)):
            return dict.fromkeys(CHANNELS, "later")
    except TobanError as error:  # the ledger does not answer: then they are not held back
        log.warning("not counted: %s", error.key)
    return _now(aws, letter)


def _now(aws: Aws, letter: Letter) -> Facts:
    ways = {channel: _tried(SENDERS[channel], aws, letter.item([channel])) for channel in CHANNELS}
    audit, slack = aws.gather(ways["audit"], ways["slack"])
    told = {"audit": audit, "slack": slack}
    failed = {channel: why for channel, why in told.items() if isinstance(why, TobanError)}
    if not failed:
        return told
    return told | {channel: _later(aws, letter, failed) for channel in failed}


def _tried(send: Callable[[Aws, Facts], str], aws: Aws, item: Facts) -> Callable[[], Any]:
    def tried() -> str | TobanError:
        try:
            return send(aws, item)
        except TobanError as error:
            return error

    return tried


def _later(aws: Aws, letter: Letter, failed: dict[str, TobanError]) -> str:
    """Keep what could not be sent; only if that fails too is it lost, and that is told."""
    why = "; ".join(f"{error.key}: {error}" for error in failed.values())
    after = max(int(error.facts.get("after", 0)) for error in failed.values())
    try:
        if keep(aws, count(aws, UNSENT), letter, list(failed), after):
            return "later"
    except TobanError as error:
        log.warning("not kept: %s", error.key)
    log.error("message lost: %s (%s)", letter.title, why)
    meter.lost(1)
    return why


def _audit(aws: Aws, item: Facts) -> str:
    return aws.notices.audit(item["title"], item["doc"])


def _slack(aws: Aws, item: Facts) -> str:
    """A message whose blocks Slack refuses is sent as its text: better plain than lost."""
    if not item["text"]:
        return "off"
    try:
        return aws.notices.slack(item["text"], item["blocks"])
    except Conflict as error:
        log.error("blocks refused: %s", error)
        return aws.notices.slack(item["text"], [])


def _tracker(aws: Aws, item: Facts) -> str:
    return aws.tracker.post(item["doc"])


SENDERS: dict[str, Callable[[Aws, Facts], str]] = {
    "audit": _audit,
    "slack": _slack,
    "tracker": _tracker,
}
