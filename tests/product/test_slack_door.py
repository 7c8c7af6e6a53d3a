"""The public URL: what Slack did not sign just now, or sent before, does nothing and is audited."""

from collections.abc import Callable

import pytest

from tests.product.proposal_world import (
    form,
    payload,
    press,
    propose,
    run_of,
    send,
    shown,
    signed,
    subjects,
)
from tests.world import Json, Sandbox

Case = Callable[[Sandbox, bytes], int]
HUGE = b"payload=" + b"x" * 300_000


def changed(box: Sandbox, body: bytes) -> int:
    """The signature of one body with another."""
    return send(box, body.replace(b"approve", b"decline"), **signed(box, body))


def untimed(box: Sandbox, body: bytes) -> int:
    headers = signed(box, body)
    return send(box, body, **headers | {"X-Slack-Request-Timestamp": "soon"})


def typed(box: Sandbox, body: bytes) -> int:
    return send(box, body, **signed(box, body) | {"Content-Type": "application/json"})


REFUSED: dict[str, tuple[int, Case]] = {
    "without a signature": (401, lambda box, body: send(box, body)),
    "another secret": (401, lambda box, body: send(box, body, **signed(box, body, secret="guess"))),
    "a changed body": (401, changed),
    "no time at all": (401, untimed),
    "stale": (401, lambda box, body: send(box, body, **signed(box, body, age=301))),
    "from the future": (401, lambda box, body: send(box, body, **signed(box, body, age=-400))),
    "json": (415, typed),
    "too large": (413, lambda box, _: send(box, HUGE, **signed(box, HUGE))),
    "not a post": (405, lambda box, _: send(box, b"", method="PUT")),
}


@pytest.fixture(scope="module")
def waiting(running: Sandbox) -> tuple[Sandbox, str]:
    """A box in which one proposal waits; nothing in here answers it."""
    running.reset()
    return running, propose(running, "batch-3").run


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_and_does_nothing(waiting: tuple[Sandbox, str], case: str) -> None:
    box, run = waiting
    status, attempt = REFUSED[case]
    assert attempt(box, form(payload(box, run))) == status
    box.idle()
    assert [row["action"] for row in box.runs()] == ["isolate"]


GARBAGE: dict[str, bytes] = {
    "empty": b"",
    "no form": b"hello",
    "no json": b"payload=%7B",
    "a list": form([]),
    "two": form({}) + b"&" + form({}),
    "no user": form({"type": "block_actions", "actions": [{"action_id": "approve"}]}),
    "not utf-8": b"payload=%FF%FE",
}


@pytest.mark.parametrize("case", GARBAGE)
def test_what_is_signed_and_makes_no_sense(waiting: tuple[Sandbox, str], case: str) -> None:
    box, _ = waiting
    assert send(box, GARBAGE[case], **signed(box, GARBAGE[case])) == 400


ODD: dict[str, Json] = {
    "a run that is none": {"actions": [{"action_id": "approve", "value": "r-1; DROP"}]},
    "somebody who is nobody": {"user": {"id": "<!channel>"}},
}


@pytest.mark.parametrize("case", ODD)
def test_what_slack_does_not_send(waiting: tuple[Sandbox, str], case: str) -> None:
    box, run = waiting
    body = form(payload(box, run, **ODD[case]))
    assert send(box, body, **signed(box, body)) == 400


@pytest.mark.parametrize(
    "other", [{"type": "view_submission"}, {"actions": [{"action_id": "link", "value": "x"}]}]
)
def test_what_else_people_do_in_slack_is_taken(waiting: tuple[Sandbox, str], other: Json) -> None:
    box, run = waiting
    body = form(payload(box, run, **other))
    assert send(box, body, **signed(box, body)) == 200
    assert [row["action"] for row in box.runs()] == ["isolate"]


def test_the_door_writes_nothing_but_its_own(waiting: tuple[Sandbox, str]) -> None:
    box, _ = waiting
    made = {row["service"] for row in box.calls(function="slack")}
    assert made <= {"dynamodb", "secretsmanager", "sns"}
    told = [one for one in subjects(box) if one == "Toban refused: slack"]
    assert len(told) >= 5


