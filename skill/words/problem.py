"""Errors as sentences."""

import re
from collections.abc import Mapping
from typing import Any

from skill.words.book import Book
from skill.words.parts import about

# Facts that a message selects by: words of ours, which no mark-up may change.
KEYS = ("reason", "verdict")


def told(book: Book, key: str, facts: Mapping[str, Any]) -> str:
    """A true sentence about what went wrong; unknown kinds have one too."""
    if key == "badrequest" and "action" in facts:
        return book.text("error-unknown-action")
    key = "noseverity" if facts.get("kind") == "severity" else key
    key = "uncontained" if facts.get("contained") is True and key == "nomatch" else key
    name = f"error-{key}" if book.has(f"error-{key}") else "error-error"
    known = {"reason": "", "heard": "", "nearest": [], "operation": "", "code": "", **facts}
    args = {
        each: book.argument(each, value)
        for each, value in known.items()
        if not isinstance(value, dict)
    }
    args |= {name: known[name] for name in KEYS if isinstance(known.get(name), str)}
    args["nearest_count"] = len(known["nearest"])
    args["nearest"] = book.either(book.names(known["nearest"]))
    args["operation"] = _words_of(known["operation"])
    args["action_word"] = about(book, str(facts.get("action", "")), str(args.get("names", "")))
    return book.text(name, **args)


def _words_of(operation: str) -> str:
    """DescribeInstances as words, for the ear."""
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", operation).lower()
