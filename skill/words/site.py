"""Where something is, in words, where it is not at home: account and Region."""

from collections.abc import Mapping
from typing import Any

from skill.words.book import Book

Facts = Mapping[str, Any]
# Of an account without a name; nobody listens to twelve digits.
DIGITS = 4


def placed(book: Book, facts: Facts, said: str) -> str:
    """A sentence about something that is elsewhere, with where it is before it."""
    site = facts.get("site")
    return book.run([book.text("site-before", site=where(book, site)), said]) if site else said


def about(book: Book, facts: Facts, said: str) -> str:
    """A thing that is done ("isolating web 1") with where it is."""
    site = facts.get("site")
    return book.text("site-about", about=said, site=where(book, site)) if site else said


def named(book: Book, facts: Facts, name: str) -> str:
    """The name of something with where it is."""
    site = facts.get("site")
    return book.text("site-name", name=name, site=where(book, site)) if site else name


def also(book: Book, sites: list[Facts]) -> str:
    """That some of what was found is elsewhere, a few places at most."""
    said = book.join([where(book, one) for one in sites], more="list-more-things")
    return book.text("finding_detail-elsewhere", sites=said) if said else ""


def where(book: Book, site: Facts) -> str:
    """The account and the Region, of which one may be home's own."""
    account, region = _account(book, site), _region(book, str(site["region"]))
    if not account:
        return book.text("site-region", region=region)
    return book.text("site-both", account=account, region=region) if region else account


def _account(book: Book, site: Facts) -> str:
    """By its name, else by its last digits; Slack gets the whole id."""
    number, name = str(site["account"]), str(site["name"])
    if not number:
        return ""
    if name:
        id_ = "" if book.discreet else book.text("site-id", id=number)
        return book.text("site-named", name=book.name(name), id=id_)
    if book.discreet:
        return book.text("site-ending", digits=(" " if book.ear else "").join(number[-DIGITS:]))
    return book.text("site-account", id=number)


def _region(book: Book, region: str) -> str:
    """eu-west-1 as one says it: E U west 1."""
    if not book.ear or not region:
        return book.safe(region)
    head, *rest = region.split("-")
    return book.safe(" ".join([*head.upper(), *rest]))
