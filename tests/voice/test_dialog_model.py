"""What the skill may ask back is in the models' dialogs, with prompts and ways to answer."""

import re

from tests.voice.models import (
    ASKED_FOR,
    INTENTS,
    MODELS,
    TYPES,
    every_model,
    slot_samples,
)


@every_model
def test_every_slot_name_has_one_type_everywhere(locale: str) -> None:
    model = MODELS[locale]
    dialog = [slot for i in model["dialog"]["intents"] for slot in i["slots"]]
    assert all(TYPES[slot["name"]] == slot["type"] for slot in dialog)


@every_model
def test_every_intent_that_asks_back_is_in_the_dialog_with_a_prompt(locale: str) -> None:
    model = MODELS[locale]
    prompts = {prompt["id"]: prompt["variations"] for prompt in model["prompts"]}
    asked = {
        intent["name"]: slot["name"]
        for intent in model["dialog"]["intents"]
        for slot in intent["slots"]
        if slot["elicitationRequired"] and prompts[slot["prompts"]["elicitation"]]
    }
    assert asked == ASKED_FOR


@every_model
def test_dialogs_are_led_by_the_skill_and_never_confirm_by_themselves(locale: str) -> None:
    dialog = MODELS[locale]["dialog"]
    assert dialog["delegationStrategy"] == "SKILL_RESPONSE"
    for intent in dialog["intents"]:
        assert intent["delegationStrategy"] == "SKILL_RESPONSE"
        assert not intent["confirmationRequired"]
        assert [slot["name"] for slot in intent["slots"]] == INTENTS[intent["name"]]


@every_model
def test_what_is_asked_for_has_ways_to_answer(locale: str) -> None:
    answered = {(intent, slot) for intent, slot, _ in slot_samples(MODELS[locale])}
    assert answered == {*ASKED_FOR.items(), ("PatchIntent", "instance")}


@every_model
def test_prompts_are_used_have_variations_and_name_only_slots_of_their_intent(locale: str) -> None:
    model = MODELS[locale]
    used = {
        slot["prompts"]["elicitation"]: intent["name"]
        for intent in model["dialog"]["intents"]
        for slot in intent["slots"]
        if slot["elicitationRequired"]
    }
    assert sorted(used) == sorted(prompt["id"] for prompt in model["prompts"])
    for prompt in model["prompts"]:
        assert len(prompt["variations"]) >= 2
        for variation in prompt["variations"]:
            assert variation["type"] in ("PlainText", "SSML")
            named = re.findall(r"\{(\w+)\}", variation["value"])
            assert set(named) <= set(INTENTS[used[prompt["id"]]])
