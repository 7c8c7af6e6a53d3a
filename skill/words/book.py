"""One locale's messages, and how a fact becomes an argument of one."""

import functools
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape as xml_escape

from skill import names

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

Facts = Mapping[str, Any]
DEFAULT = "en-US"
NAMED = {"instance", "name", "heard", "principal", "function"}
SHORTENED = {"package": names.package, "what": names.package, "installed": names.version}
# Of a name; nobody listens to more. What tells machines apart is mostly at the end.
SPOKEN = 60
_MAKING = threading.Lock()
# "A W S" is for the ear; the eye reads AWS.
_SPELLED = re.compile(r"\b(?:[A-Z] )+[A-Z]\b")
_SPACES = re.compile(r"\s+")
_LOOSE = re.compile(r"\s+([,.:;?!、。])")
_MINUTES = re.compile(r"(?<![\d>.,])([1-9]|[1-8]\d)分(?!の)")
_ENTRY = re.compile(r"^(?=-?[a-zA-Z][\w-]* *=)", re.MULTILINE)
_REFERENCE = re.compile(r"\{\s*(-?[a-zA-Z][\w-]*)\s*[}.(]")
# What a mark-up or a terminal could take for more than text.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Book:
    """Sentences of one locale. `ear`: names as spoken and SSML escapes; else names as they are.

    `gap` stands between sentences and `comma` between the parts of a list: Japanese has no spaces.
    `breath` is how many characters one takes in at once. `discreet`: whoever is there gets no
    account's whole id.
    """

    def __init__(self, locale: str, ear: bool) -> None:
        self.locale = locale
        self.ear = self.discreet = ear
        self.japanese = locale.startswith("ja")
        self.gap, self.comma = ("", "、") if self.japanese else (" ", ", ")
        self.breath = 100 if self.japanese else 200
        self._entries = _entries(locale)
        self._escape: Callable[[str], str] = xml_escape if ear else escape_mrkdwn

    def has(self, key: str) -> bool:
        return key in self._entries

    def say(self, key: str, **facts: Any) -> str:
        """The sentence `key` with its facts. A missing message or fact is a defect and raises."""
        args = {name: self.argument(name, value) for name, value in facts.items()}
        return self.text(key, **args)

    def text(self, key: str, **args: str | int | float) -> str:
        """The sentence with arguments that are ready: numbers, or text that is escaped already."""
        bundle = _bundle(self.locale)
        _parse(self.locale, key)
        message = bundle.get_message(key)
        if message.value is None:
            raise LookupError(key)
        said, errors = bundle.format_pattern(message.value, args)
        if errors:
            raise LookupError(f"{self.locale} {key}: {errors}")
        text = _LOOSE.sub(r"\1", _SPACES.sub(" ", str(said))).strip()
        if self.ear:
            return _MINUTES.sub(_read, text) if self.japanese else text
        return _SPELLED.sub(lambda found: found[0].replace(" ", ""), text)

    def argument(self, name: str, value: Any) -> str | int | float:
        """A fact as Fluent takes it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return value
        if isinstance(value, str):
            return self.name(value) if name in NAMED else self.safe(self.short(name, value))
        if isinstance(value, Sequence):
            return self.join(self.names([one for one in value if isinstance(one, str)]))
        return ""

    def name(self, name: str) -> str:
        return self.safe(_heard(names.spoken(name, self.locale)) if self.ear else name)

    def names(self, several: Sequence[str]) -> list[str]:
        """Some names, each told from the others."""
        if not self.ear:
            return [self.safe(one) for one in several]
        return [self.safe(_heard(one)) for one in names.all_spoken(several, self.locale)]

    def short(self, name: str, value: str) -> str:
        """Packages and versions as one says them; the eye gets them whole."""
        if not self.ear or name not in SHORTENED:
            return value
        said = SHORTENED[name](value)
        return names.spoken(said, self.locale) if self.japanese and name != "installed" else said

    def safe(self, text: str) -> str:
        """Text from outside, inert in the mark-up that it goes into and of bearable length."""
        return self._escape(_CONTROL.sub(" ", text)[:200])

    def run(self, parts: Iterable[str]) -> str:
        """Sentences one after the other."""
        return self.gap.join(part for part in parts if part)

    def opening(self, said: str) -> str:
        """A sentence that starts with a name starts with a capital all the same."""
        return said if self.japanese else said[:1].upper() + said[1:]

    def join(
        self, parts: Sequence[str], most: int = 4, total: int = 0, more: str = "list-more"
    ) -> str:
        """ "a, b and c"; at most `most` names, then how many more there are of `total`."""
        shown, total = list(parts[:most]), max(total, len(parts))
        if total > most:
            said = self.comma.join(shown[: most - 1])
            return self.text(more, list=said, count=total - most + 1)
        if len(shown) < 2:
            return "".join(shown)
        if len(shown) == 2:
            return self.text("list-two", first=shown[0], second=shown[1])
        return self.text("list-last", list=self.comma.join(shown[:-1]), last=shown[-1])

    def either(self, parts: Sequence[str]) -> str:
        """ "a, b or c"."""
        if len(parts) < 2:
            return "".join(parts)
        return self.text("list-or", list=self.comma.join(parts[:-1]), last=parts[-1])

    def duration(self, seconds: int) -> str:
        """A duration in its largest fitting unit, rounded."""
        if seconds < 90:
            return self.text("duration-seconds", n=max(seconds, 1))
        if seconds < 5400:
            return self.text("duration-minutes", n=round(seconds / 60))
        return self.text("duration-hours", n=round(seconds / 3600))


def _heard(name: str) -> str:
    """A spoken name; of one that is too long for the ear, whole words of both its ends."""
    if len(name) <= SPOKEN:
        return name
    head, tail = name[: SPOKEN // 2], name[-SPOKEN // 2 :]
    return f"{head.rpartition(' ')[0] or head} {tail.partition(' ')[2] or tail}"


def _read(found: re.Match[str]) -> str:
    """Minutes with their reading; a reader of the card sees the number alone."""
    from skill import kana

    return f'<sub alias="{kana.minutes(int(found[1]))}">{found[0]}</sub>'


def escape_mrkdwn(text: str) -> str:
    """Slack's three control characters; a zero-width space takes the meaning from its marks."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_~`@])", "\\1\u200b", escaped)


