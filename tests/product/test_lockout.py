"""Who is refused, what they hear of it, and what stays with the audit trail. In both languages."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.product.test_stories import BOTH, ENGLISH, JAPANESE
from tests.world import Conversation, Json, Sandbox

STRANGER = {"user": "amzn1.ask.account.NOBODY", "person": "amzn1.ask.person.NOBODY"}
HEARD = {
    ENGLISH: {
        "unlisted": "this voice or account. Ask your team lead to list you",
        "left": ("2 tries are left", "One try is left"),
        "locked": "locked for fifteen minutes, and I did nothing",
        "started": "Isolating batch 3",
    },
    JAPANESE: {
        "unlisted": "指示は受けられません。チームの責任者に登録を頼んでください",
        "left": ("あと2回です", "あと1回です"),
        "locked": "間ロックします。なにもしていません",
        "started": "バッチ3を隔離しています",
    },
}
ASKS = [
    ("IsolateIntent", {"instance": "batch three"}),
    ("StatusIntent", {}),
    ("ReadFindingsIntent", {"severity": "CRITICAL"}),
    ("FindingIdIntent", {}),
    ("AMAZON.HelpIntent", {}),
]


def items(box: Sandbox, kind: str) -> list[Json]:
    """The ledger's items whose key begins so."""
    pages = box.aws("dynamodb").get_paginator("scan").paginate(TableName=table(box))
    rows = [row for page in pages for row in page["Items"]]
    return [row for row in rows if row["pk"]["S"].startswith(f"{kind}#")]


def table(box: Sandbox) -> str:
    (name,) = box.aws("dynamodb").list_tables()["TableNames"]
    return str(name)


@pytest.mark.parametrize("locale", BOTH)
def test_a_stranger_hears_how_to_be_listed_and_nothing_else(box: Sandbox, locale: str) -> None:
    box.forget_calls()
    for name, slots in ASKS:
        talk = box.talk(locale=locale, **STRANGER)
        speech = talk.intent(name, **slots)
        assert HEARD[locale]["unlisted"] in speech or name == "AMAZON.HelpIntent"
        inside = ("amzn1.", *(() if name == "AMAZON.HelpIntent" else ("atch", "バッチ", "12345")))
        assert not [given for given in inside if given in str(talk.answer)]
        assert not talk.answer.get("directives")
    assert {row["service"] for row in box.calls(function="voice")} == {"dynamodb"}
    (kept,) = items(box, "refusal")
    assert STRANGER["person"] in kept["doc"]["S"]
    assert STRANGER["user"] in kept["doc"]["S"]
    logs = str(box.control("GET", "/logs"))
    assert not [one for one in STRANGER.values() if one in logs]


def proving(box: Sandbox, locale: str) -> Conversation:
    """At the spoken PIN: Alexa has none for this person."""
    talk = box.talk(locale=locale)
    talk.intent("IsolateIntent", instance={ENGLISH: "batch three", JAPANESE: "バッチ三"}[locale])
    talk.yes()
    talk.resume("NOT_ACHIEVED", level=300, reason="VERIFICATION_METHOD_NOT_SETUP")
    return talk


@pytest.mark.parametrize("locale", BOTH)
def test_three_wrong_pins_lock_for_fifteen_minutes(box: Sandbox, locale: str) -> None:
    words, wrong = HEARD[locale], wrong_pin(box)
    talk = proving(box, locale)
    for left in words["left"]:
        assert left in talk.intent("PinIntent", pin=wrong)
        assert talk.open
    assert words["locked"] in talk.intent("PinIntent", pin=wrong)
    assert words["locked"] in proving(box, locale).intent("PinIntent", pin=box.ready["pin"])
    (lock,) = items(box, "lock")
    assert 14 * 60 < int(lock["expires"]["N"]) - time.time() <= 15 * 60
    assert box.runs() == []

    over = {"expires": {"N": str(int(time.time()) - 1)}}
    box.aws("dynamodb").put_item(TableName=table(box), Item=lock | over)
    assert words["started"] in proving(box, locale).intent("PinIntent", pin=box.ready["pin"])


def wrong_pin(box: Sandbox) -> str:
    return str((int(box.ready["pin"]) + 1) % 10_000).zfill(4)


def test_pins_that_are_guessed_at_once_are_three_tries(box: Sandbox) -> None:
    """In sessions of their own, as one person with several devices could."""
    talks = [proving(box, ENGLISH) for _ in range(4)]
    with ThreadPoolExecutor(len(talks)) as pool:
        said = list(pool.map(lambda talk: talk.intent("PinIntent", pin=wrong_pin(box)), talks))
    assert sum("locked" in one for one in said) == 2, said
    assert "locked" in proving(box, ENGLISH).intent("PinIntent", pin=box.ready["pin"])
    assert box.runs() == []


def test_a_pin_that_comes_twice_is_one_try(box: Sandbox) -> None:
    talk = proving(box, ENGLISH)
    first = talk.intent("PinIntent", pin=wrong_pin(box))
    talk.send(talk.last)
    assert talk.speech == first
    assert HEARD[ENGLISH]["left"][1] in talk.intent("PinIntent", pin=wrong_pin(box))


def test_the_right_pin_wipes_out_the_wrong_ones(box: Sandbox) -> None:
    talk = proving(box, ENGLISH)
    talk.intent("PinIntent", pin=wrong_pin(box))
    assert HEARD[ENGLISH]["started"] in talk.intent("PinIntent", pin=box.ready["pin"])
    assert items(box, "lock") == []


@pytest.mark.parametrize("service", ["ssm", "dynamodb"])
def test_a_pin_that_could_not_be_looked_at_is_no_try(box: Sandbox, service: str) -> None:
    talk = proving(box, ENGLISH)
    operation = {"ssm": "GetParameter", "dynamodb": "UpdateItem"}[service]
    fault = {"function": "voice", "service": service, "operation": operation, "kind": "deny"}
    box.faults({**fault, "params": {"ssm": "pin", "dynamodb": "question#"}[service]})
    talk.intent("PinIntent", pin=box.ready["pin"])
    box.faults()
    assert [int(one["tries"]["N"]) for one in items(box, "lock")] == [0]
    assert box.runs() == []
