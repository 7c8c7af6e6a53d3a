"""The box at its edges: resets after changes, the webhook's faults, what is refused."""

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from sandbox.box import Box, Options
from tests.sandbox.core.client import aws
from tests.sandbox.core.client import http as call

CODE = Path(__file__).parent / "core"


@pytest.fixture(scope="module")
def running() -> Iterator[Box]:
    box = Box(Options(code=CODE))
    box.start()
    yield box
    box.stop()


@pytest.fixture
def box(running: Box) -> Box:
    running.forget()
    return running


def control(box: Box, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return call(method, f"{box.urls['control']}/{path}", body)


def ids(box: Box) -> list[str]:
    pages = aws(box.urls["aws"], "ec2").describe_instances()["Reservations"]
    return [row["InstanceId"] for page in pages for row in page["Instances"]]


def test_every_reset_brings_back_the_same_ids(box: Box) -> None:
    ec2, first = aws(box.urls["aws"], "ec2"), ids(box)
    ec2.terminate_instances(InstanceIds=first[:3])
    box.reset()
    assert ids(box) == first
    group = ec2.create_security_group(GroupName="x", Description="x")["GroupId"]
    ec2.delete_security_group(GroupId=group)
    aws(box.urls["aws"], "ssm").describe_instance_information()
    ec2.terminate_instances(InstanceIds=first)
    box.reset()
    assert ids(box) == first


def post_slack(box: Box) -> http.client.HTTPResponse:
    place = urlsplit(box.urls["control"])
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=20)
    connection.request("POST", "/slack", b'{"text": "hello"}')
    return connection.getresponse()


def order(box: Box, **fault: Any) -> None:
    status, answer = control(box, "PUT", "faults", {"faults": [{"service": "slack"} | fault]})
    assert status == 200, answer


@pytest.mark.parametrize(("kind", "status"), [("throttle", 429), ("error", 500), ("deny", 403)])
def test_the_webhook_refuses_as_ordered(box: Box, kind: str, status: int) -> None:
    order(box, kind=kind, times=1, function="workflow")
    answer = post_slack(box)
    assert answer.status == status
    assert (answer.getheader("Retry-After") is not None) == (kind == "throttle")
    assert control(box, "GET", "messages")[1] == {"messages": []}
    assert post_slack(box).status == 200
    assert len(control(box, "GET", "messages")[1]["messages"]) == 1


@pytest.mark.parametrize(("kind", "seconds"), [("hang", 0.4), ("drop", 0), ("kill", 0)])
def test_the_webhook_breaks_off_as_ordered(box: Box, kind: str, seconds: float) -> None:
    order(box, kind=kind, seconds=seconds)
    started = time.monotonic()
    with pytest.raises(http.client.RemoteDisconnected):
        post_slack(box)
    assert time.monotonic() - started >= seconds


def test_messages_stand_in_the_order_of_time(box: Box) -> None:
    sns, topic = aws(box.urls["aws"], "sns"), box.account.stack.physical["AuditTopic"]
    for number in range(2):
        assert post_slack(box).status == 200
        sns.publish(TopicArn=topic, Message=f"mail {number}")
        assert box.idle(10) is None
    rows = control(box, "GET", "messages")[1]["messages"]
    assert [row["channel"] for row in rows] == ["slack", "mail"] * 2
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert all(abs(row["at"] - time.time()) < 60 for row in rows)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"locale": "xx-XX"}, "no interaction model for 'xx-XX' (there are en-AU"),
        ({"locale": "../en-US"}, "no interaction model"),
        ({"locale": 5}, "not a string: locale"),
        ({"session": ["x"]}, "not a string: session"),
        ({"text": 5}, 'body needs "text"'),
        ({"person": 5}, "unknown person"),
        ({"person": {"personId": "x"}}, '"userId"'),
        ({"person": {"userId": "x", "personId": 5}}, "both strings"),
        ({"volume": 5}, "unknown keys: volume"),
    ],
)
def test_say_refuses_what_it_cannot_say(box: Box, body: dict[str, Any], said: str) -> None:
    status, answer = control(box, "POST", "say", {"text": "open duty officer"} | body)
    assert status == 400
    assert said in answer["error"]


def test_a_wrong_fault_is_400_with_the_reason(box: Box) -> None:
    status, answer = control(box, "PUT", "faults", {"faults": [{"kind": "drop", "nth": 0}]})
    assert (status, answer["error"]) == (
        400,
        "faults[0] is no fault: nth must be a positive integer",
    )


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("detective", "list_graphs", {}),
        ("accessanalyzer", "list_analyzers", {}),
        ("health", "describe_events", {}),
        ("guardduty", "list_coverage", {"DetectorId": "x"}),
    ],
)
def test_what_is_not_there_says_so(
    box: Box, service: str, operation: str, given: dict[str, Any], capfd: Any
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(aws(box.urls["aws"], service), operation)(**given)
    assert error.value.response["Error"]["Code"] == "NotImplemented"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert capfd.readouterr().out == ""
