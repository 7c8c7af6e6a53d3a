"""What is shown of an answer, by action: lists of findings and of instances, and one of each."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from skill.model import Facts, Outcome
from skill.words import compose, site
from skill.words.digest import sections
from skill.words.sight import Sight
from skill.words.view import (
    GOOD,
    MOST,
    PLAIN,
    WARNING,
    Row,
    View,
    ended,
    note,
    public,
    run,
    running,
    sentence,
    step,
)


def _findings(book: Sight, found: Outcome) -> View:
    """The list from the one that is being read on; the numbers are those that are spoken."""
    facts = found.facts
    start, items = int(facts["from"]), facts["items"]
    if not items:
        return note(book, found)
    args = compose.arguments(book, "findings", facts, start)
    rows = [_finding(book, at, one) for at, one in enumerate(items[start:], start=start + 1)]
    title = book.opening(book.text("screen-findings", **args))
    told = book.text("screen-findings-from", count=facts["count"], **{"from": start + 1})
    return View("findings", title, tuple(rows), told, book.text("screen-findings-hint"))


def _finding(book: Sight, place: int, one: Facts) -> Row:
    row = compose.of_row(book, one)
    where = book.text("screen-finding-where", **row)
    head = book.text("screen-finding", place=place, **row)
    return Row(head, f"{_grade(book, one, row)} · {where}")


def _grade(book: Sight, one: Facts, row: Facts) -> str:
    word = compose.severity(book, one["severity"])
    return book.opening(book.text("screen-finding-about", severity_word=word, **row))


def _detail(book: Sight, found: Outcome) -> View:
    """One finding: the package, the fix, and where it is, with ids."""
    facts, row = found.facts, compose.of_row(book, found.facts)
    args = compose.arguments(book, "finding_detail", facts)
    package = book.text("screen-package", **row)
    away = facts.get("away", {})
    where = [
        Row(site.named(book, away.get(id_, {}), book.name(name)), public(id_, name))
        for id_, name in facts["where"].items()
    ]
    rows = [Row(book.opening(args["what"]) if facts["network"] else package, args["fix_part"])]
    rows += [Row(book.text("screen-hits", count=facts["count"])), *where]
    if facts["count"] > len(where):
        rows.append(Row(book.text("screen-more", count=facts["count"] - len(where))))
    title, hint = book.safe(facts["cve"] or facts["title"]), book.text("screen-finding-hint")
    return View("finding", title, tuple(rows), _grade(book, facts, row), hint)


def _status(book: Sight, found: Outcome) -> View:
    """What runs with its steps, how the last run ended, and who is isolated or suspicious."""
    facts = found.facts
    rows = (
        *(row for one in facts["running"] for row in running(book, one)),
        *(run(book, "status-lost", one, WARNING) for one in facts["lost"]),
        *(row for one in facts["ended"] for row in ended(book, one)),
        *(_named(book, name, "isolated") for name in facts["isolated"][:MOST]),
        *(_named(book, name, "suspicious") for name in facts["suspicious"][:MOST]),
    )
    quiet = Row(compose.outcome(book, found))
    return _instances(book, "screen-status", rows or (quiet,))


def _instances(book: Sight, title: str, rows: tuple[Row, ...], told: str = "") -> View:
    return View("status", book.text(title), rows, told, book.text("screen-status-hint"))


def _named(book: Sight, name: str, state: str) -> Row:
    tone = WARNING if state == "suspicious" else PLAIN
    return Row(book.name(name), book.text(f"screen-{state}"), tone, name)


def _suspicious(book: Sight, found: Outcome) -> View:
    facts = found.facts
    rows = [
        Row(sentence(book, "suspicious-items", one), tone=WARNING, name=one["name"])
        for one in facts["items"][:MOST]
    ]
    rows += [_named(book, name, "isolated") for name in facts["isolated"][:MOST]]
    return _instances(book, "screen-suspects", tuple(rows)) if rows else note(book, found)


def _verify(book: Sight, found: Outcome) -> View:
    """One entity with each of its measures as read now, or all that somebody has to look at."""
    facts = found.facts
    if facts["count"] == 1:
        return _contained(book, facts["items"][0])
    rows = tuple(_state(book, one) for one in facts["items"][:MOST])
    told = book.text("screen-verify-held", held=facts["held"], count=facts["count"])
    return _instances(book, "screen-verify", rows, told) if rows else note(book, found)


def _state(book: Sight, one: Facts) -> Row:
    tone = GOOD if one["state"] == "held" else WARNING
    name = one["name"] if one.get("kind") == "instance" else ""
    return Row(sentence(book, "verify-items", one), tone=tone, name=name)


def _contained(book: Sight, one: Facts) -> View:
    steps = [step(book, name, state) for name, state in one.get("steps", ())]
    hint = book.text("screen-instance-hint") if one.get("kind") == "instance" else ""
    rows = (replace(_state(book, one), name=""), *steps)
    return View("instance", book.name(one["name"]), rows, public(one.get("id", ""), ""), hint)


def _digest(book: Sight, found: Outcome) -> View:
    """All that the digest told, section by section; the ear hears the numbers."""
    if not found.facts["there"]:
        return note(book, found)
    said = [Row(text) for text in sections(book, found.facts["whole"]) if text]
    rows = [Row(compose.outcome(book, found)), *said]
    return View("note", book.text("digest-title"), tuple(rows))


ANSWERS: Mapping[str, Callable[[Sight, Outcome], View]] = {
    "findings": _findings,
    "finding_detail": _detail,
    "status": _status,
    "suspicious": _suspicious,
    "verify": _verify,
    "last_digest": _digest,
}
