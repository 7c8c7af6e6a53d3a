"""What each role may do: the voice and events functions read, only the workflow writes."""

import re
import tomllib
from fnmatch import fnmatchcase

import pytest

from tests.template.claims import (
    CHANGERS,
    ENGINE,
    READS,
    broken,
    may,
    mutants,
    pairs,
)
from tests.template.names import of_function, of_member
from tests.template.questions import NEVER, Question
from tests.template.translate import (
    FUNCTIONS,
    ROOT,
    Tree,
    granted,
    listed,
    of_type,
    properties,
    statements,
)

HOLDERS = {name: of_function(name) for name in FUNCTIONS}
HOLDERS |= {kind: of_member(kind) for kind in ("read", "contain")}
MANAGED = {
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaBasicDurableExecutionRolePolicy",
    "AWSXrayWriteOnlyAccess",
}
IAM_WRITES = {
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:DeleteRolePolicy",
    "iam:DeleteUserPolicy",
    "iam:DetachRolePolicy",
    "iam:DetachUserPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAccessKey",
    "iam:UpdateLoginProfile",
}
LAMBDA_WRITES = {
    "lambda:DeleteFunctionConcurrency",
    "lambda:DeleteProvisionedConcurrencyConfig",
    "lambda:PutFunctionConcurrency",
    "lambda:PutProvisionedConcurrencyConfig",
    "lambda:UpdateEventSourceMapping",
}
every_function = pytest.mark.parametrize("function", FUNCTIONS)
every_holder = pytest.mark.parametrize("holder", HOLDERS)
every_changer = pytest.mark.parametrize("changer", CHANGERS)
Mutant = tuple[str, str, list[Tree]]


def _mutants() -> list[Mutant]:
    return [(name, *one) for name, rows in HOLDERS.items() for one in mutants(rows)]


@every_holder
def test_every_claim_is_kept(holder: str) -> None:
    assert broken(holder, HOLDERS[holder]) == []


@pytest.mark.parametrize(("holder", "limit", "rows"), _mutants(), ids=lambda one: str(one)[:60])
def test_every_limit_is_needed_for_some_claim(holder: str, limit: str, rows: list[Tree]) -> None:
    """A template with one denial, condition or resource less fails."""
    assert broken(holder, rows), limit


@pytest.mark.parametrize("asked", NEVER, ids=lambda one: f"{one[0]} {one[2] or ''}")
def test_nobody_may(asked: Question) -> None:
    everything = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    assert may(everything, asked)
    assert [name for name, rows in HOLDERS.items() if may(rows, asked)] == []


@every_changer
def test_only_these_writes_reach_identities_and_functions(changer: str) -> None:
    writes = {one for one, _ in pairs(HOLDERS[changer]) if not READS.match(one)}
    assert {one for one in writes if one.startswith("iam:")} == IAM_WRITES
    lambdas = {one for one in writes if one.startswith("lambda:")}
    assert lambdas - set(ENGINE[changer]) == LAMBDA_WRITES


@every_changer
def test_each_of_them_is_denied_for_toban_itself_and_for_what_is_protected(changer: str) -> None:
    denied = {row["Sid"]: row["Action"] for row in HOLDERS[changer] if row["Effect"] == "Deny"}
    assert set(denied) == {"NeverChangeTobanItself", "NeverChangeWhatIsProtected"}
    kept_off = (IAM_WRITES | LAMBDA_WRITES) - {"lambda:UpdateEventSourceMapping"}
    for patterns in denied.values():
        open_ = [one for one in kept_off if not any(fnmatchcase(one, p) for p in patterns)]
        assert open_ == []


@pytest.mark.parametrize("holder", [name for name in HOLDERS if name not in CHANGERS])
def test_who_changes_nothing_needs_no_denial(holder: str) -> None:
    assert {row["Effect"] for row in HOLDERS[holder]} == {"Allow"}


def test_what_all_three_read_changes_nothing() -> None:
    actions = [action for row in _shared() for action in listed(row["Action"])]
    assert [action for action in actions if not READS.match(action)] == []


@every_function
def test_whatever_one_reads_of_the_account_all_read(function: str) -> None:
    attached = properties(f"{FUNCTIONS[function]}Role")["ManagedPolicyArns"]
    own = [{"Ref": "TellPolicy"}] if function == "workflow" else []
    assert [arn for arn in attached if isinstance(arn, dict)] == [{"Ref": "ReadPolicy"}, *own]
    assert {arn.rpartition("/")[2] for arn in attached if isinstance(arn, str)} <= MANAGED
    shared = {one for row in _shared() for one in listed(row["Action"])}
    alone = {action for action in granted(function) - shared if READS.match(action)}
    consoles = {"ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"}
    assert alone - set(ENGINE[function]) == (consoles if function == "workflow" else set())


def _shared() -> list[Tree]:
    rows: list[Tree] = properties("ReadPolicy")["PolicyDocument"]["Statement"]
    return rows


@every_function
def test_reads_and_writes_are_apart(function: str) -> None:
    for row in statements(function):
        if row.get("Sid") != "KeepLedger":
            assert len({bool(READS.match(action)) for action in listed(row["Action"])}) == 1


@every_holder
def test_our_statements_say_what_they_are_for(holder: str) -> None:
    sids = [row["Sid"] for row in HOLDERS[holder] if "Sid" in row]
    assert len(sids) == len(set(sids))
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)
    # The two without a name are SAM's own, for the dead-letter queues.
    assert len(HOLDERS[holder]) - len(sids) == (holder in ("events", "workflow"))


def test_commands_run_only_two_documents_of_aws() -> None:
    found = [arn for action, arn in pairs(HOLDERS["workflow"]) if action == "ssm:SendCommand"]
    documents = {arn.rpartition(":document/")[2] for arn in found if ":document/" in arn}
    assert documents == {"AWS-RunPatchBaseline", "AWS-RunShellScript"}


def test_only_where_it_is_turned_on() -> None:
    """PIN and tracker are read, and roles elsewhere assumed, only in a stack that asks for it."""
    found = {
        function: [
            (row["Fn::If"][0], row["Fn::If"][1]["Action"], row["Fn::If"][2])
            for policy in properties(f"{name}Role")["Policies"]
            for row in policy["PolicyDocument"]["Statement"]
            if isinstance(row, dict) and "Fn::If" in row
        ]
        for function, name in FUNCTIONS.items()
    }
    nothing = {"Ref": "AWS::NoValue"}
    members = ("HasMembers", "sts:AssumeRole", nothing)
    pin = ("SpokenPinIsOn", "ssm:GetParameter", nothing)
    tracker = ("HasTracker", "secretsmanager:GetSecretValue", nothing)
    assert found == {
        "voice": [members, pin],
        "events": [members],
        "slack": [members],
        "workflow": [members, tracker],
    }


def test_nothing_of_iam_has_a_name_of_its_own() -> None:
    """So that a deployer need not allow named IAM resources: samconfig.toml does not."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    assert config["default"]["deploy"]["parameters"]["capabilities"] == "CAPABILITY_IAM"
    for kind, name in (("Role", "RoleName"), ("ManagedPolicy", "ManagedPolicyName")):
        rows = of_type(f"AWS::IAM::{kind}")
        assert rows
        assert [one for one, row in rows.items() if name in row] == []
