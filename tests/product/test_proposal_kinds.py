"""Proposals by their kind: the one that was named, which of several, and what else waits."""

import pytest

from tests.product.proposal_world import finding, propose, put, run_of
from tests.world import Json, Sandbox


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """A box in which an isolation waits, and after it a mark; nothing in here answers them."""
    running.reset()
    propose(running, "web-1")
    propose(running, "batch-1", "mark_suspicious")
    return running


def said(box: Sandbox, text: str, locale: str = "en-US", session: str = "") -> Json:
    """A sentence to the stand-in for Alexa, by a responder's voice."""
    more = {"session": session} if session else {}
    found: Json = box.control("POST", "/say", {"text": text, "locale": locale, **more})
    return found


KINDS = [
    ("en-US", "approve the pending isolation", "Isolate web 1?"),
    ("en-US", "approve the proposal", "batch 1"),
    ("en-US", "approve the isolation of web one", "Isolate web 1?"),
    ("en-US", "decline the pending quarantine", "Decline isolating web 1"),
    ("en-US", "decline the pending mark", "Decline marking batch 1"),
    ("ja-JP", "保留中の隔離を承認して", "ウェブ1"),
    ("ja-JP", "保留中の隔離の提案を却下して", "ウェブ1"),
]


@pytest.mark.parametrize(("locale", "text", "part"), KINDS)
def test_the_kind_that_is_named_is_meant(
    shared: Sandbox, locale: str, text: str, part: str
) -> None:
    assert part in said(shared, text, locale)["speech"]


OTHERS = [
    ("en-US", "approve the pending lock", "No such proposal is waiting. 2 others are."),
    ("en-US", "decline the patch", "The newest: marking batch 1"),
    ("ja-JP", "保留中のロックを承認して", "そのような提案は待っていません。"),
]


@pytest.mark.parametrize(("locale", "text", "part"), OTHERS)
def test_none_of_that_kind_waits(shared: Sandbox, locale: str, text: str, part: str) -> None:
    assert part in said(shared, text, locale)["speech"]


def test_a_kind_that_nobody_knows_is_not_guessed(shared: Sandbox) -> None:
    talk = shared.talk()
    assert "I don't know anything called party" in talk.intent("ApproveIntent", kind="party")


def test_of_two_of_a_kind_it_asks_which(box: Sandbox) -> None:
    made = [propose(box, name) for name in ("web-1", "web-2")]
    for locale, text, which in (
        (
            "en-US",
            "approve the pending isolation",
            "There are several: web 2 and web 1. Which one?",
        ),
        ("ja-JP", "保留中の隔離を承認して", "ウェブ2"),
    ):
        asked = said(box, text, locale)
        assert which in asked["speech"] and asked["open"]
    asked = said(box, "decline the pending isolation")
    answer = said(box, "web one", session=asked["session"])
    assert answer["speech"].startswith("Decline isolating web 1")
    said(box, "yes", session=asked["session"])
    box.idle()
    assert [run_of(box, one.run)["ending"] for one in made] == ["declined", None]


def test_a_lock_is_found_by_its_kind_and_its_name(box: Sandbox) -> None:
    propose(box, "web-1")
    box.aws("iam").create_user(UserName="dora")
    event = finding(box, "web-1")
    keys = {"accessKeyId": "ASIA", "principalId": "x", "userType": "IAMUser", "userName": "dora"}
    event["detail"]["resource"] = {"resourceType": "AccessKey", "accessKeyDetails": keys}
    made = put(box, event)
    propose(box, "web-2")
    assert said(box, "decline the pending lock")["speech"].startswith("Decline locking dora")
    talk = box.talk()
    assert talk.intent("DeclineIntent", kind="LOCK", instance="web two").startswith("I don't know")
    asked = talk.intent("DeclineIntent", kind="LOCK", instance="dora")
    assert asked.startswith("Decline locking dora")
    talk.yes()
    box.idle()
    assert run_of(box, made.run)["ending"] == "declined"
