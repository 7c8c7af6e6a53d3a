"""Start, outcome and failure of every run to the audit topic and to Slack, in the channel's
language.
"""

from collections.abc import Callable

from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Facts
from skill.words import slack


def tell(aws: Aws, run: Facts, moment: str) -> Facts:
    """Post one notice to both. A notice that fails never fails the run: its reason is returned
    and kept.
    """
    notice = slack.notice(aws.settings.locale, run, moment)
    return {
        "audit": _tried(lambda: aws.notices.audit(notice.title, _audit(run, moment))),
        "slack": _tried(lambda: aws.notices.slack(notice.text, notice.blocks)),
    }


def refused(aws: Aws, actor: str, what: str, error: TobanError) -> None:
    """An event that asked for something it may not have: heard of on the audit topic."""
    doc = {"moment": "refused", "actor": actor, "action": what, "why": error.document()}
    aws.notices.audit(f"Toban refused: {what}", doc)


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
        "targets": run["plan"]["targets"],
    }


def _tried(send: Callable[[], None]) -> str:
    try:
        send()
    except TobanError as error:
        return f"{error.key}: {error}"
    return "sent"
