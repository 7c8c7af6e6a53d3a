"""What may be said to the skill: the samples of the interaction model, with what fills slots."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.alexa import words
from sandbox.alexa.english import BUILT_IN
from sandbox.alexa.model import Model

_PART = re.compile(r"\{(\w+)\}|([^{}\s]+)")
_NAME_PART = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_DIGITS = "zero one two three four five six seven eight nine".split()
_ORDINALS = [*words.ORDINALS, "last"]
_SMALL = {value: word for word, value in words.NUMBERS.items()}
OPENINGS = ("open", "launch", "start", "begin", "resume", "talk to", "use")
ASKINGS = ("ask", "tell", "have", "use")
JOININGS = ("to", "for", "about", "if", "whether", "that", "and")
_PIN, _DIGIT = "AMAZON.FOUR_DIGIT_NUMBER", "<digit>"

# A word, or a slot type in angle brackets.
Symbol = str
Sentence = tuple[Symbol, ...]
Fillings = dict[Symbol, set[Sentence]]


def commands(model: Model) -> set[Sentence]:
    """What may be said out of the blue: the samples of the skill's own intents."""
    found: set[Sentence] = set()
    for intent in _intents(model):
        if not intent["name"].startswith("AMAZON."):
            kinds = model.slots[intent["name"]]
            found |= {_sentence(sample, kinds) for sample in intent.get("samples", [])}
    return {said for said in found if _DIGIT not in said}


def answers(model: Model) -> set[Sentence]:
    """What may be said in a conversation too: Alexa's own intents, values of slots, the PIN."""
    said = {tuple(spoken(each)) for names in BUILT_IN.values() for each in names.split("|")}
    for intent in _intents(model):
        kinds = model.slots[intent["name"]]
        said |= {_sentence(sample, kinds) for sample in _samples(intent)}
    return said


def pins() -> set[Sentence]:
    """What answers Alexa's own question for the PIN."""
    leaving = [BUILT_IN[f"AMAZON.{name}Intent"].split("|") for name in ("Cancel", "Stop", "No")]
    digits = (_DIGIT,) * 4
    return {digits, ("my", "pin", "is", *digits)} | {
        tuple(spoken(each)) for said in leaving for each in said
    }


def fillings(model: Model, live: Mapping[str, Iterable[str]]) -> Fillings:
    """What fills a slot of each type: the model's values and synonyms, and the live names."""
    digits = [(digit,) for digit in [*_DIGITS, "oh"]]
    filled: Fillings = {kind("AMAZON.Ordinal"): {(place,) for place in _ORDINALS}}
    filled[_DIGIT] = set(digits)
    for name, values in model.values.items():
        said = [_called(value["name"]) for value in values]
        known = {each for names in (*said, live.get(name, ())) for each in names}
        filled[kind(name)] = {tuple(way) for each in known for way in ways(each)} - {()}
    return filled


def kind(slot_type: str) -> Symbol:
    """The symbol of a slot type."""
    return f"<{slot_type}>"


def spoken(text: str) -> list[str]:
    """A text as the words that are said for it: "web-12" is web twelve."""
    parts = _NAME_PART.findall(text.lower().replace(".", " ").replace("_", " "))
    return [word for part in parts for word in (_number(part) if part.isdecimal() else [part])]


def ways(name: str) -> Iterator[list[str]]:
    """The ways to say a name: numbers as numbers, or digit by digit."""
    yield spoken(name)
    if re.search(r"\d\d", name):
        yield spoken(re.sub(r"\d", lambda digit: f" {digit[0]} ", name))


def _called(name: Mapping[str, Any]) -> list[str]:
    return [name["value"], *(name.get("synonyms") or [])]


def _intents(model: Model) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model.document["interactionModel"]["languageModel"]["intents"]
    return found


def _samples(intent: Mapping[str, Any]) -> list[str]:
    values = [sample for slot in intent.get("slots", []) for sample in slot.get("samples") or []]
    return [*intent.get("samples", []), *values]


def _sentence(sample: str, kinds: Mapping[str, str]) -> Sentence:
    said: list[Symbol] = []
    for slot, text in _PART.findall(sample):
        if slot and kinds[slot] == _PIN:
            said += [_DIGIT] * 4
        else:
            said += [kind(kinds[slot])] if slot else spoken(text)
    return tuple(said)


def _number(digits: str) -> list[str]:
    """A number in words; from a hundred on, and after a zero, digit by digit."""
    value = int(digits)
    if value in _SMALL:
        return [_SMALL[value]]
    if value < 100:
        return [_SMALL[value // 10 * 10], _SMALL[value % 10]]
    return [_DIGITS[int(digit)] for digit in digits]
