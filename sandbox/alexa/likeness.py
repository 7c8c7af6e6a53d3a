"""What a sentence most probably means that follows no sample: the intent whose samples it is most
like. Words, pairs of neighbours and beginnings of words are compared; the rare ones count most.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

from sandbox.alexa.language import Language
from sandbox.alexa.model import Model, Pattern, Slot
from sandbox.alexa.spans import TELLS, Spans, built_in_value
from sandbox.alexa.words import Token

# How like the nearest samples a sentence has to be (1: it is one of them), and how much more like
# them than like those of any other intent; or less like them, if nearly all words are known and no
# other intent comes near.
_LIKE, _APART = 0.45, 0.03
_LESS, _FAR_APART, _HARDLY_STRANGE = 0.36, 0.08, 0.2
_PAIR, _BEGINNING, _STRANGE_PAIR = 0.6, 0.6, 0.3
_STRANGE = 0.34
_LETTERS, _NEAREST, _LONGEST = 4, 3, 6
_ORDINAL = "AMAZON.Ordinal"
# What may be said in one place: words, and slot types in brackets. Of a sentence, or of a sample.
Row = Sequence[tuple[str, ...]]
Weights = dict[str, float]


@dataclass(frozen=True)
class Part:
    """A word of a sentence, or a name that is a value of the slot types `kinds`."""

    # Empty where only the name counts.
    word: str
    tokens: tuple[Token, ...]
    kinds: tuple[str, ...]
    # Whether it tells what is meant: a bare name or number does not.
    tells: bool

    def fits(self, kinds: Iterable[str]) -> bool:
        """Whether an intent whose slots are of these types may be meant."""
        own = {kind for kind in self.kinds if not kind.startswith("AMAZON.")}
        return bool(self.word) or not own or not own.isdisjoint(kinds)


@dataclass(frozen=True)
class Likely:
    """An intent, what its slots heard, and how like its samples the sentence is (0 to 1)."""

    intent: str
    slots: dict[str, str]
    likeness: float


class Likeness:
    """The samples of a model, found by what they have in common with a sentence."""

    def __init__(self, model: Model, patterns: Sequence[Pattern]) -> None:
        self._model, self._language, self._patterns = model, model.language, patterns

    def likely(self, said: str, spoken: Sequence[Token], spans: Spans) -> Likely | None:
        """None if it is like nothing, or like too much, or holds a "not"."""
        parts = list(self._parts(spoken, spans))
        strange = self._strange(parts)
        negated = any(self._language.negates(token.word) for token in spoken)
        if negated or strange > _STRANGE:
            return None
        likeness = self._likelinesses(parts)
        best = nlargest(2, likeness, key=likeness.__getitem__)
        like, other = (*(likeness[one] for one in best), 0.0, 0.0)[:2]
        surely = like >= _LIKE and like - other >= _APART
        likely = like >= _LESS and like - other >= _FAR_APART and strange <= _HARDLY_STRANGE
        if not (surely or likely):
            return None
        return Likely(best[0], self._slots(best[0], parts, said), like)

    def _parts(self, spoken: Sequence[Token], spans: Spans) -> Iterator[Part]:
        """The sentence from left to right: the longest names that Alexa knows, and words."""
        at = 0
        while at < len(spoken):
            # An article is a word of its own.
            light = self._language.weight(spoken[at].word) < TELLS
            ends = range(min(len(spoken), at + (1 if light else _LONGEST)), at, -1)
            named = ((end, self._kinds(at, end, spans)) for end in ends)
            end, kinds = next((one for one in named if one[1]), (at + 1, ()))
            yield self._part(spoken[at:end], kinds)
            at = end

    def _part(self, tokens: Sequence[Token], kinds: tuple[str, ...]) -> Part:
        word = tokens[0].word
        # "It" is a name, and a word of many samples too; so is "patch".
        both = len(tokens) == 1 and "w" + self._language.root(word) in self._rarity
        kept = word if not kinds or both else ""
        digits = self._language.code(tuple(tokens)) is not None
        telling = bool(kept) and self._language.weight(word) >= TELLS or _ORDINAL in kinds
        return Part(kept, tuple(tokens), kinds, telling and not digits)

    def _strange(self, parts: Iterable[Part]) -> float:
        """The share of words that no sample holds, of those that tell something; 1 if none do."""
        told = [part for part in parts if part.tells]
        if not told:
            return 1.0
        words = [part.word for part in told if not part.kinds]
        strange = sum("w" + self._language.root(word) not in self._rarity for word in words)
        return strange / len(told)

    def _holds(self, intent: str, parts: Iterable[Part]) -> bool:
        """Whether the intent has a slot for every name of the sentence."""
        kinds = set(self._model.slots[intent].values())
        return all(part.fits(kinds) for part in parts)

    def _kinds(self, start: int, end: int, spans: Spans) -> tuple[str, ...]:
        return tuple(
            kind
            for kind in self._types
            if any(span.known and span.start == start for span in spans.ending(kind, end))
        )

    def _slots(self, intent: str, parts: Iterable[Part], said: str) -> dict[str, str]:
        """Each slot with the first name that it may hold; no name is in two of them."""
        free, filled = list(parts), {}
        for slot, kind in self._model.slots[intent].items():
            fits = next((part for part in free if kind in part.kinds), None)
            if fits:
                own = built_in_value(kind, fits.tokens, self._language)
                filled[slot] = own or said[fits.tokens[0].start : fits.tokens[-1].end]
                free.remove(fits)
        return filled

    def _likelinesses(self, parts: Sequence[Part]) -> Weights:
        """How likely each intent is, what may be a word or a name taken for either."""
        words = self._likeness([(part.word,) if part.word else _names(part) for part in parts])
        names = self._likeness([_names(part) or (part.word,) for part in parts])
        likely = {one: max(words.get(one, 0), names.get(one, 0)) for one in words | names}
        return {one: likeness for one, likeness in likely.items() if self._holds(one, parts)}

    def _likeness(self, row: Row) -> Weights:
        """How like each intent's nearest samples the sentence is."""
        ours = _unit(self._weighed(row))
        found: dict[int, float] = defaultdict(float)
        for sign, weight in ours.items():
            for at, theirs in self._holding.get(sign, ()):
                found[at] += weight * theirs
        each: dict[str, list[float]] = defaultdict(list)
        for at, likeness in found.items():
            each[self._patterns[at].intent].append(likeness)
        return {intent: _mean(nlargest(_NEAREST, all_)) for intent, all_ in each.items()}

    def _weighed(self, row: Row) -> Weights:
        strange = math.log(1 + len(self._patterns))
        rare = {True: strange, False: strange * _STRANGE_PAIR}
        signs = _features(row, self._language)
        return {s: n * self._rarity.get(s, rare[s[0] == "w"]) for s, n in signs.items()}

    @cached_property
    def _types(self) -> list[str]:
        return sorted({kind for slots in self._model.slots.values() for kind in slots.values()})

    @cached_property
    def _samples(self) -> list[Weights]:
        rows = ([(_sign(part),) for part in pattern.parts] for pattern in self._patterns)
        return [_features(row, self._language) for row in rows]

    @cached_property
    def _rarity(self) -> Weights:
        held = Counter(sign for sample in self._samples for sign in sample)
        return {sign: math.log(1 + len(self._samples) / n) for sign, n in held.items()}

    @cached_property
    def _holding(self) -> dict[str, list[tuple[int, float]]]:
        """The samples that hold a sign, with what it weighs in each."""
        holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, sample in enumerate(self._samples):
            for sign, weight in _unit({s: n * self._rarity[s] for s, n in sample.items()}).items():
                holding[sign].append((at, weight))
        return dict(holding)


def _sign(part: str | Slot) -> str:
    return part if isinstance(part, str) else f"<{part.type}>"


def _names(part: Part) -> tuple[str, ...]:
    return tuple(f"<{kind}>" for kind in part.kinds)


def _features(row: Row, language: Language) -> Weights:
    """What a row of words is compared by."""
    roots = [tuple(s if s[0] == "<" else language.root(s) for s in signs) for signs in row]
    found: Weights = defaultdict(float)
    for signs in roots:
        for sign in signs:
            found["w" + sign] += 1
            if sign[0] != "<" and len(sign) > _LETTERS:
                found["b" + sign[:_LETTERS]] += _BEGINNING
    for before, after in zip([("",), *roots], [*roots, ("",)], strict=True):
        for pair in (f"p{one} {other}" for one in before for other in after):
            found[pair] += _PAIR
    return found


def _unit(weights: Weights) -> Weights:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {sign: weight / length for sign, weight in weights.items()}


def _mean(nearest: list[float]) -> float:
    """The nearest sample counts most: one that fits is worth more than three that nearly do."""
    return 0.7 * nearest[0] + 0.3 * sum(nearest) / _NEAREST
