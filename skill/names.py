"""Names as people say them: "batch three" is `batch-3`, "web prod oh three" is `web-prod-03`."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
)
_ONES += "fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_NUMBERS |= {"hundred": 100, "oh": 0, "o": 0, "to": 2, "too": 2, "for": 4, "won": 1, "ate": 8}
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
    return re.findall(r"[^\W\d_]+|\d+", text.casefold())


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
    return "".join(str(_NUMBERS.get(word, word)) for word in _words(text) if _is_number(word))


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def patterns(text: str) -> list[str]:
    """EC2 filter values (with `*` and `?`) that every name of the same spoken form satisfies.

    Wider than the form itself: the caller still compares `key`. At most 8 of the 200 that EC2
    takes.
    """
    parts = _numerals([word for word in _words(text) if word not in _FILLERS] or _words(text))
    loose = "*".join(parts)
    return list(dict.fromkeys(f"*{form}*" for form in (loose, loose.title(), loose.upper())))


def matching(text: str, names: Iterable[str]) -> list[str]:
    """The names that are said like `text`; an exact one alone when there is one."""
    found = [name for name in names if key(name) == key(text)]
    exact = [name for name in found if name == text]
    return exact or found


def nearest(text: str, names: Sequence[str], most: int = 2) -> list[str]:
    """The closest names, closest first; none that has little in common."""
    said = key(text)
    names = [name for name in names if key(name) != said]
    scored = sorted(
        ((SequenceMatcher(None, said, key(n)).ratio(), n) for n in set(names)), reverse=True
    )
    return [name for score, name in scored[:most] if score > 0.5]


def spoken(name: str) -> str:
    """A name for the ear: separators as spaces; ids and addresses by their end."""
    if re.fullmatch(r"i-[0-9a-f]{8,17}", name):
        return "the one ending " + " ".join(name[-4:])
    if re.fullmatch(r"ip(-\d{1,3}){4}.*", name):
        return f"i p ending {re.findall(r'[0-9]+', name)[3]}"
    return re.sub(r"[-_./]+", " ", name).strip() or name
