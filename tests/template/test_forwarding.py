"""What member accounts forward: the same as home listens to, to one bus, and whom that lets in."""

import json
from typing import Any

import pytest

from sandbox.runtime.access import Access
from sandbox.runtime.policies import permits
from tests.template.names import MEMBER, PSEUDO, filled, of_stack
from tests.template.translate import Tree, member, properties, resources, source

HOME = {"AWS::AccountId": "222222222222", "AWS::Region": "eu-west-1"}
NAMES = PSEUDO | MEMBER | HOME
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/toban-members"
ROLE = "arn:aws:iam::222222222222:role/toban-member-forward"
ROUTED = (
    *("TagRequestRule", "LaunchRule", "TagChangeRule"),
    *("InspectorFindingRule", "GuardDutyRule", "CommandRule", "AutomationRule"),
)
POLICIES = ("MemberBusPolicy", "OrganizationBusPolicy")


def _rules() -> dict[str, Tree]:
    return {name: row for name, row in member().items() if row["Type"] == "AWS::Events::Rule"}


def _at_home() -> dict[str, Tree]:
    events: dict[str, Tree] = source()["Resources"]["EventsFunction"]["Properties"]["Events"]
    return {name: row["Properties"] for name, row in events.items()}


def test_a_member_forwards_what_home_listens_to_and_no_more() -> None:
    assert set(_rules()) == set(ROUTED)
    for name, row in _rules().items():
        assert row["Properties"]["EventPattern"] == _at_home()[name]["Pattern"], name


def test_what_is_home_s_own_affair_is_not_forwarded() -> None:
    schedules = {name for name, row in _at_home().items() if "Pattern" not in row}
    assert set(_at_home()) - schedules - set(ROUTED) == {"AlarmRule", "MemberRule"}


@pytest.mark.parametrize("name", ROUTED)
def test_every_rule_sends_to_the_bus_and_what_fails_waits_in_the_queue(name: str) -> None:
    (target,) = filled(_rules()[name]["Properties"]["Targets"], NAMES)
    assert (target["Arn"], target["RoleArn"]) == (BUS, ROLE)
    assert target["RetryPolicy"] == {
        "MaximumRetryAttempts": 185,
        "MaximumEventAgeInSeconds": 86400,
    }
    assert target["DeadLetterConfig"] == {"Arn": "<ForwardDlq.Arn>"}


def test_the_role_may_put_events_on_that_bus_and_nothing_else() -> None:
    role = filled(member()["ForwardRole"]["Properties"], NAMES)
    (policy,) = role["Policies"]
    (row,) = policy["PolicyDocument"]["Statement"]
    assert (row["Action"], row["Resource"]) == ("events:PutEvents", BUS)
    assert "ManagedPolicyArns" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    source_arn = trust["Condition"]["ArnLike"]["aws:SourceArn"]
    assert source_arn == "arn:aws:events:*:222222222222:rule/*"
    assert role["Tags"] == [{"Key": "TobanProtected", "Value": "yes"}]


def test_what_could_not_be_forwarded_raises_an_alarm() -> None:
    alarm = member()["ForwardDlqAlarm"]["Properties"]
    name = {"Fn::GetAtt": ["ForwardDlq", "QueueName"]}
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": name}]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    queue = member()["ForwardDlq"]["Properties"]
    assert queue == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 1209600}
    (row,) = member()["ForwardDlqPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert row["Principal"] == {"Service": "events.amazonaws.com"}
    assert "aws:SourceArn" in json.dumps(row["Condition"])


def test_only_roles_are_made_once_an_account_and_nothing_is_forwarded_at_home() -> None:
    roles = {name for name, row in member().items() if row["Type"].startswith("AWS::IAM::")}
    made = {member()[name]["Condition"] for name in roles}
    assert made == {"MakesRoles", "MakesForwardRole"}
    others = {row["Condition"] for name, row in member().items() if name not in roles}
    assert others == {"Forwards", "ForwardsFindings", "HasAlarmEmail"}


def test_one_rule_on_the_bus_takes_what_the_members_rules_send() -> None:
    pattern = properties("EventsFunctionMemberRule")["EventPattern"]
    sent = {
        name for row in _rules().values() for name in row["Properties"]["EventPattern"]["source"]
    }
    assert set(pattern["source"]) == sent
    assert set(pattern) == {"source"}, "an account in a pattern would need a rule for each"


def _policy(name: str) -> Tree:
    names = of_stack() | {
        "MemberBus": "toban-members",
        "MemberBus.Arn": BUS,
        "MemberAccounts": "222222222222",
        "MemberOrganization": "o-sandbox0001",
    }
    found: Tree = filled(resources()[name]["Properties"], names)
    return found


def _lets_in(name: str, **changed: str) -> bool:
    context = {
        "aws:principalarn": ROLE,
        "aws:principalorgid": "o-sandbox0001",
        "events:source": "aws.ec2",
        "events:eventbusinvocation": "true",
    } | {key.replace("_", ":"): value for key, value in changed.items()}
    row = _policy(name)["Statement"]
    asked = Access("events:PutEvents", BUS, {key: [value] for key, value in context.items()})
    return permits([row], asked)


@pytest.mark.parametrize("name", POLICIES)
def test_the_bus_takes_what_rules_of_members_send_in_their_role(name: str) -> None:
    assert _lets_in(name)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(
    "changed",
    [
        {"events_eventbusinvocation": "false"},
        {"events_source": "aws.cloudwatch"},
        {"events_source": "mine"},
        {"aws_principalarn": "arn:aws:iam::222222222222:role/admin"},
        {"aws_principalarn": "arn:aws:iam::222222222222:user/toban-member-forward"},
    ],
)
def test_the_bus_takes_nothing_else(name: str, changed: dict[str, str]) -> None:
    assert not _lets_in(name, **changed)


def test_the_bus_takes_exactly_the_listed_accounts_or_the_organization() -> None:
    listed, organization = (_policy(name)["Statement"] for name in POLICIES)
    assert listed["Principal"] == {"AWS": "222222222222"}
    assert organization["Principal"] == "*"
    assert not _lets_in("OrganizationBusPolicy", aws_principalorgid="o-somebody001")
    conditions: Any = {name: resources()[name]["Condition"] for name in POLICIES}
    assert conditions == {
        "MemberBusPolicy": "HasMembers",
        "OrganizationBusPolicy": "HasOrganization",
    }
