"""Other accounts and Regions: who gets in, what is there, and whose calls they are."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.utils import utcnow
from moto.sts.models import sts_backends

from sandbox.ext import identity
from tests.sandbox.actors_world import (
    CONTAIN,
    MEMBER,
    ORGANIZATION,
    READ,
    REGION,
    Actors,
    Told,
    names,
)

INSTANCES: Told = ("ec2", "describe_instances", {})
MIRRORS = {"mirror-1", "mirror-2"}


def in_role(actors: Actors, role: str, **params: str) -> dict[str, Any]:
    """What makes a function act in a role of the member account."""
    keys = {"RoleArn": role, "ExternalId": actors.external_id} | params
    return {"as": {key: value for key, value in keys.items() if value}, "region": REGION}


def code(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**params)
    return str(raised.value.response["Error"]["Code"])


def test_the_ready_line_names_the_member(actors: Actors) -> None:
    assert actors.box.ready()["member"] == {"account": MEMBER, "region": REGION}


def test_each_account_and_region_has_what_is_its_own(actors: Actors) -> None:
    assert names(actors.member("ec2")) == MIRRORS
    assert names(actors.member("ec2", "us-east-1")) == set()
    assert names(actors.aws("ec2", REGION)) == set()
    assert not names(actors.aws("ec2")) & MIRRORS
    (profile,) = {row["Arn"] for row in _profiles(actors.member("ec2"))}
    assert profile == f"arn:aws:iam::{MEMBER}:instance-profile/mirror"
    assert code(actors.aws("iam").get_role, RoleName="mirror") == "NoSuchEntity"


def _profiles(ec2: Any) -> list[dict[str, str]]:
    pages = ec2.describe_instances()["Reservations"]
    rows = [row for page in pages for row in page["Instances"]]
    return [row["IamInstanceProfile"] for row in rows if "IamInstanceProfile" in row]


def test_a_function_reads_through_the_role_and_the_calls_are_its_own(actors: Actors) -> None:
    (answer,) = actors.voice(INSTANCES, **in_role(actors, READ))
    found = [row for page in answer["Reservations"] for row in page["Instances"]]
    assert len(found) == len(MIRRORS)
    assumed, read = actors.calls(function="voice")
    assert (assumed["operation"], assumed["account"], assumed["role"]) == (
        "AssumeRole",
        "123456789012",
        None,
    )
    assert read["operation"] == "DescribeInstances"
    assert (read["account"], read["region"], read["role"]) == (MEMBER, REGION, READ)


def test_a_session_is_limited_to_what_its_role_may(anew: Actors) -> None:
    (mirror, *_) = _ids(anew.member("ec2"))
    stop: Told = ("ec2", "stop_instances", {"InstanceIds": [mirror]})
    status = {"Resources": [mirror], "Tags": [{"Key": "TobanStatus", "Value": "isolated"}]}
    mark: Told = ("ec2", "create_tags", status)
    assert anew.voice(mark, **in_role(anew, READ)) == ["UnauthorizedOperation"]
    arn = anew.run("contains", mark, stop, **in_role(anew, CONTAIN))
    anew.idle()
    assert anew.result(arn) == [{}, "UnauthorizedOperation"]
    tags = anew.member("ec2").describe_tags(Filters=[{"Name": "key", "Values": ["TobanStatus"]}])[
        "Tags"
    ]
    assert [row["ResourceId"] for row in tags] == [mirror]
    written = anew.calls(function="workflow", operation="CreateTags")
    assert [(row["role"], row["run"]) for row in written] == [(CONTAIN, "contains")]


def _ids(ec2: Any) -> list[str]:
    pages = ec2.describe_instances()["Reservations"]
    return [row["InstanceId"] for page in pages for row in page["Instances"]]


@pytest.mark.parametrize(
    ("role", "params"),
    [
        (READ, {"ExternalId": ""}),
        (READ, {"ExternalId": "somebody-else-s-id"}),
        (CONTAIN, {}),
        (ORGANIZATION, {"ExternalId": ""}),
        (f"arn:aws:iam::{MEMBER}:role/actors-nobody", {}),
        (f"arn:aws:iam::{MEMBER}:role/other/actors-read", {}),
        ("arn:aws:iam::333333333333:role/actors-read", {}),
    ],
)
def test_whom_a_role_does_not_trust_does_not_get_in(
    actors: Actors, role: str, params: dict[str, str]
) -> None:
    assert actors.voice(INSTANCES, **in_role(actors, role, **params)) == ["AccessDenied"]
    (row,) = actors.calls(function="voice")
    assert (row["operation"], row["error"]) == ("AssumeRole", "AccessDenied")


def test_a_role_of_the_home_account_trusts_only_whom_it_names(anew: Actors) -> None:
    iam = anew.aws("iam")
    iam.create_user(UserName="intruder")
    keys = iam.create_access_key(UserName="intruder")["AccessKey"]
    role = iam.get_role(RoleName="prod-app")["Role"]["Arn"]
    sts = anew.aws("sts", keys=keys)
    assert code(sts.assume_role, RoleArn=role, RoleSessionName="in") == "AccessDenied"
    made = sts.assume_role(RoleArn=ORGANIZATION, RoleSessionName="in")  # trusts the whole account
    assert names(anew.aws("ec2", REGION, made["Credentials"])) == MIRRORS


def test_a_session_lasts_as_long_as_it_may(actors: Actors) -> None:
    sts = actors.aws("sts")
    named = {"RoleArn": ORGANIZATION, "RoleSessionName": "long"}
    made = sts.assume_role(**named, DurationSeconds=7200)["Credentials"]
    left = made["Expiration"].replace(tzinfo=None) - utcnow()
    assert timedelta(minutes=115) < left <= timedelta(hours=2)
    assert code(sts.assume_role, **named, DurationSeconds=43201) == "ValidationError"
    app = actors.aws("iam").get_role(RoleName="prod-app")["Role"]["Arn"]
    again = actors.aws("sts", keys=actors.assume(app)).assume_role
    assert code(again, **named, DurationSeconds=3601) == "ValidationError"  # role chaining


def test_keys_that_have_expired_are_refused(anew: Actors) -> None:
    keys = anew.assume()
    in_function = in_role(anew, READ)
    anew.voice(INSTANCES, **in_function)
    for key in (keys["AccessKeyId"], _session_of_the_function(keys["AccessKeyId"])):
        identity.session_of(key).expiration = utcnow() - timedelta(seconds=1)
    assert code(anew.aws("ec2", REGION, keys).describe_vpcs) == "RequestExpired"
    assert code(anew.aws("iam", REGION, keys).list_roles) == "ExpiredToken"
    assert code(anew.aws("ssm", REGION, keys).describe_parameters) == "ExpiredTokenException"
    assert anew.voice(INSTANCES, forget=False, **in_function) == ["RequestExpired"]


def _session_of_the_function(other: str) -> str:
    rows = sts_backends[MEMBER]["aws"].assumed_roles
    (found,) = {row.access_key_id for row in rows if row.access_key_id != other}
    return str(found)


def test_what_happens_elsewhere_reaches_no_rule_at_home(anew: Actors) -> None:
    ec2 = anew.member("ec2")
    ec2.create_tags(Resources=_ids(ec2), Tags=[{"Key": "Toban", "Value": "isolate"}])
    anew.aws("ec2", REGION).create_vpc(CidrBlock="10.77.0.0/16")
    anew.idle()
    assert anew.control("GET", "deliveries")["counts"]["delivered"] == 0
    home = anew.aws("ec2")
    home.create_tags(Resources=_ids(home)[:1], Tags=[{"Key": "Toban", "Value": "isolate"}])
    anew.idle()
    assert anew.control("GET", "deliveries")["counts"]["delivered"] > 0


def test_the_functions_are_at_home_alone(actors: Actors) -> None:
    for client in (actors.member("lambda"), actors.aws("lambda", REGION)):
        assert code(client.invoke, FunctionName="toban-voice:live") == "ResourceNotFoundException"


def test_reset_brings_the_member_back_and_what_a_process_holds_stays_its_own(
    anew: Actors,
) -> None:
    before = _ids(anew.member("ec2"))
    anew.voice(INSTANCES, **in_role(anew, READ))
    anew.member("ec2").terminate_instances(InstanceIds=before)
    anew.control("POST", "reset")
    assert _ids(anew.member("ec2")) == before
    (answer,) = anew.voice(INSTANCES, forget=False, **in_role(anew, READ))
    assert len(answer["Reservations"][0]["Instances"]) > 0
    assert [(row["operation"], row["role"]) for row in anew.calls(function="voice")] == [
        ("DescribeInstances", READ)
    ]
