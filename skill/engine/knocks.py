"""Who knocked at the public door and was not let in: audited, and bounded whatever comes."""

import time

from skill.aws import Aws
from skill.engine import notify, records
from skill.errors import Refused

# A signature is good for five minutes before and after its time.
SEEN_SECONDS = 900
KEEP_SECONDS = 30 * 86400
BUCKET = 600
NOBODY = "unknown"


def is_first(aws: Aws, signature: str) -> bool:
    """Whether a signed request has not been here before."""
    now = int(time.time())
    return aws.ledger.put_new(f"knock#{signature}", "seen", {}, ttl=now + SEEN_SECONDS)


def turned_away(aws: Aws, why: Refused) -> None:
    """Somebody who is not Slack, or sent what Slack had sent before: one item in ten minutes for
    each reason, so that nobody can fill the ledger.
    """
    now = int(time.time())
    doc = {"reason": why.facts["reason"], "by": NOBODY, "at": records.now()}
    slot = f"{doc['reason']}#{now // BUCKET}"
    if aws.ledger.put_new("knock#turned-away", slot, doc, ttl=now + KEEP_SECONDS):
        notify.refused(aws, NOBODY, "slack", why)


def refused(aws: Aws, user: str, answer: str, run: str, why: Refused) -> None:
    """Somebody whom Slack knows pressed a button that was not theirs to press."""
    doc = {"by": user, "answer": answer, "run": run, "why": why.document(), "at": records.now()}
    until = int(time.time()) + KEEP_SECONDS
    aws.ledger.put(f"run#{run}", f"refused#{doc['at']}#{user}", doc, ttl=until)
    notify.refused(aws, user, f"{answer} {run}", why)
