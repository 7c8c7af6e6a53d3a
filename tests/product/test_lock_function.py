"""Locking Lambda functions: what AWS says of them afterwards, and that a release undoes it."""

import json

import pytest
from botocore.exceptions import ClientError

from skill.actions import _locks
from tests.product.lock_world import (
    DENY_ALL,
    arn,
    function,
    last,
    publish,
    refusals,
    say,
)
from tests.world import Sandbox


@pytest.fixture(scope="module")
def running(standing_locks: Sandbox) -> Sandbox:
    return standing_locks


def test_a_function_with_all_that_a_function_can_have(box: Sandbox) -> None:
    """Two queues, reserved and provisioned concurrency, and a role that another function has."""
    before, other = function(box, "orders"), function(box, "mailer")
    say(box, "LockFunctionIntent", function="orders")
    assert last(box)["ending"] == "done", last(box)["result"]
    held = function(box, "orders")
    assert held["reserved"] == 0
    assert held["provisioned"] == {}
    assert list(held["mappings"].values()) == ["Disabled", "Disabled"]
    assert held["role"]["attached"] == before["role"]["attached"]
    (statement,) = held["role"]["inline"]["TobanDeny-orders.us-east-1"]["Statement"]
    mine = arn(box, "lambda", "function:orders")
    assert statement["Condition"] == {"ArnEquals": {"lambda:SourceFunctionArn": mine}}
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")
    assert function(box, "mailer")["reserved"] == other["reserved"]

    publish(box, mine, "release")
    assert last(box)["ending"] == "done", last(box)["result"]
    assert function(box, "orders") == before


def test_a_role_of_its_own_is_denied_and_nobody_can_call_the_function(box: Sandbox) -> None:
    before = function(box, "ImageResizer")
    say(box, "LockFunctionIntent", function="image resizer")
    held = function(box, "ImageResizer")
    assert held["role"]["attached"] == before["role"]["attached"]
    (statement,) = held["role"]["inline"]["TobanDeny-ImageResizer.us-east-1"]["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")
    assert "Condition" not in statement
    assert held["reserved"] == 0
    with pytest.raises(ClientError) as caught:
        box.aws("lambda").invoke(FunctionName="ImageResizer", Payload=b"{}")
    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    publish(box, arn(box, "lambda", "function:ImageResizer"), "release")
    assert function(box, "ImageResizer") == before
    assert before["reserved"] is None


def fill(box: Sandbox, role: str, leaving: int) -> None:
    """An inline policy that leaves so much room for others."""
    there = box.aws("iam")
    names = there.list_role_policies(RoleName=role)["PolicyNames"]
    found = [there.get_role_policy(RoleName=role, PolicyName=name) for name in names]
    used = sum(len(json.dumps(one["PolicyDocument"], separators=(",", ":"))) for one in found)
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    room = 10240 - used - leaving - len(json.dumps(document, separators=(",", ":")))
    statement["Resource"] += "x" * room
    there.put_role_policy(RoleName=role, PolicyName="long", PolicyDocument=json.dumps(document))


def test_a_role_without_room_for_a_policy_gets_the_managed_one(box: Sandbox) -> None:
    """10,240 characters of inline policies are all that a role may have."""
    fill(box, "images", leaving=60)
    before = function(box, "ImageResizer")
    mine = arn(box, "lambda", "function:ImageResizer")
    publish(box, mine)
    assert last(box)["ending"] == "done", last(box)["result"]
    held = function(box, "ImageResizer")["role"]
    assert held["attached"] == [DENY_ALL]
    assert held["inline"] == before["role"]["inline"]
    publish(box, mine, "release")
    assert function(box, "ImageResizer") == before


