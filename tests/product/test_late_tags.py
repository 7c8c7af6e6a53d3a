"""A tag's event by name that comes when its nameless twin has been put to a person already."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.events_world import accounts, asking, invoke, name_of, sample
from tests.product.proposal_world import press, run_of, subjects
from tests.product.race_world import until
from tests.world import Json, Sandbox

STRANGER = "arn:aws:iam::123456789012:user/intern"
COPIES = 8


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """One box for all: each test has an instance of its own."""
    running.reset()
    return running


def proposed(box: Sandbox, name: str, value: str = "suspicious") -> tuple[str, Json]:
    """The id of the proposal of a nameless tag, and the event by name that is still to come."""
    nameless, named = (marking(box, one, name, value) for one in ("tag-change", "created-tags"))
    invoke(box, nameless)
    box.idle()
    (row,) = told(box, nameless)
    assert row["outcome"] == "proposal"
    return row["runs"][0], named


def marking(box: Sandbox, route: str, name: str, value: str = "suspicious") -> Json:
    """One of the two events of a tag; a mark takes few calls."""
    return asking(sample(box, route, name, fresh=True), value)


def told(box: Sandbox, event: Json) -> list[Json]:
    return [row for row in accounts(box) if row["event"] == name_of(event)]


def ends(box: Sandbox, event: Json) -> list[tuple[str, str]]:
    return sorted((row["outcome"], row["reason"]) for row in told(box, event))


def about(box: Sandbox, name: str) -> list[tuple[str, str]]:
    """The runs on an instance: each action and how it ended."""
    wanted = box.instance(name)["InstanceId"]
    found = [run for run in box.runs() if wanted in str(run["plan"]["targets"])]
    return sorted((run["action"], run["ending"]) for run in found)


def late(box: Sandbox, *events: Json) -> None:
    with ThreadPoolExecutor(COPIES) as pool:
        list(pool.map(lambda one: invoke(box, one), events))
    box.idle()


def test_a_listed_principal_s_approves_it_once(shared: Sandbox) -> None:
    proposal, named = proposed(shared, "batch-1", "isolate")
    late(shared, *[named] * COPIES)
    late(shared, named)
    assert ends(shared, named).count(("run", "")) == 1
    assert {reason for _, reason in ends(shared, named)} <= {"", "duplicate", "twin"}
    assert about(shared, "batch-1") == [("approve", "done"), ("isolate", "done")]
    approval = run_of(shared, proposal)["approval"]
    assert approval["verdict"] == "approved"
    assert approval["answered_by"]["id"] == shared.ready["principal"]


def test_an_unlisted_principal_s_leaves_the_question_to_a_person(shared: Sandbox) -> None:
    _, named = proposed(shared, "batch-2")
    named["detail"]["userIdentity"] = {"type": "IAMUser", "arn": STRANGER}
    late(shared, named)
    assert ends(shared, named) == [("ignored", "twin")]
    assert about(shared, "batch-2") == [("mark_suspicious", None)]


def test_a_person_s_no_holds(shared: Sandbox) -> None:
    proposal, named = proposed(shared, "web-1")
    press(shared, proposal, "decline")
    shared.idle()
    late(shared, named)
    assert ends(shared, named) == [("ignored", "declined")]
    assert about(shared, "web-1") == [("decline", "done"), ("mark_suspicious", "declined")]


def test_a_person_s_yes_is_enough(shared: Sandbox) -> None:
    proposal, named = proposed(shared, "web-2")
    press(shared, proposal)
    shared.idle()
    late(shared, named)
    assert ends(shared, named) == [("ignored", "twin")]
    assert about(shared, "web-2") == [("approve", "done"), ("mark_suspicious", "done")]


def test_a_person_s_no_at_the_same_time_or_the_approval_counts_alone(shared: Sandbox) -> None:
    proposal, named = proposed(shared, "web-3")
    with ThreadPoolExecutor(2) as pool:
        pressed = pool.submit(press, shared, proposal, "decline")
        late(shared, named)
        pressed.result()
    shared.idle()
    verdict = run_of(shared, proposal)["approval"]["verdict"]
    done = [action for action, ending in about(shared, "web-3") if ending == "done"]
    assert done == (["approve", "mark_suspicious"] if verdict == "approved" else ["decline"])


@pytest.mark.parametrize(
    ("name", "button", "reason"), [("web-2", "approve", "twin"), ("web-1", "decline", "declined")]
)
def test_a_person_answers_between_the_look_and_the_approval(
    box: Sandbox, name: str, button: str, reason: str
) -> None:
    proposal, named = proposed(box, name)
    second = {"function": "events", "operation": "GetItem", "nth": 2, "times": 1}
    answer = {"params": f'run#{proposal}"}}, "sk": {{"S": "answer"'}
    box.faults(second | answer | {"kind": "hang", "seconds": 30})
    box.forget_calls()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(invoke, box, named)
        until(lambda: box.calls(function="events", operation="Query"))  # it has looked
        press(box, proposal, button)
        until(lambda: run_of(box, proposal)["approval"].get("verdict"))
        box.let_go()
        coming.result()
    box.idle()
    assert ends(box, named) == [("ignored", reason)]
    assert not [one for one in subjects(box) if "refused" in one]


def test_what_nobody_answered_is_done_by_the_listed_principal_s_event(shared: Sandbox) -> None:
    proposal, named = proposed(shared, "web-4")
    shared.control("POST", "/expire")
    shared.idle()
    late(shared, *[named] * COPIES)
    late(shared, named, marking(shared, "tag-change", "web-4"))
    assert ends(shared, named).count(("run", "")) == 1
    assert about(shared, "web-4") == [("mark_suspicious", "done"), ("mark_suspicious", "expired")]
    (own,) = [run for run in shared.runs() if run["id"] in told(shared, named)[0]["runs"]]
    assert own["actor"]["id"] == shared.ready["principal"] and own["id"] != proposal


def test_each_instance_of_one_call_has_its_own_proposal(shared: Sandbox) -> None:
    names = ("api-1", "api-2")
    late(shared, *(marking(shared, "tag-change", name, "assess") for name in names))
    named = marking(shared, "created-tags", names[0], "assess")
    given = named["detail"]["requestParameters"]
    ids = [shared.instance(name)["InstanceId"] for name in names]
    given["resourcesSet"]["items"] = [{"resourceId": one} for one in ids]
    late(shared, named)
    (row,) = told(shared, named)
    assert (row["outcome"], len(row["runs"])) == ("run", 2)
    for name in names:
        assert [action for action, _ in about(shared, name)] == ["approve", "assess"]
