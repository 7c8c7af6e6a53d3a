"""Recent runs, as the ledger's heads."""

from datetime import UTC, datetime, timedelta

from skill.aws import Aws
from skill.model import Ending, Facts

HOURS = 24
USUAL_HOURS = 30 * 24
BEGIN_WITHIN = 120
# A look at the newest ones is one call; where there are as many, there may be more.
MOST = 100
ANSWERS = ("approve", "decline")
# What happens by itself and has a message of its own.
REPORTS = ("triage", "verify_fix")


def heads(aws: Aws, hours: int = HOURS) -> list[Facts]:
    """Heads of runs of the last hours, newest first, in one call."""
    since = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    return aws.ledger.newest("run", since, MOST)


def usual(aws: Aws, action: str) -> int:
    """Seconds that the last runs of an action took, the median of at most five; 0 without any."""
    known = [head for head in heads(aws, USUAL_HOURS) if head["action"] == action]
    took = [seconds(head) for head in known if head["ending"] in (Ending.DONE, Ending.PARTIAL)]
    last = sorted(took[:5])
    return last[len(last) // 2] if last else 0


def progress(aws: Aws, run: str) -> list[int]:
    """How many of how many parts of a run are done; [0, 0] where it has no parts."""
    last = aws.ledger.last_child(f"run#{run}", "step#")
    return list((last or {}).get("progress", (0, 0)))


def waiting(head: Facts) -> bool:
    """Whether a run waits for a person's answer. It touches nothing until then."""
    return bool(head.get("waiting")) and not head["ended"]


def answers(head: Facts) -> bool:
    """Whether a run answers another one: what comes of it is told of that one."""
    return head["action"] in ANSWERS


def settled(heads: list[Facts]) -> list[Facts]:
    """The heads as they will be in a moment: a proposal that was just answered waits no more,
    though its own record does not tell yet.
    """
    given = [head for head in heads if answers(head) and _counts(head)]
    given.sort(key=lambda head: bool(head["ended"]))  # the one that holds, should there be several
    answer = {head["facts"].get("proposal"): head for head in given}
    return [_answered(head, answer.get(head["id"])) for head in heads]


def _counts(head: Facts) -> bool:
    return alive(head) or head["ending"] == Ending.DONE


def _answered(head: Facts, answer: Facts | None) -> Facts:
    if answer is None or not waiting(head):
        return head
    at = answer["started"]
    if answer["action"] == "approve":
        return {**head, "waiting": False, "begun": True, "planning": True, "started": at}
    return {**head, "waiting": False, "ended": at, "ending": str(Ending.DECLINED)}


def aside(head: Facts) -> bool:
    """Whether a run is not one that somebody asks about: an answer to another, or a report."""
    return answers(head) or head["action"] in REPORTS


def acted(head: Facts) -> bool:
    """Whether a run changes or changed something: not one that waits or was not approved."""
    refused = (Ending.DECLINED, Ending.EXPIRED)
    return not waiting(head) and head["ending"] not in refused


def alive(head: Facts) -> bool:
    """Whether a run is under way. One that no workflow took up within two minutes never will be."""
    if head["ended"] or waiting(head):
        return False
    return bool(head["begun"]) or seconds(head) < BEGIN_WITHIN


def busy(heads: list[Facts], actions: tuple[str, ...]) -> frozenset[str]:
    """The targets of runs of some actions that are under way. An approved proposal whose plan is
    being made again is not: it would be in its own way.
    """
    known = [head for head in heads if head["action"] in actions and not head.get("planning")]
    alive_ones = [head for head in known if alive(head)]
    return frozenset(one for head in alive_ones for one in head["ids"])


def seconds(head: Facts) -> int:
    """How long a run took, or has been running."""
    if "seconds" in head["facts"] and head["ended"]:
        return int(head["facts"]["seconds"])
    end = datetime.fromisoformat(head["ended"]) if head["ended"] else datetime.now(UTC)
    return round((end - datetime.fromisoformat(head["started"])).total_seconds())


def ago(head: Facts) -> int:
    """Seconds since a run ended."""
    return round((datetime.now(UTC) - datetime.fromisoformat(head["ended"])).total_seconds())
