"""What the sentences of one action need beyond its facts: parts that hold only now and then."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from skill.words import site
from skill.words.book import Book
from skill.words.containing import CONTAINING, Items
from skill.words.parts import JUST_NOW, about, port, severity, when

Facts = dict[str, Any]
SHOWN = 3
# The one thing that a run is about, if it is about one.
NAMED = ("instance", "principal", "function")


def _findings(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    rows = facts.get("items", [])
    common = _common([one["exploited"] for one in rows[start : start + SHOWN]])
    told = [one | _brief(facts, common, at == start) for at, one in enumerate(rows)]
    more = len(rows) > start + SHOWN
    return {
        "severity_word": severity(book, facts.get("severity", "")),
        "lead": book.text(f"findings-lead{'-on' if start else ''}", exploited=common),
        "items": items(book, "findings", "items", told, start),
        "offer": "" if not rows else book.text("findings-more" if more else "findings-end"),
    }


def _brief(facts: Facts, common: str, first: bool) -> Facts:
    """What was said of all, and a score after what tells how bad it is, is not said of each."""
    said = {} if common == "no" else {"exploited": "told"}
    return said if first and not facts["severity"] else said | {"score": 0}


def _common(exploited: list[str]) -> str:
    """What is true of all of several findings is said once."""
    return exploited[0] if len(exploited) > 1 and len(set(exploited)) == 1 else "no"


def _detail(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    return {
        "severity_word": severity(book, facts.get("severity", "")),
        "fix_part": "" if facts["network"] else _detail_fix(book, facts),
        "what": port(book, facts["port"]) if facts["port"] else book.safe(facts["title"]),
        "sites_part": site.also(book, facts.get("sites", [])),
    }


def _patch(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    reboot = facts.get("reboot", [])
    names = book.join([book.name(one) for one in reboot])
    return {
        "reboot_part": book.text("patch-reboot", names=names, count=len(reboot)) if reboot else "",
        "still_part": _still(book, facts.get("still", []), facts.get("failed", [])),
        "failed": items(book, "patch", "failed", facts.get("failed", []), 0),
        "patched_count": facts.get("patched_count", 0),
        "patched": book.join([book.name(one) for one in facts.get("patched", [])]),
        "unverified_part": book.text("patch-unverified") if facts.get("unverified") else "",
    }


def _still(book: Book, rows: list[Facts], failed: list[Facts]) -> str:
    """Those that are still vulnerable, by reason; the ear gets the most frequent one of several.
    Where patching failed is told anyway.
    """
    told = {row["name"] for row in failed}
    by_reason: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["why"] != "failed" or row["name"] not in told:
            by_reason[row["why"]].append(book.name(row["name"]))
    if book.ear and len(by_reason) > 1:
        why, most = max(by_reason.items(), key=lambda one: len(one[1]))
        count = sum(map(len, by_reason.values()))
        return book.text("patch-still-most", count=count, most=len(most), why=why)
    said = [
        book.text("patch-still-why", why=why, names=book.join(who, most=3), count=len(who))
        for why, who in by_reason.items()
    ]
    return book.run(said)


def _undo(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    subject = book.name(facts["subject"]) if facts.get("subject") else ""
    return {"about": about(book, facts.get("undone", ""), subject)}


def _answer(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """The proposal that is answered, as a noun, and when it was made."""
    names = [facts[name] for name in NAMED if facts.get(name)][:1] or facts["names"]
    subject = book.join([book.name(one) for one in names], total=facts["targets"])
    return {
        "about": about(book, facts["proposed"], subject),
        "when": when(book, facts["ago"]),
        "fresh": "yes" if facts["ago"] < JUST_NOW else "no",
    }


def _traffic(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Only the busiest source is spoken; Slack and the card have the others."""
    top = [row for row in facts.get("top", []) if row["rejected"] or row["accepted"]]
    return {"top": items(book, "traffic", "top", top[:1], 0)}


def _status(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Isolated instances, but not the one that the last run's own sentence has just named."""
    told = {row["facts"].get("instance") for row in facts.get("ended", [])}
    names = [book.name(one) for one in facts["isolated"] if one not in told]
    away = [one for one in facts.get("away", []) if one["name"] not in told]
    names += [site.named(book, one, book.name(one["name"])) for one in away]
    said = book.text("isolated-names", names=book.join(names), count=len(names))
    return {
        "isolated_part": said if names else "",
        "lost": items(book, "status", "lost", facts.get("lost", []), 0),
        "waiting": _waiting(book, facts, items),
    }


def _waiting(book: Book, facts: Facts, items: Items) -> str:
    rows = [row | {"count": facts["waiting_count"]} for row in facts.get("waiting", [])]
    return items(book, "status", "pending", rows, 0)


def _detail_fix(book: Book, facts: Facts) -> str:
    if facts["fix"] == "none":
        return book.text("fix-none")
    now, then = (book.short("installed", facts[name]) for name in ("installed", "fixed"))
    # Said alike, they differ in a revision only: then the number would tell nothing.
    count = 0 if now == then else facts["versions"]
    newer = book.text("fix-version", version=book.safe(then), count=count)
    return book.run([newer, book.text(f"fix-{facts['fix']}")])


def _digest(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """When it was made; where there is none, all of its numbers are none."""
    numbers = ("total", "drift", "overdue", "waiting", "unpatched", "new", "fixed", "unread")
    ago = int(facts.get("ago", 0))
    told = {"when": when(book, ago), "fresh": "yes" if ago < JUST_NOW else "no"}
    return {name: facts.get(name, 0) for name in numbers} | told


SPECIAL: dict[str, Callable[[Book, Facts, int, Items], Facts]] = {
    "findings": _findings,
    "finding_detail": _detail,
    "patch": _patch,
    "undo": _undo,
    "status": _status,
    "traffic": _traffic,
    "assess": lambda *_: {"left": ""},
    "last_digest": _digest,
    "approve": _answer,
    "decline": _answer,
    **CONTAINING,
}
