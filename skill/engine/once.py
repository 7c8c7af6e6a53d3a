"""What is told once, however many deliveries of an event ask for it.

`<key>`/`telling` is a claim of one delivery. It runs out, so that nobody waits for one that was
killed; once it has been told it stays.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from skill.aws import Aws
from skill.errors import TobanError, caught

log = logging.getLogger("toban.once")
# Longer than the events function may take.
LEASE_SECONDS = 90
KEEP_SECONDS = 90 * 86400
# The retry of a delivery is the same delivery, and goes on where it was killed.
_FREE = "attribute_not_exists(pk) OR expires < :now OR (holder = :mine AND expires < :never)"
_NEVER = 2**40
_MINE = "holder = :mine"
SK = "telling"


def tell(aws: Aws, key: str, holder: str, work: Callable[[], Any]) -> Any:
    """What `work` gives; None if another delivery than `holder` has it, or is at it. What fails may
    be tried again at once.
    """
    if not _claim(aws, key, holder):
        return None
    try:
        told = work()
    except TobanError:
        mine = {"mine": holder}
        caught(partial(aws.ledger.delete_if, key, SK, _MINE, mine))
        raise
    _settle(aws, key, holder)
    return told


def _claim(aws: Aws, key: str, holder: str) -> bool:
    now = int(time.time())
    given: dict[str, str | int] = {"now": now, "mine": holder, "never": _NEVER}
    more = {"holder": holder, "expires": now + LEASE_SECONDS, "ttl": now + KEEP_SECONDS}
    return aws.ledger.put(key, SK, {}, _FREE, given, **more)


def _settle(aws: Aws, key: str, holder: str) -> None:
    """From now on nobody tells it again. That this cannot be written is no reason to."""
    try:
        aws.ledger.change(key, SK, _MINE, {"expires": _NEVER}, mine=holder)
    except TobanError as error:
        log.warning("told, and not noted: %s", error.key)
