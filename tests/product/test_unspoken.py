"""Requests that Alexa sends and takes no speech for; the sandbox refuses an answer with any."""

import pytest

from tests.world import Json, Sandbox, http, intent

EVENTS: dict[str, Json] = {
    "System.ExceptionEncountered": {"error": {"type": "INVALID_RESPONSE", "message": "m"}},
    "AudioPlayer.PlaybackStarted": {"token": "t", "offsetInMilliseconds": 0},
    "PlaybackController.PlayCommandIssued": {},
    "AlexaSkillEvent.SkillEnabled": {"eventCreationTime": "2026-11-22T12:00:00Z"},
    "AlexaSkillEvent.SkillDisabled": {"body": {"userInformationPersistenceStatus": "PERSISTED"}},
    "AlexaHouseholdListEvent.ItemsCreated": {"body": {"listId": "l"}},
    "Messaging.MessageReceived": {"message": {"text": "isolate batch three"}},
    "Reminders.ReminderStarted": {"body": {"alertToken": "a"}},
}


def posted(box: Sandbox, envelope: Json) -> Json:
    status, answer = http("POST", box.ready["alexa"], envelope)
    assert status == 200, answer
    found: Json = answer
    return found


@pytest.mark.parametrize("kind", EVENTS)
def test_it_is_taken_without_a_word_and_without_a_call(quiet: Sandbox, kind: str) -> None:
    quiet.forget_calls()
    outside = quiet.talk().envelope({"type": kind, **EVENTS[kind]})
    del outside["session"]
    for envelope in (outside, quiet.talk().envelope({"type": kind, **EVENTS[kind]})):
        assert posted(quiet, envelope)["response"] == {}
    del outside["context"]
    assert posted(quiet, outside)["response"] == {}
    assert quiet.calls() == []


def test_an_open_question_survives_it(quiet: Sandbox) -> None:
    talk = quiet.talk()
    assert talk.intent("IsolateIntent", instance="batch three").startswith("Isolate batch 3?")
    kept = talk.attributes
    for kind, more in EVENTS.items():
        answer = posted(quiet, talk.envelope({"type": kind, **more}))
        assert answer["sessionAttributes"] == kept
    talk.yes()
    assert talk.token


def test_nobody_is_sent_here_who_did_not_name_the_skill(quiet: Sandbox) -> None:
    asked = {"type": "CanFulfillIntentRequest", "intent": intent("PatchIntent", group="web")}
    answer = posted(quiet, quiet.talk().envelope(asked))
    assert answer["response"] == {"canFulfillIntent": {"canFulfill": "NO"}}
