"""Sentences of the team's own, none of them a sample, find their intents by the samples alone."""

import re
from collections import Counter

import pytest

from benchmarks import understanding
from benchmarks.understanding import LOCALES
from sandbox.alexa.model import Model
from tests.voice.models import INTENTS, MODELS, intents

SLOT = "\0"
every_language = pytest.mark.parametrize("locale", LOCALES)


def plain(one: Model, said: str) -> str:
    """What is left of a sentence when spelling, contractions and spaces do not count."""
    language = one.language
    parts = [language.tokens(language.clean(part)) for part in said.split(SLOT)]
    return SLOT.join(" ".join(token.word for token in part) for part in parts)


def framed(one: Model, said: str) -> set[str]:
    """The sentence as it is, and with each known value as a slot, one or two of them."""
    clean, names = one.language.clean(said), list[str]()
    for rows in one.values.values():
        names += [name for v in rows for name in (v["name"]["value"], *v["name"]["synonyms"])]
    held = [name for name in map(one.language.clean, names) if name in clean]
    once = {clean.replace(name, SLOT, 1) for name in held}
    return {
        plain(one, s) for s in (clean, *once, *(s.replace(n, SLOT) for s in once for n in held))
    }


@every_language
def test_there_are_two_hundred_and_each_is_said_once(locale: str) -> None:
    rows = understanding.paraphrases(locale)
    assert len(rows) >= 200
    assert [said for said, n in Counter(said for _, said in rows).items() if n > 1] == []


@every_language
def test_every_intent_that_a_person_starts_with_is_among_them(locale: str) -> None:
    counts = Counter(intent for intent, _ in understanding.paraphrases(locale))
    assert set(counts) <= set(intents(MODELS[locale]))
    started = set(INTENTS) - {"PinIntent", "CorrectIntent"}
    assert {intent: counts[intent] for intent in started if counts[intent] < 10} == {}


@every_language
def test_none_is_a_sample(locale: str) -> None:
    one = understanding.model(locale)
    known = {
        plain(one, re.sub(r"\{\w+\}", SLOT, sample))
        for intent in intents(MODELS[locale]).values()
        for sample in intent["samples"]
    }
    said = [said for _, said in understanding.paraphrases(locale)]
    assert [sentence for sentence in said if framed(one, sentence) & known] == []


@every_language
def test_the_samples_carry_to_them(locale: str) -> None:
    score = understanding.classify(locale)
    assert score.accuracy >= 0.95, score.wrong


@every_language
def test_nothing_but_the_samples_is_learned_from(locale: str) -> None:
    one = understanding.model(locale)
    learned = {plain(one, said) for _, said in understanding.samples(one, locale)}
    assert not learned & {plain(one, said) for _, said in understanding.paraphrases(locale)}
