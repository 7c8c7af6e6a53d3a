"""IAM as the box evaluates it."""

from typing import Any

import pytest

from sandbox.runtime.access import Access, needed
from sandbox.runtime.calls import Call
from sandbox.runtime.policies import permits

ARN = "arn:aws:ec2:us-east-1:123456789012"
GROUP = f"{ARN}:security-group/sg-0123456789abcdef0"


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


@pytest.mark.parametrize(
    ("statements", "permitted"),
    [
        ([], False),
        ([allow("ec2:DeleteSecurityGroup")], True),
        ([allow("EC2:deletesecuritygroup")], True),
        ([allow("ec2:Delete*")], True),
        ([allow("ec2:Describe*")], False),
        ([allow(["ec2:DeleteVpc", "ec2:DeleteSecurityGrou?"])], True),
        ([allow("ec2:*", f"{ARN}:security-group/*")], True),
        ([allow("ec2:*", f"{ARN}:instance/*")], False),
        ([allow("ec2:*"), deny("ec2:DeleteSecurityGroup")], False),
        ([allow("ec2:*"), deny("ec2:DeleteSecurityGroup", f"{ARN}:instance/*")], True),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": "ec2:*", "Resource": "*"}], False),
        ([{"Effect": "Allow", "Action": "*", "NotResource": GROUP}], False),
    ],
)
def test_actions_and_resources(statements: list[dict[str, Any]], permitted: bool) -> None:
    assert permits(statements, Access("ec2:DeleteSecurityGroup", GROUP)) is permitted


@pytest.mark.parametrize(
    ("condition", "permitted"),
    [
        ({"StringEquals": {"aws:ResourceTag/TobanGroup": "isolation"}}, True),
        ({"StringEquals": {"AWS:resourcetag/TobanGroup": ["untracking", "isolation"]}}, True),
        ({"StringEquals": {"aws:ResourceTag/TobanGroup": "other"}}, False),
        ({"StringEquals": {"aws:ResourceTag/Absent": "x"}}, False),
        ({"StringEqualsIfExists": {"aws:ResourceTag/Absent": "x"}}, True),
        ({"StringNotEquals": {"aws:ResourceTag/Absent": "x"}}, True),
        ({"StringLike": {"aws:ResourceTag/TobanGroup": "iso*"}}, True),
        ({"StringNotLike": {"aws:ResourceTag/TobanGroup": "iso*"}}, False),
        ({"Null": {"aws:ResourceTag/TobanGroup": "false"}}, True),
        ({"Null": {"aws:ResourceTag/TobanGroup": "true"}}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["TobanStatus", "Toban"]}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["TobanStatus"]}}, False),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["TobanStatus"]}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ],
)
def test_conditions(condition: dict[str, Any], permitted: bool) -> None:
    context = {"aws:resourcetag/tobangroup": ["isolation"], "aws:tagkeys": ["TobanStatus", "Toban"]}
    access = Access("ec2:DeleteSecurityGroup", GROUP, context)
    assert permits([allow("ec2:*", Condition=condition)], access) is permitted


def test_a_deny_whose_condition_does_not_hold_denies_nothing() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/TobanProtected": "true"}}
    statements = [allow("*"), deny("*", Condition=condition)]
    assert permits(statements, Access("ec2:DeleteSecurityGroup", GROUP))
    protected = Access("ec2:X", GROUP, {"aws:resourcetag/tobanprotected": ["true"]})
    assert not permits(statements, protected)


def call(service: str, operation: str, **params: Any) -> list[tuple[str, str]]:
    made = Call(service, operation, "us-east-1", "", "json", params)
    return [(access.action, access.resource) for access in needed(made)]


def test_what_a_call_needs() -> None:
    own = "us-east-1:123456789012"
    assert call("ec2", "DescribeInstances", **{"InstanceId.1": "i-0a"}) == [
        ("ec2:DescribeInstances", "*")
    ]
    assert call("dynamodb", "Query", TableName="t", IndexName="by-time") == [
        ("dynamodb:Query", f"arn:aws:dynamodb:{own}:table/t/index/by-time")
    ]
    items = [{"Put": {"TableName": "t"}}, {"ConditionCheck": {"TableName": "t"}}]
    assert [row[0] for row in call("dynamodb", "TransactWriteItems", TransactItems=items)] == [
        "dynamodb:PutItem",
        "dynamodb:ConditionCheckItem",
    ]
    assert call("lambda", "Invoke", FunctionName="f", Qualifier="live") == [
        ("lambda:InvokeFunction", f"arn:aws:lambda:{own}:function:f:live")
    ]
    assert call("ssm", "GetParameter", Name="/toban/pin") == [
        ("ssm:GetParameter", f"arn:aws:ssm:{own}:parameter/toban/pin")
    ]
    assert call("inspector2", "ListFindings") == [("inspector2:ListFindings", "*")]


def test_a_change_in_ec2_is_asked_for_each_resource_that_it_names() -> None:
    asked = call(
        "ec2",
        "ModifyNetworkInterfaceAttribute",
        **{"NetworkInterfaceId": "eni-0a", "SecurityGroupId.1": "sg-0b"},
    )
    assert asked == [
        ("ec2:ModifyNetworkInterfaceAttribute", f"{ARN}:network-interface/eni-0a"),
        ("ec2:ModifyNetworkInterfaceAttribute", f"{ARN}:security-group/sg-0b"),
    ]


def test_a_group_made_with_tags_needs_the_right_to_tag() -> None:
    tags = {
        "TagSpecification.1.Tag.1.Key": "TobanGroup",
        "TagSpecification.1.Tag.1.Value": "isolation",
    }
    made = Call("ec2", "CreateSecurityGroup", "us-east-1", "", "ec2", tags | {"VpcId": "vpc-0a"})
    asked = needed(made)
    assert {row.action for row in asked} == {"ec2:CreateSecurityGroup", "ec2:CreateTags"}
    assert asked[-1].context["ec2:createaction"] == ["CreateSecurityGroup"]
    assert asked[-1].context["aws:requesttag/tobangroup"] == ["isolation"]
