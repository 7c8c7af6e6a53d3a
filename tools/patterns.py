"""Patterns of sample utterances, and every sentence that they stand for.

`(this|that)` is one of them, `[this|that]` is one of them or nothing, `<name>` is a pattern kept
under that name, `{slot}` is a slot. All else is said as it stands.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST = 120
_SLOT = re.compile(r"\{\w+\}")
_CLOSING = {"(": ")", "[": "]"}


class BadPattern(ValueError):
    """A pattern that cannot be read; the message says where."""


@dataclass
class _Reader:
    """Reads one pattern from left to right."""

    text: str
    words: Mapping[str, str]
    at: int = 0

    def alternatives(self, closing: str = "") -> list[str]:
        """Every reading of `this|that` up to the closing bracket, or to the end."""
        found = self._sequence()
        while self._next() == "|":
            self.at += 1
            found += self._sequence()
        if self._next() != closing:
            raise BadPattern(f"{self.text!r}: {self._next() or 'the end'!r} at {self.at}")
        self.at += 1
        return found

    def _sequence(self) -> list[str]:
        parts = list(self._parts())
        return ["".join(chosen) for chosen in itertools.product(*parts)]

    def _parts(self) -> Iterator[list[str]]:
        while (sign := self._next()) and sign not in "|)]>":
            if sign in _CLOSING:
                self.at += 1
                inside = self.alternatives(_CLOSING[sign])
                yield [*inside, ""] if sign == "[" else inside
            elif sign == "<":
                yield self._word()
            else:
                yield [self._said()]

    def _word(self) -> list[str]:
        end = self.text.find(">", self.at)
        name = self.text[self.at + 1 : end]
        if end < 0 or name not in self.words:
            raise BadPattern(f"{self.text!r}: no word <{name}>")
        self.at = end + 1
        return _Reader(self.words[name], self.words).alternatives()

    def _said(self) -> str:
        begin = self.at
        while (sign := self._next()) and sign not in "|()[]<>":
            self.at += 1
        return self.text[begin : self.at]

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]


def expand(pattern: str, words: Mapping[str, str], *, spaced: bool = True) -> list[str]:
    """Every sentence of a pattern, each once. Raises BadPattern, also for more than 120.

    Where words are not `spaced` (Japanese), spaces in the pattern only make it readable: a sentence
    has one on either side of a slot and none elsewhere.
    """
    tidy = _spaced if spaced else _unspaced
    found = list(dict.fromkeys(tidy(said) for said in _Reader(pattern, words).alternatives()))
    if len(found) > MOST or not all(found):
        raise BadPattern(f"{pattern!r} stands for {len(found)} sentences, or for an empty one")
    return found


def _spaced(said: str) -> str:
    return " ".join(said.split())


def _unspaced(said: str) -> str:
    return _spaced(_SLOT.sub(lambda slot: f" {slot[0]} ", re.sub(r"\s+", "", said)))
