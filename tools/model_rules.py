"""Alexa's rules for interaction models that no schema covers; each broken one with its place."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from tools import name_rules

MOST_BYTES, MOST_INTENTS, MOST_WITH_TYPES, MOST_LETTERS = 1_500_000, 250, 350, 140
# Where a person may begin, fewer are too few to be understood.
FEWEST = 25
NEEDED = tuple(f"AMAZON.{name}Intent" for name in "Cancel Help Stop NavigateHome Fallback".split())
# Asked for with a question of the skill's own.
ANSWERS = ("AMAZON.YesIntent", "AMAZON.NoIntent")
BUILT_IN_TYPES = {
    f"AMAZON.{name}"
    for name in "NUMBER FOUR_DIGIT_NUMBER DURATION DATE TIME Ordinal SearchQuery".split()
}
TUNED = re.compile(r"en-[A-Z]{2}|de-DE")
_SLOT = re.compile(r"\{(\w+)\}")
_ENGLISH = re.compile(
    r"(?:[a-z]\.|[a-z][a-z'-]*|\{[a-z]+\}(?:'s)?)(?: (?:[a-z]\.|[a-z][a-z'-]*|\{[a-z]+\}(?:'s)?))*"
)
_JAPANESE = re.compile(
    r"(?:[ぁ-ゖァ-ヺー々一-龥]+|\{[a-z]+\})(?: (?:[ぁ-ゖァ-ヺー々一-龥]+|\{[a-z]+\}))*"
)
_ACRONYMS = set("api aws cpu cve dns ebs ec ecs eni iam id ip sg ssh ssm vm vpc".split())
# Alexa hears these as its own word before a skill does.
_OWN = re.compile(r"(?:stop|cancel|exit|quit)\b")

Model = dict[str, Any]


def broken(models: dict[str, Model]) -> Iterator[str]:
    """Every broken rule as "locale: place: what"."""
    for locale, document in models.items():
        model = document["interactionModel"]
        rules = (_samples, _slots, _frames, _types, _built_in, _dialog, _prompts, _limits)
        for rule in (*rules, name_rules.invocation):
            yield from (f"{locale}: {wrong}" for wrong in rule(model, locale))
    yield from _alike(models)


def fold(text: str) -> str:
    """Samples that differ in nothing but this are the same."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _intents(model: Model) -> list[dict[str, Any]]:
    intents: list[dict[str, Any]] = model["languageModel"]["intents"]
    return intents


def _said(model: Model) -> Iterator[tuple[str, str, bool]]:
    """(place, sample, whether it only answers a question) of every sample."""
    for intent in _intents(model):
        yield from ((intent["name"], sample, False) for sample in intent["samples"])
        for slot in intent.get("slots", ()):
            place = f"{intent['name']}.{slot['name']}"
            yield from ((place, sample, True) for sample in slot.get("samples", ()))


def _samples(model: Model, locale: str) -> Iterator[str]:
    allowed = _JAPANESE if locale.startswith("ja") else _ENGLISH
    for place, sample, answers in _said(model):
        used = _SLOT.findall(sample)
        if not allowed.fullmatch(sample):
            yield f"{place}: {sample!r} holds what a sample may not hold"
        if acronyms := _ACRONYMS & set(sample.split()):
            yield f"{place}: {sample!r}: spell {', '.join(acronyms)} as letters"
        if len(used) != len(set(used)):
            yield f"{place}: {sample!r} holds a slot twice"
        if not answers and not _SLOT.sub("", sample).strip():
            yield f"{place}: {sample!r} is nothing but slots"
        if _OWN.match(sample) and place not in ("AMAZON.StopIntent", "AMAZON.CancelIntent"):
            yield f"{place}: {sample!r} begins with Alexa's own word"


def _slots(model: Model, _: str) -> Iterator[str]:
    for intent in _intents(model):
        name, kinds = intent["name"], {s["name"]: s["type"] for s in intent.get("slots", ())}
        used = {slot for sample in intent["samples"] for slot in _SLOT.findall(sample)}
        yield from (f"{name}: no slot {one}" for one in sorted(used - set(kinds)))
        asked = {slot["name"] for slot in intent.get("slots", ()) if slot.get("samples")}
        yield from (f"{name}: nothing fills {one}" for one in sorted(set(kinds) - used - asked))
        for slot in intent.get("slots", ()):
            for sample in slot.get("samples", ()):
                if slot["name"] not in _SLOT.findall(sample):
                    yield f"{name}.{slot['name']}: {sample!r} does not hold the slot"
        for sample in intent["samples"]:
            free = [s for s in _SLOT.findall(sample) if kinds.get(s) == "AMAZON.SearchQuery"]
            if free and len(_SLOT.findall(sample)) > 1:
                yield f"{name}: {sample!r}: {free[0]} must be the only slot"


def _frames(model: Model, _: str) -> Iterator[str]:
    """No sample twice, and no two intents whose samples differ by the name of a slot alone."""
    meant: dict[str, set[str]] = defaultdict(set)
    told = Counter((place, fold(sample)) for place, sample, _ in _said(model))
    twice = [one for one, count in told.items() if count > 1]
    yield from (f"{place}: {sample!r} stands there twice" for place, sample in twice)
    for place, sample, answers in _said(model):
        if not answers:
            meant[_SLOT.sub("{}", fold(sample))].add(place)
    for frame, places in meant.items():
        if len(places) > 1:
            yield f"{', '.join(sorted(places))}: {frame!r} means all of them"


