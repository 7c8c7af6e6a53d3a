"""template-member.yaml: whom its two roles trust, and that they hold what containing needs."""

import json
import re
from functools import cache
from typing import Any

import pytest

from sandbox.runtime.access import Access
from sandbox.runtime.policies import permits
from skill.actions import ACTIONS, _measures
from tests.template.claims import READS
from tests.template.names import ACCOUNT, MEMBER, PSEUDO, filled, of_function, of_member
from tests.template.translate import ROOT, Tree, allowed, listed, member, source, yaml_parse

HOME = f"arn:aws:iam::{ACCOUNT}"
SECRET = "a-long-and-random-one"
CONTAINING = (
    *("isolate", "lock_principal", "lock_function", "release", "verify"),
    *("mark_suspicious", "verify_fix", "patch"),
)
# What these need and have at home, wherever the entity is: home is Inspector's administrator.
AT_HOME = ("dynamodb:", "s3:", "inspector2:")
# Only what is at home is found by its name.
BY_NAME = {"iam:ListRoles", "iam:ListUsers"}
# What shows an instance's inside, or its traffic, is not for who only plans.
CONSOLES = {
    *("ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"),
    *("logs:GetQueryResults", "logs:StartQuery"),
}
ROLES = {
    "read": (
        "VoiceFunctionRole",
        "EventsFunctionRole",
        "SlackFunctionRole",
        "WorkflowFunctionRole",
    ),
    "contain": ("WorkflowFunctionRole",),
}
every_role = pytest.mark.parametrize("kind", ROLES)


@cache
def _template() -> Tree:
    parsed: Tree = yaml_parse((ROOT / "template-member.yaml").read_text(encoding="utf-8"))
    return parsed


def _needed(*parts: str) -> set[str]:
    """What the containing actions claim for some of `plan`, `apply`, `undo`."""
    claims = [ACTIONS[name].permissions.get(part, ()) for name in CONTAINING for part in parts]
    found = {one for rows in claims for one in rows} - BY_NAME
    return {one for one in found if not one.startswith(AT_HOME)}


def test_one_reads_what_containing_needs_and_no_more() -> None:
    """Plans need less: what is read only while it is contained is in the shared policy too."""
    reads = {one for one in _needed("plan", "apply", "undo") if READS.match(one)}
    assert _needed("plan") <= allowed(of_member("read"))
    assert allowed(of_member("read")) == reads - CONSOLES


def test_the_other_holds_what_containing_and_releasing_need_and_no_more() -> None:
    assert allowed(of_member("contain")) == _needed("plan", "apply", "undo")


@pytest.mark.parametrize("part", ["read", "contain", "release"])
def test_every_measure_of_every_kind_is_covered(part: str) -> None:
    needed = set(_measures.permissions(part, *_measures.MEASURES))
    holder = of_member("read" if part == "read" else "contain")
    assert {one for one in needed if not one.startswith(AT_HOME)} <= allowed(holder)


def test_of_commands_only_patches_are_run() -> None:
    (row,) = [one for one in of_member("contain") if one["Sid"] == "RunPatchCommands"]
    documents = [arn for arn in row["Resource"] if ":document/" in arn]
    assert documents == ["arn:aws:ssm:*::document/AWS-RunPatchBaseline"]


def test_every_change_is_limited_as_at_home_but_for_the_region() -> None:
    home = {row["Sid"]: row for row in of_function("workflow") if "Sid" in row}
    for row in [one for one in of_member("contain") if one["Sid"] != "RunPatchCommands"]:
        if row["Effect"] == "Deny" or not READS.match(listed(row["Action"])[0]):
            same = _anywhere(home[row["Sid"]])
            assert {**row, "Resource": sorted(listed(row["Resource"]))} == same, row["Sid"]


def _anywhere(row: Tree) -> Tree:
    """A statement of the home stack for all Regions."""
    arns = [re.sub(r"^(arn:aws:\w+):us-east-1:", r"\1:*:", arn) for arn in listed(row["Resource"])]
    return {**row, "Resource": sorted(arns)}


@every_role
def test_the_names_are_those_that_the_home_stack_assumes(kind: str) -> None:
    properties = member()[f"{kind.title()}Role"]["Properties"]
    assert properties["RoleName"] == {"Fn::Sub": f"${{RolePrefix}}-{kind}"}
    assert properties["Tags"] == [{"Key": "TobanProtected", "Value": "yes"}]


