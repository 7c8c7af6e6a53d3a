"""Requests as no Alexa device should send them: always a spoken answer, never a traceback."""

import copy
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.world import Conversation, Json, Sandbox, http, intent

Break = Callable[[Json], Any]


def valid(talk: Conversation) -> Json:
    wish = intent("IsolateIntent", instance="batch three")
    return talk.envelope({"type": "IntentRequest", "intent": wish, "dialogState": "STARTED"})


BREAKS: dict[str, Break] = {
    "viewport of an unknown shape": lambda e: e["context"].update(
        Viewport={"shape": "HEXAGON", "mode": "HOLO"}, Viewports=[{"type": "XR", "id": "x"}]
    ),
    "unknown dialog state": lambda e: e["request"].update(dialogState="PONDERING"),
    "unknown confirmation status": lambda e: e["request"]["intent"].update(
        confirmationStatus="MAYBE"
    ),
    "unknown request type": lambda e: e["request"].update(type="Alexa.Foo.Bar"),
    "unknown slot value type": lambda e: slot(e).update(slotValue={"type": "Tree", "value": "x"}),
    "unknown resolution status": lambda e: slot(e).update(
        resolutions={"resolutionsPerAuthority": [{"authority": "a", "status": {"code": "ER_NEW"}}]}
    ),
    "resolutions without values": lambda e: slot(e).update(
        resolutions={
            "resolutionsPerAuthority": [{"authority": "a", "status": {"code": "ER_SUCCESS_MATCH"}}]
        }
    ),
    "slot without a value": lambda e: slot(e).pop("value"),
    "slot that is null": lambda e: e["request"]["intent"]["slots"].update(instance=None),
    "slots that are null": lambda e: e["request"]["intent"].update(slots=None),
    "no slots": lambda e: e["request"]["intent"].pop("slots"),
    "no intent": lambda e: e["request"].pop("intent"),
    "unknown intent": lambda e: e["request"]["intent"].update(name="MakeCoffeeIntent"),
    "no session": lambda e: e.pop("session"),
    "session without attributes": lambda e: e["session"].pop("attributes"),
    "null attributes": lambda e: e["session"].update(attributes=None),
    "no locale": lambda e: e["request"].pop("locale"),
    "unknown locale": lambda e: e["request"].update(locale="tlh-QO"),
    "no timestamp": lambda e: e["request"].pop("timestamp"),
    "no request id": lambda e: e["request"].pop("requestId"),
    "no person": lambda e: e["context"]["System"].pop("person"),
    "no user": lambda e: e["context"]["System"].pop("user"),
    "no device": lambda e: e["context"]["System"].pop("device"),
    "unknown property": lambda e: e.update(future={"a": [1]}),
    "unknown interface": lambda e: e["context"].update(Telepathy={"on": True}),
    "slot with mark-up": lambda e: slot(e).update(value="<b>&\"'" * 40),
    "slot with right-to-left text": lambda e: slot(e).update(value="\u202eשלום😀" * 20),
    "slot of question marks": lambda e: slot(e).update(value="?"),
    "blank slot": lambda e: slot(e).update(value="   "),
    "attributes of another shape": lambda e: e["session"].update(
        attributes={"token": 1, "stage": [], "hint": "x", "items": 3, "found": [], "focus": {}}
    ),
}


def slot(envelope: Json) -> Json:
    found: Json = envelope["request"]["intent"]["slots"]["instance"]
    return found


@pytest.mark.parametrize("way", BREAKS)
def test_a_broken_envelope_is_answered(quiet: Sandbox, way: str) -> None:
    envelope = copy.deepcopy(valid(quiet.talk()))
    BREAKS[way](envelope)
    status, answer = http("POST", quiet.ready["alexa"], envelope)
    assert status == 200, answer
    ssml = answer["response"]["outputSpeech"]["ssml"]
    assert "".join(ElementTree.fromstring(ssml).itertext()).strip()  # noqa: S314 - our own answer
    assert quiet.runs() == []


@pytest.mark.parametrize(
    "reason", ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS", "SOMETHING_NEW"]
)
def test_the_end_of_a_session_is_silent(quiet: Sandbox, reason: str) -> None:
    talk = quiet.talk()
    answer = talk.send(talk.envelope({"type": "SessionEndedRequest", "reason": reason}))
    assert "outputSpeech" not in answer
    assert not answer.get("directives")


@pytest.mark.parametrize("without", ["context", "request"])
def test_an_envelope_without_its_parts(quiet: Sandbox, without: str) -> None:
    envelope = valid(quiet.talk())
    envelope.pop(without)
    status, answer = http("POST", quiet.ready["alexa"], envelope)
    assert (status, "errorType" in answer) == (500, True) or "outputSpeech" in answer["response"]
