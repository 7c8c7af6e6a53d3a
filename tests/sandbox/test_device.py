"""The stand-in for Alexa: envelopes, sessions, dialogs, the PIN, and what it refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.alexa import Device, InvalidResponse, models_from

SKILL = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
PEOPLE = {"responder": {"userId": "user-1", "personId": "person-1"}, "viewer": {"userId": "user-2"}}
MODELS = models_from(Path(__file__).parents[2] / "interaction_model")
VERIFY = {
    "type": "Connections.StartConnection",
    "uri": "connection://AMAZON.VerifyPerson/2",
    "token": "token-1",
    "input": {"requestedAuthenticationConfidenceLevel": {"level": 400}},
}

Answer = dict[str, Any]


def answer(text: str = "Fine.", ends: bool | None = False, **more: Any) -> Answer:
    """A skill's answer; `more` goes into the response, `attributes` beside it."""
    attributes = more.pop("attributes", {})
    response = {"outputSpeech": {"type": "SSML", "ssml": f"<speak>{text}</speak>"}, **more}
    ending = {} if ends is None else {"shouldEndSession": ends}
    return {"version": "1.0", "sessionAttributes": attributes, "response": response | ending}


def dialog(kind: str, **more: Any) -> Answer:
    return {"type": f"Dialog.{kind}", **more}


