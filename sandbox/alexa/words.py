"""Text to tokens: words, numbers and ordinals, whether typed as digits or spelled."""

import re
import unicodedata
from dataclasses import dataclass

# An instance id is one word, though nobody says one.
_TOKEN = re.compile(r"\bi-[0-9a-f]{6,17}\b|\d+(?:st|nd|rd|th)\b|\d+|[^\W\d_]+(?:'[^\W\d_]+)*")
_CONTRACTION = re.compile(r"\b(what|who|how|where|when|which|it|that|there|here)'s\b")
_POSSESSIVE = re.compile(r"\b(?!let's)(\w+)'s\b")
_SPELLED = re.compile(r"\b[a-z]\b\.?(?: [a-z]\b\.?)+")
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINAL = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
NUMBERS = {word: n for n, word in enumerate(_SMALL)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
ORDINALS = {word: n for n, word in enumerate(_ORDINAL, start=1)}


@dataclass(frozen=True)
class Token:
    """One word as it was said (`text`) and as it compares (`word`, numbers in digits)."""

    text: str
    word: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text as Alexa would hear it: lower case, contractions in full, spelled letters joined.

    The "s" of a possessive is a word of its own, so that a name may stand before it.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    whole = _POSSESSIVE.sub(r"\1 s", _CONTRACTION.sub(r"\1 is", plain))
    return _SPELLED.sub(lambda letters: re.sub(r"[. ]", "", letters[0]), whole)


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a cleaned text, spelled numbers joined ("twenty one" is one token, 21)."""
    found = [Token(m[0], _digits(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    joined: list[Token] = []
    at = 0
    while at < len(found):
        value, used = _number([token.text for token in found[at : at + 6]])
        last = found[at + max(used, 1) - 1]
        surface = text[found[at].start : last.end]
        word = str(value) if used else found[at].word
        joined.append(Token(surface, word, found[at].start, last.end))
        at += max(used, 1)
    return tuple(joined)


def number_of(token: Token) -> int | None:
    """The whole number that the token is, if it is one."""
    return int(token.word) if token.word.isdecimal() else None


def ordinal_of(token: Token) -> int | None:
    """The place that the token names ("second", "2nd", and "2" as in "number two")."""
    suffixed = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", token.word)
    return int(suffixed[1]) if suffixed else ORDINALS.get(token.word, number_of(token))


def digits_of(spoken: tuple[Token, ...]) -> str | None:
    """The digits of a code, said one by one, in pairs or at once; None if anything else is said."""
    parts = [t.text if t.text.isdecimal() else t.word for t in spoken]
    parts = ["0" if part in ("o", "oh") else part for part in parts]
    return "".join(parts) if parts and all(part.isdecimal() for part in parts) else None


def _digits(text: str) -> str:
    return text.lstrip("0") or "0" if text.isdecimal() else text


def _number(words: list[str]) -> tuple[int, int]:
    """(value, words used) of the spelled number that `words` begin with; (0, 0) if none."""
    value, used = _below_hundred(words)
    if not used or words[used : used + 1] != ["hundred"]:
        return value, used
    rest = used + 1 + (words[used + 1 : used + 2] == ["and"])
    tail, more = _below_hundred(words[rest:])
    return (value * 100 + tail, rest + more) if more else (value * 100, used + 1)


def _below_hundred(words: list[str]) -> tuple[int, int]:
    if not words or words[0] not in NUMBERS:
        return 0, 0
    value = NUMBERS[words[0]]
    unit = NUMBERS.get(words[1], 0) if len(words) > 1 else 0
    if words[0] in _TENS and 0 < unit < 10:
        return value + unit, 2
    return value, 1
