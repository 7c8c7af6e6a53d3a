"""Which intent a sentence means: every sample is laid along it, the cheapest alignment wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sandbox.alexa import english, words
from sandbox.alexa.model import Model, Part, Pattern, Slot
from sandbox.alexa.resolution import Catalog
from sandbox.alexa.spans import Span, Spans
from sandbox.alexa.words import Token

FALLBACK = "AMAZON.FallbackIntent"
# The share of what was said and expected that may go unmatched: with names that Alexa knows, with
# others, and in the answer to a question.
_KNOWN, _UNKNOWN, _ANSWER = 0.2, 0.135, 0.25
_SURE = 0.1
# Nobody says more words in one breath.
_LONGEST = 60


@dataclass(frozen=True)
class Heard:
    """An intent, what each slot heard, how far the sentence is from the sample, and whether every
    slot value is one that Alexa knows."""

    intent: str
    slots: dict[str, str]
    distance: float = 0.0
    known: bool = True


@dataclass(frozen=True)
class _Path:
    """The best alignment so far of some tokens with some parts of a pattern."""

    cost: float
    literals: int = 0
    telling: int = 0
    spans: tuple[tuple[str, Span], ...] = ()

    def skip(self, word: str) -> "_Path":
        """One word said but not expected, or expected but not said."""
        return replace(self, cost=self.cost + english.weight(word))

    def take(self, cost: float, word: str) -> "_Path":
        """One word said as expected."""
        telling = self.telling + (english.weight(word) >= 1)
        return replace(self, cost=self.cost + cost, literals=self.literals + 1, telling=telling)

    def fill(self, slot: str, span: Span) -> "_Path":
        """A slot filled with some words."""
        return replace(self, cost=self.cost + span.cost, spans=(*self.spans, (slot, span)))

    def enough(self, pattern: Pattern) -> bool:
        """Whether what tells the intent was said: half of it; all of it beside unknown names."""
        telling, known = _telling(pattern), all(span.known for _, span in self.spans)
        if self.spans and not telling:
            return self.literals == len(pattern.parts) - len(self.spans)
        return self.telling * 2 >= len(telling) if known else self.telling == len(telling)

    @property
    def rank(self) -> tuple[float, int]:
        return round(self.cost, 6), -self.literals


class Interpreter:
    """Understands sentences by one locale's interaction model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        built_in = (
            Pattern(intent, tuple(t.word for t in words.tokens(said)))
            for intent, all_said in english.BUILT_IN.items()
            for said in all_said.split("|")
            if intent in model.slots
        )
        self._patterns = [*built_in, *model.patterns()]

    def hear(self, text: str, catalogs: Sequence[Catalog]) -> Heard:
        """The intent of a sentence said out of the blue; AMAZON.FallbackIntent if none is near."""
        heard = self._best(_bare(text), self._patterns, catalogs)
        near = heard and heard.distance <= (_KNOWN if heard.known else _UNKNOWN)
        return heard if heard and near else Heard(FALLBACK, {})

    def answer(self, text: str, intent: str, slot: str, catalogs: Sequence[Catalog]) -> Heard:
        """The intent of a sentence said when the value of `slot` was asked for."""
        given = self._best(_bare(text), self.model.answers(intent, slot), catalogs)
        if given and given.distance > _ANSWER:
            given = None
        if given and given.known and given.distance <= _SURE:
            return given
        other = self.hear(text, catalogs)
        elsewhere = other.intent != FALLBACK and other.distance <= _SURE
        return other if elsewhere or not given else given

    def _best(
        self, said: str, patterns: Iterable[Pattern], catalogs: Sequence[Catalog]
    ) -> Heard | None:
        spoken = words.tokens(said)
        if len(spoken) > _LONGEST:
            return None
        spans = Spans(said, spoken, self.model, catalogs)
        near = [p for p in patterns if _shares_a_word(p, spoken)]
        paths = [(_align(pattern, spoken, spans), pattern) for pattern in near]
        found = [(path.rank, path, p) for path, p in paths if path and path.enough(p)]
        if not found:
            return None
        _, path, pattern = min(found, key=lambda entry: entry[0])
        return _heard(pattern, path, spoken)


def _heard(pattern: Pattern, path: _Path, spoken: Sequence[Token]) -> Heard:
    whole = sum(english.weight(token.word) for token in spoken) + sum(map(_weight, pattern.parts))
    values = {slot: span.value for slot, span in path.spans}
    known = all(span.known for _, span in path.spans)
    return Heard(pattern.intent, values, path.cost / whole if whole else 1.0, known)


def _telling(pattern: Pattern) -> list[str]:
    return [p for p in pattern.parts if isinstance(p, str) and english.weight(p) >= 1]


def _shares_a_word(pattern: Pattern, spoken: Sequence[Token]) -> bool:
    telling = _telling(pattern)
    return not telling or any(
        english.distance(token.word, word) is not None for word in telling for token in spoken
    )


def _align(pattern: Pattern, spoken: Sequence[Token], spans: Spans) -> _Path | None:
    """The cheapest way to lay the pattern along all tokens, or None if a slot stays empty."""
    row: list[_Path | None] = [_Path(0.0)]
    for token in spoken:
        row.append(row[-1].skip(token.word) if row[-1] else None)
    for part in pattern.parts:
        row = _advance(row, part, spoken, spans)
    return row[-1]


def _advance(
    before: list[_Path | None], part: Part, spoken: Sequence[Token], spans: Spans
) -> list[_Path | None]:
    """The best paths after one more part, for each number of tokens used."""
    row: list[_Path | None] = []
    for used in range(len(spoken) + 1):
        options = _endings(before, part, spoken, spans, used)
        if used and (left := row[used - 1]):
            options.append(left.skip(spoken[used - 1].word))
        row.append(min(options, key=lambda path: path.rank, default=None))
    return row


def _endings(
    before: list[_Path | None], part: Part, spoken: Sequence[Token], spans: Spans, used: int
) -> list[_Path]:
    """The paths on which `part` ends exactly after `used` tokens (a word may also be left out)."""
    if isinstance(part, Slot):
        ending = [(before[span.start], span) for span in spans.ending(part.type, used)]
        return [path.fill(part.name, span) for path, span in ending if path]
    options = [path.skip(part)] if (path := before[used]) else []
    if used and (earlier := before[used - 1]):
        cost = english.distance(spoken[used - 1].word, part)
        options += [earlier.take(cost, part)] if cost is not None else []
    return options


def _bare(text: str) -> str:
    return english.without_courtesy(words.clean(text))


def _weight(part: Part) -> float:
    return 1.0 if isinstance(part, Slot) else english.weight(part)
