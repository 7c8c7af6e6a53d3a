"""AWS denies, throttles, hangs or dies: a person still hears a true sentence, a run still ends
truly.
"""

from typing import Any

import pytest

from tests.product.test_stories import groups_of_kind, isolate
from tests.world import Sandbox

# What the device allows (alexa.md §1); the answer must be there before.
ALEXA_WAITS = 7

TURNS = [
    ("IsolateIntent", {"instance": "batch three"}, "ec2", "DescribeInstances"),
    ("ReadFindingsIntent", {"severity": "CRITICAL"}, "inspector2", "ListFindings"),
    ("SuspiciousIntent", {}, "dynamodb", "Query"),
    ("TrafficIntent", {"instance": "batch three"}, "logs", "StartQuery"),
    ("PatchIntent", {"group": "ALL"}, "ssm", "DescribeInstancePatchStates"),
]


@pytest.fixture(scope="module")
def quiet(running: Sandbox) -> Sandbox:
    running.reset()
    return running


@pytest.mark.parametrize("kind", ["deny", "throttle", "error", "hang", "drop"])
@pytest.mark.parametrize(("name", "slots", "service", "operation"), TURNS)
def test_a_turn_that_aws_fails(
    quiet: Sandbox, name: str, slots: dict[str, str], service: str, operation: str, kind: str
) -> None:
    fault = {"function": "voice", "service": service, "operation": operation, "kind": kind}
    quiet.faults({**fault, "seconds": 10})
    talk = quiet.talk()
    talk.patience = ALEXA_WAITS
    speech = talk.intent(name, **slots)
    quiet.faults()
    assert speech.startswith("A W S"), speech
    assert not talk.answer.get("directives")


def test_a_hanging_start_is_not_called_started(box: Sandbox) -> None:
    talk = box.talk()
    talk.intent("PatchIntent", group="ALL")
    box.faults({"function": "voice", "service": "lambda", "kind": "hang", "seconds": 10})
    talk.patience = ALEXA_WAITS
    speech = talk.yes()
    box.faults()
    assert "Patching" not in speech
    assert "status" in speech or "nothing" in speech


def steps(box: Sandbox) -> list[dict[str, Any]]:
    """The workflow's own AWS calls of one fault-free isolation, in order."""
    isolate(box.talk(), "batch three")
    box.idle()
    skipped = ("lambda", "sns", "secretsmanager")
    return [row for row in box.calls(function="workflow") if row["service"] not in skipped]


def in_the_open(box: Sandbox, name: str) -> list[str]:
    """Interfaces that are left in the untracking group."""
    untracking = groups_of_kind(box, "untracking")
    return [eni for eni, groups in box.groups(name).items() if set(groups) & untracking]


@pytest.mark.parametrize("kind", ["throttle", "deny", "kill"])
def test_isolation_with_a_fault_at_each_call(box: Sandbox, kind: str) -> None:
    points = list(dict.fromkeys((row["service"], row["operation"]) for row in steps(box)))
    assert len(points) >= 8
    for service, operation in points:
        box.reset()
        before = box.groups("batch-3")
        fault = {"function": "workflow", "service": service, "operation": operation}
        box.faults({**fault, "nth": 1, "times": 1, "kind": kind})
        isolate(box.talk(), "batch three")
        box.idle()
        box.faults()
        where = (kind, service, operation)
        (run,) = box.runs()
        assert in_the_open(box, "batch-3") == [], where
        held = {group for groups in box.groups("batch-3").values() for group in groups}
        contained = held <= groups_of_kind(box, "isolation")
        assert (run["ending"] == "done") == contained, (where, run["ending"], held)
        if kind != "deny":
            assert run["ending"] == "done", where
        elif not contained:
            assert run["result"]["facts"]["error"] or run["result"]["facts"]["open"], where
            assert box.groups("batch-3") == before, where


def test_slack_that_is_down_stops_nothing(box: Sandbox) -> None:
    box.faults({"service": "slack", "kind": "error"})
    isolate(box.talk(), "batch three")
    box.idle()
    box.faults()
    assert [run["ending"] for run in box.runs()] == ["done"]
