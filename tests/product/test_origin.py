"""Who asks about something contained hears since when it is, and which door asked for it."""

import pytest

from tests.events_world import table
from tests.product.lock_world import say
from tests.world import Sandbox

ENGLISH, JAPANESE = "en-US", "ja-JP"
BY_VOICE = {
    ENGLISH: "Just now, a responder asked for the containment by voice.",
    JAPANESE: "たったいま、担当者が音声で封じ込めを依頼しました。",
}
UNKNOWN = {
    ENGLISH: "Just now, the containment was asked for.",
    JAPANESE: "封じ込めの依頼はたったいまです。",
}
BOTH = (ENGLISH, JAPANESE)


@pytest.fixture
def locked(box: Sandbox) -> Sandbox:
    box.aws("iam").create_user(UserName="mallory")
    say(box, "LockPrincipalIntent", principal="mallory")
    return box


def asked(box: Sandbox, locale: str, **slots: str) -> str:
    return box.talk(locale=locale).intent("VerifyIntent", **slots)


@pytest.mark.parametrize("locale", BOTH)
def test_it_was_asked_for_by_voice(locked: Sandbox, locale: str) -> None:
    assert asked(locked, locale, principal="mallory").endswith(BY_VOICE[locale])


@pytest.mark.parametrize("locale", BOTH)
def test_a_run_that_is_forgotten_makes_it_no_less_contained(locked: Sandbox, locale: str) -> None:
    (run,), there = locked.runs(), locked.aws("dynamodb")
    key = {"pk": {"S": f"run#{run['id']}"}, "sk": {"S": "record"}}
    there.delete_item(TableName=table(there), Key=key)
    speech = asked(locked, locale, principal="mallory")
    assert speech.endswith(UNKNOWN[locale])
    assert {ENGLISH: "is still contained", JAPANESE: "封じ込められたままです"}[locale] in speech


@pytest.mark.parametrize("locale", BOTH)
def test_nothing_is_told_of_what_is_not_contained(box: Sandbox, locale: str) -> None:
    speech = asked(box, locale, instance="batch three")
    assert speech.endswith(
        {ENGLISH: "is not contained.", JAPANESE: "封じ込められていません。"}[locale]
    )
