"""The interaction models keep Amazon's rules and the public names."""

import re
from collections import Counter
from typing import Any

from tests.voice.models import (
    BUILT_IN,
    FOLDER,
    FORBIDDEN_IN_NAME,
    GROUPS,
    INTENTS,
    MODELS,
    SAMPLE,
    TYPES,
    Model,
    every_model,
    fold,
    intents,
    samples,
    slot_samples,
    values,
)


@every_model
def test_intents_and_slots_are_the_public_ones(locale: str) -> None:
    found = intents(MODELS[locale])
    custom = {n: [s["name"] for s in i.get("slots", [])] for n, i in found.items() if n in INTENTS}
    assert custom == INTENTS
    assert set(found) - set(INTENTS) == {f"AMAZON.{name}Intent" for name in BUILT_IN}
    typed = {slot["name"]: slot["type"] for i in found.values() for slot in i.get("slots", [])}
    assert typed == TYPES


@every_model
def test_every_intent_has_at_least_twenty_five_samples(locale: str) -> None:
    few = {n: len(i["samples"]) for n, i in intents(MODELS[locale]).items() if n in INTENTS}
    assert {name: count for name, count in few.items() if count < 25} == {}


@every_model
def test_samples_hold_only_what_a_sample_may_hold(locale: str) -> None:
    model = MODELS[locale]
    said = [s for _, s in samples(model)] + [s for _, _, s in slot_samples(model)]
    assert [s for s in said if not SAMPLE[locale[:2]].fullmatch(s)] == []


@every_model
def test_slots_in_samples_are_declared_and_every_slot_is_used(locale: str) -> None:
    model = MODELS[locale]
    for name, intent in intents(model).items():
        declared = {slot["name"] for slot in intent.get("slots", [])}
        used = {slot for s in intent.get("samples", []) for slot in re.findall(r"\{(\w+)\}", s)}
        assert used == declared, name
    for name, slot, sample in slot_samples(model):
        assert re.findall(r"\{(\w+)\}", sample) == [slot], (name, sample)


@every_model
def test_no_slot_stands_twice_in_a_sample_and_none_stands_alone(locale: str) -> None:
    for intent, sample in samples(MODELS[locale]):
        used = re.findall(r"\{\w+\}", sample)
        assert len(used) == len(set(used)), (intent, sample)
        assert re.sub(r"\{\w+\}", "", sample).strip(), (intent, sample)


@every_model
def test_search_query_stands_alone_with_a_carrier(locale: str) -> None:
    for intent in intents(MODELS[locale]).values():
        kinds = {s["name"]: s["type"] for s in intent.get("slots", [])}
        for sample in intent.get("samples", []):
            used = [kinds[name] for name in re.findall(r"\{(\w+)\}", sample)]
            assert "AMAZON.SearchQuery" not in used or len(used) == 1


@every_model
def test_no_sample_is_said_twice(locale: str) -> None:
    said = Counter(fold(sample) for _, sample in samples(MODELS[locale]))
    assert [sample for sample, times in said.items() if times > 1] == []
    asked = Counter((i, s, fold(sample)) for i, s, sample in slot_samples(MODELS[locale]))
    assert [sample for sample, times in asked.items() if times > 1] == []


@every_model
def test_no_two_intents_differ_only_by_the_type_of_a_slot(locale: str) -> None:
    meant: dict[str, set[str]] = {}
    for intent, sample in samples(MODELS[locale]):
        meant.setdefault(re.sub(r"\{\w+\}", "{}", fold(sample)), set()).add(intent)
    assert {said: names for said, names in meant.items() if len(names) > 1} == {}


@every_model
def test_slot_types_are_not_empty_and_clash_with_no_built_in(locale: str) -> None:
    types = MODELS[locale]["languageModel"]["types"]
    assert sorted(t["name"] for t in types) == sorted(k for k in TYPES.values() if "." not in k)
    assert all(kind["values"] and not kind["name"].startswith("AMAZON.") for kind in types)


@every_model
def test_values_have_unique_ids_and_no_synonym_means_two_of_them(locale: str) -> None:
    for kind in MODELS[locale]["languageModel"]["types"]:
        ids = [value["id"] for value in kind["values"]]
        assert len(ids) == len(set(ids)), kind["name"]
        spoken = Counter(
            said
            for value in kind["values"]
            for said in {fold(s) for s in (value["name"]["value"], *value["name"]["synonyms"])}
        )
        assert [s for s, times in spoken.items() if times > 1] == [], kind["name"]
        assert all(0 < len(s) <= 140 for s in spoken), kind["name"]


@every_model
def test_groups_and_severities_have_their_public_ids(locale: str) -> None:
    model = MODELS[locale]
    assert {v["id"] for v in values(model, "GROUP")} == GROUPS
    assert {v["id"] for v in values(model, "SEVERITY")} == {"CRITICAL", "HIGH", "MEDIUM", "LOW"}


@every_model
def test_instances_are_those_of_the_default_scenario(locale: str) -> None:
    counts = {"web": 4, "database": 2, "batch": 3, "api": 2}
    names = {f"{group}-{n}" for group, top in counts.items() for n in range(1, top + 1)}
    assert {v["id"] for v in values(MODELS[locale], "INSTANCE")} == names | {"bastion", "IT"}


@every_model
def test_the_invocation_name_is_allowed(locale: str) -> None:
    name = MODELS[locale]["languageModel"]["invocationName"]
    assert not any(word in name.split() for word in FORBIDDEN_IN_NAME["en"])
    assert not any(word in name for word in FORBIDDEN_IN_NAME["ja"])
    public = {"en": "duty officer", "ja": "セキュリティ当番"}[locale[:2]]
    assert name.replace(" ", "") == public.replace(" ", "")


@every_model
def test_fallback_sensitivity_is_set_where_it_is_allowed(locale: str) -> None:
    tuned = MODELS[locale]["languageModel"].get("modelConfiguration", {})
    allowed = locale.startswith("en-")
    assert ("fallbackIntentSensitivity" in tuned) == allowed
    assert not allowed or tuned["fallbackIntentSensitivity"]["level"] in ("LOW", "MEDIUM", "HIGH")


@every_model
def test_the_model_is_within_its_limits(locale: str) -> None:
    model = MODELS[locale]
    assert (FOLDER / f"{locale}.json").stat().st_size < 1_500_000
    assert len(intents(model)) + len(model["languageModel"]["types"]) <= 350


def test_isolation_is_never_asked_for_with_alexas_own_word() -> None:
    said = intents(MODELS["en-US"])["IsolateIntent"]["samples"]
    assert [sample for sample in said if "stop" in sample.split()] == []


def test_all_locales_have_the_same_structure() -> None:
    def structure(model: Model) -> tuple[Any, ...]:
        kinds = [
            (t["name"], [v["id"] for v in t["values"]]) for t in model["languageModel"]["types"]
        ]
        slots = [(n, i.get("slots") and len(i["slots"])) for n, i in intents(model).items()]
        return kinds, slots, model["dialog"], [prompt["id"] for prompt in model["prompts"]]

    first, *others = map(structure, MODELS.values())
    assert all(other == first for other in others)
