"""What is asked about a containment that has only begun, when no record tells of it yet."""

import pytest

from tests.product.fleet_world import records
from tests.product.race_world import until
from tests.product.test_stories import ENGLISH, JAPANESE
from tests.world import Conversation, Json, Sandbox

# The two languages' words for "still going on" and "being worked on".
STILL = {ENGLISH: "still going on. Ask me again when it has ended", JAPANESE: "まだ続いています"}
AT_WORK = {ENGLISH: "is being worked on right now", JAPANESE: "いま作業中です"}
ASKED: dict[str, Json] = {
    "LockPrincipalIntent": {"principal": "trent"},
    "LockFunctionIntent": {"function": "image resizer"},
    "IsolateIntent": {"instance": "till one"},
}
# The first call that only a containment makes, and the first that changes what is contained.
UNRECORDED: Json = {"operation": "PutItem", "params": '"contained"'}
RECORDED: Json = {"service": "iam", "operation": "AttachUserPolicy"}


@pytest.fixture(scope="module")
def running(standing_locks: Sandbox) -> Sandbox:
    return standing_locks


def begun(box: Sandbox, intent: str, stops: Json) -> Conversation:
    """A containment that was agreed to, and that stops at one call until it is let go."""
    box.faults({"function": "workflow", "times": 1, "kind": "hang", "seconds": 30, **stops})
    talk = box.talk()
    talk.intent(intent, **ASKED[intent])
    talk.yes()
    talk.resume()
    return talk


@pytest.mark.parametrize("intent", ASKED)
def test_it_is_still_under_way(box: Sandbox, intent: str) -> None:
    talk = begun(box, intent, UNRECORDED)
    assert STILL[ENGLISH] in talk.intent("ReleaseIntent", instance="IT")
    for locale in STILL:
        named = box.talk(locale=locale)
        assert STILL[locale] in named.intent("ReleaseIntent", **ASKED[intent])
        assert AT_WORK[locale] in named.intent("VerifyIntent", **ASKED[intent])
        assert AT_WORK[locale] in box.talk(locale=locale).intent("VerifyIntent")
    box.let_go()
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["done"]
    for locale in STILL:
        said = box.talk(locale=locale).intent("ReleaseIntent", **ASKED[intent])
        assert STILL[locale] not in said


def test_what_is_recorded_and_not_held_yet_is_being_worked_on(box: Sandbox) -> None:
    begun(box, "LockPrincipalIntent", RECORDED)
    until(lambda: records(box))
    for locale in AT_WORK:
        talk = box.talk(locale=locale)
        assert AT_WORK[locale] in talk.intent("VerifyIntent", principal="trent")
        assert AT_WORK[locale] in box.talk(locale=locale).intent("VerifyIntent")
    box.let_go()
    box.idle()
