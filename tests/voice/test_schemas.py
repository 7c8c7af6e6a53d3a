"""The interaction models and the manifest are what Amazon's own API description accepts."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

FOLDER = Path(__file__).parents[2] / "interaction_model"
LOCALES = sorted(path.stem for path in FOLDER.glob("*-*.json"))


def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return document


def refused(document: dict[str, Any], schema: str) -> list[str]:
    validator = jsonschema.Draft7Validator(load(f"schemas/{schema}.json"))
    return [
        f"{list(error.path)}: {error.message:.200}" for error in validator.iter_errors(document)
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_interaction_model_is_accepted(locale: str) -> None:
    assert refused(load(f"{locale}.json"), "interaction-model") == []


def test_the_manifest_is_accepted() -> None:
    assert refused(load("skill.json"), "manifest") == []


def _language(model: dict[str, Any]) -> dict[str, Any]:
    language: dict[str, Any] = model["interactionModel"]["languageModel"]
    return language


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: _language(m).pop("invocationName"),
        lambda m: _language(m).update(surprise=True),
        lambda m: _language(m)["intents"][0].pop("name"),
        lambda m: _language(m)["intents"][0].update(samples="one"),
        lambda m: _language(m)["modelConfiguration"]["fallbackIntentSensitivity"].update(
            level="MAX"
        ),
        lambda m: m["interactionModel"]["dialog"].update(delegationStrategy="SOMETIMES"),
        lambda m: m["interactionModel"]["dialog"]["intents"][0]["slots"][0].pop("type"),
        lambda m: m["interactionModel"]["prompts"][0]["variations"][0].update(type="Song"),
    ],
)
def test_a_spoilt_model_is_refused(spoil: Callable[[dict[str, Any]], Any]) -> None:
    model = copy.deepcopy(load("en-US.json"))
    spoil(model)
    assert refused(model, "interaction-model") != []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m["publishingInformation"].update(distributionMode="PARTY"),
        lambda m: m["permissions"].append({"name": "alexa::everything"}),
        lambda m: m["apis"]["custom"]["endpoint"].update(uri=7),
        lambda m: m["privacyAndCompliance"].update(containsAds="no"),
    ],
)
def test_a_spoilt_manifest_is_refused(spoil: Callable[[dict[str, Any]], Any]) -> None:
    document = copy.deepcopy(load("skill.json"))
    spoil(document["manifest"])
    assert refused(document, "manifest") != []
