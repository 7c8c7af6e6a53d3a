"""AWS hangs, throttles, denies or breaks off at every stage of a dialogue: a true sentence in time,
and nothing that was not agreed to.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.product.budget_world import CLAIMS, TURNS, fault, held
from tests.product.mutation_world import writes
from tests.world import Conversation, Figure, Sandbox

# As many voice functions as the box runs at once.
AT_ONCE = 8
DRILL = bool(os.environ.get("DRILL"))
# One that reads, one that starts, one that has proven who speaks; `make drill` takes all.
AT_EVERY_CALL = ["ReadFindingsIntent", "yes to start", "resume"]


def _through(name: str, talk: Conversation) -> tuple[str, str]:
    """What is said in that turn; the box ends a function at its seven seconds, with an error."""
    TURNS[name].move(talk)
    assert "directives" not in talk.answer or not CLAIMS.match(talk.speech)
    return name, talk.speech


@pytest.mark.parametrize("kind", ["hang", "deny", *(["throttle", "drop"] if DRILL else [])])
def test_a_turn_of_every_kind_while_all_of_aws_fails(
    quiet: Sandbox, kind: str, figure: Figure
) -> None:
    """All conversations get where they are to be first; then AWS fails all of them at once."""
    quiet.reset()
    talks = {name: turn.begin(quiet) for name, turn in TURNS.items()}
    quiet.faults(fault(kind))
    with ThreadPoolExecutor(AT_ONCE) as several:
        said = dict(several.map(_through, talks, talks.values()))
    quiet.faults()
    untrue = {name: speech for name, speech in said.items() if not held(name, speech)}
    assert untrue == {}
    quiet.idle()
    assert quiet.runs() == []
    figure(f"{len(said)} turns while all of AWS fails ({kind}): a true sentence after each")


@pytest.mark.parametrize("name", sorted(TURNS) if DRILL else AT_EVERY_CALL)
def test_a_turn_of_every_kind_while_one_call_fails(quiet: Sandbox, name: str) -> None:
    """Whatever a turn calls, denied: it says so, or did not need it; what it says is started is."""
    talk = TURNS[name].begin(quiet)
    quiet.forget_calls()
    _, well = _through(name, talk)
    called = {(row["service"], row["operation"]) for row in quiet.calls(function="voice")}
    if quiet.runs():
        quiet.reset()
    for service, operation in sorted(called):
        talk = TURNS[name].begin(quiet)
        quiet.faults(fault("deny", service=service, operation=operation))
        _, speech = _through(name, talk)
        quiet.faults()
        assert held(name, speech) or speech == well or name == "launch", (operation, speech)
        if not (CLAIMS.match(speech) and quiet.runs()):
            quiet.idle()
        started = [run for run in quiet.runs() if run["ending"] != "failed"]
        assert bool(started) == bool(CLAIMS.match(speech)), (operation, speech)
        if quiet.runs():
            quiet.reset()


def test_nothing_is_started_after_its_time(quiet: Sandbox) -> None:
    """A yes whose question is read late starts nothing, even when AWS answers again."""
    talk = TURNS["yes to start"].begin(quiet)
    quiet.forget_calls()
    quiet.faults(fault("hang", service="dynamodb") | {"seconds": 6})
    _, speech = _through("yes to start", talk)
    quiet.faults()
    assert not CLAIMS.match(speech)
    quiet.idle()
    assert [one for one in writes(quiet) if "Invoke" in one] == [] and quiet.runs() == []
