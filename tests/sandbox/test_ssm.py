"""Systems Manager of the box: the fleet, patches, Run Command in modelled time, OpsItems."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.scene import world as box_world
from tests.sandbox.command_world import counts, patches, pings
from tests.sandbox.default_world import DefaultWorld, code_of, default_world


@pytest.fixture(scope="module")
def world() -> Iterator[DefaultWorld]:
    """One for all: nothing here changes what another test reads."""
    with pytest.MonkeyPatch.context() as monkeypatch, default_world(monkeypatch) as made:
        yield made


def test_the_fleet_is_what_is_managed(world: DefaultWorld) -> None:
    assert set(pings(world)) == set(world.ids) - {"batch-2"}
    assert pings(world, ("tag:Role", "batch")) == {"batch-1": "Online", "batch-3": "Online"}
    assert pings(world, ("InstanceIds", world.ids["batch-2"])) == {}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"MaxResults": 4}, "ValidationException"),
        ({"MaxResults": 51}, "ValidationException"),
        ({"Filters": [{"Key": "Colour", "Values": ["x"]}]}, "InvalidFilterKey"),
        ({"NextToken": "nonsense"}, "InvalidNextToken"),
    ],
)
def test_bad_questions_on_the_fleet(world: DefaultWorld, params: dict[str, Any], code: str) -> None:
    assert code_of(world.ssm.describe_instance_information, **params) == code


def test_missing_patches_match_the_findings(world: DefaultWorld) -> None:
    rows = world.ssm.describe_instance_patches(InstanceId=world.ids["database-2"])["Patches"]
    by_name = {row["KBId"]: row for row in rows}
    assert by_name["libssl3.amd64"]["CVEIds"] == "CVE-2022-3602,CVE-2023-0286"
    assert by_name["libssl3.amd64"]["Title"].endswith("1.8")
    assert counts(world, "database-2")["MissingCount"] == len(rows)
    assert patches(world, "web-1", "Installed") == {"tar": "Installed"}
    assert patches(world, "web-1", "INSTALLED") == {"tar": "Installed"}


def test_patch_questions(world: DefaultWorld) -> None:
    ssm = world.ssm
    unmanaged = ssm.describe_instance_patch_states(InstanceIds=[world.ids["batch-2"]])
    assert unmanaged["InstancePatchStates"] == []
    many = [f"i-{number:017x}" for number in range(51)]
    assert code_of(ssm.describe_instance_patch_states, InstanceIds=many) == "ValidationException"
    assert code_of(ssm.describe_instance_patches, InstanceId=many[0]) == "InvalidInstanceId"
    wrong = [{"Key": "Colour", "Values": ["x"]}]
    answer = code_of(ssm.describe_instance_patches, InstanceId=world.ids["web-1"], Filters=wrong)
    assert answer == "InvalidFilter"


def test_patches_can_be_put_as_the_model_or_the_documentation_spells_them(
    world: DefaultWorld,
) -> None:
    rows = [
        {"Title": "a", "State": "MISSING", "CVEIds": "CVE-2024-3094"},
        {"Title": "b", "State": "Failed", "CVEIds": ""},
    ]
    box_world.put({"patches": {world.ids["bastion"]: rows}})
    assert patches(world, "bastion") == {"a": "Missing", "b": "Failed"}


def ticket(world: DefaultWorld, **changes: Any) -> str:
    base = {"Title": "Assessment of web", "Description": "3 critical", "Source": "Toban"}
    return str(world.ssm.create_ops_item(**base | changes)["OpsItemId"])


def test_an_ops_item_lives(world: DefaultWorld) -> None:
    arn = f"arn:aws:ec2:us-east-1:123456789012:instance/{world.ids['web-1']}"
    resources = {"Type": "SearchableString", "Value": json.dumps([{"arn": arn}])}
    item_id = ticket(world, OperationalData={"/aws/resources": resources}, Severity="2")
    world.ssm.update_ops_item(OpsItemId=item_id, Status="Resolved", Priority=1)
    item = world.ssm.get_ops_item(OpsItemId=item_id)["OpsItem"]
    assert (item["Status"], item["Priority"], item["Version"]) == ("Resolved", 1, "2")
    by_resource = [{"Key": "ResourceId", "Values": [arn], "Operator": "Equal"}]
    found = world.ssm.describe_ops_items(OpsItemFilters=by_resource)["OpsItemSummaries"]
    assert [row["OpsItemId"] for row in found] == [item_id]
    still_open = [{"Key": "Status", "Values": ["Open"], "Operator": "Equal"}]
    assert world.ssm.describe_ops_items(OpsItemFilters=still_open)["OpsItemSummaries"] == []


def test_duplicates_are_refused_while_the_first_is_open(world: DefaultWorld) -> None:
    data = {"/aws/dedup": {"Type": "SearchableString", "Value": '{"dedupString": "run-1"}'}}
    item_id = ticket(world, OperationalData=data)
    with pytest.raises(ClientError) as raised:
        ticket(world, OperationalData=data)
    assert raised.value.response["Error"]["Code"] == "OpsItemAlreadyExistsException"
    assert raised.value.response["OpsItemId"] == item_id
    world.ssm.update_ops_item(OpsItemId=item_id, Status="Resolved")
    assert ticket(world, OperationalData=data) != item_id


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Source": "aws.toban"}, "OpsItemInvalidParameterException"),
        ({"Title": "x" * 1025}, "ValidationException"),
        ({"Description": "x" * 2049}, "ValidationException"),
        ({"OperationalData": {"/aws/other": {"Value": "x"}}}, "OpsItemInvalidParameterException"),
        (
            {"OperationalData": {"/aws/resources": {"Value": "x"}}},
            "OpsItemInvalidParameterException",
        ),
    ],
)
def test_bad_ops_items_are_refused(world: DefaultWorld, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as raised:
        ticket(world, **changes)
    assert raised.value.response["Error"]["Code"] == code
    missing = code_of(world.ssm.get_ops_item, OpsItemId="oi-0123456789ab")
    assert missing == "OpsItemNotFoundException"


def test_a_secure_parameter_is_decrypted_on_request(world: DefaultWorld) -> None:
    world.ssm.put_parameter(Name="/toban/pin", Value="scrypt$1$2", Type="SecureString")
    plain = world.ssm.get_parameter(Name="/toban/pin", WithDecryption=True)["Parameter"]["Value"]
    hidden = world.ssm.get_parameter(Name="/toban/pin")["Parameter"]["Value"]
    assert plain == "scrypt$1$2" and hidden != plain
