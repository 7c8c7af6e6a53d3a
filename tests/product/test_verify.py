"""Contained entities are read again: whatever somebody undid by hand is found and told."""

import json
from collections.abc import Iterable, Iterator

import pytest

from skill.actions._measures import MEASURES
from tests.containment_identities import (
    Person,
    Post,
    Program,
    make_function,
    make_role,
    make_user,
)
from tests.containment_undoing import SAID, UNDOING, first, regroup
from tests.containment_view import aws
from tests.containment_world import (
    EXAMINER,
    WHOLE,
    Nic,
    Spec,
    attach,
    build,
    contain,
    groups,
    instance_arn,
    release,
)
from tests.world import Json, Sandbox

# AWS does not tell that a password was replaced.
BLIND = {("user", "password")}
Which = tuple[str, str]


def shares(pairs: Iterable[Which]) -> dict[Which, list[str]]:
    """Kind and name of some entities of each kind to their share of its measures: no more than one
    sentence names.
    """
    found: dict[Which, list[str]] = {}
    for kind in MEASURES:
        mine = [measure for each, measure in pairs if each == kind]
        many = 3 if kind == "instance" else 2
        found |= {(kind, f"{kind}-{turn}"): mine[turn::many] for turn in range(many)}
    return found


SHARES = shares(UNDOING)


def make(box: Sandbox, kind: str, name: str) -> tuple[str, str]:
    """What AWS calls it, and its ARN."""
    if kind == "instance":
        one = build(box, Spec(name, WHOLE.interfaces[:1], scaling="tight", targets=1))
        return one, instance_arn(box, one)
    if kind == "user":
        return name, make_user(box, Person(name, console=True))
    if kind == "role":
        return name, make_role(box, Post(name))
    return name, make_function(box, Program(name, mappings=(True,)))


def fire(box: Sandbox) -> list[Json]:
    """What is told when the clock has everything read again."""
    before = len(box.messages())
    box.control("POST", "/schedule", {"rule": "VerifySchedule"})
    box.idle()
    return box.messages()[before:]


@pytest.fixture(scope="module")
def undone(standing_yard: Sandbox) -> Iterator[Json]:
    """All contained; then of each entity its share of the measures is undone by hand."""
    box = standing_yard
    box.reset()
    made = {which: make(box, *which) for which in SHARES}
    box.idle()
    runs = contain(box, *(arn for _, arn in made.values()))
    assert {run["ending"] for run in runs} == {"done"}
    quiet = fire(box)
    for (kind, name), measures in SHARES.items():
        for measure in measures:
            UNDOING[kind, measure](box, made[kind, name][0])
    yield {"box": box, "quiet": quiet, "told": fire(box)}


def test_every_measure_of_every_kind_is_undone_here() -> None:
    every = {(kind, name) for kind, names in MEASURES.items() for name in names}
    assert set(UNDOING) | BLIND == every


def test_nothing_is_told_while_nothing_has_changed(undone: Json) -> None:
    assert undone["quiet"] == []


def reported(messages: list[Json]) -> Json:
    """What the audit topic was told of the clock's look."""
    (mail,) = [one for one in messages if one.get("subject") == "Toban: containment changed"]
    found: Json = json.loads(mail["message"])["found"]
    return found


@pytest.mark.parametrize("which", SHARES, ids=str)
def test_what_somebody_undid_is_told_by_the_clock(undone: Json, which: Which) -> None:
    """That, and nothing else."""
    found = {row["name"]: row for row in reported(undone["told"])["items"]}
    row = found[which[1]]
    assert (row["state"], sorted(row["drift"])) == ("drifted", sorted(SHARES[which]))


@pytest.mark.parametrize("which", SHARES, ids=str)
def test_what_somebody_undid_is_said_when_asked(undone: Json, which: Which) -> None:
    kind, name = which
    slot = {"user": "principal", "role": "principal"}.get(kind, kind)
    speech = undone["box"].talk().intent("VerifyIntent", **{slot: name})
    assert "is no longer contained: somebody changed" in speech
    assert {measure for measure in MEASURES[kind] if SAID[measure] in speech} == set(SHARES[which])


def test_slack_and_the_alarm_tell_it_too(undone: Json) -> None:
    posted = [one["body"]["text"] for one in undone["told"] if one["channel"] == "slack"]
    (slack,) = [text for text in posted if text.startswith("Toban: containment changed")]
    assert "is no longer contained: somebody changed" in slack
    assert len([text for text in posted if "DriftAlarm" in text]) == len(posted) - 1 == 1
    (alarm,) = [one for one in undone["told"] if "DriftAlarm" in str(one.get("subject"))]
    assert json.loads(alarm["message"])["NewStateValue"] == "ALARM"
    assert reported(undone["told"])["drifted"] == len(SHARES)


