"""Sentences find their intents, and what is not meant for the skill finds none."""

from pathlib import Path

import pytest

from sandbox.alexa.model import Model, models_from
from sandbox.alexa.nlu import FALLBACK, Heard, Interpreter
from sandbox.alexa.resolution import Catalog, dynamic_catalog, slot_entry, static_catalog
from sandbox.alexa.words import clean, digits_of, ordinal_of, tokens

MODEL = Model(models_from(Path(__file__).parents[2] / "interaction_model")("en-US"))
INTERPRETER = Interpreter(MODEL)
SKILL = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
STATIC = static_catalog(SKILL, MODEL)
LIVE = dynamic_catalog(
    SKILL,
    [
        {"name": "INSTANCE", "values": [{"id": "smelter-9", "name": {"value": "smelter nine"}}]},
        {"name": "GROUP", "values": [{"id": "smelter", "name": {"value": "smelter"}}]},
    ],
)

SAID = [
    ("Run an assessment on the web servers", "RunAssessmentIntent", {"group": "web"}),
    ("assess everything", "RunAssessmentIntent", {"group": "everything"}),
    ("could you run a quick scan of the batch machines", "RunAssessmentIntent", {"group": "batch"}),
    ("run an assessment", "RunAssessmentIntent", {}),
    ("Is the assessment done?", "AssessmentStatusIntent", {}),
    ("is the scan of the web servers finished yet", "AssessmentStatusIntent", {"group": "web"}),
    ("Read me the critical findings.", "ReadFindingsIntent", {"severity": "critical"}),
    ("how many urgent vulnerabilities are there", "ReadFindingsIntent", {"severity": "urgent"}),
    ("the second one", "FindingDetailIntent", {"ordinal": "2"}),
    ("tell me about the 3rd one", "FindingDetailIntent", {"ordinal": "3"}),
    ("number two", "FindingDetailIntent", {"ordinal": "2"}),
    ("Patch the vulnerable instances", "PatchIntent", {}),
    ("patch database two", "PatchIntent", {"instance": "database two"}),
    ("please patch the bastion servers for me", "PatchIntent", {"group": "bastion"}),
    ("Anything suspicious?", "SuspiciousIntent", {}),
    ("anything weird on the network", "SuspiciousIntent", {}),
    ("who is attacking batch three", "TrafficIntent", {"instance": "batch three"}),
    ("mark api one as suspicious", "MarkSuspiciousIntent", {"instance": "api one"}),
    ("Isolate batch three", "IsolateIntent", {"instance": "batch three"}),
    ("isolate batch-3", "IsolateIntent", {"instance": "batch-3"}),
    ("isoalte batch 3", "IsolateIntent", {"instance": "batch 3"}),
    ("cut web one off the network", "IsolateIntent", {"instance": "web one"}),
    ("isolate it", "IsolateIntent", {}),
    ("isolate", "IsolateIntent", {}),
    ("is batch three isolated", "VerifyIntent", {"instance": "batch three"}),
    ("does batch three's isolation hold", "VerifyIntent", {"instance": "batch three"}),
    ("the last one", "FindingDetailIntent", {"ordinal": "last"}),
    ("Release batch three", "ReleaseIntent", {"instance": "batch three"}),
    ("Block the attacker", "BlockSourceIntent", {}),
    ("lock the user alice", "LockPrincipalIntent", {"principal": "alice"}),
    ("lock down the lambda function image resizer", "LockFunctionIntent", None),
    ("what's going on", "StatusIntent", {}),
    ("how did the patching go", "StatusIntent", {}),
    ("Undo that", "UndoIntent", {}),
    ("my pin is one two three four", "PinIntent", {"pin": "1234"}),
    ("my pin is twelve 34", "PinIntent", {"pin": "1234"}),
    ("yes please", "AMAZON.YesIntent", {}),
    ("yes isolate it", "AMAZON.YesIntent", {}),
    ("no thanks", "AMAZON.NoIntent", {}),
    ("next", "AMAZON.NextIntent", {}),
    ("go back", "AMAZON.PreviousIntent", {}),
    ("say that again", "AMAZON.RepeatIntent", {}),
    ("what can I say", "AMAZON.HelpIntent", {}),
    ("stop", "AMAZON.StopIntent", {}),
    ("never mind", "AMAZON.CancelIntent", {}),
    ("go home", "AMAZON.NavigateHomeIntent", {}),
]
# No sample can be laid along these.
LIKE = [
    ("when's the scan going to be finished", "AssessmentStatusIntent", {}),
    (
        "which critical vulnerabilities are still open",
        "ReadFindingsIntent",
        {"severity": "critical"},
    ),
    ("uh can you get me the details of number four", "FindingDetailIntent", {"ordinal": "4"}),
    ("could somebody be connecting to batch three", "TrafficIntent", {"instance": "batch three"}),
    ("tell me what's going on", "StatusIntent", {}),
    ("take back the last change", "UndoIntent", {}),
    ("keep reading", "AMAZON.NextIntent", {}),
]
NOT_MEANT = [
    "what's the weather",
    "reboot web one",
    "terminate batch three",
    "three of them",
    "don't go and take batch three off of the network",
    "play some music in the kitchen",
    "what is the capital of france",
    "order a pizza",
    "don't isolate batch three",
    "never patch the web servers",
    "web one",
    "three",
    "1234",
    "\U0001f600",
    "<speak>&</speak>",
]


