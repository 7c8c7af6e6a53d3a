"""AWS denies, throttles, hangs or dies: a person still hears a true sentence, a run still ends
truly.
"""

import pytest

from tests.product.test_stories import isolate
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


# A hang takes seconds: tests/product/test_budget.py has it for every turn at once.
@pytest.mark.parametrize("kind", ["deny", "throttle", "error", "drop"])
@pytest.mark.parametrize(("name", "slots", "service", "operation"), TURNS)
def test_a_turn_that_aws_fails(
    quiet: Sandbox, name: str, slots: dict[str, str], service: str, operation: str, kind: str
) -> None:
    fault = {"function": "voice", "service": service, "operation": operation, "kind": kind}
    quiet.faults(fault)
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


def test_slack_that_is_down_stops_nothing(box: Sandbox) -> None:
    box.faults({"service": "slack", "kind": "error"})
    isolate(box.talk(), "batch three")
    box.idle()
    box.faults()
    assert [run["ending"] for run in box.runs()] == ["done"]
