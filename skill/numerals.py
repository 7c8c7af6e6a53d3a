"""Numbers as they are said in English: "twenty three" is 23, "one oh three" is 1, 0 and 3."""

from collections.abc import Sequence

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
)
_ONES += "fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {word: n for n, word in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
NUMBERS |= {"hundred": 100, "oh": 0, "o": 0, "to": 2, "too": 2, "for": 4, "won": 1, "ate": 8}
_HOMOPHONES = {"oh", "o", "to", "too", "for", "won", "ate"}


def numerals(words: list[str]) -> list[str]:
    """Number words as digits: a tens word takes the ones word after it; homophones only at the
    end.
    """
    out: list[str] = []
    for at, word in enumerate(words):
        number = NUMBERS.get(word)
        before = words[at - 1] if at else ""
        if word.isdecimal():
            out.append(str(int(word)))
        elif number is None or (word in _HOMOPHONES and not (at and _closes(words, at))):
            out.append(word)
        elif word == "hundred":
            out[-1:] = (
                [str(int(out[-1]) * 100)] if out and out[-1].isdecimal() else [*out[-1:], word]
            )
        elif _adds(before, number):
            out[-1] = str(int(out[-1]) + number)
        elif leads("".join(out[-2:-1]), "".join(out[-1:]), "0"):
            out[-1] = str(number)
        else:
            out.append(str(number))
    return out


def _adds(before: str, number: int) -> bool:
    return (0 < number < 10 and before in _TENS) or (0 < number < 100 and before == "hundred")


def _closes(words: list[str], at: int) -> bool:
    return all(word in NUMBERS or word.isdecimal() for word in words[at:])


def numbers(words: Sequence[str]) -> list[str]:
    """Words with numbers as digits, zeros and all: "oh seven" stays two of them."""
    out: list[str] = []
    for at, word in enumerate(words):
        number = NUMBERS.get(word)
        if at and out[-1].isdecimal() and word == "hundred":
            out[-1] = str(int(out[-1]) * 100)
        elif at and number is not None and _adds(words[at - 1], number) and out[-1].isdecimal():
            out[-1] = str(int(out[-1]) + number)
        else:
            out.append(word if number is None else str(number))
    return out


def leads(before: str, part: str, after: str) -> bool:
    """Whether it is the zero of "oh three", not that of "one oh three"."""
    return part == "0" and after.isdecimal() and not before.isdecimal()
