"""A conversation carries its context, in both languages, and never acts on what was taken back."""

from typing import Any

import pytest

from tests.product.dialogue_world import asks, planned
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE, NAMED
from tests.world import Sandbox

NONE_WAITS = {ENGLISH: "nothing waiting", JAPANESE: "返事を待っている質問はありません"}


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world."""
    running.reset()
    return running


def on(box: Sandbox, **criteria: Any) -> set[str]:
    """The instances that open findings are on, as Inspector lists them."""
    pages = box.aws("inspector2").get_paginator("list_findings")
    found = pages.paginate(filterCriteria=criteria).build_full_result()["findings"]
    return {resource["id"] for one in found for resource in one["resources"]}


def equal(value: str) -> list[dict[str, str]]:
    return [{"comparison": "EQUALS", "value": value}]


@pytest.mark.parametrize("locale", BOTH)
def test_patch_them_means_the_instances_of_the_findings(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    talk.intent("PatchIntent")
    wanted = on(shared, severity=equal("CRITICAL"), findingStatus=equal("ACTIVE"))
    assert set(planned(talk)["params"]["instances"]) == wanted


@pytest.mark.parametrize("locale", BOTH)
def test_patch_them_after_one_finding_means_its_instances(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    cve = talk.attributes["items"][2]
    talk.intent("FindingDetailIntent", ordinal={ENGLISH: "third", JAPANESE: "三つ目"}[locale])
    talk.intent("PatchIntent")
    assert set(planned(talk)["params"]["instances"]) == on(shared, vulnerabilityId=equal(cve))


def test_patch_them_is_not_what_was_read_before_something_else(shared: Sandbox) -> None:
    talk = shared.talk()
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    talk.intent("TrafficIntent", instance="web one")
    assert talk.attributes["focus"] == "web-1"
    assert talk.intent("PatchIntent").startswith("Which ones?")


@pytest.mark.parametrize("locale", BOTH)
def test_it_is_the_instance_just_spoken_of(shared: Sandbox, locale: str) -> None:
    told, spoken = NAMED["batch-3"][locale]
    talk = shared.talk(locale=locale)
    talk.launch()
    talk.intent("TrafficIntent", instance=told)
    assert spoken in talk.intent("IsolateIntent")
    assert planned(talk)["params"] == {"instance": "batch-3"}


@pytest.mark.parametrize("locale", BOTH)
def test_the_next_three_and_back(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    first = talk.intent("ReadFindingsIntent", severity="CRITICAL")
    fourth = {ENGLISH: "4: ", JAPANESE: "4番、"}[locale]
    assert fourth not in first
    assert fourth in talk.intent("AMAZON.NextIntent")
    assert asks(talk)
    back = talk.intent("AMAZON.PreviousIntent")
    assert {ENGLISH: "1: ", JAPANESE: "1番、"}[locale] in back
    assert fourth not in back


@pytest.mark.parametrize("locale", BOTH)
def test_repeating_keeps_the_question_open(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    plan = talk.intent("IsolateIntent", instance=NAMED["batch-3"][locale][0])
    assert talk.intent("AMAZON.RepeatIntent") == plan
    talk.yes()
    assert talk.token


@pytest.mark.parametrize("locale", BOTH)
def test_help_is_of_the_moment(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    said = [talk.intent("AMAZON.HelpIntent")]
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    said.append(talk.intent("AMAZON.HelpIntent"))
    talk.intent("TrafficIntent", instance=NAMED["web-1"][locale][0])
    said.append(talk.intent("AMAZON.HelpIntent"))
    talk.intent("IsolateIntent")
    said.append(talk.intent("AMAZON.HelpIntent"))
    assert asks(talk)
    assert len(set(said)) == 4
    assert NAMED["web-1"][locale][1] in said[2]
    assert NONE_WAITS[locale] in talk.yes()


@pytest.mark.parametrize("locale", BOTH)
def test_a_correction_makes_a_new_plan_and_drops_the_old_one(shared: Sandbox, locale: str) -> None:
    shared.forget_calls()
    talk = shared.talk(locale=locale)
    talk.intent("PatchIntent", group=NAMED["web"][locale][0])
    old = talk.attributes
    corrected = talk.intent("CorrectIntent", group=NAMED["api"][locale][0])
    assert NAMED["api"][locale][1] in corrected, "the plan says whom it is about"
    assert planned(talk)["action"] == "patch"
    assert planned(talk)["params"] != old["hint"]["params"]
    talk.attributes = old
    talk.yes()
    assert shared.runs() == []
    assert not [row for row in shared.calls() if row["operation"] == "Invoke"]


@pytest.mark.parametrize("locale", BOTH)
def test_a_correction_keeps_what_was_said(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="CRITICAL", group=NAMED["web"][locale][0])
    speech = talk.intent("CorrectIntent", group=NAMED["database"][locale][0])
    assert talk.attributes["found"]["severity"] == "CRITICAL"
    assert talk.attributes["found"]["group"] == "database"
    assert NAMED["database"][locale][1] in speech
    talk.intent("CorrectIntent", severity="HIGH")
    found = talk.attributes["found"]
    assert (found["severity"], found["group"]) == ("HIGH", "database")


@pytest.mark.parametrize("locale", BOTH)
def test_a_correction_of_the_name_to_isolate(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("IsolateIntent", instance=NAMED["batch-3"][locale][0])
    assert NAMED["web-1"][locale][1] in talk.intent(
        "CorrectIntent", instance=NAMED["web-1"][locale][0]
    )
    assert planned(talk)["action"] == "isolate"


@pytest.mark.parametrize("locale", BOTH)
def test_a_correction_of_nothing(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("CorrectIntent", group=NAMED["web"][locale][0])
    assert asks(talk)
    assert planned(talk) == {}


@pytest.mark.parametrize("locale", BOTH)
def test_a_new_session_knows_nothing(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    talk.intent("PatchIntent")
    fresh = shared.talk(locale=locale)
    assert NONE_WAITS[locale] in fresh.yes()
    fresh.intent("PatchIntent")
    assert planned(fresh) == {}
    fresh.intent("CorrectIntent", group="web")
    assert shared.runs() == []


def test_an_answer_that_ends_the_session_leaves_nothing(shared: Sandbox) -> None:
    talk = shared.talk()
    talk.intent("PatchIntent", group="web")
    talk.intent("AMAZON.StopIntent")
    assert not talk.open
    assert talk.attributes == {}
