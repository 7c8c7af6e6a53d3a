"""Two hands at once: requests that cross each other, and others who change what is contained."""

from collections.abc import Callable

import pytest

from tests.containment_view import aws, where
from tests.containment_world import (
    EXAMINER,
    Nic,
    Spec,
    attach,
    build,
    contain,
    described,
    groups,
    instance_arn,
    release,
    released,
    yard,
)
from tests.product.fleet_truth import groups_of_ours
from tests.product.fleet_world import new_message, records
from tests.product.race_world import (
    ended,
    hang,
    held,
    is_isolated,
    lock,
    puts_back,
    refusals,
    until,
)
from tests.world import Json, Sandbox

TWO = (Nic((1, 3)), Nic((2,)))
# So many are the first of their VPC at once.
FIRST = 4
# Enough that a second recording of the state before would not be the first one's.
WHOLE = Spec("whole", (Nic((1, 3, 2), eips=1),), targets=1)


@pytest.fixture
def box(yard_box: Sandbox) -> Sandbox:
    return yard_box


def by_voice(box: Sandbox) -> None:
    talk = box.talk()
    talk.intent("IsolateIntent", instance="whole")
    talk.yes()
    talk.resume()


def by_tag(box: Sandbox) -> None:
    box.tag("whole", "isolate")


@pytest.mark.parametrize("other", [by_voice, by_tag], ids=["voice", "tag"])
def test_two_doors_contain_one_instance_at_once(
    box: Sandbox, other: Callable[[Sandbox], None]
) -> None:
    one = build(box, WHOLE)
    before = described(box, one)
    hang(box, "lock", one, 1, "DescribeInstances")
    other(box)
    lock(box, one)
    box.idle()
    assert is_isolated(box, one)
    endings = [run["ending"] for run in box.runs()]
    assert endings.count("done") == 1 and set(endings) <= {"done", "failed"}
    busy = [run["result"]["facts"]["error"] for run in box.runs() if run["ending"] == "failed"]
    assert all(error["facts"]["reason"] == "busy" for error in busy)
    aws(box, "ec2").delete_tags(Resources=[one], Tags=[{"Key": "Toban"}])
    puts_back(box, one, before)


def test_a_message_that_comes_three_times_is_one_run(box: Sandbox) -> None:
    one = build(box, WHOLE)
    before, message = described(box, one), new_message()
    for _ in range(3):
        lock(box, one, message=message)
    box.idle()
    lock(box, one, message=message)
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["done"]
    assert refusals(box) == []
    puts_back(box, one, before)


def test_a_release_that_comes_while_it_is_contained(box: Sandbox) -> None:
    one = build(box, Spec("press", TWO))
    before = described(box, one)
    first = hang(box, "lock", one, 3)
    until(lambda: groups_of_ours(box, "isolation"))
    lock(box, one, "release")
    until(lambda: refusals(box))
    box.let_go()
    box.idle()
    assert ended(box, first)["ending"] == "done"
    assert [run["action"] for run in box.runs()] == ["isolate"]
    assert len(refusals(box)) == 1 and is_isolated(box, one)
    puts_back(box, one, before)


def test_a_containment_that_comes_while_it_is_released(box: Sandbox) -> None:
    one = build(box, Spec("press", TWO))
    before = described(box, one)
    contain(box, instance_arn(box, one))
    first = hang(box, "release", one, 2)
    until(lambda: len(held(box, one, "isolation")) == 1)
    lock(box, one)
    until(lambda: refusals(box))
    box.let_go()
    box.idle()
    assert ended(box, first)["ending"] == "done"
    assert len(box.runs()) == 2 and len(refusals(box)) == 1
    assert described(box, one) == released(before)
    assert groups_of_ours(box) == set() and records(box) == {}


def _half_way(box: Sandbox, one: str, isolated: int) -> bool:
    """One of two interfaces is in the untracking group, while the call for the other hangs."""
    counts = [len(held(box, one, kind)) for kind in ("untracking", "isolation")]
    return counts == [1, isolated]


# The calls that move interfaces, each pair at once: two timeouts, two into the untracking group,
# two out of it.
@pytest.mark.parametrize("nth", [4, 5], ids=["before the wait", "after the wait"])
def test_an_interface_that_comes_half_way(box: Sandbox, nth: int) -> None:
    one = build(box, Spec("press", TWO))
    run = hang(box, "lock", one, nth)
    until(lambda: _half_way(box, one, isolated=nth - 4))
    extra = attach(box, one, Nic((2, 1)), 2)
    given = groups(box, one)[extra]
    box.let_go()
    box.idle()
    assert ended(box, run)["ending"] in ("done", "partial")
    assert len(groups(box, one)) == 3 and is_isolated(box, one)
    (back,) = release(box, instance_arn(box, one))
    assert back["ending"] == "done", back["result"]
    assert groups(box, one)[extra] == given
    assert groups_of_ours(box) == set()


