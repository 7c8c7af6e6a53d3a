"""Start, outcome and failure of every run to the audit topic and to Slack, in the channel's
language.
"""

import logging
import time

from skill.actions import _history
from skill.actions._outbox import OWN, USUAL, WRONG, Letter, repeat
from skill.aws import Aws
from skill.engine import once, outbox
from skill.errors import TobanError
from skill.model import Ending, Facts, Outcome
from skill.words import digest as words
from skill.words import reports, slack

log = logging.getLogger("toban.notify")
# Somebody has to look: never only counted.
GRAVE = {Ending.FAILED, Ending.PARTIAL, "drift"}


def tell(aws: Aws, run: Facts, moment: str) -> Facts:
    """Post one notice to both. A notice that fails never fails the run: its reason is returned
    and kept.
    """
    if reports.silent(run, moment) or (_history.answers(run) and moment == "started"):
        return {"audit": "off", "slack": "off"}
    notice = _notice(aws.settings.locale, run, moment)
    if _history.answers(run) and not _is_news(run):
        return outbox.send(aws, Letter(notice.title, "", [], _audit(run, moment), ref=run["id"]))
    return post(aws, notice, _audit(run, moment))


def _is_news(run: Facts) -> bool:
    """Whether an answer came to nothing otherwise than by another one that was first."""
    if run["ending"] != Ending.FAILED:
        return False
    error = run["result"]["facts"].get("error") or {}
    return bool((error.get("facts") or {}).get("reason") != "answered")


def _notice(locale: str, run: Facts, moment: str) -> slack.Notice:
    """The notice in words; a sentence that is missing costs its words, never the run."""
    make = reports.NOTICES.get(run["action"]) if run["ending"] not in (None, "failed") else None
    try:
        return make(locale, run) if make else slack.notice(locale, run, moment)
    except LookupError as error:
        log.error("no words for a notice: %s", error)
        return slack.bare(run, moment)


def refused(aws: Aws, actor: str, what: str, error: TobanError) -> None:
    """An event that asked for something it may not have: heard of on the audit topic."""
    why = error.document()
    doc = {"moment": "refused", "actor": actor, "action": what, "why": why}
    reason = error.facts.get("reason", error.key)
    _mail(aws, f"refused {actor} {what} {reason}", f"Toban refused: {what}", doc)


def repeated(aws: Aws, actor: str, what: str, run: str) -> None:
    """A message that came again: it starts nothing, and is answered all the same."""
    doc = {"moment": "repeated", "actor": actor, "action": what, "run": run}
    _mail(aws, f"repeated {run}", f"Toban was asked again: {what}", doc)


def _mail(aws: Aws, key: str, title: str, doc: Facts) -> None:
    """To the audit topic alone; of what comes many times, the first and then how many more."""
    if repeat(aws, key, doc):
        outbox.send(aws, Letter(title, "", [], doc))


def drift(aws: Aws, found: Outcome) -> Facts:
    """Something that was contained is not, or could not be read: a person has to look."""
    notice = slack.drift(aws.settings.locale, found)
    return post(aws, notice, {"moment": "drift", "found": found.facts, "text": notice.text})


def digest(aws: Aws, facts: Facts) -> Facts:
    """The day's sum, to both."""
    notice = words.digest(aws.settings.locale, facts)
    return post(aws, notice, {"moment": "digest", "found": facts, "text": notice.text})


def until(days: int) -> int:
    """A time to live, as DynamoDB takes it."""
    return int(time.time()) + days * 86400


def unhandled(aws: Aws, case: str, delivery: str, why: Facts, error: TobanError) -> None:
    """A finding that nothing can be done about: told once a case, however often it comes."""
    doc = {"moment": "unhandled", "finding": why, "why": error.document(), "urgent": True}
    notice = slack.unhandled(aws.settings.locale, why, error)
    once.tell(aws, f"told#{case}", delivery, lambda: post(aws, notice, doc))


def post(aws: Aws, notice: slack.Notice, doc: Facts) -> Facts:
    """One message to both: `doc` to the audit topic, the notice to Slack. What became of each:
    "sent", "off", "later" (it waits in the outbox), or why it is lost.
    """
    names = tuple(str(target["name"]) for target in doc.get("targets", ())[:5])
    ref, rank = str(doc.get("id") or ""), _rank(notice, doc)
    letter = Letter(notice.title, notice.text, notice.blocks, doc, rank, names, ref)
    return outbox.send(aws, letter)


def _rank(notice: slack.Notice, doc: Facts) -> int:
    """A message with buttons stands alone, and a report, which is many together already; one of
    something wrong is named, never only counted.
    """
    if any(block["type"] == "actions" for block in notice.blocks):
        return OWN
    if doc.get("action") in reports.NOTICES or doc.get("moment") == "digest":
        return OWN
    grave = doc.get("ending") in GRAVE or doc.get("moment") in GRAVE or doc.get("urgent")
    return WRONG if grave else USUAL


def _audit(run: Facts, moment: str) -> Facts:
    kept = (
        "id",
        "action",
        "door",
        "actor",
        "params",
        "approval",
        "started",
        "ended",
        "ending",
        "result",
    )
    return {
        "moment": moment,
        **{name: run[name] for name in kept},
        **{name: run[name] for name in ("why", "evidence") if run.get(name)},
        "targets": run["plan"]["targets"],
    }
