"""The box is spoken to in every language that has a model: called by name, asked, answered."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.alexa import Device, models_from
from tests.world import Sandbox, http

FOLDER = Path(__file__).parents[2] / "interaction_model"
LOCALES = sorted(path.stem for path in FOLDER.glob("*-*.json"))
SKILL = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
PEOPLE = {"responder": {"userId": "user-1", "personId": "person-1"}}
VERIFY = {
    "type": "Connections.StartConnection",
    "uri": "connection://AMAZON.VerifyPerson/2",
    "token": "token-1",
    "input": {"requestedAuthenticationConfidenceLevel": {"level": 400}},
}
ASK = {"type": "Dialog.ElicitSlot", "slotToElicit": "group"}
Json = dict[str, Any]


def say(box: Sandbox, text: str, locale: str, **more: Any) -> Json:
    url = f"{box.ready['control']}/say"
    status, said = http("POST", url, {"text": text, "locale": locale, **more})
    assert status == 200, said
    found: Json = said
    return found


def device(*directives: Json) -> tuple[Device, list[Json]]:
    """A device whose skill first answers with these directives, then with nothing; and what the
    skill was asked."""
    got: list[Json] = []

    def skill(envelope: Json) -> Json:
        got.append(envelope["request"])
        speech = {"type": "PlainText", "text": "さて。"}
        sent = list(directives) if len(got) == 1 else []
        response = {"outputSpeech": speech, "directives": sent, "shouldEndSession": False}
        if envelope["request"]["type"] == "SessionEndedRequest":
            return {}
        return {"version": "1.0", "sessionAttributes": {}, "response": response}

    return Device(skill, models_from(FOLDER), SKILL, PEOPLE, "1234"), got


@pytest.mark.parametrize("locale", LOCALES)
def test_the_skill_opens_in_every_locale(box: Sandbox, locale: str) -> None:
    name = "セキュリティ当番を開いて" if locale == "ja-JP" else "open duty officer"
    said = say(box, name, locale)
    assert said["intent"] == "LaunchRequest" and said["speech"] and said["open"]


def test_a_japanese_wish_reaches_the_skill_with_its_values(box: Sandbox) -> None:
    said = say(box, "アレクサ、セキュリティ当番で重大な検出結果を教えて", "ja-JP")
    assert said["intent"] == "ReadFindingsIntent" and said["speech"]
    assert said["slots"] == {"severity": {"value": "重大", "ids": ["CRITICAL"]}}


@pytest.mark.parametrize(
    "text",
    [
        "アレクサ、セキュリティ当番でバッチ三を隔離して",
        "アレクサ、セキュリティ当番を使って、バッチ三を隔離して",
        "セキュリティ 当番にバッチ三を隔離してと言って",
        "ねえアレクサ、バッチ三を隔離してとセキュリティ当番に頼んで",
        "バッチ三を隔離して",
    ],
)
def test_a_one_shot_goes_straight_to_its_intent(text: str) -> None:
    echo, got = device()
    assert echo.say(text, locale="ja-JP")["intent"] == "IsolateIntent"
    slot = got[0]["intent"]["slots"]["instance"]
    (authority,) = slot["resolutions"]["resolutionsPerAuthority"]
    assert authority["values"] == [{"value": {"name": "batch-3", "id": "batch-3"}}]
    assert (slot["value"], got[0]["locale"]) == ("バッチ三", "ja-JP")


@pytest.mark.parametrize(
    "text",
    [
        "セキュリティ当番",
        "アレクサ、セキュリティ当番を起動してください",
        "セキュリティ当番を開いて。",
    ],
)
def test_called_by_its_name_alone_it_opens(text: str) -> None:
    echo, got = device()
    echo.say(text, locale="ja-JP")
    assert [request["type"] for request in got] == ["LaunchRequest"]


def test_a_question_is_answered_in_japanese() -> None:
    echo, got = device(ASK)
    session = echo.say("脆弱なサーバーにパッチを当てて", locale="ja-JP")["session"]
    echo.say("全部", locale="ja-JP", session=session)
    group = got[1]["intent"]["slots"]["group"]
    (authority,) = group["resolutions"]["resolutionsPerAuthority"]
    assert authority["values"] == [{"value": {"name": "全部", "id": "ALL"}}]


@pytest.mark.parametrize(
    ("tries", "status"),
    [
        (["いちにさんよん"], "ACHIEVED"),
        (["暗証番号は一二三四です"], "ACHIEVED"),
        (["四三二一", "1 2 3 4"], "ACHIEVED"),
        (["四三二一", "バナナ", "9999"], "NOT_ACHIEVED"),
        (["キャンセル"], "NOT_ACHIEVED"),
        (["終了"], "NOT_ACHIEVED"),
    ],
)
def test_alexa_asks_for_the_pin_in_japanese(tries: list[str], status: str) -> None:
    echo, got = device(VERIFY)
    asked = echo.say("はい", locale="ja-JP")
    assert asked["speech"] == "さて。 暗証番号をどうぞ。"
    for text in tries:
        echo.say(text, locale="ja-JP", session=asked["session"])
    assert got[-1]["cause"]["result"]["status"] == status
    assert "1234" not in str(got) and "一二三四" not in str(got)


def test_leaving_ends_the_session() -> None:
    echo, got = device()
    session = echo.say("セキュリティ当番を開いて", locale="ja-JP")["session"]
    echo.say("終了", locale="ja-JP", session=session)
    assert [request["type"] for request in got] == ["LaunchRequest", "SessionEndedRequest"]
    assert got[1]["reason"] == "USER_INITIATED"
