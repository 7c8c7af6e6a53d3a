"""Names as people say them: "batch three" is `batch-3`, "web prod oh three" is `web-prod-03`.

In Japanese too: "バッチ三" and "バッチさん" are `batch-3` (see `kana`). What has no name is called
by its end (see `endings`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from skill import endings, numerals
from skill.sounds import alike as sounds_alike

HONORIFIC = "さん"
# Nobody says more of a name than that, nor wants to hear it.
LONGEST = 100
# A pattern of these takes 3 ms to compile.
_JAPANESE = (("\u3005", "\u30ff"), ("\u4e00", "\u9fff"))
# Letters that are said like a word.
_ALIKE = {"q": "queue", "cue": "queue"}
_LONE = re.compile(r"(?<!\w)'|'(?!\w)")
_SIGNS = {"&": " and ", "+": " plus "}
_FILLERS = {
    "the",
    "instance",
    "server",
    "servers",
    "box",
    "machine",
    "host",
    "number",
    "dash",
    "please",
}


def is_japanese(text: str) -> bool:
    return any(first <= letter <= last for letter in text for first, last in _JAPANESE)


def key(text: str) -> str:
    """The comparable form: words and digits without separators, numbers as digits, no leading
    zeros.
    """
    return _joined([word for word in _words(text) if word not in _FILLERS]) or _whole(text)


def _whole(text: str) -> str:
    """The same with every word that was said: "web server one" is `web-server-1` before `web-1`."""
    return _joined(_words(text)) or text.strip().casefold()


def _joined(words: list[str]) -> str:
    parts = ["", *numerals.numerals([_ALIKE.get(word, word) for word in words]), ""]
    rows = zip(parts, parts[1:], parts[2:], strict=False)
    return "".join(p for before, p, after in rows if not numerals.leads(before, p, after))


def clean(name: str) -> str:
    """What can be said of a name: its letters and numbers with spaces for all that is between."""
    text = unicodedata.normalize("NFKC", name)
    text = "".join(_SIGNS.get(one, one if _said(one) else " ") for one in text)
    text = " ".join(_LONE.sub(" ", text).split())
    return text if len(text) <= LONGEST else (text[:LONGEST].rpartition(" ")[0] or text[:LONGEST])


def _said(character: str) -> bool:
    """Letters, numbers, and the marks on them, but for those that choose the form of an emoji."""
    mark = unicodedata.category(character) in ("Mn", "Mc") and character not in "\ufe0e\ufe0f"
    return character.isalnum() or character == "'" or mark


def _words(text: str) -> list[str]:
    return [meant for _, meant in _pairs(text)]


def _pairs(text: str) -> list[tuple[str, str]]:
    """Each word as it was written and as it is meant; they differ in Japanese only."""
    known = clean(text).casefold().replace("'", "")
    runs = re.findall(r"\d+|[^\W\d_](?:[^\d\s])*", known)
    if not is_japanese(known):
        return [(run, run) for run in runs]
    return [pair for run in runs for pair in _taken_apart(run)]


def _taken_apart(run: str) -> tuple[tuple[str, str], ...]:
    from skill import kana

    return kana.words(run) if is_japanese(run) else ((run, run),)


def digits(text: str) -> str:
    """A spoken number, digit by digit: "one two three four" and "1234" are "1234"."""
    if is_japanese(text):
        from skill import kana

        return kana.digits(unicodedata.normalize("NFKC", text))
    return "".join(
        str(numerals.NUMBERS.get(word, word)) for word in _words(text) if _is_number(word)
    )


def _is_number(word: str) -> bool:
    return word.isdecimal() or word in numerals.NUMBERS


def patterns(text: str) -> list[str]:
    """EC2 filter values (with `*` and `?`) that every name of the same spoken form satisfies.

    Wider than the form itself: the caller still compares. At most 6 of the 200 that EC2 takes.
    """
    pairs = [pair for pair in _pairs(text) if pair[1] not in _FILLERS] or _pairs(text)
    said = [meant for _, meant in pairs if f" {meant} " not in _SIGNS.values()]
    parts = [_loose(part) for part in numerals.numerals(said)]
    capitals = [part if len(part) > 3 else part.upper() for part in parts]
    forms = [parts, capitals, [part.upper() for part in parts]]
    if is_japanese(text):
        forms.append([meant if meant.isdecimal() else word for word, meant in pairs])
    end = ending(text)
    named = [f"*{'*'.join(form)}*" for form in forms if form]
    return list(dict.fromkeys([*named, *(endings.patterns(end) if end else ())]))


def _loose(part: str) -> str:
    """A word with or without a capital, the digits of a number apart or not."""
    if part.isdecimal():
        return "*".join(part)
    return f"?{part[1:]}" if len(part) > 2 else part


def ending(text: str) -> endings.End | None:
    """The end that something was called by, if it was."""
    return endings.heard(_words(text))


def matching(text: str, names: Iterable[str]) -> list[str]:
    """The names that are said like `text`; an exact one alone when there is one."""
    names = list(names)
    for form in (str, _whole, key):
        if found := [name for name in names if form(name) == form(text)]:
            return found
    if text.endswith(HONORIFIC):
        return matching(text.removesuffix(HONORIFIC), names)
    end = ending(text)
    return endings.matching(end, names) if end and not end.head else []


def nearest(text: str, names: Sequence[str], most: int = 2) -> list[str]:
    """The closest names, closest first; none that has little in common. What sounds like a name
    is closer than what is spelled like it.
    """
    said, sounds = key(text), {key(one) for one in sounds_alike(text)}
    ranked = sorted(
        (key(name) not in sounds, -SequenceMatcher(None, said, key(name)).ratio(), len(name), name)
        for name in set(names)
        if key(name) != said
    )
    return [name for strange, score, _, name in ranked[:most] if score < -0.5 or not strange]


def latin(text: str) -> str:
    """What was said in Japanese, in the words that tags are made of: アリス is "alice"."""
    return " ".join(_words(text)) if is_japanese(text) else text


def spoken(name: str, locale: str = "en-US", end: int = endings.NUMBERS) -> str:
    """A name for the ear: words apart, numbers without leading zeros; ids and addresses by their
    end, of which `end` numbers are told.
    """
    japanese = locale.startswith("ja")
    if told := endings.told_apart(name):
        return spoken(told[0], locale) + endings.spelled(told[1], japanese)
    if said := endings.spoken(name, japanese, end):
        return said
    if japanese:
        from skill import kana

        return kana.spoken(clean(name)) or name
    said = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z]{2})(?=\d+\b)", " ", clean(name))
    return re.sub(r"\b0+(?=\d)", "", said) or name


def all_spoken(names: Sequence[str], locale: str) -> list[str]:
    """Names for the ear, as many numbers of an address as tell it from the others."""
    said = [spoken(name, locale) for name in names]
    for end in (endings.NUMBERS + 1, endings.NUMBERS + 2):
        said = [
            spoken(n, locale, end) if said.count(s) > 1 else s
            for n, s in zip(names, said, strict=True)
        ]
    return said


def package(name: str) -> str:
    """A package for the ear: of a path, a Maven coordinate or a scope the last part."""
    if re.search(r"\s", name):
        return name
    last = re.split(r"[:/]", name.rstrip(":/"))[-1]
    return re.sub(r"[-_]+", " ", last).strip() or name


def version(value: str) -> str:
    """A version for the ear: its numbers, without a distribution's epoch and revision."""
    found = re.match(r"(?:\d+:)?v?(\d+(?:\.\d+)*)", value)
    return found[1] if found else value
