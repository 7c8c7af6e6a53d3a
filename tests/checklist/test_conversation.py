"""Amazon's checklist, items 1 to 10: the conversation."""

from itertools import combinations

import pytest

from tests.checklist.world import BREATH, PLACES, asks, ends, quiet_after, raw, words
from tests.product.mutation_world import INTENTS
from tests.product.test_stories import BOTH
from tests.world import Conversation, Sandbox

every_place = pytest.mark.parametrize("place", PLACES)
REASONS = ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS", "SOMETHING_NEW"]


@pytest.mark.parametrize("locale", BOTH)
def test_01_launch_speaks_asks_and_listens_in_one_breath(quiet: Sandbox, locale: str) -> None:
    talk = quiet.talk(locale=locale)
    talk.launch()
    assert asks(talk) and talk.speech.endswith(("?", "？"))
    assert words(talk) <= BREATH[locale]


def cases() -> list[tuple[str, dict[str, str]]]:
    """Every intent with all of its slots, with each left out, and with none."""
    found = []
    for name, slots in INTENTS.items():
        if name == "RunAssessmentIntent":
            continue  # It starts something at once, see below.
        given = {key: value for key, value in slots.items() if value}
        for count in range(len(given) + 1):
            found += [(name, dict(kept)) for kept in combinations(given.items(), count)]
    return found


@pytest.mark.parametrize(("name", "slots"), cases(), ids=str)
def test_02_each_intent_alone_with_all_slots_and_with_each_missing(
    quiet: Sandbox, name: str, slots: dict[str, str]
) -> None:
    talk = quiet.talk()
    speech = talk.intent(name, **slots)
    assert asks(talk) or ends(talk)
    assert speech and "went wrong" not in speech


def test_02_the_intent_that_starts_at_once_alone_and_without_its_slot(box: Sandbox) -> None:
    assert asks_for(box.talk(), "RunAssessmentIntent") == "group"
    assert box.talk().intent("RunAssessmentIntent", group="web").startswith("Starting")
    box.idle()


def asks_for(talk: Conversation, name: str) -> str:
    """The slot that is asked for when an intent comes without any."""
    talk.intent(name)
    (directive,) = talk.answer["directives"]
    assert asks(talk) and directive["type"] == "Dialog.ElicitSlot"
    return str(directive["slotToElicit"])


@every_place
def test_03_help_anywhere_says_what_to_say_and_asks(quiet: Sandbox, place: str) -> None:
    talk = PLACES[place](quiet)
    speech = talk.intent("AMAZON.HelpIntent")
    assert asks(talk) and speech.rstrip().endswith("?")
    assert "say" in speech or "Ask" in speech


@pytest.mark.parametrize("name", ["AMAZON.StopIntent", "AMAZON.CancelIntent"])
@every_place
def test_04_stop_and_cancel_anywhere_end_shortly_and_do_nothing(
    quiet: Sandbox, place: str, name: str
) -> None:
    talk = PLACES[place](quiet)
    quiet.forget_calls()
    talk.intent(name)
    assert ends(talk) and words(talk) <= 6
    assert quiet_after(quiet)


@every_place
def test_05_fallback_anywhere_helps_and_gives_up_politely(quiet: Sandbox, place: str) -> None:
    talk = PLACES[place](quiet)
    quiet.forget_calls()
    said = []
    for _ in range(2):
        said.append(talk.intent("AMAZON.FallbackIntent"))
        assert asks(talk)
    said.append(talk.intent("AMAZON.FallbackIntent"))
    assert ends(talk) and "I did nothing" in said[-1]
    assert quiet_after(quiet)


@every_place
def test_06_navigate_home_ends(quiet: Sandbox, place: str) -> None:
    talk = PLACES[place](quiet)
    talk.intent("AMAZON.NavigateHomeIntent")
    assert ends(talk)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("place", ["out of the blue", "asked for a yes"])
def test_07_the_end_of_a_session_is_answered_by_nothing(
    quiet: Sandbox, place: str, reason: str
) -> None:
    talk = PLACES[place](quiet)
    error = {"type": "INVALID_RESPONSE", "message": "x"}
    request = {"type": "SessionEndedRequest", "reason": reason, "error": error}
    status, answer = raw(quiet, talk.envelope(request))
    assert status == 200
    spoken = ("outputSpeech", "reprompt", "card", "directives", "shouldEndSession")
    assert not set(spoken) & set(answer["response"])


@pytest.mark.parametrize("locale", BOTH)
def test_08_a_question_listens_and_a_statement_ends(quiet: Sandbox, locale: str) -> None:
    """Held for every answer of every test by the box; here for a tour of all intents."""
    for name, slots in INTENTS.items():
        listening = name == "RunAssessmentIntent"
        viewer = {"person": None, "user": quiet.ready["viewer"]["userId"]} if listening else {}
        talk = quiet.talk(locale=locale, **viewer)
        talk.intent(name, **slots)
        again = "reprompt" in talk.answer
        assert talk.answer["shouldEndSession"] is not again, (name, talk.answer)
        questions = talk.speech.count("?") + talk.speech.count("？")
        assert questions == again, (name, talk.speech)


@pytest.mark.parametrize("name", ["AMAZON.YesIntent", "AMAZON.NoIntent"])
@pytest.mark.parametrize("place", ["out of the blue", "after the launch"])
def test_09_yes_and_no_with_nothing_pending(quiet: Sandbox, place: str, name: str) -> None:
    talk = PLACES[place](quiet)
    quiet.forget_calls()
    speech = talk.intent(name)
    assert "nothing waiting" in speech if name.endswith("YesIntent") else ends(talk)
    assert quiet_after(quiet)


@every_place
@pytest.mark.parametrize("name", ["AMAZON.RepeatIntent", "PatchIntent", "IsolateIntent"])
def test_10_the_reprompt_differs_from_the_prompt(quiet: Sandbox, place: str, name: str) -> None:
    talk = PLACES[place](quiet)
    talk.intent(name)
    again = [one["type"] for one in talk.answer.get("directives", [])]
    assert asks(talk) or again == ["Connections.StartConnection"], talk.answer
