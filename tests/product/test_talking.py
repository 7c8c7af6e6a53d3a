"""One conversation in both languages, typed as it is said: what it carries, and what it forgets."""

import re

import pytest

from tests.product.dialogue_world import planned
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE
from tests.world import Json, Sandbox

# What is said in English and in Japanese, the intent that Alexa makes of it, and what is heard.
Turn = tuple[str, str, str, str, str]
OPEN: Turn = ("open duty officer", "セキュリティ当番を開いて", "LaunchRequest", "", "")
READ: Turn = (
    *("read me the critical findings", "重大な検出を読んで", "ReadFindingsIntent"),
    *("critical findings", "重大な検出は"),
)
TALKS: dict[str, list[Turn]] = {
    "findings": [
        OPEN,
        ("go back", "戻って", "AMAZON.PreviousIntent", "nothing to go back", "戻るところが"),
        (
            "repeat that",
            "もう一度言って",
            "AMAZON.RepeatIntent",
            "nothing to go back",
            "戻るところが",
        ),
        READ,
        ("the next three", "次の三件", "AMAZON.NextIntent", "4: ", "4番、"),
        ("repeat that", "もう一度", "AMAZON.RepeatIntent", "4: ", "4番、"),
        ("the fifth one", "五番目を教えて", "FindingDetailIntent", "Critical, score", "スコアは"),
        ("what is its c v e number", "シーブイイー番号は", "FindingIdIntent", "CVE 20", "CVE 20"),
        ("go back", "前に戻って", "AMAZON.PreviousIntent", "4: ", "4番、"),
        ("go back", "戻って", "AMAZON.PreviousIntent", "1: ", "1番、"),
        (
            *("what is the c v e of the second one", "二番目の識別番号を教えて", "FindingIdIntent"),
            *("CVE 20", "CVE 20"),
        ),
        ("what can i say", "ヘルプ", "AMAZON.HelpIntent", "ou can say", "言えます"),
        (
            *("no the api servers", "いや、エーピーアイのほう", "CorrectIntent"),
            *("critical findings in api", "エーピーアイの重大な検出"),
        ),
        ("the first one", "最初の検出", "FindingDetailIntent", "score", "スコアは"),
    ],
    "a plan": [
        OPEN,
        (
            "show me the traffic on batch three",
            "バッチ三の通信を見せて",
            "TrafficIntent",
            "atch 3",
            "バッチ3",
        ),
        ("isolate it", "隔離して", "IsolateIntent", "Isolate batch 3?", "バッチ3"),
        ("repeat that", "もう一度", "AMAZON.RepeatIntent", "Isolate batch 3?", "バッチ3"),
        (
            "no i meant web one",
            "いや、ウェブ一のほう",
            "CorrectIntent",
            "Isolate web 1?",
            "ウェブ1",
        ),
        ("no", "いいえ", "AMAZON.NoIntent", "I did nothing", "なにもしていません"),
        ("yes", "はい", "AMAZON.YesIntent", "nothing waiting", "返事を待っている質問は"),
    ],
    "names": [
        OPEN,
        (
            "isolate batch thirty",
            "バッチ三十を隔離して",
            "IsolateIntent",
            "Do you mean",
            "ことですか",
        ),
        ("the first one", "最初のもの", "", "Isolate ", "隔離"),
        ("stop", "ストップ", "AMAZON.StopIntent", "I did nothing", "なにもしていません"),
    ],
}


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world."""
    running.reset()
    return running


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("name", TALKS)
def test_a_conversation(shared: Sandbox, name: str, locale: str) -> None:
    shared.forget_calls()
    session, heard = None, []
    for english, japanese, intent, answer, antwort in TALKS[name]:
        body = {"text": english if locale == ENGLISH else japanese, "locale": locale}
        said: Json = shared.control("POST", "/say", {**body, "session": session})
        session = said["session"]
        heard.append(said)
        assert said["intent"] == intent or not intent, (body, said["intent"], said["speech"])
        assert (answer if locale == ENGLISH else antwort) in said["speech"], (body, said["speech"])
        if said["open"]:
            assert said["reprompt"]
            assert said["reprompt"] != said["speech"]
    assert shared.runs() == []
    assert not [row for row in shared.calls() if row["operation"] == "Invoke"]
    unasked = [one for one in heard if one["intent"] != "FindingIdIntent"]
    assert not [one for one in unasked if re.search(r"CVE|GHSA", one["speech"])]


def test_an_id_is_spelled_with_pauses(shared: Sandbox) -> None:
    talk = shared.talk()
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    (cve, *_) = talk.attributes["items"]
    speech = talk.intent("FindingIdIntent", ordinal="1")
    _, year, number = cve.split("-")
    part = '<say-as interpret-as="{}">{}</say-as>'
    pause = ' <break time="100ms"/> '
    said = [part.format("spell-out", "CVE"), *(part.format("digits", n) for n in (year, number))]
    assert pause.join(said) in speech
    stranger = shared.talk(person=None, user="amzn1.ask.account.NOBODY")
    assert "CVE" not in stranger.intent("FindingIdIntent", ordinal="1")
    assert "Which one?" in shared.talk().intent("FindingIdIntent")


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("new", [True, False])
def test_what_another_session_remembered_acts_on_nothing(
    shared: Sandbox, locale: str, new: bool
) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    talk.intent("PatchIntent")
    assert planned(talk)
    shared.forget_calls()
    other = shared.talk(locale=locale)
    other.attributes, other.new = talk.attributes, new
    speech = other.yes()
    assert {ENGLISH: "nothing waiting", JAPANESE: "返事を待っている質問は"}[locale] in speech
    other = shared.talk(locale=locale)
    other.attributes, other.new = talk.attributes, new
    other.intent("PatchIntent")
    assert planned(other) == {}, "nor is it known whom it meant"
    assert shared.runs() == []


@pytest.mark.parametrize(
    ("locale", "usual", "first"),
    [
        (ENGLISH, "It usually takes about", "It takes some minutes"),
        (JAPANESE, "いつもは", "数分かかります"),
    ],
)
def test_the_second_time_one_hears_how_long_the_first_took(
    box: Sandbox, locale: str, usual: str, first: str
) -> None:
    talk = box.talk(locale=locale)
    talk.intent("PatchIntent", group={ENGLISH: "web", JAPANESE: "ウェブ"}[locale])
    assert first in talk.yes()
    box.idle()
    (run,) = box.runs()
    took = round(run["result"]["facts"]["seconds"] / 60)
    talk = box.talk(locale=locale)
    talk.intent("PatchIntent", group={ENGLISH: "api", JAPANESE: "エーピーアイ"}[locale])
    speech = talk.yes()
    assert usual in speech
    assert str(took) in speech
