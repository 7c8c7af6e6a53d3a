"""The daily digest as one message: what is wrong first, then what moved."""

from collections.abc import Iterator
from typing import Any

from skill.words import site
from skill.words.book import Book, book
from skill.words.findings import message
from skill.words.slack import Notice

Facts = dict[str, Any]


def digest(locale: str, facts: Facts) -> Notice:
    """A day in at most six sections."""
    said = book(locale, ear=False)
    title = said.text("digest-title")
    return message(said, title, f"🗓️ {title}", [one for one in sections(said, facts) if one], [])


def sections(said: Book, facts: Facts) -> Iterator[str]:
    """What is wrong first, then what moved; of what could not be read, that it could not."""
    if "new" in facts:
        numbers = {name: facts[name] for name in ("new", "fixed", "ended", "waiting")}
        yield said.text("digest-moved", **numbers)
    if "critical" in facts:
        numbers = {name: facts[name] for name in ("critical", "high", "medium")}
        yield said.text("digest-active", **numbers)
    if "overdue" in facts:
        yield "\n".join(_overdue(said, facts)) or said.text("digest-none-overdue")
    if "unpatched" in facts:
        yield said.run(_patches(said, facts))
    if "contained" in facts:
        yield said.run(_contained(said, facts))
    if facts.get("pending_count"):
        names = _names(said, facts["pending"], facts["pending_count"])
        yield said.text("digest-pending", count=facts["pending_count"], names=names)
    yield said.run(_gaps(said, facts))


def _overdue(said: Book, facts: Facts) -> Iterator[str]:
    for row in facts["overdue"]:
        yield said.text(
            f"digest-overdue-{row['severity']}",
            count=row["count"],
            days=row["days"],
            more="yes" if row["more"] else "no",
            names=_names(said, row["names"], len(row["names"])),
        )


def _patches(said: Book, facts: Facts) -> Iterator[str]:
    count = facts["unpatched_count"]
    names = _names(said, facts["unpatched"], count)
    yield said.text("digest-unpatched", count=count, days=facts["unpatched_days"], names=names)
    if facts["unscanned_count"]:
        yield said.text("digest-unscanned", count=facts["unscanned_count"])


def _contained(said: Book, facts: Facts) -> Iterator[str]:
    yield said.text("digest-contained", count=facts["contained"])
    if facts["drift"]:
        shown = [site.named(said, one, said.name(one["name"][:40])) for one in facts["drifted"]]
        names = said.join(shown, most=len(shown) + 1, total=facts["drift"])
        yield said.text("digest-drift", count=facts["drift"], names=names)


def _gaps(said: Book, facts: Facts) -> Iterator[str]:
    """What could not be read, and what was too much to read whole."""
    for name in ("unread", "partial"):
        if facts[name]:
            parts = said.join([said.text(f"digest-part-{one}") for one in facts[name]], most=9)
            yield said.text(f"digest-{name}", parts=parts)


def _names(said: Book, names: list[str], count: int) -> str:
    shown = [said.name(one[:40]) for one in names]
    return said.join(shown, most=len(shown) + 1, total=count)
