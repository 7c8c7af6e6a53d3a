"""Amazon's checklist, items 29 to 33: languages and packaging."""

import re

import jsonschema
import pytest

from sandbox.alexa import screen
from skill.words.book import _entries
from tests.template.claims import pairs
from tests.template.names import of_function
from tests.template.translate import FUNCTIONS, of_type, properties
from tests.voice.models import FOLDER, MANIFEST, MODELS, fold, samples
from tests.voice.test_manifest import PHRASES
from tests.voice.test_schemas import load
from tests.world import ROOT, Json, Sandbox

LATIN = re.compile(r"[A-Za-z]{4,}")


def structure(model: Json) -> Json:
    """A model without its words: what all locales must have in common."""
    language = model["languageModel"]
    return {
        "intents": {
            i["name"]: [s["name"] for s in i.get("slots", [])] for i in language["intents"]
        },
        "types": {t["name"]: sorted(v["id"] for v in t["values"]) for t in language["types"]},
        "dialog": {i["name"]: [s["name"] for s in i["slots"]] for i in model["dialog"]["intents"]},
        "prompts": sorted(prompt["id"] for prompt in model["prompts"]),
    }


def test_29_all_locales_have_the_same_structure_and_sentences() -> None:
    first = structure(MODELS["en-US"])
    assert len(MODELS) == 6 and all(structure(model) == first for model in MODELS.values())
    assert set(_entries("en-US")) == set(_entries("ja-JP"))


def test_29_no_stray_latin_in_japanese(quiet: Sandbox) -> None:
    for name in ("AMAZON.HelpIntent", "SuspiciousIntent", "StatusIntent", "AMAZON.FallbackIntent"):
        talk = quiet.talk(locale="ja-JP")
        talk.launch()
        speech = talk.intent(name)
        assert not LATIN.search(re.sub(r"<[^>]+>", "", speech)), speech


@pytest.mark.parametrize(
    ("locale", "hello"), [("ja-XX", "当番"), ("en-ZA", "Duty"), ("fr-FR", "Duty")]
)
def test_29_an_unknown_locale_is_its_language_or_english(
    quiet: Sandbox, locale: str, hello: str
) -> None:
    talk = quiet.talk(locale=locale)
    assert hello in talk.launch()


def test_30_example_phrases_are_samples_under_the_invocation_name() -> None:
    for locale, told in MANIFEST["publishingInformation"]["locales"].items():
        name = MODELS[locale]["languageModel"]["invocationName"]
        known = {fold(sample) for _, sample in samples(MODELS[locale])}
        opening, asking = (phrase.format(name) for phrase in PHRASES[locale[:2]])
        first, *others = told["examplePhrases"]
        assert first == opening and len(others) == 2
        asked = [re.fullmatch(asking, phrase) for phrase in others]
        assert all(found and fold(found[1]) in known for found in asked), others


def test_31_the_template_lets_only_the_skill_in_and_nobody_do_everything() -> None:
    permissions = of_type("AWS::Lambda::Permission").values()
    alexa = [one for one in permissions if one["Principal"] == "alexa-appkit.amazon.com"]
    assert [one["EventSourceToken"] for one in alexa] == [{"Ref": "SkillId"}]
    voice = properties("VoiceFunction")
    assert voice["Timeout"] == 7 and voice["MemorySize"] >= 256
    for name in FUNCTIONS:
        allowed = [action for action, _ in pairs(of_function(name))]
        assert allowed and [action for action in allowed if "*" in action] == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_32_models_and_manifest_are_valid(path: object) -> None:
    name = str(getattr(path, "name", ""))
    schema = load(
        "schemas/manifest.json" if name == "skill.json" else "schemas/interaction-model.json"
    )
    errors = jsonschema.Draft7Validator(schema).iter_errors(load(name))
    assert [error.message for error in errors] == []


def test_33_the_manifest_says_what_certification_asks_for() -> None:
    published, privacy = MANIFEST["publishingInformation"], MANIFEST["privacyAndCompliance"]
    assert published["testingInstructions"] and privacy["isExportCompliant"]
    flags = ("allowsPurchases", "usesPersonalInfo", "isChildDirected", "containsAds")
    assert not any(privacy[flag] for flag in flags)
    for told in published["locales"].values():
        assert "108" in told["smallIconUri"] and "512" in told["largeIconUri"]


def test_33_the_interfaces_are_those_of_the_directives_used() -> None:
    named = {one["type"] for one in MANIFEST["apis"]["custom"].get("interfaces", [])}
    source = "\n".join(path.read_text() for path in (ROOT / "skill" / "voice").rglob("*.py"))
    assert ("ALEXA_PRESENTATION_APL" in named) == ("Alexa.Presentation.APL" in source)
    assert named <= {"ALEXA_PRESENTATION_APL"} and screen.RENDER