def test_a_lock_of_the_role_outlives_that_of_the_function(box: Sandbox) -> None:
    function_, role = arn(box, "lambda", "function:ImageResizer"), arn(box, "iam", "role/images")
    before = function(box, "ImageResizer")
    publish(box, function_)
    publish(box, role)
    publish(box, function_, "release")
    held = function(box, "ImageResizer")["role"]
    assert held["attached"] == [DENY_ALL]
    assert [name for name in held["inline"] if name.startswith("TobanDeny")] == []
    # Its role is not as it was, so that is not done yet.
    assert last(box)["ending"] == "partial", last(box)["result"]
    publish(box, role, "release")
    publish(box, function_, "release")
    assert last(box)["ending"] == "done", last(box)["result"]
    assert function(box, "ImageResizer") == before


def test_a_lock_of_the_function_outlives_that_of_its_role(box: Sandbox) -> None:
    function_, role = arn(box, "lambda", "function:ImageResizer"), arn(box, "iam", "role/images")
    publish(box, role)
    publish(box, function_)
    publish(box, role, "release")
    held = function(box, "ImageResizer")["role"]
    assert held["attached"] == []
    assert "TobanDeny-ImageResizer.us-east-1" in held["inline"]


def test_an_alias_stands_for_the_function_and_its_own_mappings_are_switched_off(
    box: Sandbox,
) -> None:
    """Lambda's list of a function's mappings leaves them out."""
    queue = box.aws("sqs").create_queue(QueueName="orders-alias")["QueueUrl"]
    source = arn(box, "sqs", queue.rpartition("/")[2])
    live = arn(box, "lambda", "function:orders:live")
    made = box.aws("lambda").create_event_source_mapping(EventSourceArn=source, FunctionName=live)
    publish(box, live)
    assert last(box)["ending"] == "done", last(box)["result"]
    held = function(box, "orders")
    assert held["reserved"] == 0
    assert len(held["mappings"]) == 3
    assert held["mappings"][made["UUID"]] == "Disabled"
    assert set(held["mappings"].values()) == {"Disabled"}


def test_a_mapping_that_was_off_stays_off(box: Sandbox) -> None:
    there = box.aws("lambda")
    first = next(iter(function(box, "orders")["mappings"]))
    there.update_event_source_mapping(UUID=first, Enabled=False)
    mine = arn(box, "lambda", "function:orders")
    # While it is being switched off Lambda refuses every change: the lock has to wait.
    publish(box, mine)
    assert last(box)["ending"] == "done", last(box)["result"]
    publish(box, mine, "release")
    after = function(box, "orders")["mappings"]
    assert after.pop(first) == "Disabled"
    assert set(after.values()) == {"Enabled"}


def test_a_mapping_that_was_deleted_meanwhile_does_not_stop_the_release(box: Sandbox) -> None:
    before = function(box, "orders")
    mine = arn(box, "lambda", "function:orders")
    publish(box, mine)
    gone = next(iter(before["mappings"]))
    box.aws("lambda").delete_event_source_mapping(UUID=gone)
    publish(box, mine, "release")
    del before["mappings"][gone]
    assert function(box, "orders") == before
    assert last(box)["ending"] == "done", last(box)["result"]


def reserved(box: Sandbox) -> int:
    """What all functions of the account hold back, Toban's own too."""
    there = box.aws("lambda")
    names = [row["FunctionName"] for row in there.list_functions()["Functions"]]
    held = [there.get_function_concurrency(FunctionName=name) for name in names]
    return sum(one.get("ReservedConcurrentExecutions", 0) for one in held)


def test_concurrency_that_cannot_be_given_back_is_told(box: Sandbox) -> None:
    """Somebody reserved it meanwhile: 100 must stay unreserved."""
    mine = arn(box, "lambda", "function:orders")
    publish(box, mine)
    there = box.aws("lambda")
    left = 900 - reserved(box)
    there.put_function_concurrency(FunctionName="mailer", ReservedConcurrentExecutions=left)
    publish(box, mine, "release")
    assert last(box)["ending"] == "partial", last(box)["result"]
    assert function(box, "orders")["reserved"] == 0
    assert set(function(box, "orders")["mappings"].values()) == {"Enabled"}

    there.delete_function_concurrency(FunctionName="mailer")
    publish(box, mine, "release")
    assert last(box)["ending"] == "done", last(box)["result"]
    assert function(box, "orders")["reserved"] == 50