def _types(model: Model, _: str) -> Iterator[str]:
    own = {kind["name"]: kind["values"] for kind in model["languageModel"]["types"]}
    used: dict[str, set[str]] = defaultdict(set)
    for intent in _intents(model):
        for slot in intent.get("slots", ()):
            used[slot["name"]].add(slot["type"])
    for slot_name, kinds in used.items():
        if len(kinds) > 1:
            yield f"{slot_name}: is {', '.join(sorted(kinds))}"
        yield from (f"{slot_name}: no type {k}" for k in sorted(kinds - set(own) - BUILT_IN_TYPES))
    for name, values in own.items():
        if not values or name.startswith("AMAZON."):
            yield f"{name}: is empty, or named like a built-in type"
        yield from (f"{name}: {wrong}" for wrong in _values(values))


def _values(values: list[dict[str, Any]]) -> Iterator[str]:
    ids = Counter(value["id"] for value in values)
    yield from (f"id {one} stands {count} times" for one, count in ids.items() if count > 1)
    names = [
        {fold(said) for said in (value["name"]["value"], *value["name"]["synonyms"])}
        for value in values
    ]
    spoken = Counter(said for one in names for said in one)
    for said, count in spoken.items():
        if count > 1:
            yield f"{said!r} means {count} values"
        if not 0 < len(said) <= MOST_LETTERS:
            yield f"{said!r:.60} has {len(said)} letters"


def _built_in(model: Model, locale: str) -> Iterator[str]:
    present = {intent["name"]: len(intent["samples"]) for intent in _intents(model)}
    yield from (f"{name}: is missing" for name in (*NEEDED, *ANSWERS) if name not in present)
    for name, count in present.items():
        if not name.startswith("AMAZON.") and count < FEWEST:
            yield f"{name}: has {count} samples, fewer than {FEWEST}"
    tuned = "fallbackIntentSensitivity" in model["languageModel"].get("modelConfiguration", {})
    if tuned and not TUNED.fullmatch(locale):
        yield "modelConfiguration: fallbackIntentSensitivity is not known here"


def _dialog(model: Model, _: str) -> Iterator[str]:
    """What is asked for is in the dialog, as declared, and can be answered."""
    declared = {intent["name"]: intent.get("slots", []) for intent in _intents(model)}
    for led in model["dialog"]["intents"]:
        slots = {slot["name"]: slot for slot in declared.get(led["name"], ())}
        for slot in led["slots"]:
            known = slots.get(slot["name"], {})
            if known.get("type") != slot["type"]:
                yield f"dialog {led['name']}.{slot['name']}: is not a slot of the intent"
            if slot["elicitationRequired"] and not known.get("samples"):
                yield f"dialog {led['name']}.{slot['name']}: nothing answers the question"
    led_by_skill = {led["name"] for led in model["dialog"]["intents"]}
    for name, slots in declared.items():
        if any(slot.get("samples") for slot in slots) and name not in led_by_skill:
            yield f"{name}: answers to a question that no dialog asks"


def _prompts(model: Model, _: str) -> Iterator[str]:
    prompts = {prompt["id"]: prompt["variations"] for prompt in model["prompts"]}
    asked = {
        slot["prompts"]["elicitation"]: {one["name"] for one in led["slots"]}
        for led in model["dialog"]["intents"]
        for slot in led["slots"]
        if slot["elicitationRequired"]
    }
    for id_ in sorted(set(prompts) ^ set(asked)):
        yield f"prompt {id_}: {'is asked for but missing' if id_ in asked else 'is never asked'}"
    for id_, variations in prompts.items():
        named = {slot for one in variations for slot in _SLOT.findall(one["value"])}
        if not variations or not named <= asked.get(id_, named):
            yield f"prompt {id_}: has no variation, or names a slot of another intent"


def _limits(model: Model, _: str) -> Iterator[str]:
    intents, types = len(_intents(model)), len(model["languageModel"]["types"])
    size = len(json.dumps({"interactionModel": model}, ensure_ascii=False).encode())
    if intents > MOST_INTENTS or intents + types > MOST_WITH_TYPES or size > MOST_BYTES:
        yield f"model: {intents} intents, {types} types, {size} bytes"


def _alike(models: dict[str, Model]) -> Iterator[str]:
    shapes = {locale: _shape(model["interactionModel"]) for locale, model in models.items()}
    first, *others = shapes
    for locale in others:
        for part, shape in shapes[locale].items():
            if shape != shapes[first][part]:
                yield f"{locale}: {part}: is not as in {first}"


def _shape(model: Model) -> dict[str, Any]:
    intents = [
        (i["name"], [(s["name"], s["type"], "samples" in s) for s in i.get("slots", ())])
        for i in _intents(model)
    ]
    types = [(t["name"], [v["id"] for v in t["values"]]) for t in model["languageModel"]["types"]]
    prompts = [prompt["id"] for prompt in model["prompts"]]
    return {"intents": intents, "types": types, "dialog": model["dialog"], "prompts": prompts}
