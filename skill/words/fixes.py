"""What is posted when findings have closed: verified or not, by whom it was fixed, and how fast."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from skill.errors import TobanError
from skill.words import compose
from skill.words.book import Book, book
from skill.words.findings import TITLE, notice, where
from skill.words.slack import Notice

Facts = dict[str, Any]
MARKS = {"fixed": "✅", "gone": "🗑️", "suppressed": "🔕", "unverified": "⚠️"}


def verified(locale: str, run: Facts) -> Notice:
    """The total by ending, then one section a vulnerability and ending."""
    said, facts = book(locale, ear=False), run["result"]["facts"]
    main = next((name for name in MARKS if facts[name]), "fixed")
    title = said.text(f"verify_fix-title-{main}", count=facts[main])
    counts = [said.text(f"verify_fix-{name}", count=facts[name]) for name in MARKS if facts[name]]
    sections = [said.run(counts), *(_line(said, line) for line in facts["lines"])]
    if facts["other_count"]:
        sections.append(said.text("verify_fix-others", count=facts["other_count"]))
    return notice(said, f"{MARKS[main]} {title}", sections, run["id"])


def _line(said: Book, line: Facts) -> str:
    return "\n".join(part for part in _parts(said, line) if part)


def _parts(said: Book, line: Facts) -> Iterator[str]:
    """What became of it; found, fixed by whom and when, time taken; where."""
    title = said.safe(line["title"][:TITLE])
    ending = said.text(f"verify_fix-line-{line['ending']}", title=title)
    yield f"{MARKS[line['ending']]} {ending}"
    if line["ending"] == "unverified":
        yield _why(said, line)
    found = said.text("verify_fix-found", at=time(line["first"]))
    took = said.text("verify_fix-took", duration=long(said, line["seconds"]))
    fixed = line["ending"] == "fixed"
    yield said.run([found, *([_by(said, line), took] if fixed else [])])
    if fixed:
        yield said.text(f"verify_fix-proof-{line['why']}")
    yield where(said, line)


def _by(said: Book, line: Facts) -> str:
    """Who had it fixed: a voice is not named, a principal is. Of what Toban never patches, nobody
    is known.
    """
    by = line["by"]
    if not by:
        ours = line["kind"] == "AWS_EC2_INSTANCE" and line["type"] == "PACKAGE_VULNERABILITY"
        return said.text("verify_fix-by-nobody" if ours else "verify_fix-by-others")
    door = by["door"] if said.has(f"verify_fix-by-{by['door']}") else "tag"
    return said.text(f"verify_fix-by-{door}", who=said.safe(by["who"]), at=time(by["ended"]))


def _why(said: Book, line: Facts) -> str:
    error = line["error"]
    operation = error.get("facts", {}).get("operation", "")
    if operation:
        return said.text("verify_fix-why-refused", operation=said.safe(operation))
    reason = compose.error(said, TobanError.of(error)) if error else ""
    return said.text(f"verify_fix-why-{line['why']}", reason=reason)


def time(text: str) -> str:
    """A moment as it is written in messages: to the minute, in UTC."""
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


def long(said: Book, seconds: int) -> str:
    """A duration that may be of days."""
    days = round(seconds / 86400)
    return said.text("duration-days", n=days) if days > 2 else said.duration(seconds)