@every_role
def test_roles_of_the_home_stack_that_know_the_external_id_are_trusted(kind: str) -> None:
    for name in ROLES[kind]:
        assert _trusts(kind, f"{HOME}:role/toban-{name}-1A2B3C4D5E6F", SECRET)


@every_role
def test_nobody_else_is_trusted(kind: str) -> None:
    for name in ROLES[kind]:
        role = f"toban-{name}-1A2B3C4D5E6F"
        assert not _trusts(kind, f"{HOME}:role/{role}", "another-long-and-random-one")
        assert not _trusts(kind, f"{HOME}:role/{role}", None)
        assert not _trusts(kind, f"{HOME}:role/other-{role}", SECRET)
        assert not _trusts(kind, f"arn:aws:iam::222222222222:role/{role}", SECRET)
    assert not _trusts(kind, f"{HOME}:user/admin", SECRET)


def test_what_contains_does_not_trust_the_doors() -> None:
    for name in ROLES["read"][:-1]:
        assert not _trusts("contain", f"{HOME}:role/toban-{name}-1A2B3C4D5E6F", SECRET)


def _trusts(kind: str, caller: str, shown: str | None) -> bool:
    names = PSEUDO | MEMBER | {"ExternalId": SECRET}
    trust = member()[f"{kind.title()}Role"]["Properties"]["AssumeRolePolicyDocument"]
    (row,) = filled(trust["Statement"], names)
    assert (row["Effect"], row["Action"]) == ("Allow", "sts:AssumeRole")
    assert row["Principal"] == {"AWS": f"{HOME}:root"}
    context = {"aws:principalarn": [caller]} | ({"sts:externalid": [shown]} if shown else {})
    return _comes_in(row["Condition"], context)


def _comes_in(condition: Tree, context: dict[str, list[str]]) -> bool:
    row = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": condition}
    return permits([row], Access("sts:AssumeRole", "*", context))


@pytest.mark.parametrize("condition", ["StringEquals", "ArnLike"])
def test_each_condition_of_the_trust_is_one(condition: str) -> None:
    """The checks above would tell: without it, somebody of theirs comes in."""
    (row,) = member()["ContainRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert set(row["Condition"]) == {"StringEquals", "ArnLike"}
    left = {name: rows for name, rows in row["Condition"].items() if name != condition}
    stranger = {"aws:principalarn": [f"{HOME}:user/admin"], "sts:externalid": [SECRET]}
    guess = {"aws:principalarn": [f"{HOME}:role/toban-WorkflowFunctionRole-1"]}
    names = PSEUDO | MEMBER | {"ExternalId": SECRET}
    context = guess if condition == "StringEquals" else stranger
    assert _comes_in(filled(left, names), context)


@pytest.mark.parametrize(
    ("ours", "theirs"), [("MemberExternalId", "ExternalId"), ("MemberRolePrefix", "RolePrefix")]
)
def test_what_one_template_takes_the_other_takes(ours: str, theirs: str) -> None:
    home, there = source()["Parameters"][ours], _template()["Parameters"][theirs]
    given = ["x" * length for length in (1, 15, 16, 48, 49, 128, 129)]
    given += ["toban/member-16-x", "toban member 1 x", "+=,.@_-abcdefghi", "*" * 16]
    for value in given:
        assert _matches(home, value) == _matches(there, value), value


def _matches(parameter: Tree, value: str) -> bool:
    return bool(re.fullmatch(parameter["AllowedPattern"], value))


def test_the_external_id_is_shown_nowhere() -> None:
    assert _template()["Parameters"]["ExternalId"]["NoEcho"] is True
    assert source()["Parameters"]["MemberExternalId"]["NoEcho"] is True
    assert "ExternalId" not in json.dumps(_template()["Outputs"])


def test_a_stack_name_whose_roles_would_be_called_otherwise_is_refused() -> None:
    """IAM takes 64 characters; CloudFormation adds a hyphen and up to 13 to the logical id."""
    name = _template()["Parameters"]["HomeStackName"]
    longest = max(len(role) for role in ROLES["read"])
    room = 64 - longest - len("-") - 14
    assert _matches(name, "x" * 28)
    assert not _matches(name, "x" * (room + 1))


def test_the_console_groups_and_labels_every_parameter() -> None:
    interface: Any = _template()["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert set(grouped) == set(interface["ParameterLabels"]) == set(_template()["Parameters"])