def test_a_replay_acts_once_and_a_retry_is_the_same_press(box: Sandbox) -> None:
    made = propose(box, "web-1", "mark_suspicious")
    body = form(payload(box, made.run))
    first = signed(box, body)
    assert send(box, body, **first) == 200
    assert send(box, body, **first) == 401
    assert send(box, body, **signed(box, body, age=-10), **{"X-Slack-Retry-Num": "1"}) == 200
    box.idle()
    assert send(box, body, **signed(box, body, age=-20), **{"X-Slack-Retry-Num": "2"}) == 200
    box.idle()
    assert sorted(row["action"] for row in box.runs()) == ["approve", "mark_suspicious"]
    assert run_of(box, made.run)["ending"] == "done"
    assert "Toban refused: slack" in subjects(box)


def test_a_reply_goes_to_slack_alone(box: Sandbox) -> None:
    made = propose(box, "web-1", "mark_suspicious")
    control = box.ready["control"]
    elsewhere = control.replace("127.0.0.1", "localhost") + "/slack"
    body = form(payload(box, made.run, response_url=elsewhere))
    before = len(box.messages())
    assert send(box, body, **signed(box, body)) == 200
    texts = [str(row.get("body")) for row in box.messages()[before:]]
    assert not [one for one in texts if "pressed Approve" in one]
    box.idle()
    assert run_of(box, made.run)["ending"] == "done"


def pressed_while(box: Sandbox, run: str, kind: str, operation: str | None) -> Json:
    """A press while a fault meets calls of the ledger: only who pressed is shown anything."""
    place = {"function": "slack", "service": "dynamodb", "operation": operation}
    box.faults({**place, "kind": kind})
    pressed = press(box, run)
    box.control("DELETE", "/faults")
    assert not pressed["shown"][0]["replaces"]
    return pressed


def takes_a_press(box: Sandbox, run: str) -> None:
    """The proposal stands, and the next press is acted on."""
    box.idle()
    assert run_of(box, run)["ending"] is None
    press(box, run)
    box.idle()
    assert run_of(box, run)["ending"] == "done"


def test_aws_does_not_answer_and_who_pressed_is_told(box: Sandbox) -> None:
    made = propose(box, "web-1", "mark_suspicious")
    pressed = pressed_while(box, made.run, "throttle", "Query")
    assert "limiting our calls" in pressed["shown"][0]["body"]["text"]
    takes_a_press(box, made.run)


@pytest.mark.parametrize("operation", [None, "GetItem", "PutItem"])
def test_the_ledger_is_denied_and_who_pressed_and_the_operator_are_told(
    box: Sandbox, operation: str | None
) -> None:
    made = propose(box, "web-1", "mark_suspicious")
    pressed = pressed_while(box, made.run, "deny", operation)
    wanted = "doesn't let me" if operation == "GetItem" else "could not record this, so nothing was"
    assert wanted in shown(pressed)
    box.idle()
    assert [one for one in subjects(box) if "PressesAlarm" in one]
    takes_a_press(box, made.run)


@pytest.mark.parametrize("operation", ["PutItem", "GetItem"])
def test_the_ledger_hangs_and_who_pressed_is_told_that_nothing_was_done(
    box: Sandbox, operation: str
) -> None:
    """One call that hangs is given up while Slack still waits: tried twice, and no other after."""
    made = propose(box, "web-1", "mark_suspicious")
    pressed = pressed_while(box, made.run, "hang", operation)
    wanted = {
        "PutItem": "could not record this, so nothing was",
        "GetItem": "not answering in time. I started nothing",
    }
    assert wanted[operation] in shown(pressed)
    hung = box.calls(function="slack", service="dynamodb", operation=operation)
    assert len(hung) == 2
    takes_a_press(box, made.run)


@pytest.mark.parametrize("kind", ["deny", "throttle", "hang"])
def test_who_signed_cannot_be_known_and_nothing_is_done(box: Sandbox, kind: str) -> None:
    made = propose(box, "web-1", "mark_suspicious")
    killed = {"function": "slack", "service": "dynamodb", "kind": "kill", "times": 1}
    asked = {"run": made.run, "button": "approve", "user": "approver"}
    box.faults(killed)
    assert box.control("POST", "/press", asked)["status"] == 502  # a new process has no secret yet
    box.faults({"function": "slack", "service": "secretsmanager", "kind": kind})
    pressed = box.control("POST", "/press", asked)
    assert (pressed["status"], pressed["shown"]) == (503, [])
    box.control("DELETE", "/faults")
    box.idle()
    assert [one for one in subjects(box) if "PressesAlarm" in one]
    takes_a_press(box, made.run)
