"""Release after others had their hands in: what is left is put back, the rest is told truly.

All of the entities are contained at once, each is meddled with in its own way, and then all are
asked about and released.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from skill.words import slack
from tests import containment_hands as hands
from tests.containment_identities import (
    Person,
    Post,
    Program,
    make_function,
    make_role,
    make_user,
)
from tests.containment_view import aws, described, groups
from tests.containment_world import Nic, Spec, build, contain, instance_arn, release
from tests.product.lock_world import DENY_ALL
from tests.product.test_identity import ours, records
from tests.world import Json, Sandbox

One = Spec | Person | Post | Program


@dataclass(frozen=True)
class Case:
    """An entity, what somebody does to it, what the question says of it, how its release ends, and
    what is told of that.
    """

    one: One
    hand: Callable[[Sandbox, str], None]
    question: str
    ending: str
    outcome: str


RESTORED = "were read back as recorded"
VANISHED = "no longer exists"
LOST = "could not be given back: gone, or in use by somebody else"
ROWS = (
    Case(
        Spec("group gone", interfaces=(Nic((1, 5, 2)), Nic((5, 3)))),
        hands.drop_group,
        "",
        "partial",
        "One of its security groups no longer exists",
    ),
    Case(
        Spec("card gone", interfaces=(Nic((1,)), Nic((2,)))),
        hands.drop_card,
        "is gone",
        "done",
        "is back on the network",
    ),
    Case(
        Spec("address gone", interfaces=(Nic((1,), eips=2),)),
        hands.release_address,
        "",
        "partial",
        f"its Elastic IP addresses {LOST}",
    ),
    Case(
        Spec("parts-gone", interfaces=(Nic((1,), eips=1),), scaling="tight", targets=2),
        hands.take_parts,
        "",
        "partial",
        f"its Elastic IP addresses, its Auto Scaling group, and its load balancers {LOST}",
    ),
    Case(Spec("ended"), hands.terminate, VANISHED, "done", VANISHED),
    Case(
        Person("keys-meddled", keys=(True, True)),
        hands.meddle_keys,
        "Somebody changed its access keys",
        "done",
        "is released",
    ),
    Case(Person("user-gone"), hands.drop_user, VANISHED, "done", VANISHED),
    Case(Post("role-gone"), hands.drop_role, VANISHED, "done", VANISHED),
    Case(
        Post("role-lifted"),
        hands.lift_denial,
        "Somebody changed the deny policy",
        "done",
        "is released",
    ),
    Case(Program("function-gone"), hands.drop_function, VANISHED, "done", VANISHED),
    Case(
        Program("numbers-meddled", reserved=30, mappings=(True, True)),
        hands.meddle_function,
        "Somebody changed its concurrency",
        "done",
        "is released",
    ),
    Case(
        Program("role-changed"),
        hands.other_role,
        "Somebody changed its execution role",
        "done",
        "is released",
    ),
)
CASES = {case.one.name: case for case in ROWS}


def make(box: Sandbox, one: One) -> tuple[str, str]:
    """What AWS calls it, and its ARN. An instance's addresses tell whose they were."""
    if isinstance(one, Spec):
        made = build(box, one)
        rows = aws(box, "ec2").describe_addresses()["Addresses"]
        if ids := [row["AllocationId"] for row in rows if row.get("InstanceId") == made]:
            aws(box, "ec2").create_tags(Resources=ids, Tags=[{"Key": "Of", "Value": made}])
        return made, instance_arn(box, made)
    if isinstance(one, Person):
        return one.name, make_user(box, one)
    if isinstance(one, Post):
        return one.name, make_role(box, one)
    return one.name, make_function(box, one)


def question(box: Sandbox, one: One) -> str:
    slot = {Spec: "instance", Program: "function"}.get(type(one), "principal")
    return box.talk().intent("ReleaseIntent", **{slot: one.name})


@pytest.fixture(scope="module")
def ended(standing_yard: Sandbox) -> Iterator[Json]:
    """Name to its id, its interfaces' groups before, what was asked, and its release's run."""
    box = standing_yard
    box.reset()
    made = {name: make(box, case.one) for name, case in CASES.items()}
    aws(box, "iam").attach_role_policy(RoleName="role-lifted", PolicyArn=DENY_ALL)
    box.idle()
    found: Json = {name: {"id": one, "groups": groups(box, one)} for name, (one, _) in made.items()}
    arns = [arn for _, arn in made.values()]
    assert {run["ending"] for run in contain(box, *arns)} == {"done"}
    for name, case in CASES.items():
        case.hand(box, made[name][0])
    box.idle()
    for name, case in CASES.items():
        found[name]["question"] = question(box, case.one)
    for name, run in zip(found, release(box, *arns), strict=True):
        found[name]["run"] = run
    yield {"box": box, **found}


@pytest.mark.parametrize("name", CASES)
def test_a_release_says_what_others_did(ended: Json, name: str) -> None:
    case, found = CASES[name], ended[name]
    assert case.question in found["question"]
    assert found["run"]["ending"] == case.ending, found["run"]["result"]
    assert found["run"]["result"]["facts"]["left"] == []


@pytest.mark.parametrize("name", CASES)
def test_how_it_went_is_told(ended: Json, name: str) -> None:
    """In Slack, where so many releases of one minute come in one message (test_notices.py)."""
    assert CASES[name].outcome in slack.notice("en-US", ended[name]["run"], "ended").text


def test_nothing_of_ours_is_left(ended: Json) -> None:
    assert records(ended["box"]) == []
    assert ours(ended["box"]) == []


@pytest.mark.parametrize("name", ["address gone", "parts-gone"])
def test_the_rest_of_an_instance_is_as_it_was(ended: Json, name: str) -> None:
    box, one = ended["box"], ended[name]["id"]
    assert groups(box, one) == ended[name]["groups"]
    shown = described(box, one)
    assert not shown["attributes"]["disableApiTermination"]["DisableApiTermination"]["Value"]
    assert list(shown["role"]["inline"]) == ["app"]
