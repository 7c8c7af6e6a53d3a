"""A sample utterance laid along a sentence: which words are said as expected, what fills slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sandbox.alexa.language import Language
from sandbox.alexa.model import Part, Pattern, Slot
from sandbox.alexa.spans import TELLS, Span, Spans
from sandbox.alexa.words import Token


@dataclass(frozen=True, slots=True)
class Path:
    """The best alignment so far of some tokens with some parts of a pattern."""

    cost: float
    literals: int = 0
    telling: int = 0
    spans: tuple[tuple[str, Span], ...] = ()

    def skip(self, weight: float) -> "Path":
        """One word said but not expected, or expected but not said."""
        return Path(self.cost + weight, self.literals, self.telling, self.spans)

    def take(self, cost: float, weight: float) -> "Path":
        """One word said as expected."""
        telling = self.telling + (weight >= TELLS)
        return Path(self.cost + cost, self.literals + 1, telling, self.spans)

    def fill(self, slot: str, span: Span) -> "Path":
        """A slot filled with some words."""
        spans = (*self.spans, (slot, span))
        return Path(self.cost + span.cost, self.literals, self.telling, spans)

    def enough(self, pattern: Pattern, language: Language) -> bool:
        """Whether what tells the intent was said: half of it; all of it beside unknown names."""
        known = all(span.known for _, span in self.spans)
        telling = sum(language.weight(word) >= TELLS for word in pattern.literals)
        if self.spans and not telling:
            return self.literals == len(pattern.literals)
        return self.telling * 2 >= telling if known else self.telling == telling

    @property
    def rank(self) -> tuple[float, int]:
        """Paths in order, the best one first."""
        return round(self.cost, 6), -self.literals


def _rank(path: Path) -> tuple[float, int]:
    return path.rank


class Sentence:
    """What was said, as patterns are laid along it."""

    def __init__(self, spoken: Sequence[Token], spans: Spans, language: Language) -> None:
        self._spans, self._language = spans, language
        self.words = [token.word for token in spoken]
        self._weights = [language.weight(word) for word in self.words]

    @cached_property
    def weight(self) -> float:
        """What all its words say."""
        return sum(self._weights)

    def align(self, pattern: Pattern, most: float) -> Path | None:
        """The cheapest way to lay the pattern along all tokens; None if a slot stays empty, or if
        it costs more than `most`.
        """
        row: list[Path | None] = [Path(0.0)]
        for weight in self._weights:
            path = row[-1] and row[-1].skip(weight)
            row.append(path if path and path.cost <= most else None)
        for part in pattern.parts:
            row = self._advance(row, part, most)
            if not any(row):
                return None
        return row[-1]

    def _advance(self, before: list[Path | None], part: Part, most: float) -> list[Path | None]:
        """The best paths after one more part, for each number of tokens used."""
        row: list[Path | None] = []
        for used in range(len(before)):
            options = self._endings(before, part, used)
            if used and (left := row[used - 1]):
                options.append(left.skip(self._weights[used - 1]))
            cheap = [path for path in options if path.cost <= most]
            row.append(min(cheap, key=_rank, default=None))
        return row

    def _endings(self, before: list[Path | None], part: Part, used: int) -> list[Path]:
        """The paths on which `part` ends exactly after `used` tokens (a word may be left out)."""
        if isinstance(part, Slot):
            ending = [(before[span.start], span) for span in self._spans.ending(part.type, used)]
            return [path.fill(part.name, span) for path, span in ending if path]
        weight = self._language.weight(part)
        options = [path.skip(weight)] if (path := before[used]) else []
        if used and (earlier := before[used - 1]):
            cost = self._language.distance(self.words[used - 1], part)
            options += [earlier.take(cost, weight)] if cost is not None else []
        return options