@functools.cache
def _entries(locale: str) -> Mapping[str, str]:
    """The Fluent text of each message, by its name."""
    text = (Path(__file__).parent / f"{locale}.ftl").read_text(encoding="utf-8")
    return {entry.partition("=")[0].rstrip(): entry for entry in _ENTRY.split(text)[1:]}


def prepare(locale: str = DEFAULT) -> None:
    """Have Fluent ready (it takes 40 ms) before the first sentence: call it while AWS answers."""
    _bundle(locale)


def _bundle(locale: str) -> "FluentBundle":
    """The one bundle of a locale. Whoever comes while it is being made waits for it."""
    with _MAKING:
        return _new_bundle(locale)


@functools.cache
def _new_bundle(locale: str) -> "FluentBundle":
    from fluent.runtime import FluentBundle

    return FluentBundle([locale], use_isolating=False)


@functools.cache
def _parse(locale: str, key: str) -> None:
    """Make a message known, with those that it refers to. Parsing the whole file takes 40 ms."""
    from fluent.runtime import FluentResource

    entries, ahead, seen = _entries(locale), [key], set[str]()
    while ahead:
        name = ahead.pop()
        if name in entries and name not in seen:
            seen.add(name)
            ahead += _REFERENCE.findall(entries[name])
    _bundle(locale).add_resource(FluentResource("".join(entries[name] for name in sorted(seen))))


def locales() -> list[str]:
    """The locales that have a book."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.ftl"))


def best(locale: str) -> str:
    """The book for a request's locale: itself, its language's, or English."""
    known = locales()
    if locale in known:
        return locale
    same = [each for each in known if each.partition("-")[0] == (locale or "").partition("-")[0]]
    return (same or [DEFAULT])[0]


@functools.cache
def book(locale: str, ear: bool = True) -> Book:
    return Book(best(locale), ear)