@pytest.fixture(scope="module")
def one(standing_yard: Sandbox) -> str:
    """An instance that is contained; each test leaves it as it is."""
    standing_yard.reset()
    made = build(standing_yard, Spec("press"))
    contain(standing_yard, instance_arn(standing_yard, made))
    return made


def asked(box: Sandbox) -> str:
    return box.talk().intent("VerifyIntent", instance="press")


def isolation(box: Sandbox, one: str) -> str:
    return groups(box, one)[first(box, one)][0]


def test_the_examiner_may_come_in(standing_yard: Sandbox, one: str) -> None:
    group = isolation(standing_yard, one)
    found = aws(standing_yard, "ec2").describe_security_groups(GroupIds=[group])
    (row,) = found["SecurityGroups"]
    assert [each["IpRanges"] for each in row["IpPermissions"]] == [[{"CidrIp": EXAMINER}]]
    assert row["IpPermissionsEgress"] == []
    assert "is still contained: everything was read again" in asked(standing_yard)
    assert fire(standing_yard) == []


def test_a_group_without_the_examiner_is_not_called_open(standing_yard: Sandbox, one: str) -> None:
    ec2, group = aws(standing_yard, "ec2"), isolation(standing_yard, one)
    rules = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": EXAMINER}]}]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rules)
    said = asked(standing_yard)
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    assert "is still contained" in said


@pytest.mark.parametrize(
    "rule",
    [
        ("ingress", "tcp", "203.0.113.7/32"),
        ("ingress", "-1", "0.0.0.0/0"),
        ("egress", "udp", "10.0.0.0/8"),
    ],
    ids=str,
)
def test_an_isolation_group_that_was_opened_is_found(
    standing_yard: Sandbox, one: str, rule: tuple[str, str, str]
) -> None:
    way, protocol, source = rule
    ports = {} if protocol == "-1" else {"FromPort": 53, "ToPort": 53}
    allowed = [{"IpProtocol": protocol, "IpRanges": [{"CidrIp": source}], **ports}]
    ec2, group = aws(standing_yard, "ec2"), isolation(standing_yard, one)
    getattr(ec2, f"authorize_security_group_{way}")(GroupId=group, IpPermissions=allowed)
    said, told = asked(standing_yard), fire(standing_yard)
    getattr(ec2, f"revoke_security_group_{way}")(GroupId=group, IpPermissions=allowed)
    assert "somebody changed its security groups" in said
    assert reported(told)["drifted"] == 1


def test_what_cannot_be_read_is_said_to_be_unknown(standing_yard: Sandbox, one: str) -> None:
    refused = {"service": "ec2", "operation": "DescribeSecurityGroupRules", "kind": "deny"}
    standing_yard.faults(refused)
    said, told = asked(standing_yard), fire(standing_yard)
    standing_yard.faults()
    assert "could not be read, so I don't know" in said
    found = reported(told)
    assert (found["unread"], found["drifted"], found["held"]) == (1, 0, 0)
    assert any("could not be read" in str(each.get("body")) for each in told)


def test_a_new_interface_is_found_and_contained_too(standing_yard: Sandbox, one: str) -> None:
    before = groups(standing_yard, one)
    fresh = attach(standing_yard, one, Nic((2,)), 1)
    assert "its security groups" in asked(standing_yard)
    (run,) = contain(standing_yard, instance_arn(standing_yard, one))
    (group,) = before.values()
    assert groups(standing_yard, one) == {**before, fresh: group}
    assert run["ending"] == "done"
    assert fire(standing_yard) == []


def test_what_changed_twice_is_told_twice(standing_yard: Sandbox, one: str) -> None:
    for _ in range(2):
        regroup(standing_yard, one)
        assert reported(fire(standing_yard))["drifted"] == 1
        contain(standing_yard, instance_arn(standing_yard, one))
        assert fire(standing_yard) == []


def test_what_was_released_is_looked_at_no_more(standing_yard: Sandbox, one: str) -> None:
    release(standing_yard, instance_arn(standing_yard, one))
    assert fire(standing_yard) == []
    assert standing_yard.talk().intent("VerifyIntent") == "Nothing is contained."
    assert asked(standing_yard) == "Press is not contained."
