"""Scenarios with other places, and stack parameters: what is refused, and what becomes of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.__main__ import parser
from sandbox.runtime import deploy, members
from sandbox.runtime.calls import ACCOUNT
from sandbox.scene.scenario_rules import check
from tests.sandbox.actors_world import MEMBER, ORGANIZATION, REGION, names
from tests.world import Sandbox

TEMPLATE = Path(__file__).parent / "actors" / "template.yaml"
WHO = deploy.people(1)
Json = dict[str, Any]


def world(name: str, zone: str, **more: Any) -> Json:
    """A scenario with one instance."""
    subnets = {"a": {"cidr": "10.50.0.0/20", "zone": zone}}
    vpc = {"cidr": "10.50.0.0/16", "subnets": subnets, "security_groups": {"web": {}}}
    instance = {"name": name, "subnet": "a", "groups": ["web"]}
    return {"vpcs": {"one": vpc}, "instances": [instance | more]}


def place(account: str = MEMBER, region: str = REGION, **more: Any) -> Json:
    return world("far-1", f"{region}a") | {"account": account, "region": region} | more


def home(*elsewhere: Json, **more: Any) -> Json:
    return world("near-1", "us-east-1a") | {"elsewhere": list(elsewhere)} | more


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (home(place(account="22")), "elsewhere/0/account"),
        (home(place(region="Ireland")), "elsewhere/0/region"),
        (home(place(elsewhere=[])), "elsewhere/0: elsewhere is for the whole box"),
        (home(place(parameters={})), "elsewhere/0: parameters is for the whole box"),
        (home(place(weather="fine")), "elsewhere/0: .*weather"),
        (home(place(ACCOUNT, "us-east-1")), "elsewhere/0: 123456789012 us-east-1 is home"),
        (home(place(), place()), "elsewhere/1: 222222222222 eu-west-1 is elsewhere/0"),
        (home(place(instances=[{"name": "x", "subnet": "b", "groups": []}])), "elsewhere/0: .*b"),
        (home(world("x", "z")), "elsewhere/0"),
        (
            home(place(ACCOUNT, roles={"app": {}}), roles={"app": {}}),
            "roles: app is in the account 123456789012 twice",
        ),
        (home(parameters={"Size": []}), "parameters/Size"),
    ],
)
def test_a_place_that_means_nothing_is_refused(document: Json, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check(document)


def test_a_place_may_use_the_roles_of_its_account() -> None:
    far = place(ACCOUNT, instances=[])
    far["instances"] = world("far-1", "eu-west-1a", role="app")["instances"]
    check(home(far, roles={"app": {}}))
    with pytest.raises(ValueError, match="no role is named app"):
        check(home(far | {"account": MEMBER}, roles={"app": {}}))


def test_the_accounts_of_a_scenario_are_told_once() -> None:
    document = home(place(), place(region="eu-west-2"), place(ACCOUNT))
    assert members.accounts(document) == (MEMBER, ACCOUNT)
    assert members.member(document) == {"account": MEMBER, "region": REGION}
    assert members.member(home(place(ACCOUNT))) is None


def test_a_parameter_is_as_wished_or_filled_in_or_the_template_s_own() -> None:
    made = deploy.parameters(TEMPLATE, WHO, deploy.Wishes({"Size": "7"}, (MEMBER, ACCOUNT)))
    assert (made["Size"], made["Colour"]) == ("7", "red")
    assert made["MemberAccounts"] == f"{MEMBER},{ACCOUNT}"
    assert len(made["MemberExternalId"]) >= 16


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"Sise": "7"}, "the template has no parameter Sise"),
        ({"Size": "seven"}, "parameter Size: must be a number, not seven"),
        ({"Size": "0"}, "parameter Size: must be a number not less than 1"),
        ({"Size": "10"}, "parameter Size: must be a number not greater than 9"),
        ({"Colour": "green"}, "parameter Colour: must be one of red, blue"),
    ],
)
def test_a_parameter_that_cloudformation_would_refuse_is_refused(wish: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        deploy.parameters(TEMPLATE, WHO, deploy.Wishes(wish))


def test_set_is_read_and_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    made = parser().parse_args(["serve", "--set", "A=1", "--set", "B=x=y"])
    assert dict(made.parameters) == {"A": "1", "B": "x=y"}
    with pytest.raises(SystemExit):
        parser().parse_args(["serve", "--set", "A"])
    assert "Name=Value" in capsys.readouterr().err


def client(box: Sandbox, service: str, region: str, role: str = "") -> Any:
    """A client of the principal, or of a session of a role."""
    keys = {"aws_access_key_id": "AKIASOMEBODYUNKNOWN0", "aws_secret_access_key": "any"}
    if role:
        made = box.aws("sts").assume_role(RoleArn=role, RoleSessionName="look")["Credentials"]
        keys = {
            "aws_access_key_id": made["AccessKeyId"],
            "aws_secret_access_key": made["SecretAccessKey"],
            "aws_session_token": made["SessionToken"],
        }
    return boto3.client(service, region_name=region, endpoint_url=box.ready["aws"], **keys)


def rich() -> Json:
    """A place of another account that has a bit of everything."""
    group = {"min": 0, "max": 2, "desired": 1, "subnets": ["a"], "instances": ["far-1"]}
    run = {"service": "lambda.amazonaws.com", "profile": False}
    return place(
        roles={"run": run},
        users={"mary": {"keys": 1}},
        functions={"crunch": {"role": "run"}},
        auto_scaling_groups={"web": group},
    )


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A box whose home account has something in another Region too, and so has another account."""
    far = place(ACCOUNT) | world("far-1", f"{REGION}a", role="app")
    parameters = {"InstanceCapPerHour": 3, "RequestCap": 8}
    path = tmp_path_factory.mktemp("scenario") / "scenario.json"
    path.write_text(json.dumps(home(far, rich(), roles={"app": {}}, parameters=parameters)))
    made = Sandbox(("--scenario", str(path), "--set", "RequestCap=7")).start()
    yield made
    made.stop()


def test_another_region_of_the_home_account_is_a_place(box: Sandbox) -> None:
    assert box.ready["member"] == {"account": MEMBER, "region": REGION}
    assert names(box.ec2) == {"near-1"}
    assert names(client(box, "ec2", REGION)) == {"far-1"}
    role = box.aws("iam").get_role(RoleName="toban-member-contain")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/toban-member-contain"


def test_the_command_line_wins_over_the_scenario(box: Sandbox) -> None:
    made = box.aws("lambda").get_function_configuration(FunctionName="toban-voice")
    variables = made["Environment"]["Variables"]
    assert str(variables["TOBAN_REQUEST_CAP"]) == "7"
    assert json.loads(variables["TOBAN_CAPS"])["isolate"] == 3


def test_another_account_has_what_a_scenario_can_have(box: Sandbox) -> None:
    iam, functions, scaling = (
        client(box, service, REGION, ORGANIZATION) for service in ("iam", "lambda", "autoscaling")
    )
    assert [row["UserName"] for row in iam.list_users()["Users"]] == ["mary"]
    (function,) = functions.list_functions()["Functions"]
    assert function["FunctionArn"] == f"arn:aws:lambda:{REGION}:{MEMBER}:function:crunch"
    (instance,) = scaling.describe_auto_scaling_instances()["AutoScalingInstances"]
    assert (instance["AutoScalingGroupName"], instance["LifecycleState"]) == ("web", "InService")
    assert box.aws("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
    assert client(box, "lambda", REGION).list_functions()["Functions"] == []
