"""Which stretches of a sentence can fill a slot, and how readily."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sandbox.alexa.language import Language
from sandbox.alexa.model import Model
from sandbox.alexa.resolution import Catalog
from sandbox.alexa.words import Token

# A word of this weight tells what is meant.
TELLS = 0.5
_LONGEST = 6
_UNKNOWN, _PER_WORD, _LIGHT_EDGE, _ODD_SHAPE = 0.3, 0.1, 0.15, 0.1
# A word that samples are made of is seldom the beginning of a name.
_TOLD = 0.15


@dataclass(frozen=True)
class Span:
    """Tokens from `start` on that fill a slot with `value`; `known` if Alexa has such a value."""

    start: int
    value: str
    cost: float
    known: bool


class Spans:
    """The slot values that one sentence holds."""

    def __init__(
        self, said: str, spoken: Sequence[Token], model: Model, catalogs: Sequence[Catalog]
    ) -> None:
        self._said, self._spoken, self._catalogs = said, spoken, catalogs
        self._language, self._told = model.language, model.told
        self._numbered = {kind: _mostly_numbered(values) for kind, values in model.values.items()}
        self.ending = cache(self._ending)

    def _ending(self, kind: str, end: int) -> list[Span]:
        """Every span of the type that ends before token number `end`."""
        starts = range(max(0, end - _LONGEST), end)
        spans = (self._span(kind, start, end) for start in starts)
        return [span for span in spans if span]

    def _span(self, kind: str, start: int, end: int) -> Span | None:
        spoken = tuple(self._spoken[start:end])
        if kind.startswith("AMAZON."):
            value = built_in_value(kind, spoken, self._language)
            return Span(start, value, 0.0, True) if value else None
        value = self._said[spoken[0].start : spoken[-1].end]
        key = self._language.key([token.word for token in spoken])
        if any(catalog.match(kind, key) for catalog in self._catalogs):
            article = 0.02 if self._language.weight(spoken[0].word) < TELLS else 0.0
            return Span(start, value, article, True)
        return self._unknown(kind, start, value, spoken)

    def _unknown(self, kind: str, start: int, value: str, spoken: Sequence[Token]) -> Span | None:
        """A value that Alexa does not know is passed on as heard; a value it must be, though."""
        said, tongue = [token.word for token in spoken], self._language
        if all(tongue.weight(w) < TELLS for w in said) or any(map(tongue.negates, said)):
            return None
        edges = sum(tongue.weight(word) < TELLS for word in (said[0], said[-1]))
        odd = self._numbered.get(kind, False) != said[-1].isdecimal()
        told = _TOLD * (len(said) > 1) * sum(word in self._told for word in said[:-1])
        cost = (
            told + _UNKNOWN + _PER_WORD * (len(said) - 1) + _LIGHT_EDGE * edges + _ODD_SHAPE * odd
        )
        return Span(start, value, cost, False)


def built_in_value(kind: str, spoken: tuple[Token, ...], language: Language) -> str | None:
    """What Alexa sends for a built-in type, or None if the words are not of that type."""
    if kind == "AMAZON.FOUR_DIGIT_NUMBER":
        digits = language.code(spoken)
        return digits if digits and len(digits) == 4 else None
    return language.ordinal(spoken) if kind == "AMAZON.Ordinal" else language.number(spoken)


def _mostly_numbered(values: list[dict[str, object]]) -> bool:
    """Whether the names of a type end in a number, as instance names do."""
    ends = [str(value["name"]["value"])[-1:].isdecimal() for value in values]  # type: ignore[index]
    return sum(ends) * 2 > len(ends)
