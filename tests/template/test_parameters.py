"""What the person who deploys is asked, and what is refused."""

import re

import pytest

from tests.template.translate import Tree, source

SKILL = "amzn1.ask.skill.12345678-90ab-cdef-1234-567890abcdef"
ACCEPTED = [
    ("SkillId", SKILL),
    ("ResponderPersonIds", ""),
    ("ResponderPersonIds", "amzn1.ask.person.AK3X"),
    ("ViewerUserIds", "amzn1.ask.account.AM3B"),
    ("TagPrincipals", "arn:aws:iam::123456789012:role/responders/*"),
    ("TagPrincipals", "arn:aws-us-gov:iam::123456789012:role/Admin/*"),
    ("GroupTagKey", "team:role"),
    ("PinParameterName", "/toban/pin"),
    ("FlowLogGroup", "/aws/vpc/flow-logs"),
    ("AuditEmail", "security@example.com"),
    ("ExaminerCidr", "10.9.0.0/28"),
    ("ExaminerCidr", "2001:db8::/64"),
    ("MemberAccounts", "222222222222"),
    ("MemberOrganization", "o-a1b2c3d4e5"),
    ("AccountNames", "222222222222=staging"),
    ("MemberRolePrefix", "toban-member"),
    ("MemberExternalId", "a-long-and-random-one"),
    ("OverdueDays", "critical=1"),
    ("PlaybookUrl", "https://git.example.com/toban/blob/main/docs/playbooks"),
]
REFUSED = [
    ("SkillId", ""),
    ("SkillId", "*"),
    ("SkillId", SKILL + "0"),
    ("SkillId", SKILL.replace("skill", "account")),
    ("ResponderPersonIds", "*"),
    ("ResponderPersonIds", "amzn1.ask.account.AM3B"),
    ("ViewerUserIds", "amzn1.ask.person.AK3X"),
    ("TagPrincipals", "*"),
    ("TagPrincipals", "arn:aws:s3:::bucket"),
    ("GroupTagKey", "aws:autoscaling:groupName"),
    ("PinParameterName", "pin"),
    ("FlowLogGroup", "log group"),
    ("AuditEmail", "nobody"),
    ("ExaminerCidr", "10.9.0.1"),
    ("MemberAccounts", "22222222222"),
    ("MemberAccounts", "*"),
    ("MemberOrganization", "a1b2c3d4e5"),
    ("AccountNames", "staging"),
    ("AccountNames", "222222222222=<staging>"),
    ("MemberRolePrefix", "toban/*"),
    ("MemberExternalId", "too-short"),
    ("OverdueDays", "critical"),
    ("OverdueDays", "severe=3"),
    ("PlaybookUrl", "http://git.example.com/docs"),
    ("PlaybookUrl", "https://git.example.com/docs|x>"),
]


def _parameters() -> dict[str, Tree]:
    found: dict[str, Tree] = source()["Parameters"]
    return found


def test_there_is_no_default_skill_and_everything_else_has_one() -> None:
    assert [name for name, row in _parameters().items() if "Default" not in row] == ["SkillId"]


@pytest.mark.parametrize("name", _parameters())
def test_each_parameter_says_what_it_is_and_limits_what_it_takes(name: str) -> None:
    row = _parameters()[name]
    assert len(row["Description"].split()) > 4
    assert {"AllowedPattern", "AllowedValues", "MinValue"} & set(row)
    assert "AllowedPattern" not in row or "ConstraintDescription" in row


@pytest.mark.parametrize("name", _parameters())
def test_each_default_is_allowed(name: str) -> None:
    row = _parameters()[name]
    if "AllowedValues" in row:
        assert row["Default"] in row["AllowedValues"]
    elif "AllowedPattern" in row and "Default" in row:
        assert re.fullmatch(row["AllowedPattern"], row["Default"])


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_accepted(name: str, value: str) -> None:
    assert re.fullmatch(_parameters()[name]["AllowedPattern"], value)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_refused(name: str, value: str) -> None:
    assert not re.fullmatch(_parameters()[name]["AllowedPattern"], value)


def test_the_console_groups_and_labels_every_parameter() -> None:
    interface = source()["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(_parameters())
    assert set(interface["ParameterLabels"]) == set(_parameters())
