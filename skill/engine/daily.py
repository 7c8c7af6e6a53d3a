"""The daily digest: told once, and kept for who comes and asks."""

import json
import time

from skill.aws import Aws
from skill.engine import notify, records
from skill.model import Facts

KIND = "digest"
KEEP_SECONDS = 90 * 86400


def tell(aws: Aws, event: str, facts: Facts) -> str:
    """Post a day's sum and keep it, unless this very event has had it told: {"at", "facts",
    "told"} under `digest#<event>`/`told`, listed by the kind "digest".
    """
    key = f"digest#{event}"
    if aws.ledger.get(key, "told", sure=True):
        return "again"
    doc = {"at": records.now(), "facts": facts, "told": notify.digest(aws, facts)}
    ttl = int(time.time()) + KEEP_SECONDS
    text = json.dumps(doc)
    aws.ledger.put_new(key, "told", doc, kind=KIND, at=doc["at"], head=text, ttl=ttl)
    return "told"