class Skill:
    """Answers with what it was given, in order, the last one again and again; keeps what it got."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.got = list(answers), list[dict[str, Any]]()

    def __call__(self, envelope: dict[str, Any]) -> Answer:
        self.got.append(envelope)
        if envelope["request"]["type"] == "SessionEndedRequest":
            return {}
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def request(self) -> dict[str, Any]:
        """The last request."""
        request: dict[str, Any] = self.got[-1]["request"]
        return request


def device(skill: Callable[[dict[str, Any]], Any], **more: Any) -> Device:
    return Device(skill, MODELS, SKILL, PEOPLE, "1234", **more)


def test_opening_sends_a_whole_launch_request() -> None:
    skill = Skill(
        answer("Hello.", reprompt={"outputSpeech": {"type": "PlainText", "text": "Yes?"}})
    )
    said = device(skill).say("Alexa, open duty officer")
    (got,) = skill.got
    assert got["version"] == "1.0" and got["request"]["type"] == "LaunchRequest"
    assert got["session"]["new"] and got["session"]["attributes"] == {}
    system = got["context"]["System"]
    assert system["application"] == got["session"]["application"] == {"applicationId": SKILL}
    assert system["user"] == got["session"]["user"] == {"userId": "user-1"}
    level = {"level": 300}
    assert system["person"] == {"personId": "person-1", "authenticationConfidenceLevel": level}
    assert (said["intent"], said["speech"], said["reprompt"]) == ("LaunchRequest", "Hello.", "Yes?")
    assert said["open"] and said["session"]


@pytest.mark.parametrize(
    "text",
    [
        "Alexa, ask duty officer to isolate batch three",
        "ask duty officer to isolate batch three",
        "open duty officer and isolate batch three",
        "isolate batch three with duty officer",
        "isolate batch three",
        "alexa, isolate batch three",
    ],
)
def test_a_one_shot_goes_straight_to_its_intent(text: str) -> None:
    skill = Skill(answer(ends=True))
    said = device(skill).say(text)
    assert said["intent"] == skill.request["intent"]["name"] == "IsolateIntent"
    assert skill.request["dialogState"] == "STARTED"
    assert skill.request["intent"]["slots"]["instance"]["value"] == "batch three"
    assert not said["open"]


def test_a_session_keeps_its_attributes_and_the_next_one_has_none() -> None:
    skill = Skill(answer(attributes={"n": 1}), answer(ends=True), answer())
    echo = device(skill)
    session = echo.say("open duty officer")["session"]
    echo.say("what's going on", session=session)
    echo.say("what's going on", session=session)
    first, second, third = (got["session"] for got in skill.got)
    assert second["attributes"] == {"n": 1} and not second["new"]
    assert second["sessionId"] == first["sessionId"] != third["sessionId"]
    assert third["attributes"] == {} and third["new"]


def test_without_a_handle_a_new_conversation_begins() -> None:
    skill = Skill(answer(attributes={"pending": "token"}))
    echo = device(skill)
    assert echo.say("isolate batch three")["session"] != echo.say("yes")["session"]
    assert skill.got[-1]["session"]["attributes"] == {}


def test_only_a_known_voice_has_a_person() -> None:
    skill = Skill(answer())
    echo = device(skill)
    echo.say("status", person="viewer")
    echo.say("status", person="stranger")
    echo.say("status", person={"userId": "user-1", "personId": "person-9"})
    viewer, stranger, other = (got["context"]["System"] for got in skill.got)
    assert viewer["user"] == {"userId": "user-2"} and "person" not in viewer
    assert stranger["user"]["userId"] not in ("user-1", "user-2") and "person" not in stranger
    assert other["person"]["personId"] == "person-9"


def test_an_elicited_slot_fills_the_intent_that_asked() -> None:
    ask = answer("Which ones?", directives=[dialog("ElicitSlot", slotToElicit="group")])
    skill = Skill(ask, answer("Patch twelve?"))
    echo = device(skill)
    session = echo.say("patch the vulnerable instances")["session"]
    said = echo.say("all of them", session=session)
    group = skill.request["intent"]["slots"]["group"]
    assert said["intent"] == "PatchIntent" and skill.request["dialogState"] == "IN_PROGRESS"
    assert group["value"] == "all of them"
    (authority,) = group["resolutions"]["resolutionsPerAuthority"]
    assert authority["values"] == [{"value": {"name": "all", "id": "ALL"}}]


def test_another_intent_may_be_led_by_updated_intent() -> None:
    pin = {"name": "PinIntent", "confirmationStatus": "NONE", "slots": {}}
    ask = dialog("ElicitSlot", slotToElicit="pin", updatedIntent=pin)
    skill = Skill(answer("Your PIN?", directives=[ask]), answer(ends=True))
    echo = device(skill)
    session = echo.say("yes")["session"]
    assert echo.say("one two three four", session=session)["intent"] == "PinIntent"
    assert skill.request["intent"]["slots"]["pin"]["value"] == "1234"


def test_a_delegated_dialog_is_led_by_the_model() -> None:
    delegate = answer("Well.", directives=[dialog("Delegate")])
    skill = Skill(delegate, delegate, answer("Done.", ends=True))
    echo = device(skill)
    asked = echo.say("isolate an instance")
    assert asked["speech"] == "Well. Which instance?" and asked["open"]
    said = echo.say("web one", session=asked["session"])
    assert said["speech"] == "Well. Done."
    assert [got["request"]["dialogState"] for got in skill.got] == [
        "STARTED",
        "IN_PROGRESS",
        "COMPLETED",
    ]


@pytest.mark.parametrize(("text", "status"), [("yes", "CONFIRMED"), ("no", "DENIED")])
def test_a_confirmation_comes_back_on_the_intent(text: str, status: str) -> None:
    skill = Skill(answer("Sure?", directives=[dialog("ConfirmIntent")]), answer(ends=True))
    echo = device(skill)
    session = echo.say("isolate web one")["session"]
    echo.say(text, session=session)
    intent = skill.request["intent"]
    assert (intent["name"], intent["confirmationStatus"]) == ("IsolateIntent", status)
    assert intent["slots"]["instance"]["value"] == "web one"


def test_dynamic_entities_resolve_for_half_an_hour() -> None:
    now = [datetime(2026, 11, 22, 3, tzinfo=UTC)]
    smelter = {"id": "smelter-9", "name": {"value": "smelter nine", "synonyms": []}}
    types = [{"name": "INSTANCE", "values": [smelter]}]
    teach = dialog("UpdateDynamicEntities", updateBehavior="REPLACE", types=types)
    skill = Skill(answer(directives=[teach]), answer())
    echo = device(skill, now=lambda: now[0])
    echo.say("open duty officer")
    counts = []
    for minutes in (0, 29, 2):
        now[0] += timedelta(minutes=minutes)
        echo.say("isolate smelter-9")
        resolved = skill.request["intent"]["slots"]["instance"]["resolutions"]
        counts.append(len(resolved["resolutionsPerAuthority"]))
    assert counts == [2, 2, 1]


def test_clear_forgets_dynamic_entities() -> None:
    value = {"id": "x", "name": {"value": "smelter nine"}}
    teach = dialog(
        "UpdateDynamicEntities",
        updateBehavior="REPLACE",
        types=[{"name": "INSTANCE", "values": [value]}],
    )
    forget = dialog("UpdateDynamicEntities", updateBehavior="CLEAR")
    skill = Skill(answer(directives=[teach]), answer(directives=[forget]), answer())
    echo = device(skill)
    for text in ("open duty officer", "status", "isolate smelter nine"):
        echo.say(text)
    resolved = skill.request["intent"]["slots"]["instance"]["resolutions"]
    assert len(resolved["resolutionsPerAuthority"]) == 1


def test_the_pin_is_asked_by_alexa_and_never_reaches_the_skill() -> None:
    skill = Skill(answer("One moment.", None, directives=[VERIFY]), answer("Started.", ends=True))
    echo = device(skill)
    asked = echo.say("yes")
    assert asked["speech"] == "One moment. What's your PIN?"
    assert asked["open"] and asked["verifying"]
    said = echo.say("one two three four", session=asked["session"])
    cause = skill.request["cause"]
    assert skill.request["type"] == said["intent"] == "SessionResumedRequest"
    assert cause["type"] == "ConnectionCompleted" and cause["token"] == "token-1"
    assert cause["status"]["code"] == "200" and cause["result"] == {"status": "ACHIEVED"}
    person = skill.got[-1]["context"]["System"]["person"]
    assert person["authenticationConfidenceLevel"] == {"level": 400}
    assert "1234" not in str(skill.got) and "one two" not in str(skill.got)
    assert said["speech"] == "Started." and not said["open"]


@pytest.mark.parametrize(
    ("tries", "result"),
    [
        (["4321", "banana", "9999"], {"status": "NOT_ACHIEVED", "reason": "METHOD_LOCKOUT"}),
        (["4321", "1234"], {"status": "ACHIEVED"}),
        (["cancel"], {"status": "NOT_ACHIEVED"}),
        ([""], {"status": "NOT_ACHIEVED"}),
    ],
)
def test_the_pin_may_be_wrong_or_refused(tries: list[str], result: dict[str, str]) -> None:
    skill = Skill(answer("One moment.", None, directives=[VERIFY]), answer("Well.", ends=True))
    echo = device(skill)
    session = echo.say("yes")["session"]
    for text in tries:
        echo.say(text, session=session)
    assert skill.request["cause"]["result"] == result
    level = skill.got[-1]["context"]["System"]["person"]["authenticationConfidenceLevel"]["level"]
    assert level == (400 if result["status"] == "ACHIEVED" else 300)


def test_an_unknown_voice_has_no_pin_to_say() -> None:
    skill = Skill(answer("One moment.", None, directives=[VERIFY]), answer("No.", ends=True))
    said = device(skill).say("yes", person="viewer")
    assert said["speech"] == "One moment. No." and not said["verifying"]
    assert skill.request["cause"]["result"]["reason"] == "VERIFICATION_METHOD_NOT_SETUP"


def test_silence_and_exit_end_the_session_and_say_why() -> None:
    skill = Skill(answer())
    echo = device(skill)
    for leave, reason in (
        (lambda s: echo.silence(s), "EXCEEDED_MAX_REPROMPTS"),
        (lambda s: echo.say("", session=s), "EXCEEDED_MAX_REPROMPTS"),
        (lambda s: echo.say("exit", session=s), "USER_INITIATED"),
    ):
        said = leave(echo.say("open duty officer")["session"])
        assert skill.request["type"] == "SessionEndedRequest"
        assert skill.request["reason"] == reason and not said["open"] and said["speech"] == ""


def test_leaving_without_a_session_reaches_nobody() -> None:
    skill = Skill(answer())
    echo = device(skill)
    assert echo.say("exit")["speech"] == echo.silence(None)["speech"] == ""
    assert skill.got == []


def test_a_person_that_nobody_knows_is_an_error() -> None:
    for person in ("nobody", {"personId": "p"}):
        with pytest.raises(ValueError, match="no such person"):
            device(Skill(answer())).say("status", person=person)


def test_speech_is_heard_without_its_markup() -> None:
    digits = '<say-as interpret-as="digits">12</say-as>'
    ssml = f'R&amp;D: {digits}<break time="1s"/>o <sub alias="a">b</sub>'
    assert device(Skill(answer(ssml))).say("status")["speech"] == "R&D: 12 o a"


REFUSED = {
    "not an envelope": {"hello": "world"},
    "an error of Lambda": {"errorMessage": "boom", "errorType": "ValueError"},
    "malformed SSML": answer("R&D"),
    "an unknown element": answer("<b>bold</b>"),
    "too long a speech": answer("a" * 8000),
    "too large": answer(attributes={"x": "y" * 25_000}),
    "a wrong version": answer() | {"version": "2"},
    "a wrong type of speech": answer(outputSpeech={"type": "Ssml", "ssml": "<speak/>"}),
    "a wrong card": answer(card={"type": "Big"}),
    "too long a card": answer(card={"type": "Simple", "title": "t", "content": "c" * 8000}),
    "an unknown directive": answer(directives=[{"type": "Dialog.Guess"}]),
    "a dialog that the model has not": answer(
        directives=[dialog("ElicitSlot", slotToElicit="x", updatedIntent={"name": "StatusIntent"})]
    ),
    "a slot that the intent has not": answer(directives=[dialog("ElicitSlot", slotToElicit="pin")]),
    "a dialog that ends": answer(
        ends=True, directives=[dialog("ElicitSlot", slotToElicit="group")]
    ),
    "entities beside a dialog": answer(
        directives=[
            dialog("ElicitSlot", slotToElicit="group"),
            dialog("UpdateDynamicEntities", updateBehavior="CLEAR"),
        ]
    ),
    "too many entities": answer(
        directives=[
            dialog(
                "UpdateDynamicEntities",
                updateBehavior="REPLACE",
                types=[{"name": "GROUP", "values": [{"name": {"value": "a"}}] * 101}],
            )
        ]
    ),
    "an unknown connection": answer(directives=[VERIFY | {"uri": "connection://AMAZON.Print/1"}]),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_alexa_refuses_is_an_error(why: str) -> None:
    echo = device(Skill(REFUSED[why]))
    with pytest.raises(InvalidResponse):
        echo.say("patch the vulnerable instances", session="s")


def test_an_answer_to_the_end_of_a_session_must_be_empty() -> None:
    echo = device(lambda _: answer())
    session = echo.say("open duty officer")["session"]
    with pytest.raises(InvalidResponse):
        echo.silence(session)


def test_a_failing_skill_loses_its_session() -> None:
    skill = Skill(answer(), answer("R&D"), answer())
    echo = device(skill)
    session = echo.say("open duty officer")["session"]
    with pytest.raises(InvalidResponse):
        echo.say("status", session=session)
    echo.say("status", session=session)
    assert skill.got[-1]["session"]["new"]
