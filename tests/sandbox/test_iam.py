"""IAM users, roles and their policies, as strict as IAM."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.runtime.access import needed
from sandbox.runtime.calls import Call
from sandbox.scene.scenario_rules import check
from tests.sandbox.identity_world import (
    ACCOUNT,
    DENY_ALL,
    SCENARIO,
    IdentityWorld,
    identity_world,
    policy,
    refused,
)

LINKED, SSO = "AWSServiceRoleForBatch", "AWSReservedSSO_Admin_0123456789abcdef"


@pytest.fixture(scope="module")
def world() -> Iterator[IdentityWorld]:
    with identity_world() as made:
        yield made


@pytest.fixture
def user(world: IdentityWorld, request: pytest.FixtureRequest) -> str:
    """A new user with one key, of the test's own."""
    name = str(request.node.name)[:60].replace("[", ".").replace("]", "")
    world.iam.create_user(UserName=name)
    world.iam.create_access_key(UserName=name)
    return name


def test_the_scenario_s_users(world: IdentityWorld) -> None:
    found = world.iam.get_user(UserName="mallory")["User"]
    assert found["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/staff/mallory"
    assert found["UserId"].startswith("AIDA")
    assert found["Tags"] == [{"Key": "Team", "Value": "shop"}]
    keys = world.iam.list_access_keys(UserName="mallory")["AccessKeyMetadata"]
    assert [row["Status"] for row in keys] == ["Active", "Inactive"]
    (device,) = world.iam.list_mfa_devices(UserName="mallory")["MFADevices"]
    assert device["SerialNumber"] == f"arn:aws:iam::{ACCOUNT}:mfa/mallory"
    assert not world.iam.get_login_profile(UserName="mallory")["LoginProfile"][
        "PasswordResetRequired"
    ]
    attached = world.iam.list_attached_user_policies(UserName="mallory")["AttachedPolicies"]
    assert [row["PolicyName"] for row in attached] == ["AmazonEC2FullAccess", "ReadOnlyAccess"]


def test_the_scenario_s_roles(world: IdentityWorld) -> None:
    role = world.iam.get_role(RoleName="web")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/service/web"
    assert role["Tags"] == [{"Key": "Team", "Value": "shop"}]
    (profile,) = world.iam.list_instance_profiles_for_role(RoleName="web")["InstanceProfiles"]
    assert profile["Roles"][0]["Arn"] == role["Arn"]


@pytest.mark.parametrize(("operation", "key"), [("list_users", "Users"), ("list_roles", "Roles")])
def test_lists_come_in_pages_and_by_path(world: IdentityWorld, operation: str, key: str) -> None:
    whole = getattr(world.iam, operation)()
    paged = world.iam.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1})
    pages = [page[key] for page in paged]
    assert all(len(page) == 1 for page in pages)
    assert [page[0]["Arn"] for page in pages] == [row["Arn"] for row in whole[key]]
    assert not any("Tags" in row for row in whole[key])
    below = getattr(world.iam, operation)(PathPrefix="/s")[key]
    assert below and all(row["Path"].startswith("/s") for row in below)
    refused("ValidationError", getattr(world.iam, operation), Marker="nonsense")


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("get_user", {"UserName": "staff/mallory"}),
        ("attach_user_policy", {"UserName": "/staff/mallory", "PolicyArn": DENY_ALL}),
        ("get_role", {"RoleName": "service/web"}),
        ("list_users", {"PathPrefix": "staff/"}),
        ("create_user", {"UserName": "eve", "Path": "no-slashes"}),
    ],
)
def test_a_name_is_the_last_element_alone(
    world: IdentityWorld, operation: str, parameters: dict[str, str]
) -> None:
    refused("ValidationError", getattr(world.iam, operation), **parameters)


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("get_user", {"UserName": "no"}, "The user with name no cannot be found."),
        ("get_role", {"RoleName": "no"}, "The role with name no cannot be found."),
        ("list_access_keys", {"UserName": "no"}, "The user with name no cannot be found."),
        (
            "get_login_profile",
            {"UserName": "trent"},
            "Login Profile for User trent cannot be found.",
        ),
        (
            "update_access_key",
            {"UserName": "trent", "AccessKeyId": "AKIA0123456789ABCDEF", "Status": "Inactive"},
            "The Access Key with id AKIA0123456789ABCDEF cannot be found.",
        ),
        (
            "attach_user_policy",
            {"UserName": "trent", "PolicyArn": "arn:aws:iam::aws:policy/NoSuch"},
            "Policy arn:aws:iam::aws:policy/NoSuch does not exist or is not attachable.",
        ),
        (
            "detach_user_policy",
            {"UserName": "trent", "PolicyArn": DENY_ALL},
            f"Policy {DENY_ALL} was not found.",
        ),
        (
            "detach_role_policy",
            {"RoleName": "web", "PolicyArn": DENY_ALL},
            f"Policy {DENY_ALL} was not found.",
        ),
        (
            "delete_user_policy",
            {"UserName": "trent", "PolicyName": "no"},
            "The user policy with name no cannot be found.",
        ),
        (
            "get_role_policy",
            {"RoleName": "web", "PolicyName": "no"},
            "The role policy with name no cannot be found.",
        ),
    ],
)
def test_what_is_not_there(
    world: IdentityWorld, operation: str, parameters: dict[str, str], message: str
) -> None:
    assert refused("NoSuchEntity", getattr(world.iam, operation), **parameters) == message


