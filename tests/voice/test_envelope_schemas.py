"""The schemas of Alexa's envelopes: strict, and met by the requests that the box and tests make."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sandbox.alexa import Device, models_from, schema
from tests.world import Conversation, Json, intent

ROOT = Path(__file__).parents[2]
SKILL = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
PEOPLE = {"responder": {"userId": "user-1", "personId": "person-1"}}
SPEECH = {"type": "SSML", "ssml": "<speak>Which one?</speak>"}
PAGE = {"type": "APL", "version": "2023.3", "mainTemplate": {"items": [{"type": "Text"}]}}
SCREEN = {"type": "Alexa.Presentation.APL.RenderDocument", "token": "t", "document": PAGE}
VERIFY = {
    "type": "Connections.StartConnection",
    "uri": "connection://AMAZON.VerifyPerson/2",
    "token": "token-1",
    "input": {"requestedAuthenticationConfidenceLevel": {"level": 400}},
}
ELICIT = {
    "type": "Dialog.ElicitSlot",
    "slotToElicit": "group",
    "updatedIntent": {
        "name": "PatchIntent",
        "confirmationStatus": "NONE",
        "slots": {"group": {"name": "group", "confirmationStatus": "NONE"}},
    },
}
NAMES = {
    "type": "Dialog.UpdateDynamicEntities",
    "updateBehavior": "REPLACE",
    "types": [{"name": "GROUP", "values": [{"id": "web", "name": {"value": "web"}}]}],
}
WHOLE: Json = {
    "version": "1.0",
    "sessionAttributes": {"token": "x"},
    "response": {
        "outputSpeech": SPEECH,
        "reprompt": {"outputSpeech": SPEECH},
        "card": {"type": "Simple", "title": "Toban", "content": "Which one?"},
        "directives": [VERIFY, ELICIT, NAMES, SCREEN],
        "shouldEndSession": False,
    },
}


@pytest.mark.parametrize("name", [schema.REQUEST, schema.RESPONSE])
def test_the_schema_is_one(name: str) -> None:
    path = ROOT / "sandbox" / "alexa" / "schemas" / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(document)
    objects = [d for d in document["definitions"].values() if "properties" in d]
    unions = [d for d in objects if "allOf" in d]
    assert all(d["additionalProperties"] is False for d in objects if d not in unions)


def test_a_whole_response_is_accepted() -> None:
    assert schema.breach(schema.RESPONSE, WHOLE) == ""


SPOILT: dict[str, Callable[[Json], Any]] = {
    "an unknown property": lambda r: r.update(speech="x"),
    "speech of an unknown type": lambda r: r.update(outputSpeech={"type": "Song", "ssml": "x"}),
    "speech without text": lambda r: r.update(outputSpeech={"type": "SSML"}),
    "speech with both": lambda r: r.update(outputSpeech={**SPEECH, "text": "x"}),
    "a reprompt that is a speech": lambda r: r.update(reprompt=SPEECH),
    "a card of an unknown type": lambda r: r["card"].update(type="Big"),
    "a card with more": lambda r: r["card"].update(subtitle="x"),
    "an end that is no boolean": lambda r: r.update(shouldEndSession="no"),
    "an end that is null": lambda r: r.update(shouldEndSession=None),
    "an unknown directive": lambda r: r["directives"].append({"type": "Hint"}),
    "a directive without a type": lambda r: r["directives"].append({"token": "x"}),
    "directives that are none": lambda r: r.update(directives={}),
    "a connection without a token": lambda r: r["directives"][0].pop("token"),
    "a connection with more": lambda r: r["directives"][0].update(level=400),
    "a question for no slot": lambda r: r["directives"][1].pop("slotToElicit"),
    "a slot without a status": lambda r: r["directives"][1]["updatedIntent"]["slots"].update(
        group={"name": "group"}
    ),
    "an intent without a status": lambda r: r["directives"][1]["updatedIntent"].pop(
        "confirmationStatus"
    ),
    "an unknown behaviour": lambda r: r["directives"][2].update(updateBehavior="ADD"),
    "a name that is a text": lambda r: r["directives"][2]["types"][0]["values"].append("web"),
    "a screen with more": lambda r: r["directives"][3].update(title="x"),
}


@pytest.mark.parametrize("way", SPOILT)
def test_a_spoilt_response_is_refused(way: str) -> None:
    spoilt = copy.deepcopy(WHOLE)
    SPOILT[way](spoilt["response"])
    assert schema.breach(schema.RESPONSE, spoilt) != ""


def _answers(envelope: Json) -> Json:
    """A skill that leads the device through every kind of request."""
    request = envelope["request"]
    if request["type"] == "SessionEndedRequest":
        return {}
    more = {
        "RunAssessmentIntent": {"directives": [ELICIT]},
        "IsolateIntent": {"directives": [VERIFY]},
        "StatusIntent": {"directives": [SCREEN], "shouldEndSession": False},
    }.get(request.get("intent", {}).get("name", ""), {"shouldEndSession": False})
    return {"version": "1.0", "response": {"outputSpeech": SPEECH, **more}}


def test_the_requests_of_the_box_are_alexas() -> None:
    sent = list[Json]()

    def skill(envelope: Json) -> Json:
        sent.append(copy.deepcopy(envelope))
        return _answers(envelope)

    echo = Device(skill, models_from(ROOT / "interaction_model"), SKILL, PEOPLE, "1234")
    session = echo.say("open duty officer")["session"]
    for said in ("run an assessment", "the web servers", "what's going on"):
        echo.say(said, session=session)
    echo.touch(["finding", 1], session)
    for said in ("isolate batch three", "1234", "yes", ""):
        echo.say(said, session=session)
    assert {one["request"]["type"] for one in sent} == {
        *("LaunchRequest", "IntentRequest", "SessionResumedRequest", "SessionEndedRequest"),
        "Alexa.Presentation.APL.UserEvent",
    }
    wrong = [found for one in sent if (found := schema.breach(schema.REQUEST, one))]
    assert wrong == []


class _NoBox:
    """What a conversation takes from a box to make an envelope."""

    ready = {"responder": {"userId": "u", "personId": "p"}, "skill_id": SKILL}


@pytest.mark.parametrize(
    "request_",
    [
        {"type": "LaunchRequest"},
        {"type": "IntentRequest", "intent": intent("PatchIntent", group="ALL")},
        {"type": "SessionEndedRequest", "reason": "ERROR"},
        {"type": "CanFulfillIntentRequest", "intent": intent("PatchIntent", group="web")},
    ],
    ids=lambda request: str(request["type"]),
)
def test_the_requests_of_the_tests_are_alexas(request_: Json) -> None:
    talk = Conversation(_NoBox())  # type: ignore[arg-type]
    assert schema.breach(schema.REQUEST, talk.envelope(request_, level=400)) == ""
