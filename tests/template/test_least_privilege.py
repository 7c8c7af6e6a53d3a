"""What each role may do: the voice and events functions read, only the workflow writes."""

import fnmatch
import re
from typing import Any

import pytest

from tests.template.translate import FUNCTIONS, Tree, granted, listed, properties, statements

READS = re.compile(r"\w+:(Describe|Get|List|Query|BatchGet|StartQuery|StopQuery)")
OWN_ITEMS = {
    f"dynamodb:{name}"
    for name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "ConditionCheckItem")
}
# What DESIGN.md §1 lets the two doors do beyond reading, and the resources they may do it to.
OWN_TABLE = {"Fn::GetAtt": ["TobanTable", "Arn"]}
OWN_INDEX = {"Fn::Sub": "${TobanTable.Arn}/index/by-time"}
WORKFLOW = {"Ref": "WorkflowFunctionAliaslive"}
DOOR_WRITES: dict[str, dict[str, list[Any]]] = {
    "voice": {"lambda:InvokeFunction": [WORKFLOW]},
    "events": {
        "lambda:InvokeFunction": [WORKFLOW],
        "sns:Publish": [{"Ref": "AuditTopic"}],
        "sqs:SendMessage": [{"Fn::GetAtt": ["EventsDlq", "Arn"]}],
    },
}
# AWS offers no resource to limit these writes to.
UNLIMITED = {"ssm:CancelCommand", "ssm:CreateOpsItem"}
FORBIDDEN = (
    "iam:[!G]*",
    "sts:*",
    "kms:*",
    "s3:*",
    "ec2:Terminate*",
    "ec2:Stop*",
    "ec2:Reboot*",
    "ec2:RunInstances",
    "ec2:ModifyInstanceAttribute",
    "lambda:Update*",
    "lambda:Add*",
    "lambda:Create*",
    "lambda:Delete*",
)
MANAGED = {
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaBasicDurableExecutionRolePolicy",
    "AWSXrayWriteOnlyAccess",
}
every_function = pytest.mark.parametrize("function", FUNCTIONS)
every_door = pytest.mark.parametrize("function", DOOR_WRITES)


def _pairs(function: str) -> list[tuple[str, Any, Tree]]:
    """(action, resource, statement) of everything that a role allows."""
    return [
        (action, resource, row)
        for row in statements(function)
        for action in listed(row["Action"])
        for resource in listed(row["Resource"])
    ]


def _where(function: str, action: str) -> list[tuple[Any, Tree]]:
    """The resources on which a role allows one action, and under which conditions."""
    pairs = _pairs(function)
    return [(resource, row.get("Condition", {})) for name, resource, row in pairs if name == action]


@every_door
def test_doors_read_and_otherwise_only_keep_records_start_the_workflow_and_report(
    function: str,
) -> None:
    allowed = DOOR_WRITES[function] | {item: [OWN_TABLE, OWN_INDEX] for item in OWN_ITEMS}
    for action, resource, _ in _pairs(function):
        assert READS.match(action) or resource in allowed.get(action, []), (action, resource)
        assert action not in OWN_ITEMS or resource in (OWN_TABLE, OWN_INDEX)


@every_door
def test_doors_invoke_nothing_but_the_workflows_alias(function: str) -> None:
    assert _where(function, "lambda:InvokeFunction") == [(WORKFLOW, {})]


@every_function
def test_no_action_is_a_wildcard_and_nothing_is_allowed_by_exclusion(function: str) -> None:
    for row in statements(function):
        assert row["Effect"] == "Allow"
        assert not {"NotAction", "NotResource", "NotPrincipal"} & set(row)
        assert not [action for action in listed(row["Action"]) if "*" in action]


@every_function
def test_only_reads_are_allowed_on_everything(function: str) -> None:
    for action, resource, _ in _pairs(function):
        assert resource != "*" or READS.match(action) or action in UNLIMITED, action


@every_function
def test_reads_and_writes_are_apart(function: str) -> None:
    for row in statements(function):
        if row.get("Sid") != "KeepLedger":
            assert len({bool(READS.match(action)) for action in listed(row["Action"])}) == 1


