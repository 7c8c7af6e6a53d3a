"""What a proposal shows beside its plan: why, the evidence, two buttons, and who answered."""

from collections.abc import Iterator
from typing import Any

from skill.words.book import Book
from skill.words.parts import about

Facts = dict[str, Any]
REASONS = 8
BLOCK = "proposal"


def reasons(book: Book, run: Facts) -> Iterator[str]:
    """The facts that led to it, each with its label if the book has one."""
    for name, value in list(run.get("why", {}).items())[:REASONS]:
        if text := _text(book, value):
            label = book.text(f"why-{name}") if book.has(f"why-{name}") else book.safe(name)
            yield f"{label}: {text}"


def _text(book: Book, value: Any) -> str:
    """Foreign text, inert; a list as its parts. What is neither is for the audit mail alone."""
    if isinstance(value, list):
        return book.comma.join(book.safe(str(one)) for one in value[:REASONS])
    return "" if isinstance(value, dict) else book.safe(str(value))


def sources(run: Facts) -> list[Facts]:
    """The busiest strangers of the flow logs, if they were read."""
    found: list[Facts] = run.get("evidence", {}).get("top", [])
    return found


def buttons(book: Book, run: Facts) -> list[Facts]:
    """Until when an answer counts, and the two answers. Their value is the run's id."""
    until = book.text("slack-until", duration=book.duration(60 * run["minutes"]))
    return [
        {"type": "context", "elements": [{"type": "mrkdwn", "text": until}]},
        {
            "type": "actions",
            "block_id": BLOCK,
            "elements": [
                _button(book, "approve", "primary", run) | _sure(book, run),
                _button(book, "decline", "danger", run),
            ],
        },
    ]


def _button(book: Book, answer: str, style: str, run: Facts) -> Facts:
    label = {"type": "plain_text", "text": book.text(f"slack-{answer}")}
    return {
        "type": "button",
        "action_id": answer,
        "text": label,
        "style": style,
        "value": run["id"],
    }


def _sure(book: Book, run: Facts) -> Facts:
    """Slack asks once more before it sends an approval."""
    names = book.join([book.safe(row["name"]) for row in run["plan"]["targets"]])
    said = book.opening(about(book, run["action"], names))
    return {
        "confirm": {
            "title": _plain(book.text("slack-sure"), 100),
            "text": _plain(book.text("slack-sure-text", about=said), 300),
            "confirm": _plain(book.text("slack-approve"), 30),
            "deny": _plain(book.text("slack-back"), 30),
        }
    }


def _plain(text: str, most: int) -> Facts:
    return {"type": "plain_text", "text": text[:most]}


def answered(book: Book, run: Facts) -> str:
    """Who answered a proposal. Of a voice only that it was one."""
    approval = run["approval"]
    by = approval.get("answered_by")
    if not by:
        return ""
    if by["door"] == "voice":
        return book.text(f"slack-{approval['verdict']}-voice")
    return book.text(f"slack-{approval['verdict']}-by", who=_mention(book, by["id"]))


def _mention(book: Book, account: str) -> str:
    """A Slack account by its name there; it has capitals and digits only, so it is inert."""
    return f"<@{account}>" if account.isalnum() else book.safe(account)
