"""What the sentences of one action need beyond its facts: parts that hold only now and then."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from skill.words.book import Book

Facts = dict[str, Any]
# (book, action, fact, rows, start) to the rows' sentences.
Items = Callable[[Book, str, str, list[Facts], int], str]
SHOWN = 3


def about(book: Book, action: str, subject: str) -> str:
    """A run as a noun: "isolating web 1"."""
    return book.text(f"about-{action}", subject=subject) if book.has(f"about-{action}") else ""


def action_word(book: Book, action: str) -> str:
    return about(book, action, "")


def _findings(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    rows = facts.get("items", [])
    shown = len(rows[start : start + SHOWN])
    more = len(rows) > start + SHOWN
    lead = (
        book.text("findings-lead", shown=shown) if start == 0 else book.text("findings-lead-next")
    )
    offer = "" if not rows else book.text("findings-more" if more else "findings-end")
    return {
        "severity_word": severity(book, facts.get("severity", "")),
        "lead": lead,
        "offer": offer,
    }


def _detail(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    return {
        "severity_word": severity(book, facts.get("severity", "")),
        "fix_part": _detail_fix(book, facts),
    }


def severity(book: Book, value: str) -> str:
    return book.text(f"severity-{value}") if value else ""


def _patch(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    reboot = facts.get("reboot", [])
    names = book.join([book.name(one) for one in reboot])
    return {
        "reboot_part": book.text("patch-reboot", names=names, count=len(reboot)) if reboot else "",
        "still_part": _still(book, facts.get("still", [])),
        "failed": items(book, "patch", "failed", facts.get("failed", []), 0),
        "patched_count": facts.get("patched_count", 0),
        "patched": book.join([book.name(one) for one in facts.get("patched", [])]),
        "unverified_part": book.text("patch-unverified") if facts.get("unverified") else "",
    }


def _still(book: Book, rows: list[Facts]) -> str:
    """Those that are still vulnerable, by reason."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_reason[row["why"]].append(book.name(row["name"]))
    said = [
        book.text("patch-still-why", why=why, names=book.join(who, most=3), count=len(who))
        for why, who in by_reason.items()
    ]
    return " ".join(said)


def _undo(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    subject = book.name(facts["subject"]) if facts.get("subject") else ""
    return {"about": about(book, facts.get("undone", ""), subject)}


def _traffic(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Only the busiest source is spoken; Slack and the card have the others."""
    top = [row for row in facts.get("top", []) if row["rejected"] or row["accepted"]]
    return {"top": items(book, "traffic", "top", top[:1], 0)}


def _status(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Isolated instances, but not the one that the last run's own sentence has just named."""
    told = {row["facts"].get("instance") for row in facts.get("ended", [])}
    names = [book.name(one) for one in facts["isolated"] if one not in told]
    said = book.text("isolated-names", names=book.join(names), count=len(names))
    lost = items(book, "status", "lost", facts.get("lost", []), 0)
    return {"isolated_part": said if names else "", "lost": lost}


def _release(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """What is not as it was: unread, not restored, groups that are gone, the tag."""
    left = len(facts.get("not_restored", []))
    lost = len(facts.get("lost_groups", []))
    parts = []
    if facts.get("read_back") is False:
        parts.append(book.text("release-not-read"))
    elif left:
        parts.append(book.text("release-some", restored=facts["interfaces"], left=left))
    if lost:
        parts.append(book.text("release-lost-groups", count=lost))
    if not left and facts.get("tagged") is False:
        parts.append(book.text("release-untagged"))
    if facts.get("new"):
        parts.append(book.text("release-new", count=len(facts["new"])))
    return {"trouble": " ".join(parts)}


def _isolate(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """What is not as it should be; an interface that is open to everything comes first."""
    parts = []
    if facts.get("wide_open"):
        parts.append(book.text("isolate-wide-open", count=facts["wide_open"]))
    if facts.get("read_back") is False:
        parts.append(book.text("isolate-not-read"))
    elif facts.get("open"):
        closed = facts["isolated"]
        parts.append(book.text("isolate-some", closed=closed, interfaces=facts["interfaces"]))
    elif facts.get("tagged") is False:
        parts.append(book.text("isolate-untagged", instance=book.name(facts["instance"])))
    return {"trouble": " ".join(parts)}


def _detail_fix(book: Book, facts: Facts) -> str:
    if facts["fix"] == "none":
        return book.text("fix-none")
    newer = book.text("fix-version", version=book.safe(facts["fixed"]), count=facts["versions"])
    return f"{newer} {book.text('fix-' + facts['fix'])}"


def _assess(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    return {"left": ""}


SPECIAL: dict[str, Callable[[Book, Facts, int, Items], Facts]] = {
    "findings": _findings,
    "finding_detail": _detail,
    "patch": _patch,
    "undo": _undo,
    "release": _release,
    "isolate": _isolate,
    "status": _status,
    "traffic": _traffic,
    "assess": _assess,
}
