"""What was not understood: several names, no such name, no such sentence. In both languages."""

import pytest

from tests.product.dialogue_world import asks, planned
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE, NAMED
from tests.world import Conversation, Sandbox, intent

NEAREST = {
    ENGLISH: ("batch tree", "batch 3", "Do you mean"),
    JAPANESE: ("バッチザン", "バッチ3", "のことですか"),
}
SECOND = {ENGLISH: "second", JAPANESE: "二番目"}


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world."""
    running.reset()
    return running


def resolved(talk: Conversation, name: str, slot: str, said: str, *ids: str) -> str:
    """An intent whose slot Alexa matched to several values."""
    wish = intent(name, **{slot: said})
    values = [{"value": {"name": one.replace("-", " "), "id": one}} for one in ids]
    authority = f"amzn1.er-authority.echo-sdk.amzn1.ask.skill.x.{slot.upper()}"
    row = {"authority": authority, "status": {"code": "ER_SUCCESS_MATCH"}, "values": values}
    wish["slots"][slot]["resolutions"] = {"resolutionsPerAuthority": [row]}
    talk.send(talk.envelope({"type": "IntentRequest", "intent": wish}))
    return talk.speech


@pytest.mark.parametrize("locale", BOTH)
def test_two_matches_are_asked_about_and_the_second_is_chosen(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    speech = resolved(talk, "IsolateIntent", "instance", "web", "web-1", "web-2")
    assert NAMED["web-1"][locale][1] in speech
    assert speech.count("?") + speech.count("？") == 1
    assert asks(talk)
    talk.intent("FindingDetailIntent", ordinal=SECOND[locale])
    assert planned(talk)["params"] == {"instance": "web-2"}


@pytest.mark.parametrize("locale", BOTH)
def test_the_answer_to_which_may_be_a_place(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    resolved(talk, "IsolateIntent", "instance", "web", "web-1", "web-2")
    talk.intent("IsolateIntent", instance=SECOND[locale])
    assert planned(talk)["params"] == {"instance": "web-2"}


@pytest.mark.parametrize("locale", BOTH)
def test_no_match_offers_the_two_nearest(shared: Sandbox, locale: str) -> None:
    heard, first, asked = NEAREST[locale]
    talk = shared.talk(locale=locale)
    speech = talk.intent("IsolateIntent", instance=heard)
    assert first in speech
    assert asked in speech
    assert speech.count("?") + speech.count("？") == 1
    assert len(talk.attributes["choices"]["names"]) == 2
    at = talk.attributes["choices"]["names"].index("batch-3")
    talk.yes()
    assert asks(talk)
    assert planned(talk) == {}
    talk.intent("FindingDetailIntent", ordinal=str(at + 1))
    assert planned(talk)["params"] == {"instance": "batch-3"}


@pytest.mark.parametrize("locale", BOTH)
def test_yes_to_the_only_near_name_asks_about_it(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("PatchIntent", group={ENGLISH: "batches of", JAPANESE: "バッチグループ"}[locale])
    assert talk.attributes["choices"]["names"] == ["batch"]
    talk.yes()
    assert talk.attributes["asked"]["slots"] == {"group": "batch"}


@pytest.mark.parametrize("locale", BOTH)
def test_no_to_the_near_names_asks_for_another(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent", instance=NEAREST[locale][0])
    talk.intent("AMAZON.NoIntent")
    assert talk.answer["directives"][0]["type"] == "Dialog.ElicitSlot"
    assert asks(talk)


@pytest.mark.parametrize("locale", BOTH)
def test_an_unknown_group_of_findings_is_asked_for_without_a_dialog(
    shared: Sandbox, locale: str
) -> None:
    """Alexa refuses to ask for a slot of an intent that is not in the model's dialog."""
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="HIGH", group="datebase")
    assert not talk.answer.get("directives")
    assert asks(talk)
    talk.yes()
    assert talk.attributes["found"]["group"] == "database"
    assert talk.attributes["found"]["severity"] == "HIGH"


@pytest.mark.parametrize("locale", BOTH)
def test_three_misunderstandings_end_it(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.launch()
    said = []
    for _ in range(2):
        said.append(talk.intent("AMAZON.FallbackIntent"))
        assert asks(talk)
    said.append(talk.intent("AMAZON.FallbackIntent"))
    assert not talk.open
    assert len(set(said)) == 3


def test_a_sentence_that_is_understood_starts_the_count_again(shared: Sandbox) -> None:
    talk = shared.talk()
    talk.launch()
    first = talk.intent("AMAZON.FallbackIntent")
    talk.intent("AMAZON.HelpIntent")
    assert talk.intent("AMAZON.FallbackIntent") == first


@pytest.mark.parametrize("locale", BOTH)
def test_a_question_survives_two_misunderstandings_and_not_three(
    shared: Sandbox, locale: str
) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent", instance=NAMED["batch-3"][locale][0])
    for _ in range(2):
        talk.intent("AMAZON.FallbackIntent")
        assert planned(talk)
        open_one = talk.attributes
    talk.intent("AMAZON.FallbackIntent")
    assert not talk.open
    talk.attributes = open_one
    talk.yes()
    assert not talk.answer.get("directives")
    assert shared.runs() == []


@pytest.mark.parametrize("locale", BOTH)
def test_a_name_that_was_asked_for_is_asked_for_again(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent")
    talk.intent("AMAZON.FallbackIntent")
    (ask,) = talk.answer["directives"]
    assert (ask["type"], ask["updatedIntent"]["name"]) == ("Dialog.ElicitSlot", "IsolateIntent")
    assert asks(talk)
