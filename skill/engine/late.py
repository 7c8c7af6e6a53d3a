"""A tag's named event that comes when its nameless twin is a proposal already.

Who is listed needs nobody's approval, so it gives its own; and does it itself where nobody answered
in time. A person who declined has the last word. Whatever it comes to is one run of one key.
"""

from skill.actions import _proposals
from skill.aws import Aws
from skill.engine import claims
from skill.errors import Refused, Unavailable

APPROVED, EXPIRED, WAITING = _proposals.APPROVED, _proposals.EXPIRED, _proposals.WAITING


def verdict(aws: Aws, claim: str) -> tuple[str, str]:
    """The proposal that holds a claim, and what became of it: "waiting", or its answer.

    Raises Unavailable while the workflow has not recorded it yet.
    """
    run = claims.holder(aws, claim)
    record, found = _proposals.look(aws, run)
    if record is None:
        raise Unavailable(operation="proposal")
    return run, found


def answer(problem: Refused) -> str:
    """What an approval was too late for. Raises the problem if it is another one."""
    if problem.facts.get("reason") != "answered":
        raise problem
    return str(problem.facts["verdict"])
