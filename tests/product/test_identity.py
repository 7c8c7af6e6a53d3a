"""Contain, then release: everything is as it was, whatever the entity was like.

Each example is a fleet that is contained at once and released at once, in one box; `make drill`
takes more of them.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.containment_balance import scaling_group
from tests.containment_identities import (
    Person,
    Post,
    Program,
    identity,
    make_function,
    make_role,
    make_user,
)
from tests.containment_view import all_described, aws, where
from tests.containment_world import (
    EXAMINER,
    Nic,
    Spec,
    build,
    contain,
    described,
    groups,
    instance_arn,
    release,
    released,
    yard,
)
from tests.world import Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
EXAMPLES = 6 if DRILL else 2
SIZE, INTERFACES = (8, 4) if DRILL else (3, 3)
USERS, ROLES, FUNCTIONS = (4, 3, 4) if DRILL else (2, 2, 3)
# A shrunk fleet would tell less than the field that differs does.
FLEETS = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NUMBERS = st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True).map(tuple)
PATHS = ("/a/b/", "/staff/", "/")


def turned(number: int, *choices: Any) -> Any:
    """One of these. Hypothesis begins with the simplest fleet: in it each has another, so that it
    has all of them; what is rich stands first.
    """
    first = number % len(choices)
    return st.sampled_from([*choices[first:], *choices[:first]])


def nics(number: int) -> Any:
    return st.builds(
        Nic,
        groups=NUMBERS,
        eips=turned(number, 2, 1, 0),
        ipv6=turned(number, 1, 2, 0),
        timeout=turned(number, None, 60, 600, 432_000),
    )


def specs(number: int) -> Any:
    return st.builds(
        Spec,
        name=st.just(""),
        interfaces=st.lists(nics(number), min_size=1, max_size=INTERFACES).map(tuple),
        role=turned(number, True, False),
        status=turned(number, "vulnerable", "suspicious", ""),
        termination=turned(number, True, False),
        stop=turned(number, True, False),
        shutdown=turned(number, "terminate", "stop"),
        volumes=st.lists(turned(number, True, False), max_size=2).map(tuple),
        metadata=turned(number, "enabled", "enabled", "disabled"),
        scaling=turned(number, "tight", "room", "standby", ""),
        targets=turned(number, 1, 0),
        by_address=turned(number, 1, 0),
        classic=turned(number, 1, 0),
    )


def people(number: int) -> Any:
    return st.builds(
        Person,
        name=st.just(""),
        path=turned(number, *PATHS),
        keys=st.lists(turned(number, True, False), max_size=2).map(tuple),
        console=turned(number, True, False),
        managed=turned(number, 10, 9, 1, 0),
        inline=st.integers(0, 2),
        mfa=turned(number, True, False),
    )


def posts(number: int) -> Any:
    return st.builds(
        Post,
        name=st.just(""),
        path=turned(number, *PATHS),
        managed=turned(number, 10, 9, 1, 0),
        inline=st.integers(0, 2),
    )


def programs(number: int) -> Any:
    return st.builds(
        Program,
        name=st.just(""),
        reserved=turned(number, 8, None, 0),
        mappings=st.lists(turned(number, True, False), min_size=1, max_size=2).map(tuple),
        role=turned(number, "", "", "jobs"),
        provisioned=turned(number, 1, 0),
    ).map(lambda one: replace(one, provisioned=0) if one.reserved == 0 else one)


def some(count: int, made: Callable[[int], Any]) -> Any:
    return st.tuples(*map(made, range(count)))


def named(kind: str, rows: tuple[Any, ...]) -> list[Any]:
    return [replace(row, name=f"{kind}-{number}") for number, row in enumerate(rows)]


def ours(box: Sandbox) -> list[str]:
    """The names of Toban's own groups."""
    rows = aws(box, "ec2").describe_security_groups(Filters=where(tag_key="TobanGroup"))
    return [str(row["GroupName"]) for row in rows["SecurityGroups"]]


def records(box: Sandbox) -> list[str]:
    """Keys of the ledger's open records."""
    table = aws(box, "dynamodb").list_tables()["TableNames"][0]
    pages = aws(box, "dynamodb").get_paginator("scan").paginate(TableName=table)
    rows = [row for page in pages for row in page["Items"]]
    return [row["pk"]["S"] for row in rows if row["sk"]["S"] == "contained"]


