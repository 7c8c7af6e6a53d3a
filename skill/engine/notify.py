"""Start, outcome and failure of every run to the audit topic and to Slack, in the channel's
language.
"""

import logging
from collections.abc import Callable

from skill.actions import _history
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts, Outcome
from skill.words import digest as words
from skill.words import reports, slack

log = logging.getLogger("toban.notify")


def tell(aws: Aws, run: Facts, moment: str) -> Facts:
    """Post one notice to both. A notice that fails never fails the run: its reason is returned
    and kept.
    """
    if reports.silent(run, moment) or (_history.answers(run) and moment == "started"):
        return {"audit": "off", "slack": "off"}
    notice = _notice(aws.settings.locale, run, moment)
    if _history.answers(run) and run["ending"] != Ending.FAILED:
        told = _tried(lambda: aws.notices.audit(notice.title, _audit(run, moment)))
        return {"audit": told, "slack": "off"}
    return post(aws, notice, _audit(run, moment))


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
    doc = {"moment": "refused", "actor": actor, "action": what, "why": error.document()}
    aws.notices.audit(f"Toban refused: {what}", doc)


def repeated(aws: Aws, actor: str, what: str, run: str) -> None:
    """A message that came again: it starts nothing, and is answered all the same."""
    doc = {"moment": "repeated", "actor": actor, "action": what, "run": run}
    aws.notices.audit(f"Toban was asked again: {what}", doc)


def drift(aws: Aws, found: Outcome) -> Facts:
    """Something that was contained is not, or could not be read: a person has to look."""
    notice = slack.drift(aws.settings.locale, found)
    return post(aws, notice, {"moment": "drift", "found": found.facts, "text": notice.text})


def digest(aws: Aws, facts: Facts) -> Facts:
    """The day's sum, to both."""
    notice = words.digest(aws.settings.locale, facts)
    return post(aws, notice, {"moment": "digest", "found": facts, "text": notice.text})


def post(aws: Aws, notice: slack.Notice, doc: Facts) -> Facts:
    """One message to both: `doc` to the audit topic, the notice to Slack. What became of each."""
    audit, slack_ = aws.gather(
        lambda: _tried(lambda: aws.notices.audit(notice.title, doc)),
        lambda: _tried(lambda: aws.notices.slack(notice.text, notice.blocks)),
    )
    return {"audit": audit, "slack": slack_}


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


def _tried(send: Callable[[], str]) -> str:
    try:
        return send()
    except TobanError as error:
        return f"{error.key}: {error}"
