"""What is told once, however many deliveries of an event ask for it.

`<key>`/`telling` is a claim of one delivery, which renews it while it is at work: it runs out soon
after that was killed. Once it has been told it stays. Who finds somebody at work waits for the end
of it, so that what nobody tells after all is not taken for told.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from skill.aws import Aws
from skill.errors import Throttled, TobanError, caught

log = logging.getLogger("toban.once")
LEASE_SECONDS, RENEW_SECONDS = 6, 2
# Longer than a lease, and with time left of what the events function has.
WAIT_SECONDS, LOOK_SECONDS = 20, 0.5
KEEP_SECONDS = 90 * 86400
# The retry of a delivery is the same delivery, and goes on where it was killed.
_FREE = "attribute_not_exists(pk) OR expires < :now OR (holder = :mine AND expires < :never)"
_NEVER = 2**40
_MINE = "holder = :mine AND expires < :never"
SK = "telling"


def tell(aws: Aws, key: str, holder: str, work: Callable[[], Any]) -> Any:
    """What `work` gives; None if another delivery than `holder` has told it. What fails may be
    tried again at once. Raises Throttled if another is at it for long.
    """
    if not _claimed(aws, key, holder):
        return None
    try:
        with _renewed(aws, key, holder):
            told = work()
    except TobanError:
        caught(partial(aws.ledger.delete_if, key, SK, _MINE, _given(holder)))
        raise
    _settle(aws, key, holder)
    return told


def _claimed(aws: Aws, key: str, holder: str) -> bool:
    """Whether it is this delivery's to tell; waits while it is neither told nor free."""
    until = time.monotonic() + WAIT_SECONDS
    while not _claim(aws, key, holder):
        item = aws.ledger.get(key, SK, sure=True)
        if item and item["expires"] >= _NEVER:
            return False
        if time.monotonic() > until:
            raise Throttled(operation="tell", service="toban")
        time.sleep(LOOK_SECONDS)
    return True


@contextlib.contextmanager
def _renewed(aws: Aws, key: str, holder: str) -> Iterator[None]:
    """The claim does not run out while this lasts."""
    over = threading.Event()
    threading.Thread(target=_renewing, args=(aws, key, holder, over), daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _renewing(aws: Aws, key: str, holder: str, over: threading.Event) -> None:
    while not over.wait(RENEW_SECONDS):
        until = {"expires": int(time.time()) + LEASE_SECONDS}
        caught(partial(aws.ledger.change, key, SK, _MINE, until, **_given(holder)))


def _claim(aws: Aws, key: str, holder: str) -> bool:
    now = int(time.time())
    given = {"now": now, **_given(holder)}
    more = {"holder": holder, "expires": now + LEASE_SECONDS, "ttl": now + KEEP_SECONDS}
    return aws.ledger.put(key, SK, {}, _FREE, given, **more)


def _settle(aws: Aws, key: str, holder: str) -> None:
    """From now on nobody tells it again. That this cannot be written is no reason to."""
    try:
        aws.ledger.change(key, SK, _MINE, {"expires": _NEVER}, **_given(holder))
    except TobanError as error:
        log.warning("told, and not noted: %s", error.key)


def _given(holder: str) -> dict[str, str | int]:
    return {"mine": holder, "never": _NEVER}
