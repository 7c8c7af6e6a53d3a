"""Amazon's checklist, items 26 to 28: what goes out."""

import json

import pytest

from sandbox.alexa import ssml
from tests.checklist.world import PLACES, asked, raw
from tests.product.mutation_world import INTENTS, spoken
from tests.product.test_stories import BOTH
from tests.voice.models import MODELS
from tests.world import Conversation, Json, Sandbox

APL = "Alexa.Presentation.APL"
LARGEST, LONGEST = 24 * 1024, 8000
# Words, or characters in Japanese; the longest are three findings in a row.
MOST = {"en-US": 60, "ja-JP": 170}


def tour(box: Sandbox, locale: str) -> list[tuple[str, Json]]:
    """The answers to every intent in every place of a conversation, in one language."""
    found = []
    for name in INTENTS:
        viewer = {"person": None, "user": box.ready["viewer"]["userId"]}
        talk = box.talk(locale=locale, **(viewer if name == "RunAssessmentIntent" else {}))
        envelope = talk.envelope(spoken(name, **INTENTS[name]))
        found.append((name, raw(box, envelope)[1]))
    return found


@pytest.mark.parametrize("locale", BOTH)
def test_26_every_response_is_valid_small_and_spoken_in_a_breath(
    quiet: Sandbox, locale: str
) -> None:
    """The schema itself is held against every answer by the box, which refuses a wrong one."""
    for name, answer in tour(quiet, locale):
        speech = answer["response"]["outputSpeech"]["ssml"]
        assert len(json.dumps(answer, ensure_ascii=False).encode()) <= LARGEST, name
        assert len(speech) < LONGEST
        words = ssml.plain(speech)
        count = len(words) if locale == "ja-JP" else len(words.split())
        assert count <= MOST[locale], (name, words)
    assert quiet.control("GET", "/breaches")["breaches"] == []


def directives(talk: Conversation) -> list[str]:
    return [one["type"] for one in talk.answer.get("directives", [])]


def test_27_directives_only_where_they_belong(quiet: Sandbox) -> None:
    talk = quiet.talk()
    talk.launch()
    assert directives(talk)[:1] == ["Dialog.UpdateDynamicEntities"]
    assert not [one for one in directives(talk)[1:] if one.startswith("Dialog.")]
    listed = {intent["name"] for intent in MODELS["en-US"]["dialog"]["intents"]}
    for name in INTENTS:
        talk = PLACES["after the launch"](quiet) if name != "RunAssessmentIntent" else quiet.talk()
        talk.intent(name)
        for one in talk.answer.get("directives", []):
            if one["type"] == "Dialog.ElicitSlot":
                assert one["updatedIntent"]["name"] in listed and talk.open


@pytest.mark.parametrize("name", ["AMAZON.StopIntent", "AMAZON.CancelIntent"])
def test_27_no_directive_ends_a_session(quiet: Sandbox, name: str) -> None:
    talk = asked(quiet)
    talk.intent(name)
    assert directives(talk) == []
    talk = asked(quiet)
    talk.send(talk.envelope({"type": "SessionEndedRequest", "reason": "USER_INITIATED"}))
    assert directives(talk) == []


def shown(box: Sandbox, newest: str | None, name: str, **slots: str) -> tuple[str, list[Json]]:
    """The speech and the screens for a device that reads APL up to that version."""
    talk = box.talk()
    envelope = talk.envelope(spoken(name, **slots))
    if newest:
        runtime = {APL: {"runtime": {"maxVersion": newest}}}
        envelope["context"]["System"]["device"]["supportedInterfaces"] = runtime
    talk.send(envelope)
    screens = [d for d in talk.answer.get("directives", []) if d["type"].startswith(APL)]
    return talk.speech, screens


@pytest.mark.parametrize(
    ("name", "slots"),
    [
        ("ReadFindingsIntent", {"severity": "CRITICAL"}),
        ("IsolateIntent", {"instance": "batch three"}),
    ],
)
def test_28_a_screen_only_where_there_is_one_and_the_voice_suffices(
    quiet: Sandbox, name: str, slots: dict[str, str]
) -> None:
    speech, screens = shown(quiet, "2024.2", name, **slots)
    assert screens and screens[0]["document"]["version"] <= "2024.2"
    for newest in (None, "1.0"):
        alone, none = shown(quiet, newest, name, **slots)
        assert none == [] and alone == speech
