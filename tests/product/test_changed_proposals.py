"""What changed between a proposal and its approval: only what was agreed to is done, and said."""

from collections.abc import Callable

from tests.product.proposal_world import (
    STRANGER,
    posted,
    press,
    propose,
    put,
    run_of,
    shown,
    tagged,
)
from tests.world import Sandbox


def unprotect(box: Sandbox) -> None:
    ids = [box.instance("database-1")["InstanceId"]]
    box.ec2.delete_tags(Resources=ids, Tags=[{"Key": "TobanProtected"}])


def protect(box: Sandbox) -> None:
    ids = [box.instance("batch-3")["InstanceId"]]
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "TobanProtected", "Value": "yes"}])


def terminate(box: Sandbox) -> None:
    box.ec2.terminate_instances(InstanceIds=[box.instance("web-2")["InstanceId"]])


CHANGED: list[tuple[str, str, Callable[[Sandbox], None], str]] = [
    ("batch-3", "isolate", protect, "is protected"),
    ("web-2", "mark_suspicious", terminate, "don't know"),
]


def test_what_changed_meanwhile_is_not_done(box: Sandbox) -> None:
    for name, action, change, sentence in CHANGED:
        made = propose(box, name, action)
        before = len(posted(box))
        change(box)
        told = shown(press(box, made.run))
        box.idle()
        told += " ".join(one["text"] for one in posted(box)[before:])
        assert sentence in told
        assert run_of(box, made.run)["ending"] in (None, "failed")
    writes = {row["operation"] for row in box.calls() if row["service"] in ("ssm", "ec2")}
    assert not writes & {"SendCommand", "CreateTags", "ModifyNetworkInterfaceAttribute"}


def test_what_has_come_since_is_named_and_left_alone(box: Sandbox) -> None:
    """A press agrees to what the message showed, whatever would be patched by now."""
    made = put(box, tagged(box, "patch", STRANGER, "batch-1", "database-1"))
    before = len(posted(box))
    unprotect(box)
    box.forget_calls()
    press(box, made.run)
    # One look at what there is to patch, also in the few seconds that Slack waits.
    assert len(box.calls(function="slack", operation="DescribeInstancePatchStates")) == 1
    box.idle()
    run = run_of(box, made.run)
    assert [target["name"] for target in run["plan"]["targets"]] == ["batch-1"]
    assert run["ending"] == "done"
    told = " ".join(one["text"] for one in posted(box)[before:])
    assert "database-1 has come since this was proposed, so nobody has agreed to it." in told
    sent = box.aws("ssm").list_command_invocations()["CommandInvocations"]
    assert {row["InstanceId"] for row in sent} == {box.instance("batch-1")["InstanceId"]}


def test_a_voice_agrees_to_what_it_is_told_now(box: Sandbox) -> None:
    made = put(box, tagged(box, "patch", STRANGER, "batch-1", "database-1"))
    unprotect(box)
    talk = box.talk()
    assert "2 instances" in talk.intent("ApproveIntent")
    talk.yes()
    box.idle()
    names = [target["name"] for target in run_of(box, made.run)["plan"]["targets"]]
    assert sorted(names) == ["batch-1", "database-1"]


def test_nothing_is_left_of_what_was_shown(box: Sandbox) -> None:
    made = put(box, tagged(box, "patch", STRANGER, "batch-1", "database-1"))
    unprotect(box)
    ids = [box.instance("batch-1")["InstanceId"]]
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "TobanProtected", "Value": "yes"}])
    assert "nothing left to do" in shown(press(box, made.run))
    box.idle()
    assert run_of(box, made.run)["ending"] is None
    assert box.aws("ssm").list_commands()["Commands"] == []
