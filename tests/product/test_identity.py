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

EXAMPLES = 6 if os.environ.get("DRILL") else 2
SIZE = 8 if os.environ.get("DRILL") else 5
# A shrunk fleet would tell less than the field that differs does. Hypothesis begins with the
# simplest example, so what is rich stands first below.
FLEETS = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NUMBERS = st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True).map(tuple)
YES = st.sampled_from([True, False])
ONE = st.sampled_from([1, 0])
NICS = st.builds(
    Nic,
    groups=NUMBERS,
    eips=st.sampled_from([2, 1, 0]),
    ipv6=st.sampled_from([1, 2, 0]),
    timeout=st.sampled_from([None, None, 60, 600, 432_000]),
)
SPECS = st.builds(
    Spec,
    name=st.just(""),
    interfaces=st.lists(NICS, min_size=1, max_size=4).map(tuple),
    role=YES,
    status=st.sampled_from(["vulnerable", "suspicious", ""]),
    termination=YES,
    stop=YES,
    shutdown=st.sampled_from(["terminate", "stop"]),
    volumes=st.lists(YES, max_size=2).map(tuple),
    metadata=st.sampled_from(["enabled", "enabled", "disabled"]),
    scaling=st.sampled_from(["tight", "room", "standby", ""]),
    targets=ONE,
    by_address=ONE,
    classic=ONE,
)
PATHS = st.sampled_from(["/a/b/", "/staff/", "/"])
PEOPLE = st.builds(
    Person,
    name=st.just(""),
    path=PATHS,
    keys=st.lists(YES, max_size=2).map(tuple),
    console=YES,
    managed=st.sampled_from([10, 9, 1, 0]),
    inline=st.integers(0, 2),
    mfa=YES,
)
POSTS = st.builds(
    Post,
    name=st.just(""),
    path=PATHS,
    managed=st.sampled_from([10, 9, 1, 0]),
    inline=st.integers(0, 2),
)
PROGRAMS = st.builds(
    Program,
    name=st.just(""),
    reserved=st.sampled_from([8, None, 0]),
    mappings=st.lists(YES, min_size=1, max_size=2).map(tuple),
    role=st.sampled_from(["", "", "jobs"]),
    provisioned=ONE,
).map(lambda one: replace(one, provisioned=0) if one.reserved == 0 else one)


def named(kind: str, rows: list[Any]) -> list[Any]:
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
@given(specs=st.lists(SPECS, min_size=SIZE, max_size=SIZE))
def test_instances_are_as_they_were(standing_yard: Sandbox, specs: list[Spec]) -> None:
    box = standing_yard
    box.reset()
    fleet = [build(box, spec) for spec in named("press", specs)]
    go_round(
        box,
        [instance_arn(box, one) for one in fleet],
        lambda: all_described(box, fleet),
    )


@settings(FLEETS, max_examples=EXAMPLES)
@given(
    people=st.lists(PEOPLE, min_size=4, max_size=4),
    posts=st.lists(POSTS, min_size=3, max_size=3),
    programs=st.lists(PROGRAMS, min_size=4, max_size=4),
)
def test_identities_are_as_they_were(
    standing_yard: Sandbox, people: list[Person], posts: list[Post], programs: list[Program]
) -> None:
    box = standing_yard
    box.reset()
    arns = [make_user(box, one) for one in named("person", people)]
    arns += [make_role(box, one) for one in named("post", posts)]
    arns += [make_function(box, one) for one in named("program", programs)]
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
