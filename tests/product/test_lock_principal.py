"""Locking IAM users and roles: what AWS says of them afterwards, and that a release undoes it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.product.fleet_world import records
from tests.product.lock_world import (
    DENY_ALL,
    arn,
    last,
    principal,
    publish,
    refusals,
    say,
)
from tests.product.race_world import until
from tests.world import Sandbox


@pytest.fixture(scope="module")
def running(standing_locks: Sandbox) -> Sandbox:
    return standing_locks


# What a password of 64 characters looks like, wherever it stands; JSON leaves it as it is.
LONG = re.compile(r"(?=([A-Za-z0-9!@#$%^&*()_+=\[\]{}|'-]{64}))")


def key(found: dict[str, Any], status: str = "Active") -> str:
    return next(one for one, is_now in found["keys"].items() if is_now == status)


def cut(found: dict[str, Any]) -> datetime:
    """The time before which sessions are denied everything."""
    (statement,) = found["inline"]["TobanRevokeOlderSessions"]["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")
    (condition,) = statement["Condition"].items()
    assert condition[0] == "DateLessThan"
    time = condition[1]["aws:TokenIssueTime"]
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def test_a_user_is_locked_by_voice_and_released(box: Sandbox) -> None:
    before = principal(box, "user", "trent")
    begun = datetime.now(UTC)
    say(box, "LockPrincipalIntent", principal="trent")
    assert last(box)["ending"] == "done", last(box)["result"]
    held = principal(box, "user", "trent")
    assert set(held["attached"]) == {*before["attached"], DENY_ALL}
    assert set(held["keys"].values()) == {"Inactive"}
    assert set(held["inline"]) == {"TobanRevokeOlderSessions"}
    # To the second, whatever the run waited for.
    assert cut(held) > begun + timedelta(minutes=4)

    user = arn(box, "iam", "user/trent")
    publish(box, user, "release")
    assert principal(box, "user", "trent") == before
    assert last(box)["ending"] == "done", last(box)["result"]


def test_what_the_user_holds_is_worthless_while_it_is_locked(box: Sandbox) -> None:
    mine = key(principal(box, "user", "trent"))
    ask = box.aws("sts", mine).get_caller_identity
    assert ask()["Arn"] == arn(box, "iam", "user/trent")
    publish(box, arn(box, "iam", "user/trent"))
    with pytest.raises(ClientError) as caught:
        ask()
    assert caught.value.response["Error"]["Code"] == "InvalidClientTokenId"
    publish(box, arn(box, "iam", "user/trent"), "release")
    assert ask()["Arn"] == arn(box, "iam", "user/trent")


def test_a_user_with_ten_policies_a_path_and_a_password(box: Sandbox) -> None:
    before = principal(box, "user", "mallory")
    user = arn(box, "iam", "user/staff/mallory")
    assert len(before["attached"]) == 10
    box.forget_calls()
    publish(box, user)
    assert last(box)["ending"] == "done", last(box)["result"]
    held = principal(box, "user", "mallory")
    assert held["attached"] == before["attached"]
    (statement,) = held["inline"]["TobanDenyAll"]["Statement"]
    assert statement | {"Sid": ""} == {"Sid": "", "Effect": "Deny", "Action": "*", "Resource": "*"}
    assert set(held["keys"].values()) == {"Inactive"}
    assert len(box.calls(operation="UpdateLoginProfile", function="workflow")) == 1
    # The new password is told to nobody.
    told = json.dumps([box.runs(), box.messages(), box.control("GET", "/logs")["logs"]])
    assert [
        each for each in LONG.findall(told) if sum(mark in "!@#$%^&*()+=[]{}|" for mark in each) > 5
    ] == []

    publish(box, user, "release")
    assert principal(box, "user", "mallory") == before
    assert len(box.calls(operation="UpdateLoginProfile", function="workflow")) == 1
    assert box.calls(operation="DeleteLoginProfile") == []


def test_a_key_that_was_made_meanwhile_is_deactivated_too(box: Sandbox) -> None:
    """After the state of before was recorded: a release does not give it back."""
    hang = {"function": "workflow", "service": "iam", "operation": "AttachUserPolicy"}
    box.faults(hang | {"nth": 1, "times": 1, "kind": "hang", "seconds": 30})
    talk = box.talk()
    talk.intent("LockPrincipalIntent", principal="user alice")
    talk.yes()
    talk.resume()
    until(lambda: records(box))
    made = box.aws("iam").create_access_key(UserName="alice")["AccessKey"]["AccessKeyId"]
    box.let_go()
    box.idle()
    assert set(principal(box, "user", "alice")["keys"].values()) == {"Inactive"}
    publish(box, arn(box, "iam", "user/alice"), "release")
    keys = principal(box, "user", "alice")["keys"]
    assert keys.pop(made) == "Inactive"
    assert list(keys.values()) == ["Active"]


def test_a_key_that_was_deleted_meanwhile_does_not_stop_the_release(box: Sandbox) -> None:
    before = principal(box, "user", "trent")
    gone = key(before)
    publish(box, arn(box, "iam", "user/trent"))
    box.aws("iam").delete_access_key(UserName="trent", AccessKeyId=gone)
    publish(box, arn(box, "iam", "user/trent"), "release")
    del before["keys"][gone]
    assert principal(box, "user", "trent") == before
    assert last(box)["ending"] == "done", last(box)["result"]


def test_what_was_denied_before_stays_denied(box: Sandbox) -> None:
    iam = box.aws("iam")
    iam.attach_user_policy(UserName="trent", PolicyArn=DENY_ALL)
    iam.update_access_key(
        UserName="trent", AccessKeyId=key(principal(box, "user", "trent")), Status="Inactive"
    )
    before = principal(box, "user", "trent")
    publish(box, arn(box, "iam", "user/trent"))
    assert set(principal(box, "user", "trent")["keys"].values()) == {"Inactive"}
    publish(box, arn(box, "iam", "user/trent"), "release")
    assert principal(box, "user", "trent") == before


@pytest.mark.parametrize("named", ["iam:role/service/web-app", "sts:assumed-role/web-app/i-1"])
def test_a_role_with_a_path_by_its_arn_or_a_session_s(box: Sandbox, named: str) -> None:
    before = principal(box, "role", "web-app")
    service, _, resource = named.partition(":")
    publish(box, arn(box, service, resource))
    assert last(box)["ending"] == "done", last(box)["result"]
    held = principal(box, "role", "web-app")
    assert set(held["attached"]) == {*before["attached"], DENY_ALL}
    assert cut(held) > datetime.now(UTC)
    publish(box, arn(box, "iam", "role/service/web-app"), "release")
    assert principal(box, "role", "web-app") == before


def test_a_lock_that_holds_is_let_be_and_one_that_somebody_opened_is_taken_up_again(
    box: Sandbox,
) -> None:
    """And the release gives back what was before the first lock."""
    before = principal(box, "user", "trent")
    user = arn(box, "iam", "user/trent")
    publish(box, user)
    locked = principal(box, "user", "trent")
    assert "locked already" in box.talk().intent("LockPrincipalIntent", principal="trent")
    publish(box, user)
    assert principal(box, "user", "trent") == locked
    assert len(box.runs()) == 1

    iam = box.aws("iam")
    iam.detach_user_policy(UserName="trent", PolicyArn=DENY_ALL)
    iam.update_access_key(UserName="trent", AccessKeyId=key(locked, "Inactive"), Status="Active")
    publish(box, user)
    assert principal(box, "user", "trent") == locked
    publish(box, user, "release")
    assert principal(box, "user", "trent") == before


def test_a_refused_policy_still_gets_the_keys(box: Sandbox) -> None:
    """Each measure has its turn, and what is missing is said."""
    deny = {"function": "workflow", "service": "iam", "kind": "deny", "nth": 1, "times": 99}
    box.faults(deny | {"operation": "AttachUserPolicy"})
    publish(box, arn(box, "iam", "user/trent"))
    box.faults()
    assert set(principal(box, "user", "trent")["keys"].values()) == {"Inactive"}
    assert last(box)["ending"] == "partial", last(box)["result"]


def test_a_busy_user_is_tried_again(box: Sandbox) -> None:
    """A password that was just given cannot be changed at once (EntityTemporarilyUnmodifiable)."""
    busy = {"function": "workflow", "service": "iam", "operation": "UpdateLoginProfile"}
    busy |= {"kind": "error", "code": "EntityTemporarilyUnmodifiable"}
    box.faults(busy | {"nth": 1, "times": 1})
    publish(box, arn(box, "iam", "user/staff/mallory"))
    box.faults()
    assert last(box)["ending"] == "done", last(box)["result"]
    assert len(box.calls(operation="UpdateLoginProfile", function="workflow")) == 2


def test_a_listener_hears_of_keys_and_of_the_password(quiet: Sandbox) -> None:
    speech = quiet.talk().intent("LockPrincipalIntent", principal="mallory")
    assert "one active access key" in speech
    assert "password" in speech


def test_a_listener_hears_who_runs_with_a_role(quiet: Sandbox) -> None:
    assert "2 instances" in quiet.talk().intent("LockPrincipalIntent", principal="web app")
    speech = quiet.talk().intent("LockPrincipalIntent", principal="the role orders")
    assert "2 functions" in speech
    assert "mailer" in speech


def test_a_user_and_a_role_of_one_name_are_told_apart(quiet: Sandbox) -> None:
    talk = quiet.talk()
    speech = talk.intent("LockPrincipalIntent", principal="alice")
    assert "user alice" in speech
    assert "role alice" in speech
    assert "role alice" in quiet.talk().intent("LockPrincipalIntent", principal="role alice")
    assert "user alice" in quiet.talk().intent("LockPrincipalIntent", principal="the user alice")


def test_a_name_that_nobody_has(quiet: Sandbox) -> None:
    assert "mallory" in quiet.talk().intent("LockPrincipalIntent", principal="malory")
    quiet.talk().intent("LockPrincipalIntent", principal="somebody else entirely")
    assert quiet.runs() == []


@pytest.mark.parametrize(
    "name",
    [
        "break glass",
        "break glass admin",
        "toban workflow function role",
        "A W S service role for batch",
        "A W S reserved S S O admin",
    ],
)
def test_nobody_locks_these(quiet: Sandbox, name: str) -> None:
    known = [row["RoleName"] for row in quiet.aws("iam").list_roles()["Roles"]]
    (own,) = [one for one in known if one.startswith("toban-WorkflowFunctionRole")]
    spoken = {"toban workflow function role": own, "A W S reserved S S O admin": _sso(known)}
    talk = quiet.talk()
    talk.intent("LockPrincipalIntent", principal=spoken.get(name, name))
    assert not talk.answer.get("directives"), talk.speech
    talk.yes()
    quiet.idle()
    assert quiet.runs() == []
    assert quiet.calls(function="workflow") == []


def _sso(known: list[str]) -> str:
    return next(one for one in known if one.startswith("AWSReservedSSO"))


@pytest.mark.parametrize(
    "resource",
    [
        "root",
        "user/mallory",  # she has a path: this one would be somebody else
        "user/nobody",
        "role/service/*",
        "group/admins",
        "role/break-glass",
        "role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch",
    ],
)
def test_a_message_about_anything_else_is_refused_and_heard_of(
    quiet: Sandbox, resource: str
) -> None:
    known = len(refusals(quiet))
    publish(quiet, arn(quiet, "iam", resource))
    assert quiet.runs() == []
    assert len(refusals(quiet)) == known + 1


def test_a_foreign_account_is_refused(quiet: Sandbox) -> None:
    known = len(refusals(quiet))
    publish(quiet, "arn:aws:iam::999999999999:user/trent")
    assert quiet.runs() == []
    assert len(refusals(quiet)) == known + 1
