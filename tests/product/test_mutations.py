"""Any mutation of a valid request is answered, and none starts or changes anything."""

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.product.mutation_world import (
    HOSTILE,
    STARTS,
    WAYS,
    Path,
    answered,
    asked,
    paths,
    proving,
    resumption,
    spoilt,
    spoken,
    writes,
)
from tests.world import Conversation, Json, Sandbox, http

EXAMPLES = 3000 if os.environ.get("DRILL") else 200
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=not os.environ.get("DRILL"),
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@BOUNDED
@given(
    start=st.sampled_from(sorted(STARTS)),
    places=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, WAYS - 1)), min_size=1, max_size=3
    ),
)
def test_any_mutation_is_answered(
    quiet: Sandbox, start: str, places: list[tuple[int, int]]
) -> None:
    envelope = STARTS[start](quiet)
    for place, way in places:
        known = list(paths(envelope))
        if known:
            envelope = spoilt(envelope, known[place % len(known)], way)
    answered(quiet, envelope)
    assert quiet.runs() == []


SYSTEM: Path = ("context", "System")
PERSON: Path = (*SYSTEM, "person")
LEVEL: Path = (*PERSON, "authenticationConfidenceLevel", "level")
CAUSE: Path = ("request", "cause")
HINT: Path = ("session", "attributes", "hint")
GONE = object()
SOMEBODY = "amzn1.ask.person.SOMEBODYELSE"
# What must be so for a PIN check to count, and what may stand there instead.
PROOF: dict[Path, list[Any]] = {
    PERSON: [GONE, None, [], "person", {"personId": SOMEBODY}],
    (*PERSON, "personId"): [GONE, None, 7, SOMEBODY, f"{SOMEBODY}\x00"],
    LEVEL: [GONE, None, "400", 399, -1, True, 399.99, [400], {"level": 400}],
    CAUSE: [GONE, None, [], "ConnectionCompleted"],
    (*CAUSE, "type"): ["ConnectionFailed", None],
    (*CAUSE, "token"): [GONE, None, 7, "invented", ["x"]],
    (*CAUSE, "status", "code"): [GONE, None, "403", "500", {"code": "200"}],
    (*CAUSE, "result"): [GONE, None, "ACHIEVED", ["ACHIEVED"]],
    (*CAUSE, "result", "status"): [GONE, None, True, "achieved", "NOT_ACHIEVED", "NEW"],
}


def changed(envelope: Json, path: Path, value: Any) -> Json:
    found = copy.deepcopy(envelope)
    parent: Any = found
    for name in path[:-1]:
        parent = parent[name]
    if value is GONE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return found


def refused(box: Sandbox, envelope: Json) -> None:
    box.forget_calls()
    status, answer = http("POST", box.ready["alexa"], envelope)
    assert status == 200, answer
    assert writes(box) == []
    assert box.runs() == []


@pytest.mark.parametrize("path", PROOF, ids=lambda path: path[-1])
def test_no_change_to_a_proof_starts_anything(quiet: Sandbox, path: Path) -> None:
    for value in PROOF[path]:
        talk = proving(quiet)
        whole = talk.envelope(resumption(talk.token), level=400)
        refused(quiet, changed(whole, path, value))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (PERSON, [GONE, {"personId": SOMEBODY}]),
        (HINT, [GONE, None, {}, "isolate"]),
        ((*HINT, "proof"), [False, None, 0, GONE]),
        ((*HINT, "action"), ["patch", "release", "nothing", "../isolate"]),
        ((*HINT, "params"), [{"instance": "db-1"}, {"instance": ["web-1", "web-2"]}, {}, None]),
        (("session", "attributes", "stage"), ["prove", "taken", None, {}]),
        (("session", "attributes", "token"), ["invented", "", None, {"x": 1}]),
        (("session", "attributes"), [GONE, None, [], "x"]),
    ],
    ids=lambda value: value[-1] if isinstance(value, tuple) else "",
)
def test_no_change_to_a_session_makes_a_yes_start_anything(
    quiet: Sandbox, path: Path, values: list[Any]
) -> None:
    for value in values:
        whole = asked(quiet).envelope(spoken("AMAZON.YesIntent"))
        refused(quiet, changed(whole, path, value))


def test_the_untouched_proof_does_start(box: Sandbox) -> None:
    """Or else the tests above would show nothing."""
    talk = proving(box)
    box.forget_calls()
    talk.send(talk.envelope(resumption(talk.token), level=400))
    assert [one for one in writes(box) if one.startswith("voice lambda:Invoke")]
    box.idle()
    assert [run["action"] for run in box.runs()] == ["isolate"]


def test_no_hostile_name_is_spoken_as_mark_up(quiet: Sandbox) -> None:
    for said in [one for one in HOSTILE if isinstance(one, str)]:
        for name, slot in (("IsolateIntent", "instance"), ("RunAssessmentIntent", "group")):
            talk: Conversation = quiet.talk()
            envelope = talk.envelope(spoken(name, **{slot: said}))
            status, answer = http("POST", quiet.ready["alexa"], envelope)
            assert status == 200, (said, answer)
            assert len(answer["response"]["outputSpeech"]["ssml"]) < 1500