def hear(text: str, *more: Catalog) -> Heard:
    return INTERPRETER.hear(text, [STATIC, *more])


@pytest.mark.parametrize(("text", "intent", "slots"), SAID)
def test_a_sentence_finds_its_intent(text: str, intent: str, slots: dict[str, str] | None) -> None:
    heard = hear(text)
    assert heard.intent == intent
    assert slots is None or heard.slots == slots


@pytest.mark.parametrize(("text", "intent", "slots"), LIKE)
def test_what_follows_no_sample_means_what_it_is_most_like(
    text: str, intent: str, slots: dict[str, str]
) -> None:
    heard = hear(text)
    assert heard.intent == intent
    assert heard.known and slots.items() <= heard.slots.items()


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_is_not_meant_for_the_skill_falls_back(text: str) -> None:
    assert hear(text).intent == FALLBACK


def test_every_sample_finds_its_own_intent() -> None:
    fillings = {
        "group": "web",
        "instance": "batch three",
        "severity": "critical",
        "principal": "alice",
        "function": "image resizer",
        "ordinal": "second",
        "pin": "one two three four",
        "kind": "isolation",
    }
    wrong = []
    for intent in MODEL.document["interactionModel"]["languageModel"]["intents"]:
        for sample in intent["samples"]:
            heard = hear(sample.format(**fillings))
            if heard.intent != intent["name"]:
                wrong.append((sample, heard.intent))
    assert wrong == []


def test_unknown_names_are_passed_on_as_heard() -> None:
    assert hear("isolate smelter nine") == Heard(
        "IsolateIntent", {"instance": "smelter nine"}, hear("isolate smelter nine").distance, False
    )
    assert hear("patch the smelter servers").slots == {"group": "smelter"}
    assert hear("patch smelter nine").slots == {"instance": "smelter nine"}


def test_dynamic_entities_make_names_known() -> None:
    heard = hear("isolate the smelter 9", LIVE)
    assert heard.known and heard.slots == {"instance": "the smelter 9"}


