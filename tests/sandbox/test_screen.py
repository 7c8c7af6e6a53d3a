"""The stand-in's screen: what it takes, what is read on it, and what a finger does."""

import copy
from typing import Any

import pytest

from sandbox.alexa import InvalidResponse
from tests.sandbox.test_device import VERIFY, Skill, answer, device, dialog

LIST = {
    "type": "APL",
    "version": "2023.3",
    "import": [{"name": "alexa-layouts", "version": "1.7.0"}],
    "mainTemplate": {
        "parameters": ["payload"],
        "items": [
            {
                "type": "AlexaTextList",
                "headerTitle": "${payload.now.title}",
                "headerSubtitle": "of ${payload.now.total}",
                "listItems": "${payload.now.rows}",
                "primaryAction": {
                    "type": "SendEvent",
                    "arguments": ["pick", "${ordinal + payload.now.first}", "${data.id}"],
                },
            },
            {
                "type": "Container",
                "data": "${payload.now.rows}",
                "items": [{"type": "Text", "text": "<b>${data.primaryText}</b> again"}],
            },
            {"type": "AlexaFooter", "hintText": 'Say "${payload.now.missing}more"'},
        ],
    },
}
ROWS = [
    {"primaryText": "a &lt;b&gt;", "secondaryText": "x", "id": 7},
    {"primaryText": "a &lt;b&gt;", "secondaryText": "x", "id": 8},
]
DATA = {"now": {"kind": "list", "title": "R&amp;D", "total": 12, "first": 3, "rows": ROWS}}


def render(**more: Any) -> dict[str, Any]:
    kind = "Alexa.Presentation.APL.RenderDocument"
    return {"type": kind, "token": "t", "document": LIST, "datasources": DATA} | more


def changed(**more: Any) -> dict[str, Any]:
    return render(document={**LIST, **more})


def test_a_document_is_read_with_its_data() -> None:
    screen = device(Skill(answer(directives=[render()]))).say("status")["screen"]
    assert (screen["token"], screen["kind"], screen["title"]) == ("t", "list", "R&D")
    assert screen["lines"] == ["of 12", "1. a <b> · x", "2. a <b> · x", *["a <b> again"] * 2]
    assert screen["touches"] == [None, ["pick", 4, 7], ["pick", 5, 8], None, None]
    assert screen["footer"] == 'Say "more"'
    assert (screen["document"], screen["datasources"]) == (LIST, DATA)


def test_a_tap_is_told_with_the_token_and_without_a_voice() -> None:
    skill = Skill(answer(directives=[render()]), answer())
    echo = device(skill)
    session = echo.say("status")["session"]
    assert echo.touch(["pick", 4, 7], session)["screen"] is None
    event = skill.request
    assert (event["type"], event["token"]) == ("Alexa.Presentation.APL.UserEvent", "t")
    assert event["arguments"] == ["pick", 4, 7]
    assert "person" in skill.got[0]["context"]["System"]
    assert "person" not in skill.got[1]["context"]["System"]
    assert skill.got[1]["context"]["Alexa.Presentation.APL"] == {"token": "t"}


def test_only_what_is_shown_can_be_touched() -> None:
    echo = device(Skill(answer(directives=[VERIFY])))
    with pytest.raises(ValueError, match="nothing is shown"):
        echo.touch(["pick"], echo.say("status")["session"])
    ended = device(Skill(answer(ends=True, directives=[render()])))
    said = ended.say("status")
    assert said["screen"]
    with pytest.raises(ValueError, match="nothing is shown"):
        ended.touch(["pick"], said["session"])


def test_a_device_without_a_screen_offers_none() -> None:
    skill = Skill(answer())
    device(skill).say("status", display=False)
    context = skill.got[0]["context"]
    assert context["System"]["device"]["supportedInterfaces"] == {}
    assert "Viewports" not in context
    with pytest.raises(InvalidResponse, match="without a screen"):
        device(Skill(answer(directives=[render()]))).say("status", display=False)


REFUSED: dict[str, list[dict[str, Any]]] = {
    "a token that is none": [render(token="")],
    "a token that is no text": [render(token=7)],
    "no document": [render(document=None)],
    "another type": [changed(type="APLT")],
    "too new a document": [changed(version="2024.3")],
    "no version": [changed(version=None)],
    "an empty template": [changed(mainTemplate={"items": []})],
    "an import without a version": [changed(**{"import": [{"name": "alexa-layouts"}]})],
    "data that is a list": [render(datasources=[])],
    "two documents": [render(), render(token="u")],
    "entities beside it": [render(), dialog("UpdateDynamicEntities", updateBehavior="CLEAR")],
    "a connection beside it": [render(), VERIFY],
    "commands that are none": [
        {"type": "Alexa.Presentation.APL.ExecuteCommands", "token": "t", "commands": []}
    ],
    "an unknown directive": [{"type": "Alexa.Presentation.APL.Draw", "token": "t"}],
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_alexa_refuses_of_a_screen(why: str) -> None:
    with pytest.raises(InvalidResponse):
        device(Skill(answer(directives=copy.deepcopy(REFUSED[why])))).say("status")


PATCH = {"name": "PatchIntent", "confirmationStatus": "NONE"}


def test_a_question_may_have_a_screen() -> None:
    ask = dialog("ElicitSlot", slotToElicit="group", updatedIntent=PATCH)
    assert device(Skill(answer(directives=[ask, render()]))).say("patch")["screen"]
