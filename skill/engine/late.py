"""A tag's named event that comes when its nameless twin is a proposal already.

Who is listed needs nobody's approval, so it gives its own; and does it itself where nobody answered
in time. A person who declined has the last word. Whatever it comes to is one run of one key.
"""

from skill.actions import _proposals
from skill.aws import Aws
from skill.engine import claims, records
from skill.errors import Unavailable
from skill.model import Facts

APPROVED, EXPIRED = _proposals.APPROVED, _proposals.EXPIRED
WAITING = "waiting"


def verdict(aws: Aws, claim: str) -> tuple[str, str]:
    """The proposal that holds a claim, and what became of it: "waiting", or its answer.

    One that ended without an answer did nothing: "expired" too. Raises Unavailable while the
    workflow has not recorded it yet.
    """
    run = claims.holder(aws, claim)
    record, answer = aws.gather(
        lambda: records.get(aws, run), lambda: aws.ledger.get(f"run#{run}", "answer", sure=True)
    )
    if record is None:
        raise Unavailable(operation="proposal")
    return run, _of(record, answer)


def _of(record: Facts, answer: Facts | None) -> str:
    if answer:
        return str(answer["doc"]["verdict"])
    return EXPIRED if record["ended"] else WAITING
