"""The daily digest: told once, and kept for who comes and asks."""

import json
import time

from skill.aws import Aws
from skill.engine import notify, records
from skill.model import Facts

KIND = "digest"
KEEP_SECONDS = 90 * 86400


def tell(aws: Aws, event: str, facts: Facts) -> Facts:
    """Keep a day's sum and post it: {"at", "facts"} under `digest#<event>`/`told`, listed by the
    kind "digest". What became of the message.
    """
    doc = {"at": records.now(), "facts": facts}
    ttl = int(time.time()) + KEEP_SECONDS
    more = {"kind": KIND, "at": doc["at"], "head": json.dumps(doc), "ttl": ttl}
    aws.ledger.put_new(f"digest#{event}", "told", doc, **more)
    return notify.digest(aws, facts)
