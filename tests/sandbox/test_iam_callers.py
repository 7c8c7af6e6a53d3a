"""What a lock does to who calls: dead keys, explicit denies and their conditions."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.core.client import voice as answered
from tests.sandbox.identity_world import (
    ACCOUNT,
    DENY_ALL,
    LAMBDA,
    IdentityWorld,
    identity_world,
    policy,
    refused,
)


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


def test_a_key_that_is_off_or_gone_opens_nothing(world: IdentityWorld, user: str) -> None:
    key = world.key(user)
    change = {"UserName": user, "AccessKeyId": key}
    world.client("ec2", key).describe_vpcs()
    used = world.iam.get_access_key_last_used(AccessKeyId=key)
    assert (used["UserName"], used["AccessKeyLastUsed"]["ServiceName"]) == (user, "ec2")
    world.iam.update_access_key(Status="Inactive", **change)
    refused("AuthFailure", world.client("ec2", key).describe_vpcs)
    refused("InvalidClientTokenId", world.client("sts", key).get_caller_identity)
    refused("UnrecognizedClientException", world.client("ssm", key).list_commands)
    refused("UnrecognizedClientException", world.client("lambda", key).list_functions)
    world.iam.update_access_key(Status="Active", **change)
    world.client("ec2", key).describe_vpcs()
    world.iam.delete_access_key(**change)
    refused("AuthFailure", world.client("ec2", key).describe_vpcs)
    refused("ValidationError", world.iam.update_access_key, **(change | {"Status": "off"}))


def test_nobody_owns_a_foreign_or_a_temporary_key(world: IdentityWorld) -> None:
    for key in ("AKIAIOSFODNN7EXAMPLE", world.session("web")):
        refused("AccessDenied", world.iam.get_access_key_last_used, AccessKeyId=key)


def test_who_calls_is_the_user_if_none_is_named(world: IdentityWorld, user: str) -> None:
    mine = world.client("iam", world.key(user))
    assert mine.get_user()["User"]["UserName"] == user
    (key,) = mine.list_access_keys()["AccessKeyMetadata"]
    assert key["UserName"] == user
    assert world.iam.get_user()["User"]["UserName"] == "security-lead"
    refused("ValidationError", world.client("iam", world.session("web")).get_user)


def test_deny_all_locks_a_user_until_it_is_detached(world: IdentityWorld, user: str) -> None:
    ec2 = world.client("ec2", world.key(user))
    ec2.describe_vpcs()
    world.iam.attach_user_policy(UserName=user, PolicyArn=DENY_ALL)
    assert "with an explicit deny" in refused("UnauthorizedOperation", ec2.describe_vpcs)
    refused("AccessDenied", world.client("iam", world.key(user)).list_users)
    assert world.client("sts", world.key(user)).get_caller_identity()["Arn"].endswith(user)
    world.client("ec2").describe_vpcs()
    world.iam.detach_user_policy(UserName=user, PolicyArn=DENY_ALL)
    ec2.describe_vpcs()


def test_a_deny_is_about_what_it_says(world: IdentityWorld, user: str) -> None:
    key = world.key(user)
    deny = policy(action="iam:*", Resource=f"arn:aws:iam::{ACCOUNT}:user/staff/*")
    world.iam.put_user_policy(UserName=user, PolicyName="deny", PolicyDocument=deny)
    refused("AccessDenied", world.client("iam", key).get_user, UserName="mallory")
    world.client("iam", key).get_user(UserName="trent")


def test_a_deny_of_a_group_counts_for_its_users(world: IdentityWorld, user: str) -> None:
    world.iam.create_group(GroupName=user)
    world.iam.put_group_policy(GroupName=user, PolicyName="deny", PolicyDocument=policy())
    ec2 = world.client("ec2", world.key(user))
    ec2.describe_vpcs()
    world.iam.add_user_to_group(GroupName=user, UserName=user)
    refused("UnauthorizedOperation", ec2.describe_vpcs)


def test_old_tokens_are_denied_and_long_lived_keys_are_not(world: IdentityWorld, user: str) -> None:
    old = world.session("web")
    for moment, locked in (("2020-01-01T00:00:00Z", False), ("2099-01-01T00:00:00Z", True)):
        deny = policy(Condition={"DateLessThan": {"aws:TokenIssueTime": moment}})
        world.iam.put_role_policy(RoleName="web", PolicyName="old", PolicyDocument=deny)
        world.iam.put_user_policy(UserName=user, PolicyName="old", PolicyDocument=deny)
        ec2 = world.client("ec2", old)
        if locked:
            refused("UnauthorizedOperation", ec2.describe_vpcs)
        else:
            ec2.describe_vpcs()
        world.client("ec2", world.key(user)).describe_vpcs()
    world.iam.delete_role_policy(RoleName="web", PolicyName="old")


@pytest.mark.parametrize(
    ("condition", "plain", "instance"),
    [
        ({"ArnEquals": {"ec2:SourceInstanceARN": "{}"}}, False, True),
        ({"StringNotEquals": {"ec2:SourceInstanceARN": "{}"}}, True, False),
        ({"ArnEqualsIfExists": {"ec2:SourceInstanceARN": "{}"}}, True, True),
        ({"Null": {"ec2:SourceInstanceARN": "false"}}, False, True),
        ({"Null": {"ec2:SourceInstanceARN": "true"}}, True, False),
        ({"ArnEquals": {"ec2:SourceInstanceARN": "{}0"}}, False, False),
    ],
)
def test_one_instance_of_a_role_can_be_denied(
    world: IdentityWorld, condition: dict[str, Any], plain: bool, instance: bool
) -> None:
    (row,) = world.client("ec2").describe_instances()["Reservations"]
    name = row["Instances"][0]["InstanceId"]
    arn = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/{name}"
    document = policy(Condition=json.loads(json.dumps(condition).replace("{}", arn)))
    world.iam.put_role_policy(RoleName="web", PolicyName="one", PolicyDocument=document)
    for key, locked in ((world.session("web"), plain), (world.session("web", name), instance)):
        ec2 = world.client("ec2", key)
        if locked:
            refused("UnauthorizedOperation", ec2.describe_vpcs)
        else:
            ec2.describe_vpcs()
    world.iam.delete_role_policy(RoleName="web", PolicyName="one")


def test_one_function_of_a_role_can_be_denied(world: IdentityWorld) -> None:
    deny = policy(Condition={"ArnLike": {"lambda:SourceFunctionArn": f"{LAMBDA}:orders"}})
    world.iam.put_role_policy(RoleName="orders", PolicyName="one", PolicyDocument=deny)
    locked = world.client("sqs", world.session("orders", "orders"))
    refused("AccessDeniedException", locked.list_queues)
    world.client("sqs", world.session("orders", "mailer")).list_queues()
    world.client("sqs", world.session("orders")).list_queues()
    world.iam.delete_role_policy(RoleName="orders", PolicyName="one")


def test_a_deny_on_a_deployed_function_s_role_names_the_function(world: IdentityWorld) -> None:
    voice = world.box.functions.find("voice")
    role = voice.role_arn.rsplit("/", 1)[-1]
    call = {"call": ["ec2", "describe_instances"]}
    assert answered(world.box.urls, call)[0] == 200
    deny = policy(Condition={"ArnEquals": {"lambda:SourceFunctionArn": voice.arn}})
    world.iam.put_role_policy(RoleName=role, PolicyName="deny", PolicyDocument=deny)
    status, answer = answered(world.box.urls, call)
    assert (status, "with an explicit deny" in answer["errorMessage"]) == (500, True)
    world.iam.delete_role_policy(RoleName=role, PolicyName="deny")
    assert answered(world.box.urls, call)[0] == 200


def test_a_user_of_another_account_is_locked_there(world: IdentityWorld) -> None:
    role = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
    made = world.client("sts").assume_role(RoleArn=role, RoleSessionName="operator")
    there = world.client("iam", made["Credentials"]["AccessKeyId"])
    found = there.get_user(UserName="walter")["User"]
    assert found["Arn"] == "arn:aws:iam::222222222222:user/far/walter"
    (key,) = there.list_access_keys(UserName="walter")["AccessKeyMetadata"]
    functions = world.client("lambda", key["AccessKeyId"], "eu-west-1")
    assert (
        functions.get_function_concurrency(FunctionName="jobs")["ReservedConcurrentExecutions"] == 7
    )
    (mapping,) = functions.list_event_source_mappings(FunctionName="jobs")["EventSourceMappings"]
    assert mapping["FunctionArn"] == "arn:aws:lambda:eu-west-1:222222222222:function:jobs"
    there.attach_user_policy(UserName="walter", PolicyArn=DENY_ALL)
    refused("AccessDeniedException", functions.list_functions)
    refused("NoSuchEntity", world.iam.get_user, UserName="walter")
