"""An alarm as a Slack message: what it means, and which events and runs were given up."""

from typing import Any

from skill.words.book import Book, book
from skill.words.slack import Notice, header, line, section

Facts = dict[str, Any]
SHOWN = 8


def notice(locale: str, found: Facts) -> Notice:
    """`found` is {name, state, about, queues: rows of {queue, count, letters, error}}."""
    said = book(locale, ear=False)
    over = found["state"] == "OK"
    title = said.text("alarm-over" if over else "alarm-raised")
    lines = [
        said.text("alarm-about", name=said.safe(found["name"]), about=said.safe(found["about"]))
    ]
    for queue in found["queues"]:
        lines += _queue(said, queue)
    if any(queue["letters"] for queue in found["queues"]):
        lines.append(said.text("alarm-redrive"))
    body = "\n".join(lines)
    return Notice(
        title, line(said, title, body), [header("done" if over else "failed", title), section(body)]
    )


def _queue(said: Book, queue: Facts) -> list[str]:
    name = said.safe(queue["queue"])
    if "error" in queue:
        return [said.text("alarm-unread", queue=name)]
    rows = [_letter(said, row) for row in queue["letters"][:SHOWN]]
    return [said.text("alarm-queue", queue=name, count=queue["count"]), *rows]


def _letter(said: Book, row: Facts) -> str:
    why = said.safe(row["why"]) or said.text("alarm-no-reason")
    return said.text("alarm-letter", what=said.safe(row["what"]), why=why, id=said.safe(row["id"]))
