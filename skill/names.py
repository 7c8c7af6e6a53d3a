"""Names as people say them: "batch three" is `batch-3`, "web prod oh three" is `web-prod-03`.

In Japanese too: "バッチ三" and "バッチさん" are `batch-3` (see `kana`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
)
_ONES += "fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_NUMBERS |= {"hundred": 100, "oh": 0, "o": 0, "to": 2, "too": 2, "for": 4, "won": 1, "ate": 8}
HONORIFIC = "さん"
_JAPANESE = re.compile(r"[\u3005-\u30ff\u4e00-\u9fff]")
# The name that EC2 gives to a host without one.
_ADDRESS = re.compile(r"ip-(?:\d{1,3}-){3}(\d{1,3})(?:\..*)?")
_HOMOPHONES = {"oh", "o", "to", "too", "for", "won", "ate"}
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
    return bool(_JAPANESE.search(text))


def key(text: str) -> str:
    """The comparable form: words and digits without separators, numbers as digits, no leading
    zeros.
    """
    words = [word for word in _words(text) if word not in _FILLERS] or _words(text)
    parts = _numerals(words)
    kept = [
        p
        for p, after in zip(parts, [*parts[1:], ""], strict=True)
        if not (p == "0" and after.isdigit())
    ]
    return "".join(kept) or text.strip().casefold()


def _words(text: str) -> list[str]:
    return [meant for _, meant in _pairs(text)]


def _pairs(text: str) -> list[tuple[str, str]]:
    """Each word as it was written and as it is meant; they differ in Japanese only."""
    known = unicodedata.normalize("NFKC", text).casefold()
    runs = re.findall(r"[^\W\d_]+|\d+", known)
    if not is_japanese(known):
        return [(run, run) for run in runs]
    return [pair for run in runs for pair in _taken_apart(run)]


def _taken_apart(run: str) -> tuple[tuple[str, str], ...]:
    from skill import kana

    return kana.words(run) if is_japanese(run) else ((run, run),)


def _numerals(words: list[str]) -> list[str]:
    """Number words as digits: a tens word takes the ones word after it; homophones only at the
    end.
    """
    out: list[str] = []
    for at, word in enumerate(words):
        number = _NUMBERS.get(word)
        if word.isdigit():
            out.append(str(int(word)))
        elif number is None or at == 0 or (word in _HOMOPHONES and not _closes(words, at)):
            out.append(word)
        elif word == "hundred":
            out[-1] = str(int(out[-1]) * 100) if out[-1].isdigit() else word
        elif _adds(words[at - 1], number):
            out[-1] = str(int(out[-1]) + number)
        elif out[-1] == "0":
            out[-1] = str(number)
        else:
            out.append(str(number))
    return out


def _adds(before: str, number: int) -> bool:
    return (0 < number < 10 and before in _TENS) or (0 < number < 100 and before == "hundred")


def _closes(words: list[str], at: int) -> bool:
    return all(word in _NUMBERS or word.isdigit() for word in words[at:])


def digits(text: str) -> str:
    """A spoken number, digit by digit: "one two three four" and "1234" are "1234"."""
    if is_japanese(text):
        from skill import kana

        return kana.digits(unicodedata.normalize("NFKC", text))
    return "".join(str(_NUMBERS.get(word, word)) for word in _words(text) if _is_number(word))


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def patterns(text: str) -> list[str]:
    """EC2 filter values (with `*` and `?`) that every name of the same spoken form satisfies.

    Wider than the form itself: the caller still compares `key`. At most 8 of the 200 that EC2
    takes.
    """
    if tail := _tail(text):
        return [f"ip-*-{tail}", f"ip-*-{tail}.*"]
    pairs = [pair for pair in _pairs(text) if pair[1] not in _FILLERS] or _pairs(text)
    loose = "*".join(_numerals([meant for _, meant in pairs]))
    forms = [loose, loose.title(), loose.upper()]
    if is_japanese(text):
        forms.append("*".join(meant if meant.isdecimal() else word for word, meant in pairs))
    return list(dict.fromkeys(f"*{form}*" for form in forms))


def _tail(text: str) -> str:
    """The 7 of "i p ending seven", as an address was said by `spoken`; else nothing."""
    *before, last = _numerals(["ip", *_words(text)])
    said = last.isdecimal() and "ending" in before and {"i", "p", "ip", "ending"} >= set(before)
    return last if said else ""


def matching(text: str, names: Iterable[str]) -> list[str]:
    """The names that are said like `text`; an exact one alone when there is one."""
    names = list(names)
    if tail := _tail(text):
        return [name for name in names if _last_octet(name) == tail]
    found = [name for name in names if key(name) == key(text)]
    if not found and text.endswith(HONORIFIC):
        return matching(text.removesuffix(HONORIFIC), names)
    exact = [name for name in found if name == text]
    return exact or found


def _last_octet(name: str) -> str:
    found = _ADDRESS.fullmatch(name)
    return found[1] if found else ""


def nearest(text: str, names: Sequence[str], most: int = 2) -> list[str]:
    """The closest names, closest first; none that has little in common."""
    said = key(text)
    names = [name for name in names if key(name) != said]
    scored = sorted(
        ((SequenceMatcher(None, said, key(n)).ratio(), n) for n in set(names)), reverse=True
    )
    return [name for score, name in scored[:most] if score > 0.5]


def latin(text: str) -> str:
    """What was said in Japanese, in the words that tags are made of: アリス is "alice"."""
    return " ".join(_words(text)) if is_japanese(text) else text


def spoken(name: str, locale: str = "en-US") -> str:
    """A name for the ear: separators as spaces, numbers without leading zeros; ids and addresses
    by their end.
    """
    japanese = locale.startswith("ja")
    if re.fullmatch(r"i-[0-9a-f]{8,17}", name):
        return _ending(name, japanese)
    if address := _ADDRESS.fullmatch(name):
        return f"末尾{address[1]}" if japanese else f"i p ending {address[1]}"
    if japanese:
        from skill import kana

        return kana.spoken(name)
    said = re.sub(r"[-_./]+", " ", name).strip() or name
    return re.sub(r"\b0+(?=\d)", "", said)


def _ending(name: str, japanese: bool) -> str:
    """An instance without a name."""
    if japanese:
        from skill import kana

        return f"末尾{' '.join(map(kana.letters, name[-4:]))}のもの"
    return "the one ending " + " ".join(name[-4:])


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