@every_function
def test_our_statements_say_what_they_are_for(function: str) -> None:
    policy = f"{FUNCTIONS[function]}RolePolicy0"
    roles = properties(f"{FUNCTIONS[function]}Role")["Policies"]
    ours = next(p["PolicyDocument"] for p in roles if p["PolicyName"] == policy)
    rows = [row["Fn::If"][1] if "Fn::If" in row else row for row in ours["Statement"]]
    sids = [row["Sid"] for row in rows]
    assert len(sids) == len(set(sids))
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)


@every_function
@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_never_allowed(function: str, pattern: str) -> None:
    assert not fnmatch.filter(granted(function), pattern)


@every_function
def test_only_known_managed_policies_are_attached(function: str) -> None:
    attached = properties(f"{FUNCTIONS[function]}Role")["ManagedPolicyArns"]
    assert {arn.rpartition("/")[2] for arn in attached} <= MANAGED


def test_whatever_a_door_reads_of_the_account_the_workflow_reads_alike() -> None:
    kept = {row["Sid"]: row for row in statements("workflow") if "Sid" in row}
    for function in DOOR_WRITES:
        for row in statements(function):
            if row.get("Sid") in kept:
                assert row == kept[row["Sid"]]


@pytest.mark.parametrize("verb", ["Authorize", "Revoke"])
@pytest.mark.parametrize("direction", ["Ingress", "Egress"])
def test_rules_change_only_in_groups_that_toban_made(verb: str, direction: str) -> None:
    """AWS asks for the group and for the rule; only the group can tell that it is ours."""
    found = _where("workflow", f"ec2:{verb}SecurityGroup{direction}")
    on = {resource["Fn::Sub"].rpartition(":")[2]: condition for resource, condition in found}
    assert set(on) <= {"security-group/*", "security-group-rule/*"}
    assert _only_ours(on["security-group/*"])


def _only_ours(condition: Tree) -> bool:
    tags: Tree = condition.get("StringEquals", {})
    return bool(tags.get("aws:ResourceTag/TobanGroup") == ["isolation", "untracking"])


def test_a_group_is_created_only_with_its_tag() -> None:
    for resource, condition in _where("workflow", "ec2:CreateSecurityGroup"):
        if "security-group" in resource["Fn::Sub"]:
            tag = condition["StringEquals"]["aws:RequestTag/TobanGroup"]
            assert tag == ["isolation", "untracking"]


def test_a_group_that_exists_cannot_be_tagged_as_ours() -> None:
    for resource, condition in _where("workflow", "ec2:CreateTags"):
        if "security-group" in resource["Fn::Sub"]:
            assert condition["StringEquals"] == {"ec2:CreateAction": "CreateSecurityGroup"}


@pytest.mark.parametrize("action", ["ec2:CreateTags", "ec2:DeleteTags"])
def test_on_instances_only_our_two_tags_are_written(action: str) -> None:
    found = [c for resource, c in _where("workflow", action) if "instance/*" in resource["Fn::Sub"]]
    assert len(found) == 1
    assert found[0]["ForAllValues:StringEquals"] == {"aws:TagKeys": ["Toban", "TobanStatus"]}
    assert found[0]["Null"] == {"aws:TagKeys": "false"}  # an empty key list satisfies ForAllValues


def test_commands_run_only_two_documents_of_aws() -> None:
    found = [resource["Fn::Sub"] for resource, _ in _where("workflow", "ssm:SendCommand")]
    documents = {arn.rpartition(":document/")[2] for arn in found if ":document/" in arn}
    assert documents == {"AWS-RunPatchBaseline", "AWS-RunShellScript"}


@pytest.mark.parametrize(
    ("function", "secrets"),
    [("voice", []), ("events", ["LockdownSecret"]), ("workflow", ["SlackSecret"])],
)
def test_each_secret_has_one_reader(function: str, secrets: list[str]) -> None:
    found = [resource for resource, _ in _where(function, "secretsmanager:GetSecretValue")]
    assert found == [{"Ref": name} for name in secrets]


def test_the_pin_is_read_by_voice_alone_and_only_where_it_is_turned_on() -> None:
    policies = properties("VoiceFunctionRole")["Policies"]
    conditional = [
        row["Fn::If"]
        for p in policies
        for row in p["PolicyDocument"]["Statement"]
        if "Fn::If" in row
    ]
    assert [(c[0], c[1]["Action"]) for c in conditional] == [("SpokenPinIsOn", "ssm:GetParameter")]
    for function in ("events", "workflow"):
        assert "ssm:GetParameter" not in granted(function)
