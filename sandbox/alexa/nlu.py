"""Which intent a sentence means: every sample is laid along it, the cheapest alignment wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sandbox.alexa.alignment import Path, Sentence
from sandbox.alexa.language import Language
from sandbox.alexa.likeness import Likeness
from sandbox.alexa.model import Model, Pattern
from sandbox.alexa.resolution import Catalog
from sandbox.alexa.spans import Spans

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


class Interpreter:
    """Understands sentences by one locale's interaction model."""

    def __init__(self, model: Model) -> None:
        self.model, self.language = model, model.language
        built_in = (
            Pattern(intent, tuple(token.word for token in self.language.tokens(said)))
            for intent, all_said in self.language.built_in.items()
            for said in all_said.split("|")
            if intent in model.slots
        )
        samples = [*built_in, *model.patterns]
        self._patterns, self._likeness = Patterns(samples, self.language), Likeness(model, samples)
        self._answers = cache(lambda i, slot: Patterns(model.answers(i, slot), self.language))

    def hear(self, text: str, catalogs: Sequence[Catalog]) -> Heard:
        """The intent of a sentence said out of the blue; AMAZON.FallbackIntent if none is near.

        What follows a sample is meant by it. Else the intent that it is most like is meant, if any,
        before a name that Alexa does not know is made of what was said.
        """
        said = self._bare(text)
        heard = self._best(said, self._patterns, catalogs)
        near = heard and heard.distance <= (_KNOWN if heard.known else _UNKNOWN)
        if heard and near and heard.known:
            return heard
        likely = self._likely(said, catalogs)
        if heard and near and (not likely or likely.intent == heard.intent):
            return heard
        return likely or Heard(FALLBACK, {})

    def _likely(self, said: str, catalogs: Sequence[Catalog]) -> Heard | None:
        spoken = self.language.tokens(said)
        if len(spoken) > _LONGEST:
            return None
        spans = Spans(said, spoken, self.model, catalogs)
        found = self._likeness.likely(said, spoken, spans)
        return Heard(found.intent, found.slots, 1 - found.likeness) if found else None

    def answer(self, text: str, intent: str, slot: str, catalogs: Sequence[Catalog]) -> Heard:
        """The intent of a sentence said when the value of `slot` was asked for."""
        given = self._best(self._bare(text), self._answers(intent, slot), catalogs)
        if given and given.distance > _ANSWER:
            given = None
        if given and given.known and given.distance <= _SURE:
            return given
        other = self.hear(text, catalogs)
        elsewhere = other.intent != FALLBACK and other.distance <= _SURE
        return other if elsewhere or not given else given

    def _bare(self, text: str) -> str:
        return self.language.without_courtesy(self.language.clean(text))

    def _best(self, said: str, patterns: "Patterns", catalogs: Sequence[Catalog]) -> Heard | None:
        spoken = self.language.tokens(said)
        if len(spoken) > _LONGEST:
            return None
        spans = Spans(said, spoken, self.model, catalogs)
        sentence = Sentence(spoken, spans, self.language)
        found = patterns.nearest(sentence)
        return found and self._heard(*found, sentence)

    def _heard(self, path: Path, pattern: Pattern, sentence: Sentence) -> Heard:
        whole = sentence.weight + _weight(pattern, self.language)
        values = {slot: span.value for slot, span in path.spans}
        known = all(span.known for _, span in path.spans)
        return Heard(pattern.intent, values, path.cost / whole if whole else 1.0, known)


def _weight(pattern: Pattern, language: Language) -> float:
    """What all its words say; a slot is one."""
    slots = len(pattern.parts) - len(pattern.literals)
    return slots + sum(map(language.weight, pattern.literals))


class Patterns:
    """Sample utterances, the nearest of which is wanted."""

    def __init__(self, patterns: list[Pattern], language: Language) -> None:
        self._patterns, self._language = patterns, language
        self._weights = [_weight(pattern, language) for pattern in patterns]
        # What a pattern costs of which no word is said, and the patterns that a word stands in.
        self._unsaid = [sum(map(language.weight, pattern.literals)) for pattern in patterns]
        self._holding: dict[str, list[int]] = {}
        for at, pattern in enumerate(patterns):
            for word in pattern.literals:
                self._holding.setdefault(word, []).append(at)
        self._alike = lru_cache(4096)(self._words_like)

    def nearest(self, sentence: Sentence) -> tuple[Path, Pattern] | None:
        """The first of the cheapest alignments. What cannot be as cheap is not tried."""
        best: tuple[tuple[float, int], int, Path] | None = None
        for bound, at in self._promising(sentence):
            most = best[0][0] + 1e-6 if best else _ANSWER * (sentence.weight + self._weights[at])
            if bound > most:
                break
            path = sentence.align(self._patterns[at], most)
            if path and path.enough(self._patterns[at], self._language):
                found = (path.rank, at, path)
                best = min(best or found, found, key=lambda one: one[:2])
        return (best[2], self._patterns[best[1]]) if best else None

    def _promising(self, sentence: Sentence) -> list[tuple[float, int]]:
        """The least that each pattern costs, the cheapest first; none that is too far anyway."""
        bounds = list(self._unsaid)
        for word, cost in self._nearest(sentence).items():
            saved = self._language.weight(word) - cost
            for at in self._holding[word]:
                bounds[at] -= saved
        said = sentence.weight
        rows = zip(bounds, range(len(bounds)), self._weights, strict=True)
        return sorted((b, at) for b, at, weight in rows if b <= _ANSWER * (said + weight) + 1e-6)

    def _nearest(self, sentence: Sentence) -> dict[str, float]:
        """The expected words that are like a word that was said, with the least cost of each."""
        costs: dict[str, float] = {}
        for said in sentence.words:
            for word, cost in self._alike(said):
                costs[word] = min(cost, costs.get(word, cost))
        return costs

    def _words_like(self, said: str) -> list[tuple[str, float]]:
        found = [(word, self._language.distance(said, word)) for word in self._holding]
        return [(word, cost) for word, cost in found if cost is not None]
