"""One tag that is set comes as two events, in any order: CloudTrail's, by name, and a nameless one.

A claim in the ledger makes them one: `tag#<instance>#<action>`/`claim`. CloudTrail's event takes
it before it acts; the nameless one looks for it at once, waits, and takes it before it proposes.
"""

import json
import time
from datetime import datetime
from functools import partial

from skill.aws import Aws

# How far the two may be apart, how long the nameless one waits, and how long a claim holds.
WINDOW, WAIT = 600, 300
NAMED_SECONDS, PROPOSED_SECONDS = 900, 3600
_NAMED = "named"
# CloudTrail's event yields to a proposal that was made; a nameless one only to CloudTrail's.
_FREE = "attribute_not_exists(pk) OR holder = :named OR expires < :now"
_NAMELESS = "attribute_not_exists(pk) OR holder <> :named OR expires < :now"
_NOT_OLDER = "attribute_not_exists(pk) OR seen <= :seen"
KEEP_SECONDS = 30 * 86400


def key(instance: str, action: str) -> str:
    return f"tag#{instance}#{action}"


def named(aws: Aws, instances: tuple[str, ...], action: str, at: datetime) -> bool:
    """CloudTrail tells. False if the nameless twins of all these have been proposed already."""
    at_ = {"at": at.isoformat()}
    take = partial(_take, aws, holder=_NAMED, seconds=NAMED_SECONDS, doc=at_, free=_FREE)
    return any(aws.gather(*(partial(take, key(one, action)) for one in instances)))


def proposed(aws: Aws, claim: str, run: str) -> bool:
    """The nameless twin is proposed, as `run`. False if CloudTrail has told meanwhile.

    The claim holds at least as long as the proposal may wait.
    """
    seconds = max(PROPOSED_SECONDS, aws.settings.proposal_minutes * 60 + WINDOW)
    return _take(aws, claim, holder=run, seconds=seconds, doc={}, free=_NAMELESS)


def holder(aws: Aws, claim: str) -> str:
    """The run that holds a claim; empty for CloudTrail's event, or for nobody."""
    item = aws.ledger.get(claim, "claim", sure=True)
    return str(item["holder"]) if item and item["holder"] != _NAMED else ""


def take_over(aws: Aws, claim: str, run: str, at: datetime) -> bool:
    """CloudTrail's event has a claim that a proposal held, as if it had come in time."""
    until = int(time.time()) + NAMED_SECONDS
    sets = {"holder": _NAMED, "doc": json.dumps({"at": at.isoformat()}), "expires": until}
    return aws.ledger.change(claim, "claim", "holder = :run", sets, run=run)[1]


def _take(
    aws: Aws, claim: str, *, holder: str, seconds: int, doc: dict[str, str], free: str
) -> bool:
    now = int(time.time())
    more = {"holder": holder, "expires": now + seconds, "ttl": now + KEEP_SECONDS}
    return aws.ledger.put(claim, "claim", doc, free, {"named": _NAMED, "now": now}, **more)


def is_named(aws: Aws, instance: str, action: str, at: datetime) -> bool:
    """Whether CloudTrail has told already, of about the same time."""
    item = aws.ledger.get(key(instance, action), "claim")
    if item is None or item["holder"] != _NAMED:
        return False
    apart = at - datetime.fromisoformat(item["doc"]["at"])
    return abs(apart.total_seconds()) <= WINDOW


def is_newest(aws: Aws, instance: str, version: int) -> bool:
    """Whether no later state of an instance's tags has been seen; this one is, from now on."""
    ttl = int(time.time()) + KEEP_SECONDS
    given = {"seen": version}
    return aws.ledger.put(
        f"tag#{instance}", "version", {}, _NOT_OLDER, given, seen=version, ttl=ttl
    )
