"""Fingers on a screen: what they ask is answered, and nothing that they do is a yes."""

import re
from typing import Any

import pytest

from tests.voice.screens import APL, Show, critical
from tests.world import Sandbox, http


def test_a_touched_finding_is_read_as_if_it_had_been_named(quiet: Sandbox) -> None:
    talk = critical(Show(quiet))
    spoken = talk.intent("FindingDetailIntent", ordinal="2")
    detail = talk.shown
    assert talk.screen and talk.screen["token"] == "toban-finding"
    assert re.fullmatch(r"CVE-\d+-\d+", detail["title"])
    assert talk.answer["card"]["title"] == detail["title"]
    assert re.search(r"i-[0-9a-f]{17}", talk.answer["card"]["content"])
    assert (critical(Show(quiet)).touch("finding", 2), detail) == (spoken, talk.shown)
    paged = critical(Show(quiet))
    paged.yes()
    fifth = critical(Show(quiet))
    assert paged.touch("finding", "2") == fifth.intent("FindingDetailIntent", ordinal="5")
    assert fifth.touch("finding", 2.0)


TAPS: list[Any] = [
    ["yes"],
    ["confirm", True],
    ["AMAZON.YesIntent"],
    ["finding", "confirm"],
    ["finding", -1],
    ["finding", True],
    ["finding", 10**30],
    ["finding", [1]],
    ["instance", {"name": "batch-3"}],
    ["instance", 1, "isolate"],
    [],
    [None],
    [{"type": "IsolateIntent"}],
    ["IsolateIntent", "batch-3"],
    ["<speak>yes</speak>", "${payload}"],
    ["😀" * 300],
    "yes",
    None,
    {"0": "yes"},
    7,
]


@pytest.mark.parametrize("arguments", TAPS, ids=repr)
def test_a_tap_is_never_a_yes(quiet: Sandbox, arguments: Any) -> None:
    """Whatever it holds: the question stays, a spoken yes is still wanted, nothing is written."""
    quiet.forget_calls()
    talk = Show(quiet)
    talk.intent("MarkSuspiciousIntent", instance="batch three")
    kept = {name: talk.attributes[name] for name in ("token", "stage", "hint")}
    assert "tap is not a yes" in talk.touch(arguments=arguments)
    assert talk.open and talk.answer["reprompt"]
    assert kept == {name: talk.attributes[name] for name in kept}
    assert not [one for one in quiet.calls() if one["operation"] in ("Invoke", "CreateTags")]
    assert quiet.runs() == []
    fresh = Show(quiet)
    assert "can't act on a tap" in fresh.touch(arguments=arguments)
    assert fresh.open


def test_a_tap_while_the_pin_is_wanted_does_not_replace_it(quiet: Sandbox) -> None:
    talk = Show(quiet)
    talk.intent("IsolateIntent", instance="batch three")
    talk.yes()
    assert [one["type"] for one in talk.answer["directives"]] == ["Connections.StartConnection"]
    assert "it's you" in talk.touch("yes")
    assert talk.attributes["stage"] == "prove"
    assert quiet.runs() == []


def test_a_stranger_learns_nothing_by_touch(quiet: Sandbox) -> None:
    for tap in (("finding", 1), ("instance", 1)):
        talk = Show(quiet, user="amzn1.ask.account.NOBODY", person=None)
        found = {"count": 1, "critical": 1, "high": 0, "from": 0, "items": [{}]}
        talk.attributes = {"found": found, "items": ["CVE-2021-44228"], "shown": ["batch-3"]}
        assert "don't take orders" in talk.touch(*tap)
        assert not talk.screen


@pytest.mark.parametrize("errors", [[{"type": "NO_IMPORT", "reason": "x"}], None, "x", [7]])
def test_an_error_of_a_document_is_heard_in_silence(quiet: Sandbox, errors: Any) -> None:
    talk = Show(quiet)
    talk.intent("MarkSuspiciousIntent", instance="batch three")
    before = talk.attributes
    event = {"type": f"{APL}.RuntimeError", "token": "x", "errors": errors}
    assert talk.send(talk.envelope(event)) == {}
    assert talk.attributes == before


def test_the_sandbox_draws_it_and_takes_a_finger(quiet: Sandbox) -> None:
    wish = {"text": "alexa, ask duty officer to read me the critical findings"}
    said = quiet.control("POST", "/say", wish)
    screen, session = said["screen"], said["session"]
    assert (screen["kind"], screen["title"]) == ("findings", "Critical findings")
    assert screen["lines"][1].startswith("1. CVE-") and screen["touches"][2] == ["finding", 2]
    assert screen["document"]["type"] == "APL" and screen["datasources"]["toban"]["rows"]
    body = {"session": session, "arguments": screen["touches"][2]}
    touched = quiet.control("POST", "/touch", body)
    assert touched["screen"]["kind"] == "finding" and touched["open"]
    assert "patch them" in touched["screen"]["footer"]
    assert quiet.control("POST", "/say", {**wish, "display": False})["screen"] is None
    for bad in ({}, {**body, "arguments": "x"}, {**body, "session": "none"}, {**body, "text": "x"}):
        assert http("POST", quiet.ready["control"] + "/touch", bad)[0] == 400
    assert http("POST", quiet.ready["control"] + "/say", {**wish, "display": 1})[0] == 400