def same(before: Json, after: Json) -> None:
    """Field by field, so that a failure tells which."""
    assert set(after) == set(before)
    for name, value in before.items():
        assert after[name] == value, name


def ended(runs: list[Json]) -> None:
    """Done, or what could not be done is named."""
    for run in runs:
        facts = run["result"]["facts"]
        assert facts["contained"], (run["params"], facts)
        assert (run["ending"] == "done") == (facts["unfinished"] == []), facts
        assert run["ending"] == "done", (run["params"], facts["unfinished"], facts["refused"])


def go_round(box: Sandbox, arns: list[str], look: Callable[[], list[Json]]) -> None:
    """Contain all, check, release all, check. `look` describes all of them."""
    box.idle()
    before = look()
    ended(contain(box, *arns))
    for run in release(box, *arns):
        assert (run["ending"], run["result"]["facts"]["left"]) == ("done", []), run["params"]
    for one, other in zip(before, look(), strict=True):
        same(released(one) if "interfaces" in one else one, other)
    assert ours(box) == []
    assert records(box) == []


@settings(FLEETS, max_examples=EXAMPLES)
@given(fleet=some(SIZE, specs))
def test_instances_are_as_they_were(standing_yard: Sandbox, fleet: tuple[Spec, ...]) -> None:
    box = standing_yard
    box.reset()
    ids = [build(box, spec) for spec in named("press", fleet)]
    go_round(box, [instance_arn(box, one) for one in ids], lambda: all_described(box, ids))


@settings(FLEETS, max_examples=EXAMPLES)
@given(users=some(USERS, people), roles=some(ROLES, posts), functions=some(FUNCTIONS, programs))
def test_identities_are_as_they_were(
    standing_yard: Sandbox,
    users: tuple[Person, ...],
    roles: tuple[Post, ...],
    functions: tuple[Program, ...],
) -> None:
    box = standing_yard
    box.reset()
    arns = [make_user(box, one) for one in named("person", users)]
    arns += [make_role(box, one) for one in named("post", roles)]
    arns += [make_function(box, one) for one in named("program", functions)]
    go_round(box, arns, lambda: [identity(box, arn) for arn in arns])


def test_every_interface_is_in_the_isolation_group_alone(yard_box: Sandbox) -> None:
    spec = Spec("press", interfaces=(Nic((5, 4, 3, 2, 1), eips=2), Nic((2,)), Nic((1, 3)), Nic()))
    one = build(yard_box, spec)
    contain(yard_box, instance_arn(yard_box, one))
    (group,) = {group for held in groups(yard_box, one).values() for group in held}
    found = aws(yard_box, "ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert {"Key": "TobanGroup", "Value": "isolation"} in found["Tags"]
    assert found["VpcId"] == yard(yard_box)["vpc"]
    assert [row["IpRanges"] for row in found["IpPermissions"]] == [[{"CidrIp": EXAMINER}]]
    assert found["IpPermissionsEgress"] == []
    assert [len(held) for held in groups(yard_box, one).values()] == [1] * 4


def pair(box: Sandbox, least: int) -> list[str]:
    """Two members of one Auto Scaling group."""
    both = [build(box, Spec(f"twin-{number}")) for number in range(2)]
    scaling_group(box, yard(box), "twins", both)
    box.idle()
    aws(box, "autoscaling").update_auto_scaling_group(AutoScalingGroupName="twins", MinSize=least)
    return both


def test_two_members_of_one_scaling_group_released_one_after_the_other(yard_box: Sandbox) -> None:
    """Nothing is launched, and the group has its sizes of before."""
    both = pair(yard_box, least=2)
    arns = [instance_arn(yard_box, one) for one in both]
    before = [described(yard_box, one)["scaling"]["group"] for one in both]
    ended(contain(yard_box, *arns))
    for arn in arns:
        release(yard_box, arn)
    yard_box.idle()
    assert [described(yard_box, one)["scaling"]["group"] for one in both] == before


def test_two_members_of_one_scaling_group_that_has_room(yard_box: Sandbox) -> None:
    both = pair(yard_box, least=0)
    arns = [instance_arn(yard_box, one) for one in both]
    go_round(yard_box, arns, lambda: all_described(yard_box, both))
