"""What the sentences about containing need beyond its facts: what of it is not as it should be."""

from collections.abc import Callable, Iterator
from typing import Any

from skill.words.book import Book
from skill.words.parts import measures, when

Facts = dict[str, Any]
# (book, action, fact, rows, start) to the rows' sentences.
Items = Callable[[Book, str, str, list[Facts], int], str]


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


def _verify(book: Book, facts: Facts, start: int, items: Items) -> Facts:
    """Since when one that was asked about is contained, and which door asked for it."""
    if "since" not in facts:
        return {"since_part": ""}
    since = book.text("verify-since", when=when(book, facts["since"]), door=facts["door"])
    return {"since_part": book.gap + since}


CONTAINING: dict[str, Callable[[Book, Facts, int, Items], Facts]] = {
    "release": _release,
    "isolate": _isolate,
    "lock_principal": _lock,
    "lock_function": _lock,
    "verify": _verify,
}
