"""A question stays open until it is answered or dropped, whatever is said instead of an answer."""

import pytest

from tests.product.dialogue_world import asks, planned
from tests.product.test_choices import NEAREST
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE, NAMED
from tests.world import Conversation, Sandbox

ASKED = {ENGLISH: "Which instance?", JAPANESE: "どのインスタンスですか"}
HELPED = {ENGLISH: "Which is it?", JAPANESE: "どれにしますか"}
PIN = {ENGLISH: "four digit PIN", JAPANESE: "4桁の暗証番号"}


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world."""
    running.reset()
    return running


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("name", ["AMAZON.HelpIntent", "AMAZON.YesIntent", "AMAZON.FallbackIntent"])
def test_which_one_is_asked_again(shared: Sandbox, name: str, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent")
    speech = talk.intent(name)
    assert (ASKED if name != "AMAZON.HelpIntent" else HELPED)[locale] in speech
    assert asks(talk)
    assert talk.answer["directives"][0]["slotToElicit"] == "instance"
    told, spoken = NAMED["web-1"][locale]
    assert spoken in talk.intent("IsolateIntent", instance=told)
    assert planned(talk)["action"] == "isolate"


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("name", ["AMAZON.HelpIntent", "AMAZON.YesIntent", "AMAZON.FallbackIntent"])
def test_names_that_were_offered_can_be_chosen_still(
    shared: Sandbox, name: str, locale: str
) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent", instance=NEAREST[locale][0])
    offered = talk.attributes["choices"]["names"]
    talk.intent(name)
    assert asks(talk)
    talk.intent("FindingDetailIntent", ordinal="2")
    assert planned(talk)["params"] == {"instance": offered[1]}


def test_of_names_that_are_equally_near_the_first_comes_first(shared: Sandbox) -> None:
    talk = shared.talk()
    talk.intent("IsolateIntent", instance="web")
    assert talk.attributes["choices"]["names"] == ["web-1", "web-2"]


@pytest.mark.parametrize("locale", BOTH)
def test_no_to_the_near_names_forgets_nothing_else(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="CRITICAL", group="datebase")
    talk.intent("AMAZON.NoIntent")
    talk.intent("CorrectIntent", group=NAMED["web"][locale][0])
    found = talk.attributes["found"]
    assert (found["severity"], found["group"]) == ("CRITICAL", "web")


@pytest.mark.parametrize(
    "locale, text", [(ENGLISH, "the web servers"), (JAPANESE, "ウェブのサーバーのほう")]
)
def test_a_group_alone_is_an_answer_and_no_order(shared: Sandbox, locale: str, text: str) -> None:
    opened = {ENGLISH: "ask duty officer to read me the critical findings on the wep servers"}
    opened[JAPANESE] = "セキュリティ当番でデータベスの重大な検出を読んで"
    answer = shared.control("POST", "/say", {"text": opened[locale], "locale": locale})
    body = {"locale": locale, "session": answer["session"], "text": text}
    answer = shared.control("POST", "/say", body)
    assert answer["intent"] == "CorrectIntent"
    assert {ENGLISH: "findings in web", JAPANESE: "ウェブの重大な検出"}[locale] in answer["speech"]
    assert shared.runs() == []


def wanting_a_pin(box: Sandbox, locale: str) -> Conversation:
    """A conversation in which Alexa has no PIN of its own and ours is asked for."""
    talk = box.talk(locale=locale)
    talk.intent("IsolateIntent", instance=NAMED["batch-3"][locale][0])
    talk.yes()
    assert PIN[locale] in talk.resume("NOT_ENABLED", level=0)
    return talk


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("name", ["AMAZON.YesIntent", "AMAZON.FallbackIntent"])
def test_a_pin_that_is_waited_for_is_asked_for_again(
    shared: Sandbox, name: str, locale: str
) -> None:
    """Not "shall I go ahead": a yes to that would lead nowhere."""
    talk = wanting_a_pin(shared, locale)
    assert PIN[locale] in talk.intent(name)
    assert asks(talk)
    assert talk.attributes["stage"] == "prove"
    assert shared.runs() == []


@pytest.mark.parametrize(
    "locale, heard, near",
    [
        (ENGLISH, "web tree", "web-3"),
        (JAPANESE, "ウェブザン", "web-3"),
        (ENGLISH, "web free", "web-3"),
    ],
)
def test_what_sounds_like_a_name_is_offered_first(
    shared: Sandbox, locale: str, heard: str, near: str
) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent", instance=heard)
    assert talk.attributes["choices"]["names"][0] == near
