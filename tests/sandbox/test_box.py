"""The core of the box over real HTTP, with handlers that do as they are told."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.box import Box, Options
from tests.sandbox.core.client import aws, http, voice

CODE = Path(__file__).parent / "core"


@pytest.fixture(scope="module")
def running() -> Iterator[Box]:
    box = Box(Options(code=CODE))
    box.start()
    yield box
    box.stop()


@pytest.fixture
def box(running: Box) -> Box:
    """The box with nothing going on and nothing recorded; what was made in it stays."""
    assert running.idle(10) is None
    running.forget()
    return running


@pytest.fixture
def fresh(running: Box) -> Box:
    """The box as loaded."""
    running.reset()
    return running


def alexa(box: Box, **event: Any) -> tuple[int, Any]:
    return voice(box.urls, event)


def control(box: Box, method: str, path: str, body: Any = None) -> Any:
    status, answer = http(method, f"{box.urls['control']}/{path}", body)
    assert status == 200, answer
    return answer


def calls(box: Box) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = control(box, "GET", "calls")["calls"]
    return rows


def test_an_envelope_reaches_the_voice_function_with_the_template_s_environment(box: Box) -> None:
    status, told = alexa(box, hello=1)
    assert status == 200
    environment = told["environment"]
    assert environment["TOBAN_TABLE"] == box.account.stack.physical["TobanTable"]
    assert environment["TOBAN_SKILL_ID"] == box.ready()["skill_id"]
    assert environment["AWS_ENDPOINT_URL"] == box.urls["aws"]
    assert told["arn"].endswith(":function:toban-voice:live")
    assert 6000 < told["left"] <= 7000


def test_what_the_function_raises_becomes_500_with_type_and_message(box: Box) -> None:
    assert alexa(box, fail="broken") == (
        500,
        {"errorType": "ValueError", "errorMessage": "broken"},
    )


def test_events_run_at_once_in_processes_of_their_own(box: Box) -> None:
    with ThreadPoolExecutor(3) as pool:
        sleeps = [pool.submit(alexa, box, sleep=0.5) for _ in range(3)]
        assert [sleep.result()[0] for sleep in sleeps] == [200] * 3


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "nowhere", None, 404),
        ("GET", "reset", None, 405),
        ("POST", "alexa", b"{", 400),
        ("POST", "alexa", [1], 400),
        ("POST", "say", {}, 400),
        ("POST", "say", {"text": "hello", "person": "nobody"}, 400),
        ("POST", "events", {"source": "x"}, 400),
        ("POST", "events", [{"source": "x", "detail-type": "y", "detail": {}}, "z"], 400),
        ("PUT", "world", {"weather": []}, 400),
        ("PUT", "faults", {"faults": [{"kind": "unknown"}]}, 400),
        ("PUT", "faults", [], 400),
        ("POST", "idle", {"timeout": "long"}, 400),
    ],
)
def test_a_bad_request_is_told_why(
    box: Box, method: str, path: str, body: Any, status: int
) -> None:
    answer = http(method, f"{box.urls['control']}/{path}", body)
    assert answer[0] == status
    assert list(answer[1]) == ["error"]


def test_calls_are_recorded_for_functions_alone(box: Box) -> None:
    aws(box.urls["aws"], "ec2").describe_security_groups()
    alexa(box, call=["ec2", "describe_security_groups"])
    (row,) = calls(box)
    made = (row["function"], row["service"], row["operation"])
    assert made == ("voice", "ec2", "DescribeSecurityGroups")
    assert abs(row["at"] - time.time()) < 30
    assert row["ms"] > 0
    assert row["error"] is None
    control(box, "DELETE", "calls")
    assert calls(box) == []


def test_a_function_may_do_only_what_its_policies_allow(box: Box) -> None:
    with_ = {"GroupName": "x", "Description": "x"}
    status, answer = alexa(box, call=["ec2", "create_security_group"], **{"with": with_})
    assert status == 500
    assert "UnauthorizedOperation" in answer["errorMessage"]
    assert calls(box)[0]["error"] == "UnauthorizedOperation"
    status, answer = alexa(box, call=["iam", "list_groups"])
    assert "AccessDenied" in answer["errorMessage"]


def test_a_function_acts_as_its_role(box: Box) -> None:
    identity = alexa(box, call=["sts", "get_caller_identity"])[1]
    assert identity["Arn"].startswith("arn:aws:sts::123456789012:assumed-role/")
    assert identity["Arn"].endswith("/toban-voice")
    mine = aws(box.urls["aws"], "sts").get_caller_identity()
    assert mine["Arn"] == box.ready()["principal"]


def test_somebody_with_credentials_of_his_own_is_not_the_principal(box: Box) -> None:
    iam = aws(box.urls["aws"], "iam")
    iam.create_user(UserName="intruder")
    key = iam.create_access_key(UserName="intruder")["AccessKey"]["AccessKeyId"]
    arn = "arn:aws:iam::123456789012:user/intruder"
    assert aws(box.urls["aws"], "sts", key).get_caller_identity()["Arn"] == arn
    identity = box.gateway.user_identity(key)
    assert (identity["type"], identity["arn"]) == ("IAMUser", arn)
    role = box.account.stack.functions[0].role_arn
    session = aws(box.urls["aws"], "sts").assume_role(RoleArn=role, RoleSessionName="mallory")
    identity = box.gateway.user_identity(session["Credentials"]["AccessKeyId"])
    assert identity["type"] == "AssumedRole"
    assert identity["arn"].endswith("/mallory")
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == role


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "throttle"}, "RequestLimitExceeded"),
        ({"kind": "deny"}, "UnauthorizedOperation"),
        ({"kind": "error"}, "InternalFailure"),
        ({"kind": "error", "code": "Odd"}, "Odd"),
        ({"kind": "drop"}, "Connection"),
        ({"kind": "kill"}, "signal: killed"),
    ],
)
def test_faults_come_as_ordered(box: Box, fault: dict[str, Any], said: str) -> None:
    control(box, "PUT", "faults", {"faults": [fault | {"service": "ec2", "function": "voice"}]})
    answer = alexa(box, call=["ec2", "describe_security_groups"])
    assert answer[0] == 500
    assert said in answer[1]["errorMessage"]
    assert calls(box)[0]["error"]
    control(box, "DELETE", "faults")
    assert alexa(box, call=["ec2", "describe_security_groups"])[0] == 200


def test_a_hanging_call_ends_with_the_function_s_time(box: Box) -> None:
    control(box, "PUT", "faults", {"faults": [{"kind": "hang", "seconds": 60}]})
    status, answer = alexa(box, call=["ec2", "describe_security_groups"])
    assert (status, answer["errorType"]) == (500, "Sandbox.Timedout")
    assert "Task timed out after 7.00 seconds" in answer["errorMessage"]
    control(box, "DELETE", "faults")
    assert alexa(box, call=["ec2", "describe_security_groups"])[0] == 200


def test_a_workflow_waits_without_waiting(fresh: Box) -> None:
    started = time.monotonic()
    alexa(fresh, start="one")
    assert control(fresh, "POST", "idle") == {"idle": True}
    assert time.monotonic() - started < 30 * 60  # which is what it waited for
    assert [run["id"] for run in control(fresh, "GET", "runs")["runs"]] == ["first", "second"]
    used = {row["operation"] for row in calls(fresh) if row["function"] == "workflow"}
    assert used == {"PutItem", "CheckpointDurableExecution"}


def test_one_name_is_one_execution(fresh: Box) -> None:
    with ThreadPoolExecutor(3) as pool:
        arns = list(pool.map(lambda _: alexa(fresh, start="same")[1], range(3)))
    assert len(set(arns)) == 1
    assert ":durable-execution/same/" in arns[0].replace("/durable", ":durable")
    status, answer = alexa(fresh, start="same", **{"with": {"other": True}})
    assert (status, answer["errorType"]) == (500, "DurableExecutionAlreadyStartedException")
    control(fresh, "POST", "idle")
    puts = [row for row in calls(fresh) if row["operation"] == "PutItem"]
    assert len(puts) == 2


def test_a_workflow_whose_process_dies_goes_on_where_it_was(fresh: Box) -> None:
    arn = alexa(fresh, start="dying", **{"with": {"die": True}})[1]
    control(fresh, "POST", "idle")
    made = aws(fresh.urls["aws"], "lambda").get_durable_execution(DurableExecutionArn=arn)
    assert made["Status"] == "SUCCEEDED"
    assert json.loads(made["Result"]) == ["first", "second"]
    puts = [row for row in calls(fresh) if row["operation"] == "PutItem"]
    assert len(puts) == 3  # first, died, second: the finished step is not run again


def test_a_failed_workflow_lands_in_its_dead_letter_queue(fresh: Box) -> None:
    alexa(fresh, start="failing", **{"with": {"fail": "no luck"}})
    control(fresh, "POST", "idle")
    sqs = aws(fresh.urls["aws"], "sqs")
    url = sqs.get_queue_url(QueueName=fresh.account.stack.physical["WorkflowDlq"].split("/")[-1])
    (message,) = sqs.receive_message(QueueUrl=url["QueueUrl"], MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert json.loads(message["Body"]) == {"fail": "no luck"}
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "no luck"


def test_a_workflow_needs_a_qualified_name(box: Box) -> None:
    with pytest.raises(ClientError) as error:
        aws(box.urls["aws"], "lambda").invoke(FunctionName="toban-workflow", Payload=b"{}")
    assert error.value.response["Error"]["Code"] == "InvalidParameterValueException"
    with pytest.raises(ClientError) as error:
        aws(box.urls["aws"], "lambda").invoke(FunctionName="nobody", Payload=b"{}")
    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_invoke_gives_payload_or_function_error(box: Box) -> None:
    client = aws(box.urls["aws"], "lambda")
    good = client.invoke(FunctionName="toban-voice:live", Payload=b'{"a": 1}')
    assert "FunctionError" not in good
    bad = client.invoke(FunctionName="toban-voice", Qualifier="live", Payload=b'{"fail": "x"}')
    assert bad["FunctionError"] == "Unhandled"
    assert json.loads(bad["Payload"].read())["errorType"] == "ValueError"


def test_idle_gives_up_in_time_and_says_what_is_open(box: Box) -> None:
    thread = threading.Thread(target=alexa, args=(box,), kwargs={"sleep": 1.5})
    thread.start()
    time.sleep(0.3)
    status, answer = http("POST", f"{box.urls['control']}/idle", {"timeout": 0.2})
    thread.join()
    assert (status, answer) == (504, {"idle": False, "open": {"functions": ["voice"]}})


def test_reset_brings_back_the_same_world_and_keeps_processes(fresh: Box) -> None:
    before = alexa(fresh)[1]
    vpcs = aws(fresh.urls["aws"], "ec2").describe_vpcs()["Vpcs"]
    aws(fresh.urls["aws"], "ec2").create_vpc(CidrBlock="10.99.0.0/16")
    assert control(fresh, "POST", "reset")["reset"] is True
    assert aws(fresh.urls["aws"], "ec2").describe_vpcs()["Vpcs"] == vpcs
    assert alexa(fresh)[1] | {"left": 0} == before | {"left": 0}


def test_reset_stops_what_runs(fresh: Box) -> None:
    thread = threading.Thread(target=alexa, args=(fresh,), kwargs={"sleep": 5})
    thread.start()
    time.sleep(0.3)
    alexa(fresh, start="cut", **{"with": {"n": 1}})
    control(fresh, "POST", "reset")
    thread.join(3)
    assert not thread.is_alive()
    assert control(fresh, "GET", "runs") == {"runs": []}
    assert calls(fresh) == []


def test_slack_is_kept_and_can_fail(box: Box) -> None:
    url = f"{box.urls['control']}/slack"
    secret = aws(box.urls["aws"], "secretsmanager").get_secret_value(
        SecretId=box.account.stack.physical["SlackSecret"]
    )
    assert secret["SecretString"] == url
    box.webhook.post({"text": "hello"})
    (message,) = control(box, "GET", "messages")["messages"]
    assert (message["channel"], message["body"]) == ("slack", {"text": "hello"})
    control(box, "PUT", "faults", {"faults": [{"service": "slack", "kind": "throttle"}]})
    refused = box.webhook.post({"text": "again"})
    assert refused and refused.status == 429


def test_logs_hold_what_functions_print(box: Box) -> None:
    alexa(box, word="printed")
    alexa(box, fail="seen in the log")
    time.sleep(0.2)
    text = "\n".join(row["line"] for row in control(box, "GET", "logs")["logs"])
    assert '"word": "printed"' in text
    assert "ValueError: seen in the log" in text


def test_an_error_of_moto_is_shown_and_not_hidden(box: Box, capfd: Any) -> None:
    with pytest.raises(ClientError) as error:
        aws(box.urls["aws"], "cloudtrail").lookup_events()
    assert error.value.response["Error"]["Code"] == "NotImplemented"
    assert "cloudtrail.LookupEvents" in capfd.readouterr().err


def test_what_became_of_deliveries_can_be_seen(box: Box) -> None:
    answer = control(box, "GET", "deliveries")
    assert answer["broken"] == []
    assert set(answer) == {"counts", "failed", "broken", "open"}