def test_what_is_no_policy_s_arn_is_invalid(world: IdentityWorld) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/service/web"
    refused("InvalidInput", world.iam.attach_user_policy, UserName="trent", PolicyArn=role)


def test_another_user_s_key_is_not_found(world: IdentityWorld) -> None:
    key = world.key("mallory")
    call = world.iam.update_access_key
    refused("NoSuchEntity", call, UserName="trent", AccessKeyId=key, Status="Inactive")


def test_aws_s_own_policies_are_there(world: IdentityWorld) -> None:
    version = world.iam.get_policy(PolicyArn=DENY_ALL)["Policy"]["DefaultVersionId"]
    made = world.iam.get_policy_version(PolicyArn=DENY_ALL, VersionId=version)["PolicyVersion"]
    assert made["Document"]["Statement"] == [
        {"Sid": "DenyAll", "Effect": "Deny", "Action": ["*"], "Resource": "*"}
    ]


@pytest.mark.parametrize("kind", ["User", "Role"])
def test_ten_managed_policies_and_no_more(world: IdentityWorld, user: str, kind: str) -> None:
    trust = policy("Allow", "sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
    document = json.loads(trust)
    del document["Statement"][0]["Resource"]
    world.iam.create_role(RoleName=user, AssumeRolePolicyDocument=json.dumps(document))
    attach = getattr(world.iam, f"attach_{kind.lower()}_policy")
    whom = {f"{kind}Name": user}
    names = "AmazonEC2FullAccess AmazonS3FullAccess AmazonSNSFullAccess AmazonSQSFullAccess"
    names += " AmazonRDSFullAccess AmazonSSMFullAccess AmazonVPCFullAccess IAMFullAccess"
    names += " AWSLambda_FullAccess ReadOnlyAccess"
    for name in names.split():
        attach(PolicyArn=f"arn:aws:iam::aws:policy/{name}", **whom)
    message = refused("LimitExceeded", attach, PolicyArn=DENY_ALL, **whom)
    assert message == f"Cannot exceed quota for PoliciesPer{kind}: 10"
    attach(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess", **whom)
    listed = getattr(world.iam, f"list_attached_{kind.lower()}_policies")
    assert len(listed(**whom)["AttachedPolicies"]) == 10
    detach = getattr(world.iam, f"detach_{kind.lower()}_policy")
    detach(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess", **whom)
    attach(PolicyArn=DENY_ALL, **whom)


def test_inline_policies_are_limited_in_sum(world: IdentityWorld, user: str) -> None:
    put = world.iam.put_user_policy
    half = policy("Allow", [f"s3:{'A' * 40}{number:04d}" for number in range(18)])
    put(UserName=user, PolicyName="one", PolicyDocument=half)
    spaced = json.dumps(json.loads(half), indent=30)
    put(UserName=user, PolicyName="one", PolicyDocument=spaced)
    put(UserName=user, PolicyName="two", PolicyDocument=half)
    message = refused(
        "LimitExceeded", put, UserName=user, PolicyName="three", PolicyDocument=policy()
    )
    assert message == f"Maximum policy size of 2048 bytes exceeded for user {user}"
    names = world.iam.list_user_policies(UserName=user)["PolicyNames"]
    assert names == ["one", "two"]
    large = policy("Allow", [f"s3:{'A' * 40}{number:04d}" for number in range(250)])
    message = refused(
        "LimitExceeded",
        world.iam.put_role_policy,
        RoleName="web",
        PolicyName="large",
        PolicyDocument=large,
    )
    assert message == "Maximum policy size of 10240 bytes exceeded for role web"


def test_a_policy_is_read_as_it_was_written(world: IdentityWorld, user: str) -> None:
    world.iam.put_user_policy(UserName=user, PolicyName="deny", PolicyDocument=policy())
    found = world.iam.get_user_policy(UserName=user, PolicyName="deny")
    assert found["PolicyDocument"] == json.loads(policy())
    world.iam.delete_user_policy(UserName=user, PolicyName="deny")
    assert world.iam.list_user_policies(UserName=user)["PolicyNames"] == []
    put = world.iam.put_user_policy
    bad = {"UserName": user, "PolicyName": "bad"}
    refused("MalformedPolicyDocument", put, PolicyDocument="{}", **bad)
    refused("MalformedPolicyDocument", put, PolicyDocument="no json", **bad)


@pytest.mark.parametrize("name", [LINKED, SSO])
def test_roles_of_aws_cannot_be_changed(world: IdentityWorld, name: str) -> None:
    iam, inline = world.iam, {"PolicyName": "x", "PolicyDocument": policy()}
    text = f"Cannot perform the operation on the protected role '{name}'"
    text += " - this role is only modifiable by AWS"
    attached = {"RoleName": name, "PolicyArn": DENY_ALL}
    assert refused("UnmodifiableEntity", iam.attach_role_policy, **attached) == text
    refused("UnmodifiableEntity", iam.put_role_policy, RoleName=name, **inline)
    refused("UnmodifiableEntity", iam.delete_role_policy, RoleName=name, PolicyName="x")
    refused("UnmodifiableEntity", iam.detach_role_policy, **attached)
    refused("UnmodifiableEntity", iam.tag_role, RoleName=name, Tags=[{"Key": "a", "Value": "b"}])
    refused("UnmodifiableEntity", iam.update_role, RoleName=name, MaxSessionDuration=3600)
    assert iam.get_role(RoleName=name)["Role"]["RoleName"] == name


def test_policies_of_service_linked_roles_cannot_be_attached(world: IdentityWorld) -> None:
    arn = "arn:aws:iam::aws:policy/aws-service-role/AWSBatchServiceRolePolicyForSageMaker"
    try:
        world.iam.get_policy(PolicyArn=arn)
    except ClientError:
        arn = "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"
    refused("PolicyNotAttachable", world.iam.attach_role_policy, RoleName="web", PolicyArn=arn)


def test_a_password_is_kept_strong_and_its_profile_old(world: IdentityWorld, user: str) -> None:
    iam = world.iam
    weak = {"UserName": user, "Password": "aaaaaaaa"}
    message = refused("PasswordPolicyViolation", iam.create_login_profile, **weak)
    assert message.startswith("Password should meet 2 more of the following requirements: ")
    made = iam.create_login_profile(UserName=user, Password="Str0ng-enough")["LoginProfile"]
    refused("EntityAlreadyExists", iam.create_login_profile, UserName=user, Password="Other-7-pw")
    refused("PasswordPolicyViolation", iam.update_login_profile, UserName=user, Password="Sh0rt-")
    iam.update_login_profile(UserName=user, Password="An0ther-password", PasswordResetRequired=True)
    found = iam.get_login_profile(UserName=user)["LoginProfile"]
    assert found["CreateDate"] == made["CreateDate"] and found["PasswordResetRequired"]
    iam.update_login_profile(UserName=user, Password="An0ther-passphrase")
    assert iam.get_login_profile(UserName=user)["LoginProfile"]["PasswordResetRequired"]
    iam.delete_login_profile(UserName=user)
    refused("NoSuchEntity", iam.delete_login_profile, UserName=user)
    refused("NoSuchEntity", iam.update_login_profile, UserName=user, Password="An0ther-password")


def test_an_account_s_own_password_policy_counts(world: IdentityWorld, user: str) -> None:
    iam = world.iam
    iam.update_account_password_policy(MinimumPasswordLength=20, RequireSymbols=True)
    call = iam.create_login_profile
    message = refused("PasswordPolicyViolation", call, UserName=user, Password="a-" * 8)
    assert message == "Password should have a minimum length of 20"
    message = refused("PasswordPolicyViolation", call, UserName=user, Password="a" * 20)
    assert message == "Password should have at least one symbol"
    call(UserName=user, Password="a-" * 10)
    iam.delete_account_password_policy()


def asked(operation: str, **params: str) -> tuple[str, str | None, dict[str, list[str]]]:
    (row,) = needed(Call("iam", operation, "us-east-1", "", "query", params))
    return row.action, row.resource, row.context


def test_what_an_iam_call_is_about(world: IdentityWorld) -> None:
    mallory = f"arn:aws:iam::{ACCOUNT}:user/staff/mallory"
    tags = {"aws:resourcetag/team": ["shop"], "iam:resourcetag/team": ["shop"]}
    assert asked("GetUser", UserName="mallory") == ("iam:GetUser", mallory, tags)
    assert asked("AttachUserPolicy", UserName="mallory", PolicyArn=DENY_ALL) == (
        "iam:AttachUserPolicy",
        mallory,
        tags | {"iam:policyarn": [DENY_ALL]},
    )
    role = f"arn:aws:iam::{ACCOUNT}:role/service/web"
    assert asked("PutRolePolicy", RoleName="web")[:2] == ("iam:PutRolePolicy", role)
    assert asked("ListUsers")[1] == f"arn:aws:iam::{ACCOUNT}:user/"
    assert asked("GetAccessKeyLastUsed", AccessKeyId=world.key("mallory"))[1] == mallory
    assert asked("GetPolicy", PolicyArn=DENY_ALL)[1] == DENY_ALL


@pytest.mark.parametrize(
    ("part", "name", "spec", "reason"),
    [
        ("users", "eve", {"policies": ["NoSuchPolicy"]}, "AWS has no managed policy NoSuchPolicy"),
        ("users", "eve", {"keys": 2, "inactive_keys": 1}, "two access keys at most"),
        ("users", "eve", {"path": "staff"}, "does not match"),
        ("roles", "eve", {"managed": ["NoSuchPolicy"]}, "AWS has no managed policy"),
    ],
)
def test_users_and_roles_that_cannot_be(
    part: str, name: str, spec: dict[str, Any], reason: str
) -> None:
    document = json.loads(SCENARIO.read_text())
    check(document)
    document[part][name] = spec
    with pytest.raises(ValueError, match=reason):
        check(document)


def test_a_reset_brings_users_and_roles_back(world: IdentityWorld) -> None:
    key = world.key("trent")
    world.iam.attach_user_policy(UserName="trent", PolicyArn=DENY_ALL)
    world.iam.update_access_key(UserName="trent", AccessKeyId=key, Status="Inactive")
    world.iam.delete_login_profile(UserName="mallory")
    world.control("POST", "reset")
    assert world.iam.list_attached_user_policies(UserName="trent")["AttachedPolicies"] == []
    assert world.key("trent") == key
    world.iam.get_login_profile(UserName="mallory")
    world.client("ec2", key).describe_vpcs()
