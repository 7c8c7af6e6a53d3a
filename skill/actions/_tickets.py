"""Tickets: one OpsItem for a case, opened once, kept up to date by the runs of the case, resolved.

A case has a key of ours, which the ledger knows the item by and OpsCenter keeps duplicates off by.
Each call may be repeated. What becomes of a ticket also goes to the deployer's own tracker, if
there is one, through the outbox.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from skill.actions import _outbox
from skill.actions._outbox import TRACKER, Letter
from skill.aws import Aws
from skill.errors import Gone, TobanError, caught
from skill.model import Facts

OPEN, AT_WORK, RESOLVED = "Open", "InProgress", "Resolved"
PERMISSIONS = ("ssm:CreateOpsItem", "ssm:UpdateOpsItem")
LINE, TEXT, RUNS = 300, 2000, 50


@dataclass(frozen=True)
class Case:
    """What a ticket is opened with. `status` AT_WORK: it is being worked on already; `count` is how
    many things of one kind the case is about; `severity` is "1" (critical) to "4", or not known.
    """

    key: str
    title: str
    resources: Sequence[str] = ()
    status: str = OPEN
    severity: str = ""
    count: int = 1


def open(aws: Aws, case: Case, text: str, run: str = "") -> str:
    """The OpsItem of a case: a new one, or the one that is open, with one more line. A case that is
    resolved and comes up again gets a new one.
    """
    known = _known(aws, case.key)
    if known and known["status"] != RESOLVED:
        if run and run in known["runs"]:
            return str(known["item"])
        more = {"title": case.title, "left": known["left"] + case.count}
        return _go_on(aws, case.key, known | more, AT_WORK, text, run)
    ssm = aws.home.ssm
    item = ssm.open_item(case.title, text, case.resources, _dedup(case.key), case.severity)
    if case.status != OPEN:
        ssm.change_item(item, case.title, case.status, text, [run] if run else [])
    doc = {"item": item, "title": case.title, "text": text, "status": case.status}
    more = {"lines": {}, "runs": [run], "left": case.count}
    return _keep(aws, case.key, doc | more, "opened")


def update(aws: Aws, key: str, text: str, run: str = "") -> str:
    """One more line for the ticket of a case, which is being worked on; "" if it has none."""
    known = _known(aws, key)
    if known is None or known["status"] == RESOLVED:
        return ""
    return _go_on(aws, key, known, AT_WORK, text, run)


def resolve(aws: Aws, key: str, text: str, run: str = "") -> str:
    """The case is over; "" if it has no open ticket."""
    known = _known(aws, key)
    if known is None or known["status"] == RESOLVED:
        return ""
    return _go_on(aws, key, known, RESOLVED, text, run)


def lessen(aws: Aws, key: str, count: int, text: str, run: str = "") -> str:
    """So many of the things that the case is about are done; with the last of them it is over."""
    known = _known(aws, key)
    if known is None or known["status"] == RESOLVED:
        return ""
    if run and run in known["runs"]:
        return str(known["item"])
    left = known["left"] - count
    status = AT_WORK if left > 0 else RESOLVED
    return _go_on(aws, key, {**known, "left": left}, status, text, run)


def _known(aws: Aws, key: str) -> Facts | None:
    item = aws.ledger.get(f"ticket#{key}", "item")
    return item["doc"] if item else None


def _go_on(aws: Aws, key: str, known: Facts, status: str, text: str, run: str) -> str:
    """Say what a run has done about a case, once. An item that somebody deleted is its end."""
    if run and run in known["runs"] and status == known["status"]:
        return str(known["item"])
    lines = {**known["lines"], run or text[:LINE]: text[:LINE]}
    runs = list(dict.fromkeys([*known["runs"], *([run] if run else [])]))[-RUNS:]
    doc = {**known, "status": status, "lines": lines, "runs": runs}
    try:
        said = [one for one in runs if one]
        aws.home.ssm.change_item(known["item"], known["title"], status, _text(doc), said)
    except Gone:
        doc["status"] = RESOLVED
    return _keep(aws, key, doc, "resolved" if status == RESOLVED else "updated")


def _text(doc: Facts) -> str:
    """The first words of a ticket, and the newest lines that have room."""
    said = doc["text"][: TEXT // 2]
    for at in range(len(doc["lines"])):
        whole = "\n".join([said, *list(doc["lines"].values())[at:]])
        if len(whole) <= TEXT:
            return whole
    return str(said)


def _keep(aws: Aws, key: str, doc: Facts, moment: str) -> str:
    """The tracker is told first: what is noted is not said again, should this be broken off."""
    told = caught(partial(_tell, aws, _letter(key, doc, moment))) if aws.tracker.on else None
    aws.ledger.put(f"ticket#{key}", "item", doc)
    if isinstance(told, TobanError):
        raise told
    return str(doc["item"])


def _tell(aws: Aws, letter: Letter) -> bool:
    return _outbox.keep(aws, _outbox.count(aws, TRACKER), letter, [TRACKER])


def _letter(key: str, doc: Facts, moment: str) -> Letter:
    """What another tracker gets; the same `case` is the same ticket there."""
    runs = [one for one in doc["runs"] if one]
    told = {"event": moment, "case": key, "opsitem": doc["item"], "status": doc["status"]}
    told |= {"title": doc["title"], "text": _text(doc), "runs": runs}
    return Letter(doc["title"], "", [], told, ref=runs[-1] if runs else "")


def _dedup(key: str) -> str:
    """OpsCenter's own string has little room."""
    return key if len(key) <= 60 else hashlib.sha256(key.encode()).hexdigest()[:60]
