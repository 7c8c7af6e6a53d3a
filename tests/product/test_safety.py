"""Whatever breaks a dangerous command off, nothing is changed: seen in the calls that AWS
received.
"""

from collections.abc import Callable

import pytest

from tests.world import Conversation, Sandbox, http, intent

READS = ("Describe", "Get", "List", "Query", "BatchGet", "StartQuery")


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world, so one reset is enough: that is what the tests show."""
    running.reset()
    return running


def writes(box: Sandbox) -> list[str]:
    """Calls of any function that change something outside of our own table."""
    return [
        f"{row['function']} {row['service']}:{row['operation']}"
        for row in box.calls()
        if row["service"] != "dynamodb" and not row["operation"].startswith(READS)
    ]


def asked(box: Sandbox) -> Conversation:
    """A conversation in which isolating batch three waits for its yes."""
    box.forget_calls()
    talk = box.talk()
    assert talk.intent("IsolateIntent", instance="batch three").startswith("Isolate batch 3?")
    return talk


def proving(box: Sandbox) -> Conversation:
    """The same after the yes, waiting for Alexa's PIN check."""
    talk = asked(box)
    talk.yes()
    assert talk.token
    return talk


def nothing_happened(box: Sandbox) -> None:
    box.idle()
    assert writes(box) == []
    assert box.runs() == []


BREAKS: dict[str, Callable[[Conversation], object]] = {
    "no": lambda talk: talk.intent("AMAZON.NoIntent"),
    "stop": lambda talk: talk.intent("AMAZON.StopIntent"),
    "cancel": lambda talk: talk.intent("AMAZON.CancelIntent"),
    "home": lambda talk: talk.intent("AMAZON.NavigateHomeIntent"),
    "help": lambda talk: talk.intent("AMAZON.HelpIntent"),
    "another intent": lambda talk: talk.intent("StatusIntent"),
    "the session ends": lambda talk: talk.send(
        talk.envelope({"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"})
    ),
}


@pytest.mark.parametrize("way", BREAKS)
def test_a_break_before_the_yes(shared: Sandbox, way: str) -> None:
    talk = asked(shared)
    remembered = talk.attributes
    BREAKS[way](talk)
    talk.attributes = remembered  # even a replayed session cannot bring the question back
    talk.yes()
    nothing_happened(shared)


@pytest.mark.parametrize("way", BREAKS)
def test_a_break_before_the_proof(shared: Sandbox, way: str) -> None:
    talk = proving(shared)
    token = talk.token
    BREAKS[way](talk)
    talk.resume(token=token)
    nothing_happened(shared)


@pytest.mark.parametrize(
    ("status", "code", "level", "reason"),
    [
        ("NOT_ACHIEVED", "200", 400, "METHOD_LOCKOUT"),
        ("NOT_ACHIEVED", "200", 400, "NOT_MATCH"),
        ("NOT_ACHIEVED", "200", 300, "VERIFICATION_METHOD_NOT_SETUP"),
        ("NOT_ENABLED", "200", 400, ""),
        ("ACHIEVED", "403", 400, ""),
        ("ACHIEVED", "200", 300, ""),
        ("ACHIEVED", "200", 0, ""),
    ],
)
def test_proof_that_is_none(
    shared: Sandbox, status: str, code: str, level: int, reason: str
) -> None:
    talk = proving(shared)
    talk.resume(status, code, level, reason=reason)
    nothing_happened(shared)


def test_another_person_proves(shared: Sandbox) -> None:
    talk = proving(shared)
    talk.person = "amzn1.ask.person.SOMEBODYELSE"
    talk.resume()
    nothing_happened(shared)


def test_nobody_is_recognized_while_proving(shared: Sandbox) -> None:
    talk = proving(shared)
    talk.person = None
    talk.resume()
    nothing_happened(shared)


def test_an_invented_token(shared: Sandbox) -> None:
    talk = proving(shared)
    talk.resume(token="invented")
    nothing_happened(shared)


def test_a_pin_without_a_question(shared: Sandbox) -> None:
    shared.forget_calls()
    assert "nothing waiting" in shared.talk().intent("PinIntent", pin=shared.ready["pin"])
    nothing_happened(shared)


def test_a_pin_instead_of_the_yes(shared: Sandbox) -> None:
    asked(shared).intent("PinIntent", pin=shared.ready["pin"])
    nothing_happened(shared)


def test_a_yes_in_a_new_session(shared: Sandbox) -> None:
    asked(shared)
    assert "nothing waiting" in shared.talk().yes()
    nothing_happened(shared)


def test_a_yes_by_somebody_else(shared: Sandbox) -> None:
    talk = asked(shared)
    talk.person, talk.user = None, shared.ready["viewer"]["userId"]
    assert "Only the person who asked" in talk.yes()
    nothing_happened(shared)


@pytest.mark.parametrize("name", ["IsolateIntent", "ReleaseIntent", "MarkSuspiciousIntent"])
@pytest.mark.parametrize("who", ["viewer", "stranger", "unrecognized responder"])
def test_people_who_may_not(shared: Sandbox, name: str, who: str) -> None:
    shared.forget_calls()
    users = {"viewer": shared.ready["viewer"]["userId"], "stranger": "amzn1.ask.account.NOBODY"}
    talk = shared.talk(person=None, user=users.get(who, shared.ready["responder"]["userId"]))
    talk.intent(name, instance="batch three")
    assert not talk.answer.get("directives")
    talk.yes()
    nothing_happened(shared)


def test_a_protected_instance(shared: Sandbox) -> None:
    shared.forget_calls()
    assert "protected" in shared.talk().intent("IsolateIntent", instance="database one")
    nothing_happened(shared)


def test_an_expired_question(shared: Sandbox) -> None:
    """Time cannot be moved from outside, so the question's deadline is."""
    talk = asked(shared)
    table = shared.aws("dynamodb")
    (name,) = table.list_tables()["TableNames"]
    key = {"pk": {"S": f"question#{talk.attributes['token']}"}, "sk": {"S": "open"}}
    table.update_item(
        TableName=name,
        Key=key,
        UpdateExpression="SET expires = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    talk.yes()
    nothing_happened(shared)


def test_a_foreign_skill(shared: Sandbox) -> None:
    """The last one, since a function that fails raises an alarm, which is told."""
    talk = shared.talk()
    talk.skill = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
    shared.forget_calls()
    envelope = talk.envelope({"type": "IntentRequest", "intent": intent("StatusIntent")})
    status, answer = http("POST", shared.ready["alexa"], envelope)
    assert status == 500
    assert answer["errorType"]
    assert shared.calls(function="voice") == []