def test_an_answer_is_taken_by_the_slot_that_was_asked_for() -> None:
    def answer(text: str) -> tuple[str, dict[str, str]]:
        heard = INTERPRETER.answer(text, "PatchIntent", "group", [STATIC])
        return heard.intent, heard.slots

    assert answer("All of them.") == ("PatchIntent", {"group": "all of them"})
    assert answer("just the web servers") == ("PatchIntent", {"group": "web"})
    # A correction of the wish that is asked about comes to the same (test_open_questions.py).
    assert answer("the smelter servers") == ("CorrectIntent", {"group": "smelter"})
    assert answer("smelters") == ("PatchIntent", {"group": "smelters"})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("stop", "AMAZON.StopIntent"),
        ("no", "AMAZON.NoIntent"),
        ("never mind", "AMAZON.CancelIntent"),
        ("isolate batch three", "IsolateIntent"),
        ("what's going on", "StatusIntent"),
    ],
)
def test_another_wish_breaks_off_what_was_asked(text: str, intent: str) -> None:
    assert INTERPRETER.answer(text, "PatchIntent", "group", [STATIC]).intent == intent


def test_a_pin_is_only_four_digits() -> None:
    def answer(text: str) -> dict[str, str]:
        return INTERPRETER.answer(text, "PinIntent", "pin", [STATIC]).slots

    assert answer("0123") == answer("zero one two three") == {"pin": "0123"}
    assert answer("oh one two three") == {"pin": "0123"}
    assert answer("12345") == answer("one two three") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web twenty one", ["web", "21"]),
        ("web-021", ["web", "21"]),
        ("smelter one hundred and twelve", ["smelter", "112"]),
        ("What's up", ["what", "is", "up"]),
        ("don't", ["don't"]),
        ("second 2nd", ["second", "2nd"]),
    ],
)
def test_words_and_numbers_compare_alike(text: str, expected: list[str]) -> None:
    assert [token.word for token in tokens(clean(text))] == expected


def test_codes_and_ordinals_are_read_from_words_and_digits() -> None:
    assert digits_of(tokens("0 1 twenty three")) == "0123"
    assert digits_of(tokens("one two bananas")) is None
    assert [ordinal_of(token) for token in tokens("second 2nd 2 web")] == [2, 2, 2, None]


def test_a_slot_carries_its_resolution_by_every_authority() -> None:
    slot = slot_entry("instance", "smelter nine", "INSTANCE", [STATIC, LIVE])
    assert slot["value"] == slot["slotValue"]["value"] == "smelter nine"
    assert slot["slotValue"]["type"] == "Simple"
    static, live = slot["resolutions"]["resolutionsPerAuthority"]
    assert static == {
        "authority": f"amzn1.er-authority.echo-sdk.{SKILL}.INSTANCE",
        "status": {"code": "ER_SUCCESS_NO_MATCH"},
    }
    assert live == {
        "authority": f"amzn1.er-authority.echo-sdk.dynamic.{SKILL}.INSTANCE",
        "status": {"code": "ER_SUCCESS_MATCH"},
        "values": [{"value": {"name": "smelter nine", "id": "smelter-9"}}],
    }


@pytest.mark.parametrize("spoken", ["web one", "web-1", "web 1", "the web one", "Web Server 01"])
def test_every_way_to_say_a_name_resolves_to_it(spoken: str) -> None:
    slot = slot_entry("instance", spoken, "INSTANCE", [STATIC])
    (authority,) = slot["resolutions"]["resolutionsPerAuthority"]
    assert authority["values"] == [{"value": {"name": "web-1", "id": "web-1"}}]


def test_digits_of_a_name_do_not_run_together() -> None:
    twice = dynamic_catalog(SKILL, [{"name": "INSTANCE", "values": [_named("web-1-1")]}])
    assert hear("isolate web eleven", twice).known is False
    assert hear("isolate web one one", twice).known is True


def test_an_empty_slot_has_no_value_and_built_in_types_no_resolution() -> None:
    assert slot_entry("group", None, "GROUP", [STATIC]) == {
        "name": "group",
        "confirmationStatus": "NONE",
    }
    assert "resolutions" not in slot_entry("pin", "1234", "AMAZON.FOUR_DIGIT_NUMBER", [STATIC])


def _named(name: str) -> dict[str, object]:
    return {"id": name, "name": {"value": name, "synonyms": []}}