def test_the_isolation_group_is_deleted_between_the_moves(box: Sandbox) -> None:
    one = build(box, Spec("press", TWO))
    before = described(box, one)
    run = hang(box, "lock", one, 4)
    until(lambda: len(held(box, one, "untracking")) == 1)
    (group,) = groups_of_ours(box, "isolation")
    aws(box, "ec2").delete_security_group(GroupId=group)
    box.let_go()
    box.idle()
    assert ended(box, run)["ending"] == "done"
    assert is_isolated(box, one) and group not in groups_of_ours(box)
    puts_back(box, one, before)


def test_the_first_containments_of_a_vpc_come_at_once(box: Sandbox) -> None:
    ones = [build(box, Spec(f"press-{number}")) for number in range(FIRST)]
    before = [described(box, one) for one in ones]
    found = contain(box, *(instance_arn(box, one) for one in ones))
    assert [run["ending"] for run in found] == ["done"] * FIRST
    assert all(is_isolated(box, one) for one in ones)
    back = release(box, *(instance_arn(box, one) for one in ones))
    assert [run["ending"] for run in back] == ["done"] * FIRST
    assert [described(box, one) for one in ones] == [released(each) for each in before]
    assert groups_of_ours(box) == set()


def test_a_release_tidies_up_while_another_containment_begins(box: Sandbox) -> None:
    first, second = (build(box, Spec(name, TWO)) for name in ("press-1", "press-2"))
    before = described(box, second)
    contain(box, instance_arn(box, first))
    run = hang(box, "lock", second, 3)
    until(lambda: groups_of_ours(box, "untracking"))
    back = lock(box, first, "release")
    until(lambda: any(each["id"] == back and each["ended"] for each in box.runs()))
    box.let_go()
    box.idle()
    assert ended(box, back)["ending"] == "done"
    assert ended(box, run)["ending"] == "done"
    assert is_isolated(box, second)
    puts_back(box, second, before)


@pytest.mark.parametrize("kind", ["isolation", "untracking"])
def test_somebody_elses_group_has_our_name(box: Sandbox, kind: str) -> None:
    one = build(box, Spec("press", TWO))
    before, ec2 = described(box, one), aws(box, "ec2")
    foreign = ec2.create_security_group(
        GroupName=f"toban-{kind}", Description="not ours", VpcId=yard(box)["vpc"]
    )["GroupId"]
    rules = _rules(box, foreign)
    (run,) = contain(box, instance_arn(box, one))
    assert run["ending"] == "done" and is_isolated(box, one)
    assert foreign not in groups_of_ours(box) and _rules(box, foreign) == rules
    puts_back(box, one, before)
    assert _rules(box, foreign) == rules


def _opened(box: Sandbox, group: str) -> list[str]:
    """Whom an isolation group lets in, besides the examiner."""
    return [one for row in _rules(box, group) if (one := row["CidrIpv4"]) != EXAMINER]


def _rules(box: Sandbox, group: str) -> list[Json]:
    found = aws(box, "ec2").describe_security_group_rules(Filters=where(group_id=group))
    return list(found["SecurityGroupRules"])


def _widen(box: Sandbox, group: str) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    everybody = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    aws(box, "ec2").authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**rule, **everybody}]
    )


def test_a_widened_isolation_group_is_closed_before_it_is_used(box: Sandbox) -> None:
    first, second = (build(box, Spec(name, TWO)) for name in ("press-1", "press-2"))
    contain(box, instance_arn(box, first))
    (group,) = groups_of_ours(box, "isolation")
    _widen(box, group)
    (run,) = contain(box, instance_arn(box, second))
    assert run["ending"] == "done" and is_isolated(box, second)
    assert groups_of_ours(box, "isolation") == {group} and _opened(box, group) == []


def test_an_isolation_group_that_is_widened_between_the_moves_is_told(box: Sandbox) -> None:
    one = build(box, Spec("press", TWO))
    before = described(box, one)
    run = hang(box, "lock", one, 4)
    until(lambda: len(held(box, one, "untracking")) == 1)
    (group,) = groups_of_ours(box, "isolation")
    _widen(box, group)
    box.let_go()
    box.idle()
    told = ended(box, run)
    assert told["ending"] == "partial"
    assert told["result"]["facts"]["unfinished"] == ["network"]
    assert not told["result"]["facts"]["contained"]
    (mended,) = contain(box, instance_arn(box, one))
    assert mended["ending"] == "done" and _opened(box, group) == []
    puts_back(box, one, before)