def test_two_functions_of_one_role_are_released_apart(box: Sandbox) -> None:
    before = function(box, "orders")
    publish(box, arn(box, "lambda", "function:orders"))
    publish(box, arn(box, "lambda", "function:mailer"))
    publish(box, arn(box, "lambda", "function:orders"), "release")
    role = function(box, "mailer")["role"]["inline"]
    assert {name for name in role if name.startswith("Toban")} == {"TobanDeny-mailer.us-east-1"}
    publish(box, arn(box, "lambda", "function:mailer"), "release")
    assert function(box, "orders") == before


def test_a_function_with_a_role_of_ours_is_refused(box: Sandbox) -> None:
    """Denying the role would lock the officer out."""
    known = [row["Arn"] for row in box.aws("iam").list_roles()["Roles"]]
    (own,) = [one for one in known if "toban-WorkflowFunctionRole" in one]
    box.aws("lambda").update_function_configuration(FunctionName="mailer", Role=own)
    publish(box, arn(box, "lambda", "function:mailer"))
    assert box.runs() == []
    assert len(refusals(box)) == 1


def test_locked_twice_changes_nothing_more(box: Sandbox) -> None:
    mine = arn(box, "lambda", "function:orders")
    publish(box, mine)
    held = function(box, "orders")
    assert "locked already" in box.talk().intent("LockFunctionIntent", function="orders")
    publish(box, mine)
    assert function(box, "orders") == held
    assert len(box.runs()) == 1


def test_a_role_that_cannot_be_denied_does_not_stop_the_rest(box: Sandbox) -> None:
    deny = {"function": "workflow", "service": "iam", "kind": "deny", "nth": 1, "times": 99}
    box.faults(deny | {"operation": "PutRolePolicy"})
    publish(box, arn(box, "lambda", "function:ImageResizer"))
    box.faults()
    held = function(box, "ImageResizer")
    assert held["reserved"] == 0
    assert set(held["mappings"].values()) == {"Disabled"}
    assert last(box)["ending"] == "partial", last(box)["result"]


def test_a_listener_hears_what_it_has_and_who_is_spared(quiet: Sandbox) -> None:
    speech = quiet.talk().intent("LockFunctionIntent", function="orders")
    assert "2 event sources" in speech
    assert "shared" in speech
    assert "provisioned" in speech
    alone = quiet.talk().intent("LockFunctionIntent", function="image resizer")
    assert "shared" not in alone
    assert "provisioned" not in alone


def test_two_functions_that_sound_alike(quiet: Sandbox) -> None:
    speech = quiet.talk().intent("LockFunctionIntent", function="web hook")
    assert "web" in speech
    assert "shall" not in speech.casefold()
    quiet.idle()
    assert quiet.runs() == []
    # Spelt as it is, it is that one.
    quiet.forget_calls()
    quiet.talk().intent("LockFunctionIntent", function="web_hook")
    assert quiet.calls(function="voice", operation="ListProvisionedConcurrencyConfigs")


def test_a_name_that_no_function_has(quiet: Sandbox) -> None:
    assert "image" in quiet.talk().intent("LockFunctionIntent", function="image risotto").casefold()
    assert quiet.runs() == []


@pytest.mark.parametrize("name", ["reports", "toban workflow", "toban-voice"])
def test_nobody_locks_these(quiet: Sandbox, name: str) -> None:
    talk = quiet.talk()
    talk.intent("LockFunctionIntent", function=name)
    assert not talk.answer.get("directives"), talk.speech
    talk.yes()
    quiet.idle()
    assert quiet.runs() == []


@pytest.mark.parametrize(
    "resource",
    [
        *(f"function:toban-{name}" for name in _locks.FUNCTIONS),
        "function:reports",
        "function:nothing",
        "layer:x:1",
    ],
)
def test_a_message_about_these_is_refused_and_heard_of(quiet: Sandbox, resource: str) -> None:
    known = len(refusals(quiet))
    publish(quiet, arn(quiet, "lambda", resource))
    assert quiet.runs() == []
    assert len(refusals(quiet)) == known + 1
