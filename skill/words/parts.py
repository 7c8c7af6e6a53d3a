"""Parts of a sentence that several kinds of answers share."""

import re
from collections.abc import Sequence
from typing import Any

from skill.words.book import Book

Facts = dict[str, Any]
JUST_NOW = 20


def about(book: Book, action: str, subject: str) -> str:
    """A run as a noun: "isolating web 1"."""
    of = book.text("about-of", subject=subject) if subject else ""
    return book.text(f"about-{action}", subject=of) if book.has(f"about-{action}") else ""


def action_word(book: Book, action: str) -> str:
    return about(book, action, "")


def severity(book: Book, value: str) -> str:
    return book.text(f"severity-{value}") if value else ""


def when(book: Book, seconds: int) -> str:
    if seconds < JUST_NOW:
        return book.text("just-now")
    return book.text("ago", duration=book.duration(seconds))


def measures(book: Book, names: Sequence[str]) -> str:
    """Measures as things: "its role and its load balancers"."""
    said = [book.text(f"measure-{name}") for name in names]
    return book.join(said, most=4 if book.ear else len(said) + 1, more="list-more-things")


def why(book: Book, told: str) -> str:
    """Why a patch failed. What the machine said is for the eye."""
    if told == "no answer":
        return book.text("why-no-answer")
    if left := re.fullmatch(r"(\d+) patches did not install", told):
        return book.text("why-not-installed", count=int(left[1]))
    return book.text("why-in-log") if book.ear else book.safe(told)


def port(book: Book, ports: str) -> str:
    """What a network finding has found: "port 22, reachable from outside"."""
    first, _, last = ports.partition("-")
    return book.text("finding-port", first=first, last=last or "none")
