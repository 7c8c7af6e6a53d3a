"""What the sentences of one action need beyond its facts: parts that hold only now and then."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from skill.words import site
from skill.words.book import Book
from skill.words.parts import JUST_NOW, about, measures, port, severity, when

Facts = dict[str, Any]
# (book, action, fact, rows, start) to the rows' sentences.
Items = Callable[[Book, str, str, list[Facts], int], str]
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


def _release(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """What is not as it was: unread, not restored, groups that are gone, the tag."""
    left, lost = facts.get("left", []), len(facts.get("lost_groups", []))
    parts = []
    if facts.get("read_back") is False:
        parts.append(book.text("release-not-read"))
    elif left:
        parts.append(book.text("release-some", left_part=measures(book, left)))
    if lost:
        parts.append(book.text("release-lost-groups", count=lost))
    if facts.get("lost"):
        parts.append(book.text("release-lost", lost_part=measures(book, facts["lost"])))
    if not left and facts.get("tagged") is False:
        parts.append(book.text("release-untagged"))
    if facts.get("new"):
        parts.append(book.text("release-new", count=len(facts["new"])))
    drift = measures(book, facts.get("drift", []))
    return {"trouble": book.run(parts), "drift_part": drift}


def _isolate(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Whom it would hurt; what is not as it should be, an interface open to everything first."""
    unread = measures(book, facts.get("unread", []))
    return {
        "trouble": book.run(_trouble(book, facts)),
        "unread_part": unread,
        "place_part": _place(book, facts),
        "snapshot_part": _some(book, "isolate-snapshots", facts.get("snapshots", 0)),
    }


def _trouble(book: Book, facts: Facts) -> Iterator[str]:
    if facts.get("wide_open"):
        yield book.text("isolate-wide-open", count=facts["wide_open"])
    if facts.get("read_back") is False:
        yield book.text("isolate-not-read")
    elif facts.get("open"):
        closed = facts["isolated"]
        yield book.text("isolate-some", closed=closed, interfaces=facts["interfaces"])
    elif facts.get("contained"):
        yield from _isolated_but(book, facts)
    rest = [name for name in facts.get("unfinished", []) if name != "network"]
    if rest and not facts.get("contained"):
        yield book.text("isolate-also", rest=measures(book, rest))


def _isolated_but(book: Book, facts: Facts) -> Iterator[str]:
    """It is isolated, and something beside the network is not done."""
    if facts.get("unfinished"):
        yield book.text("isolate-unfinished", rest=measures(book, facts["unfinished"]))
    if facts.get("tagged") is False:
        yield book.text("isolate-untagged", instance=book.name(facts["instance"]))


def _place(book: Book, facts: Facts) -> str:
    """Where it stands: its fleet, its load balancers, its Elastic IPs; nothing for most."""
    found = [
        _some(book, f"isolate-{name}", facts.get(name, 0)) for name in ("balancers", "addresses")
    ]
    if facts.get("fleet"):
        found.insert(0, book.text("isolate-fleet", fleet=book.name(facts["fleet"])))
    parts = [part for part in found if part]
    return book.text("isolate-place", parts=book.join(parts)) if parts else ""


def _some(book: Book, key: str, count: int) -> str:
    return book.text(key, count=count) if count else ""


def _lock(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Who runs with a role that is to be locked, and what of a lock is not as it should be."""
    names = [book.name(one) for one in facts.get("sharing", [])]
    numbers = {name: facts.get(name, 0) for name in ("instances", "functions")}
    more = book.text("lock-more") if facts.get("functions_more") else ""
    said = book.text("lock-names", names=book.join(names)) if names else ""
    return {
        "use_part": book.text("lock-use", names_part=said, more=more, **numbers),
        "unread_part": measures(book, facts.get("unread", [])),
        "trouble": _lock_trouble(book, facts),
    }


def _lock_trouble(book: Book, facts: Facts) -> str:
    if facts.get("read_back") is False:
        return book.text("lock-not-read")
    if not facts.get("unfinished"):
        return ""
    key = "lock-unfinished" if facts["contained"] else "lock-some"
    return book.text(key, rest=measures(book, facts["unfinished"]))


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
    "release": _release,
    "isolate": _isolate,
    "lock_principal": _lock,
    "lock_function": _lock,
    "status": _status,
    "traffic": _traffic,
    "assess": lambda *_: {"left": ""},
    "last_digest": _digest,
    "approve": _answer,
    "decline": _answer,
}
