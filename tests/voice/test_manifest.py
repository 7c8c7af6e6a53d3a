"""The skill manifest says what certification asks for."""

import re

from tests.voice.models import (
    MANIFEST,
    MODELS,
    fold,
    samples,
)

# Opening the skill, and asking it at once.
PHRASES = {
    "en": ("Alexa, open {}", r"Alexa, ask {} (?:to )?(.+)"),
    "ja": ("アレクサ、{}を開いて", "アレクサ、{}で(.+)"),
}


def test_example_phrases_open_the_skill_or_are_exact_samples() -> None:
    for locale, told in MANIFEST["publishingInformation"]["locales"].items():
        name = MODELS[locale]["languageModel"]["invocationName"]
        known = {fold(sample) for _, sample in samples(MODELS[locale])}
        first, *others = told["examplePhrases"]
        assert len(told["examplePhrases"]) == 3
        opening, asking = (phrase.format(name) for phrase in PHRASES[locale[:2]])
        assert first == opening
        for phrase in others:
            asked = re.fullmatch(asking, phrase)
            assert asked and fold(asked[1]) in known, phrase


def test_the_manifest_has_what_certification_asks_for() -> None:
    published, privacy = MANIFEST["publishingInformation"], MANIFEST["privacyAndCompliance"]
    assert set(published["locales"]) == set(privacy["locales"]) == set(MODELS)
    assert published["testingInstructions"]
    for told in published["locales"].values():
        assert "108" in told["smallIconUri"] and "512" in told["largeIconUri"]
    flags = ("allowsPurchases", "usesPersonalInfo", "isChildDirected", "containsAds")
    assert not any(privacy[flag] for flag in flags) and privacy["isExportCompliant"]
    assert {"name": "alexa::person_id:read"} in MANIFEST["permissions"]
    assert MANIFEST["apis"]["custom"]["endpoint"]["uri"].startswith("arn:aws:lambda:")
