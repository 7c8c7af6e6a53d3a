"""The models are what their sources say, and a source that breaks a rule of Alexa's is refused."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from skill.voice.intents import INTENTS as ROWS
from tests.docs.markdown import fences
from tests.voice.models import ASKED_FOR, FOLDER, MODELS, Model, every_model, intents
from tools import interaction, model_rules
from tools.patterns import BadPattern, expand

WORDS = {"g": "({group}|the {group} servers)", "loud": "(very|<g>)"}
ENGLISH, JAPANESE = "en-US", "ja-JP"
MADE = interaction.files()


@pytest.mark.parametrize("name", MADE)
def test_the_files_are_what_make_interaction_writes(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == interaction.text(MADE[name])


def test_every_locale_has_its_model() -> None:
    assert set(MADE) == {*(f"{locale}.json" for locale in MODELS), "skill.json"}


@pytest.mark.parametrize("locale", ["en-GB", "en-AU", "en-CA", "en-IN"])
def test_english_is_the_same_everywhere(locale: str) -> None:
    assert MODELS[locale] == MODELS[ENGLISH]


@every_model
def test_what_the_skill_asks_for_is_in_the_dialog(locale: str) -> None:
    asked = {name: row.elicit for name, row in ROWS.items() if row.elicit}
    assert {**asked, "PinIntent": "pin"} == ASKED_FOR
    assert set(ASKED_FOR) == {led["name"] for led in MODELS[locale]["dialog"]["intents"]}


@pytest.mark.parametrize(
    ("pattern", "sentences"),
    [
        ("undo", ["undo"]),
        ("(run|start) a scan", ["run a scan", "start a scan"]),
        ("undo [that|it]", ["undo that", "undo it", "undo"]),
        ("scan <g> now", ["scan {group} now", "scan the {group} servers now"]),
        (
            "(is [it ](done|over)|ready)",
            ["is it done", "is it over", "is done", "is over", "ready"],
        ),
        ("<loud>", ["very", "{group}", "the {group} servers"]),
        ("(a|a) b", ["a b"]),
    ],
)
def test_a_pattern_stands_for_its_sentences(pattern: str, sentences: list[str]) -> None:
    assert expand(pattern, WORDS) == sentences


def test_the_worked_example_makes_the_samples_that_it_shows() -> None:
    page = "docs/adding-an-action.md"
    words = interaction.source("en")["words"]
    (patterns,) = yaml.safe_load(fences(page, "yaml")[1]).values()
    shown = json.loads(fences(page, "json")[0])["samples"]
    assert [said for pattern in patterns for said in expand(pattern, words)] == shown
    assert len(shown) >= model_rules.FEWEST


def test_japanese_has_spaces_around_slots_alone() -> None:
    found = expand("{group} [の サーバー] を(評価|診断)して", {}, spaced=False)
    assert found == [
        "{group} のサーバーを評価して",
        "{group} のサーバーを診断して",
        "{group} を評価して",
        "{group} を診断して",
    ]


@pytest.mark.parametrize(
    "pattern",
    ["(a|b", "a)", "[a", "a]", "<nothing>", "<g", "[a]", "(a|b|c|d|e)" * 4, "a > b"],
)
def test_a_pattern_that_cannot_be_read_says_so(pattern: str) -> None:
    with pytest.raises(BadPattern, match="[(a<>]"):
        expand(pattern, WORDS)


def _samples(model: Model, name: str = "UndoIntent") -> list[str]:
    found: list[str] = intents(model)[name]["samples"]
    return found


def _value(model: Model, at: int = 0) -> dict[str, Any]:
    value: dict[str, Any] = model["languageModel"]["types"][0]["values"][at]
    return value


Spoil = Callable[[Model], Any]
SPOILT: dict[str, tuple[str, Spoil]] = {
    "UndoIntent: 'undo it!'": (ENGLISH, lambda m: _samples(m).append("undo it!")),
    "UndoIntent: 'undo 2'": (ENGLISH, lambda m: _samples(m).append("undo 2")),
    "UndoIntent: 'Undo it'": (ENGLISH, lambda m: _samples(m).append("Undo it")),
    "UndoIntent: 'undo the iam lock': spell iam": (
        ENGLISH,
        lambda m: _samples(m).append("undo the iam lock"),
    ),
    "UndoIntent: 'stop it' begins with": (ENGLISH, lambda m: _samples(m).append("stop it")),
    "UndoIntent: '三番 を取り消して!'": (
        JAPANESE,
        lambda m: _samples(m).append("三番 を取り消して!"),
    ),
    "IsolateIntent: '{instance}を隔離'": (
        JAPANESE,
        lambda m: _samples(m, "IsolateIntent").append("{instance}を隔離"),
    ),
    "UndoIntent: 'undo3番'": (JAPANESE, lambda m: _samples(m).append("undo3番")),
    "UndoIntent: no slot group": (ENGLISH, lambda m: _samples(m).append("undo {group}")),
    "IsolateIntent: '{instance}' is nothing but slots": (
        ENGLISH,
        lambda m: _samples(m, "IsolateIntent").append("{instance}"),
    ),
    "IsolateIntent: 'cut {instance} from {instance}' holds a slot twice": (
        ENGLISH,
        lambda m: _samples(m, "IsolateIntent").append("cut {instance} from {instance}"),
    ),
    "UndoIntent: 'undo that' stands there twice": (
        ENGLISH,
        lambda m: _samples(m).append("undo that"),
    ),
    "IsolateIntent, UndoIntent: 'isolate it' means all of them": (
        ENGLISH,
        lambda m: _samples(m).append("isolate it"),
    ),
    "IsolateIntent, RunAssessmentIntent: 'isolate {}' means all": (
        ENGLISH,
        lambda m: _samples(m, "RunAssessmentIntent").append("isolate {group}"),
    ),
    "UndoIntent: has 2 samples, fewer than 25": (
        ENGLISH,
        lambda m: _samples(m).__delitem__(slice(2, None)),
    ),
    "ReleaseIntent: nothing fills principal": (
        ENGLISH,
        lambda m: intents(m)["ReleaseIntent"].update(
            samples=[s for s in _samples(m, "ReleaseIntent") if "{principal}" not in s]
        ),
    ),
    "PatchIntent: 'patch {group} {instance}': group must be the only slot": (
        ENGLISH,
        lambda m: (
            _samples(m, "PatchIntent").append("patch {group} {instance}"),
            intents(m)["PatchIntent"]["slots"][0].update(type="AMAZON.SearchQuery"),
        ),
    ),
    "group: is AMAZON.DATE, GROUP": (
        ENGLISH,
        lambda m: intents(m)["PatchIntent"]["slots"][0].update(type="AMAZON.DATE"),
    ),
    "pin: no type AMAZON.US_CITY": (
        ENGLISH,
        lambda m: intents(m)["PinIntent"]["slots"][0].update(type="AMAZON.US_CITY"),
    ),
    "GROUP: is empty": (ENGLISH, lambda m: m["languageModel"]["types"][0].update(values=[])),
    "GROUP: id ALL stands 2 times": (ENGLISH, lambda m: _value(m, 1).update(id="ALL")),
    "GROUP: 'all of them' means 2 values": (
        ENGLISH,
        lambda m: _value(m, 1)["name"]["synonyms"].append("all of them"),
    ),
    "letters": (ENGLISH, lambda m: _value(m)["name"]["synonyms"].append("a" * 141)),
    "AMAZON.StopIntent: is missing": (
        ENGLISH,
        lambda m: m["languageModel"]["intents"].remove(intents(m)["AMAZON.StopIntent"]),
    ),
    "modelConfiguration: fallbackIntentSensitivity": (
        JAPANESE,
        lambda m: m["languageModel"].update(
            modelConfiguration={"fallbackIntentSensitivity": {"level": "LOW"}}
        ),
    ),
    "invocationName: 'duty' needs two words": (
        ENGLISH,
        lambda m: m["languageModel"].update(invocationName="duty"),
    ),
    "invocationName: 'duty officer 2' must be": (
        ENGLISH,
        lambda m: m["languageModel"].update(invocationName="duty officer 2"),
    ),
    "invocationName: 'inspector duty' holds inspector": (
        ENGLISH,
        lambda m: m["languageModel"].update(invocationName="inspector duty"),
    ),
    "invocationName: 'セキュリティ' needs two words": (
        JAPANESE,
        lambda m: m["languageModel"].update(invocationName="セキュリティ"),
    ),
    "invocationName: '当番を開いて' holds 開いて": (
        JAPANESE,
        lambda m: m["languageModel"].update(invocationName="当番を開いて"),
    ),
    "dialog IsolateIntent.instance: nothing answers": (
        ENGLISH,
        lambda m: intents(m)["IsolateIntent"]["slots"][0].update(samples=[]),
    ),
    "dialog UndoIntent.group: is not a slot": (
        ENGLISH,
        lambda m: m["dialog"]["intents"][0].update(name="UndoIntent"),
    ),
    "RunAssessmentIntent: answers to a question": (
        ENGLISH,
        lambda m: m["dialog"]["intents"].pop(0),
    ),
    "prompt Elicit.PinIntent.pin: is asked for but missing": (
        ENGLISH,
        lambda m: m["prompts"].pop(),
    ),
    "names a slot of another intent": (
        ENGLISH,
        lambda m: m["prompts"][0]["variations"][0].update(value="Which {severity}?"),
    ),
    "types: is not as in": (JAPANESE, lambda m: m["languageModel"]["types"][1]["values"].pop()),
}


def test_the_models_break_no_rule() -> None:
    assert list(model_rules.broken(interaction_models())) == []


@pytest.mark.parametrize("wrong", SPOILT)
def test_a_broken_rule_is_told_with_its_place(wrong: str) -> None:
    locale, spoil = SPOILT[wrong]
    models = copy.deepcopy(interaction_models())
    spoil(models[locale]["interactionModel"])
    told = [row for row in model_rules.broken(models) if row.startswith(f"{locale}: ")]
    assert [row for row in told if wrong in row], told


def interaction_models() -> dict[str, Any]:
    return {locale: {"interactionModel": MODELS[locale]} for locale in (ENGLISH, JAPANESE)}
