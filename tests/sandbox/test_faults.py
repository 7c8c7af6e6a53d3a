"""Ordering faults, and how each protocol words an error."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.runtime.calls import Call, Caller
from sandbox.runtime.faults import Faults, answer
from sandbox.runtime.servers import Response
from sandbox.runtime.shapes import aws_error, error_code
from tests.sandbox.actors_world import Actors, Told

VOICE = Caller("arn:aws:sts::123456789012:assumed-role/r/voice", function="voice")
SOMEBODY = Caller("arn:aws:iam::123456789012:user/somebody")


def call(service: str = "ec2", operation: str = "DescribeInstances", protocol: str = "ec2") -> Call:
    return Call(service, operation, "us-east-1", "", protocol, {})


def ordered(**fault: Any) -> Faults:
    faults = Faults()
    faults.put({"faults": [{"kind": "throttle"} | fault]})
    return faults


def hits(faults: Faults, count: int) -> list[bool]:
    return [faults.hit(call(), VOICE) is not None for _ in range(count)]


def test_nth_and_times_choose_which_calls_fail() -> None:
    assert hits(ordered(), 3) == [True, True, True]
    assert hits(ordered(times=1), 3) == [True, False, False]
    assert hits(ordered(nth=2, times=1), 3) == [False, True, False]
    assert hits(ordered(nth=2), 3) == [False, True, True]


@pytest.mark.parametrize(
    "other", [{"function": "events"}, {"service": "ssm"}, {"operation": "DescribeTags"}]
)
def test_filters_spare_other_calls(other: dict[str, str]) -> None:
    assert hits(ordered(**other), 1) == [False]


def test_what_hangs_is_let_go_when_the_faults_are_cleared() -> None:
    faults = ordered(kind="hang")
    first = faults.hit(call(), VOICE)
    faults.put({"faults": []})
    assert first and not first.gone.is_set()
    faults.clear()
    assert first.gone.is_set()
    faults.put({"faults": [{"kind": "hang"}]})
    again = faults.hit(call(), VOICE)
    assert again and not again.gone.is_set()


def test_calls_of_somebody_else_are_spared() -> None:
    assert ordered().hit(call(), SOMEBODY) is None


@pytest.mark.parametrize(
    ("service", "protocol", "kind", "code"),
    [
        ("ec2", "ec2", "throttle", "RequestLimitExceeded"),
        ("ssm", "json", "throttle", "ThrottlingException"),
        ("dynamodb", "json", "throttle", "ProvisionedThroughputExceededException"),
        ("ec2", "ec2", "deny", "UnauthorizedOperation"),
        ("iam", "query", "deny", "AccessDenied"),
        ("inspector2", "rest", "deny", "AccessDeniedException"),
        ("sns", "query", "error", "InternalFailure"),
    ],
)
def test_each_service_words_it_its_own_way(
    service: str, protocol: str, kind: str, code: str
) -> None:
    fault = ordered(kind=kind).hit(call(service), VOICE)
    assert fault is not None
    assert error_code(answer(fault, call(service, protocol=protocol))) == code


def test_an_error_is_escaped_and_read_back() -> None:
    made = aws_error(call(), "Code", "<b> & more", 400)
    assert b"&lt;b&gt; &amp; more" in made.body
    assert error_code(made) == "Code"
    assert error_code(Response(200, b"<Code>no</Code>")) is None
    assert error_code(Response(400, b'{"__type": "com.amazon#Odd"}')) == "Odd"
    assert error_code(Response(502, b"gone")) == "502"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"nth": 0}, "nth must be a positive integer"),
        ({"nth": "2"}, "nth must be"),
        ({"nth": True}, "nth must be"),
        ({"nth": None}, "nth must be"),
        ({"times": -1}, "times must be a positive integer"),
        ({"times": 1.5}, "times must be"),
        ({"seconds": -1}, "seconds must be a number, 0 or more"),
        ({"seconds": "5"}, "seconds must be"),
        ({"seconds": float("nan")}, "seconds must be"),
        ({"seconds": float("inf")}, "seconds must be"),
        ({"kind": "slow"}, "unknown kind: slow"),
        ({"kind": ["deny"]}, "unknown kind"),
        ({"why": 1}, "unknown keys: why"),
        ({"function": 5}, "function must be a string"),
        ({"service": ["ec2"]}, "service must be a string"),
        ({"operation": {}}, "operation must be a string"),
        ({"code": 1}, "code must be a string"),
        ({"run": 1}, "run must be a string"),
        ({"params": {}}, "params must be a string"),
        ({"run": "one", "service": "slack"}, "run is not to be seen at the webhook"),
    ],
)
def test_a_wrong_fault_is_refused_with_the_reason(row: dict[str, Any], said: str) -> None:
    faults = ordered(times=None)
    good = {"kind": "drop"}
    with pytest.raises(ValueError, match=rf"faults\[1\] is no fault: .*{said}"):
        faults.put({"faults": [good, {"kind": "throttle"} | row]})
    assert hits(faults, 1) == [True]  # what was in force still is


def test_keys_beside_the_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown keys.*fault.*: when"):
        Faults().put({"faults": [], "when": "now"})


def test_the_webhook_is_hit_by_its_service_and_a_text_of_the_message_alone() -> None:
    assert ordered(function="voice").hit_webhook({}) is None
    assert ordered(service="slack", function="workflow", operation="x").hit_webhook({})
    assert ordered(service="slack").hit(call(), VOICE) is None
    assert ordered(service="slack", params="web-1").hit_webhook({"text": "isolating web-1"})
    assert ordered(service="slack", params="web-1").hit_webhook({"text": "web-2"}) is None


def test_a_run_is_hit_by_its_name_and_counts_alone() -> None:
    one, two = replace(VOICE, run="one"), replace(VOICE, run="two")
    faults = ordered(run="two", nth=2)
    seen = [faults.hit(call(), caller) is not None for caller in (one, two, one, VOICE, two)]
    assert seen == [False, False, False, False, True]


def test_a_text_of_the_parameters_chooses_the_call() -> None:
    faults = ordered(params='"InstanceId.1": "i-1"')
    assert faults.hit(replace(call(), params={"InstanceId.1": "i-2"}), VOICE) is None
    assert faults.hit(replace(call(), params={"InstanceId.1": "i-1"}), VOICE) is not None


@pytest.mark.parametrize("rows", [None, [{}], [{"kind": "slow"}], [{"kind": "deny", "why": 1}]])
def test_what_is_no_fault_is_refused(rows: Any) -> None:
    with pytest.raises(ValueError, match="fault"):
        Faults().put({"faults": rows})


def test_runs_that_go_on_at_once_fail_at_calls_of_their_own(actors: Actors) -> None:
    look: Told = ("ec2", "describe_vpcs", {"VpcIds": ["vpc-00000000"]})
    plain: Told = ("ec2", "describe_vpcs", {})
    mine = {"service": "ec2", "operation": "DescribeVpcs"}
    faults = [
        mine | {"run": "one", "nth": 2, "times": 1, "kind": "deny"},
        mine | {"run": "two", "nth": 1, "times": 1, "kind": "throttle"},
        mine | {"params": "vpc-00000000", "kind": "error", "code": "Odd"},
    ]
    actors.control("PUT", "faults", {"faults": faults})
    arns = {name: actors.run(name, plain, plain, look) for name in ("one", "two", "three")}
    actors.idle()
    for name, wrong in (("one", [1]), ("two", [0]), ("three", [])):
        found = actors.result(arns[name])
        assert [index for index, each in enumerate(found[:2]) if isinstance(each, str)] == wrong
        assert found[2] == "Odd"
        rows = actors.calls(run=name, operation="DescribeVpcs")
        assert [index for index, row in enumerate(rows) if row["error"]] == [*wrong, 2]
    assert actors.voice(plain)[0]["Vpcs"]
    assert actors.calls(function="voice")[0]["run"] is None
