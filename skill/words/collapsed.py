"""Many messages as one: what was wrong by name, everything else counted by what it says."""

from collections import Counter
from typing import Any

from skill.words.book import Book, book
from skill.words.slack import HEADER, SECTION

Item = dict[str, Any]
WRONG = 1
KINDS, NAMES, REFS = 20, 3, 1000
LINE = 280


def message(locale: str, items: list[Item], where: str) -> Item:
    """One message for both channels; `where` is the key in the ledger of the whole ones."""
    said = book(locale, ear=False)
    wrong = all(item["rank"] <= WRONG for item in items)
    title = said.text("slack-wrong" if wrong else "slack-more", count=len(items))
    body = _lines(said, items) if wrong else _counts(said, items)
    doc = {"moment": "collapsed", "total": len(items), "counts": _by_title(items), "where": where}
    runs = [_brief(item) for item in items[:REFS]]
    return _message(said, "⚠️" if wrong else "📚", title, body, where, doc | {"messages": runs})


def lost(locale: str, channel: str, items: list[Item], where: str) -> Item:
    """What is told in the other channel when messages were given up."""
    said = book(locale, ear=False)
    title = said.text("slack-lost", count=len(items), channel=channel)
    doc = {"moment": "lost", "channel": channel, "total": len(items), "where": where}
    runs = [_brief(item) for item in items[:REFS]]
    return _message(said, "❌", title, _counts(said, items), where, doc | {"messages": runs})


def _message(said: Book, mark: str, title: str, body: list[str], where: str, doc: Item) -> Item:
    text = said.text("slack-kept", where=where)
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": f"{mark} {title}"[:HEADER]}},
        *(_section(part) for part in _parts(body)),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]},
    ]
    return {"title": title, "text": "\n".join([title, *body])[:SECTION], "blocks": blocks} | {
        "doc": doc
    }


def _section(text: str) -> Item:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _parts(lines: list[str]) -> list[str]:
    """Lines put together as far as a section holds them; no more than Slack takes of them all."""
    parts = [""]
    for line in lines:
        if len(parts[-1]) + len(line) >= SECTION:
            parts.append("")
        parts[-1] += f"{line}\n"
    return [part for part in parts[:3] if part]


def _lines(said: Book, items: list[Item]) -> list[str]:
    """Each message that says of something wrong, by name."""
    return [f"• {said.safe(item['title'])}: {_named(said, item)}"[:LINE] for item in items]


def _named(said: Book, item: Item) -> str:
    names = said.join([said.name(one) for one in item["names"]])
    return " · ".join(part for part in (names, item["ref"]) if part) or said.safe(item["text"])


def _counts(said: Book, items: list[Item]) -> list[str]:
    """How many of each kind, the most frequent first, with some of the names."""
    found = _by_title(items)
    lines = [_count(said, title, number, items) for title, number in list(found.items())[:KINDS]]
    rest = sum(list(found.values())[KINDS:])
    return [*lines, said.text("slack-others", count=rest)] if rest else lines


def _count(said: Book, title: str, number: int, items: list[Item]) -> str:
    names = [one for item in items if item["title"] == title for one in item["names"]]
    shown = list(dict.fromkeys(names))
    named = said.join([said.name(one) for one in shown], most=NAMES, total=len(shown))
    return f"• {number} × {said.safe(title)}{': ' if named else ''}{named}"[:LINE]


def _by_title(items: list[Item]) -> dict[str, int]:
    return dict(Counter(item["title"] for item in items).most_common())


def _brief(item: Item) -> Item:
    return {"title": item["title"], "run": item["ref"], "names": item["names"][:NAMES]}
