"""The four functions as they are deployed."""

import pytest

from skill.actions import _locks
from tests.template.translate import FUNCTIONS, of_type, properties, resources, translate

ENVIRONMENT = {
    f"TOBAN_{name}"
    for name in (
        "TABLE WORKFLOW_ARN GROUP_TAG_KEY SKILL_ID RESPONDER_PERSONS VIEWER_USERS TAG_PRINCIPALS "
        "SLACK_APPROVERS SLACK_SIGNING_SECRET PROPOSAL_MINUTES CONTAIN_SEVERITY PROPOSE_SEVERITY "
        "PIN_PARAMETER AUDIT_TOPIC SLACK_SECRET LOCKDOWN_SECRET FLOW_LOG_GROUP LOCALE CAPS "
        "REQUEST_CAP EVIDENCE_BUCKET EXAMINER_CIDR METADATA_OFF REVOKE_SESSIONS "
        "MEMBER_ACCOUNTS ACCOUNT_NAMES MEMBER_ROLE MEMBER_EXTERNAL_ID FINDING_SCORE "
        "FINDINGS_WINDOW PLAYBOOK_URL OVERDUE_DAYS UNPATCHED_DAYS"
    ).split()
}
every_function = pytest.mark.parametrize(("entry", "name"), FUNCTIONS.items())


@every_function
def test_runtime_handler_and_tracing(entry: str, name: str) -> None:
    function = properties(name)
    assert function["Handler"] == f"lambda_handler.{entry}"
    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert function["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize(
    ("name", "timeout"), [("VoiceFunction", 7), ("EventsFunction", 60), ("WorkflowFunction", 120)]
)
def test_timeouts(name: str, timeout: int) -> None:
    assert properties(name)["Timeout"] == timeout


@every_function
def test_each_has_the_whole_environment(entry: str, name: str) -> None:
    own = {"workflow": {"TOBAN_TICKET_SECRET"}, "events": {"TOBAN_DEAD_LETTERS"}}
    held = set(properties(name)["Environment"]["Variables"])
    assert held == ENVIRONMENT | own.get(entry, set()), entry


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("VoiceFunction", "read"),
        ("EventsFunction", "read"),
        ("SlackFunction", "read"),
        ("WorkflowFunction", "contain"),
    ],
)
def test_only_the_workflow_acts_elsewhere_in_the_role_that_contains(name: str, kind: str) -> None:
    role = properties(name)["Environment"]["Variables"]["TOBAN_MEMBER_ROLE"]
    assert role == {"Fn::Sub": f"${{MemberRolePrefix}}-{kind}"}


@pytest.mark.parametrize("suffix", ["", "Role"])
@every_function
def test_functions_and_roles_are_marked_as_protected(entry: str, name: str, suffix: str) -> None:
    assert {"Key": "TobanProtected", "Value": "yes"} in properties(name + suffix)["Tags"], entry


@every_function
def test_logs_go_to_a_group_that_forgets(entry: str, name: str) -> None:
    group = properties(name)["LoggingConfig"]["LogGroup"]["Ref"]
    assert properties(group)["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert properties(group)["LogGroupName"]["Fn::Sub"].endswith(f"-{entry}")


def test_every_log_group_has_a_retention() -> None:
    assert all("RetentionInDays" in group for group in of_type("AWS::Logs::LogGroup").values())


def test_the_workflow_is_durable_with_a_dead_letter_queue_and_no_destination() -> None:
    workflow = properties("WorkflowFunction")
    assert workflow["DurableConfig"] == {"ExecutionTimeout": 86400, "RetentionPeriodInDays": 30}
    assert workflow["DeadLetterConfig"]["TargetArn"] == {"Fn::GetAtt": ["WorkflowDlq", "Arn"]}
    assert not properties("WorkflowFunctionEventInvokeConfig").get("DestinationConfig")


def test_the_workflows_arn_is_its_alias() -> None:
    said = properties("VoiceFunction")["Environment"]["Variables"]["TOBAN_WORKFLOW_ARN"]["Fn::Sub"]
    name = properties("WorkflowFunction")["FunctionName"]["Fn::Sub"]
    assert said.endswith(f":function:{name}:live")


@every_function
def test_a_raised_parameter_revision_replaces_the_published_version(entry: str, name: str) -> None:
    version = properties(_version(name))
    assert version["Description"] == {"Fn::Sub": "Parameter revision ${ParameterRevision}"}, entry


def test_a_waiting_run_finds_the_version_that_it_started_on() -> None:
    version = resources()[_version("WorkflowFunction")]
    assert version["DeletionPolicy"] == version["UpdateReplacePolicy"] == "Retain"


def _version(name: str) -> str:
    version = properties(f"{name}Aliaslive")["FunctionVersion"]["Fn::GetAtt"][0]
    assert resources()[version]["Type"] == "AWS::Lambda::Version"
    return str(version)


def test_only_the_named_skill_may_invoke_the_voice_function() -> None:
    permissions = of_type("AWS::Lambda::Permission").values()
    alexa = [p for p in permissions if p["Principal"] == "alexa-appkit.amazon.com"]
    assert len(alexa) == 1
    assert alexa[0]["EventSourceToken"] == {"Ref": "SkillId"}
    assert alexa[0]["FunctionName"] == {"Ref": "VoiceFunctionAliaslive"}


def test_every_other_permission_names_its_source() -> None:
    for name, permission in of_type("AWS::Lambda::Permission").items():
        if permission["Principal"] != "*":
            assert "EventSourceToken" in permission or "SourceArn" in permission, name


def test_only_the_slack_function_has_a_url_and_is_public() -> None:
    (url,) = of_type("AWS::Lambda::Url").values()
    assert url == {"AuthType": "NONE", "TargetFunctionArn": {"Ref": "SlackFunctionAliaslive"}}
    public = [p for p in of_type("AWS::Lambda::Permission").values() if p["Principal"] == "*"]
    assert {p["FunctionName"]["Ref"] for p in public} == {"SlackFunctionAliaslive"}
    by_url = [p.get("FunctionUrlAuthType") or p.get("InvokedViaFunctionUrl") for p in public]
    assert sorted(map(str, by_url)) == ["NONE", "True"]


def test_nothing_of_slack_s_is_deployed_before_somebody_is_listed() -> None:
    rows = {name: row for name, row in resources().items() if name.startswith("SlackFunction")}
    assert {row.get("Condition") for row in rows.values()} == {"HasSlackApprovers"}
    assert len(rows) >= 7


def test_what_the_public_can_cost_is_bounded() -> None:
    reserved = properties("SlackFunction")["ReservedConcurrentExecutions"]["Fn::If"]
    assert reserved[:2] == ["SlackIsBounded", {"Ref": "SlackConcurrency"}]
    assert properties("SlackFunction")["Timeout"] == 5


def test_outputs_give_the_alias_for_the_skills_manifest() -> None:
    assert translate()["Outputs"]["VoiceEndpoint"]["Value"] == {"Ref": "VoiceFunctionAliaslive"}


def test_the_product_knows_its_own_functions() -> None:
    """What it never locks, and whose calls ask nothing of it."""
    assert set(_locks.FUNCTIONS) == set(FUNCTIONS)
    names = {properties(name)["FunctionName"]["Fn::Sub"] for name in FUNCTIONS.values()}
    assert names == {f"${{AWS::StackName}}-{each}" for each in _locks.FUNCTIONS}
