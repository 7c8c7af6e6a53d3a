"""What is called by its end: an instance without a name, a host that is named after its address.

"the one ending a b one two" is i-0…ab12, "ending three seven" is ip-10-0-3-7.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skill.numerals import numbers

# How many digits of an id, and how many numbers of an address, are told at first.
DIGITS, NUMBERS = 4, 2
_ID = re.compile(r"i-([0-9a-f]{8,17})")
# The name that EC2 gives to a host without one.
_ADDRESS = re.compile(r"ip-((?:\d{1,3}-){3}\d{1,3})(?:\..*)?")
# How one of several with the same name is told from the others.
_TOLD = re.compile(r"(.+) ending ([0-9a-f]{4})")
_ENDING = {"ending", "ends"}
_LETTERS = {"be": "b", "bee": "b", "see": "c", "sea": "c", "dee": "d", "ef": "f", "eff": "f"}
_NOTHING = {"the", "one", "that", "in", "with", "i", "p", "ip", "instance", "server", "host", "も"}
_HEX = re.compile(r"[a-f]{1,4}|\d+")


@dataclass(frozen=True)
class End:
    """What was heard of a thing: its name, if that was said too, and the parts of its end."""

    head: str
    parts: tuple[str, ...]

    @property
    def digits(self) -> str:
        return "".join(self.parts)

    def of(self, name: str) -> bool:
        return bool(self.digits) and _digits(name).endswith(self.digits)

    def whole(self, name: str) -> bool:
        """Whether the numbers of an address were said as they stand in it."""
        return list(self.parts) == _numbers(name)[-len(self.parts) :]


def heard(words: Sequence[str]) -> End | None:
    """The end that was said in some words, None if there is none."""
    at = next((at for at, word in enumerate(words) if word in _ENDING), None)
    if at is None:
        return None
    parts = _parts([word for word in words[at + 1 :] if word not in _NOTHING - {"one"}])
    head = " ".join(word for word in words[:at] if word not in _NOTHING)
    return End(head, parts) if parts else None


def _parts(words: Sequence[str]) -> tuple[str, ...]:
    """Letters and numbers one by one; nothing if there is any other word among them."""
    said = numbers([_LETTERS.get(word, word) for word in words])
    return tuple(said) if all(_HEX.fullmatch(one) for one in said) else ()


def matching(end: End, names: Iterable[str]) -> list[str]:
    """The names that end so. "three seven" is 3-7 before it is 37, while "37" may be both."""
    found = [name for name in names if end.of(name)]
    whole = [name for name in found if end.whole(name)]
    if not whole or (len(end.parts) == 1 and len(end.digits) > 1):
        return found
    # An id is told by four digits, which may be those of an address too.
    return whole + [name for name in found if _ID.fullmatch(name) and len(end.digits) >= DIGITS]


def patterns(end: End) -> list[str]:
    """EC2 filter values for the Name tags of hosts that end so."""
    loose = "*".join(end.digits)
    return [f"ip-*{loose}", f"ip-*{loose}.*"]


def id_pattern(end: End) -> str:
    """An EC2 filter value for the ids that end so."""
    return f"i-*{end.digits}"


def unnamed(name: str) -> bool:
    """Whether a name is none that somebody gave."""
    return bool(_ID.fullmatch(name) or _ADDRESS.fullmatch(name))


def spoken(name: str, japanese: bool, numbers: int = NUMBERS) -> str:
    """The end for the ear; empty for what has a name."""
    if found := _ID.fullmatch(name):
        digits = list(found[1][-DIGITS:])
        return f"末尾{' '.join(map(_letter, digits))}" if japanese else _one(digits)
    if _ADDRESS.fullmatch(name):
        last = _numbers(name)[-numbers:]
        return f"末尾{' '.join(last)}" if japanese else _one(last)
    return ""


def told_apart(name: str) -> tuple[str, str] | None:
    """The name and the end of "web-1 ending ab12"; None for other names."""
    found = _TOLD.fullmatch(name)
    return (found[1], found[2]) if found else None


def spelled(digits: str, japanese: bool) -> str:
    said = " ".join(map(_letter, digits)) if japanese else " ".join(digits)
    return f"、末尾{said}" if japanese else f" ending {said}"


def _letter(digit: str) -> str:
    from skill import kana

    return kana.letters(digit)


def _one(parts: Sequence[str]) -> str:
    return "the one ending " + " ".join(parts)


def _digits(name: str) -> str:
    """All that can be said of it, from its end."""
    if told := told_apart(name):
        return told[1]
    found = _ID.fullmatch(name)
    return found[1] if found else "".join(_numbers(name))


def _numbers(name: str) -> list[str]:
    found = _ADDRESS.fullmatch(unicodedata.normalize("NFKC", name))
    return [str(int(one)) for one in found[1].split("-")] if found else []
