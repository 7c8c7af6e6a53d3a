"""What was given up is told in Slack with its reason, and goes on with one command."""

import json
import os
import subprocess
import sys

from tests.events_world import buried, invoke, sample
from tests.world import ROOT, Json, Sandbox


def redrive(box: Sandbox, *options: str) -> subprocess.CompletedProcess[str]:
    """The operator's command, against the box."""
    env = os.environ | {
        "AWS_ENDPOINT_URL": box.ready["aws"],
        "AWS_REGION": box.ready["region"],
        "AWS_DEFAULT_REGION": box.ready["region"],
        "AWS_ACCESS_KEY_ID": "AKIASOMEBODYUNKNOWN0",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tools.redrive", "--stack", "toban", *options]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    box.idle()
    return done


def posts(box: Sandbox, title: str) -> list[str]:
    """Slack's messages of that title, as text."""
    box.idle()
    found = [row for row in box.messages() if row["channel"] == "slack"]
    texts = [row["body"]["text"] for row in found]
    return [text for text in texts if text.startswith(title)]


def letter(box: Sandbox, queue: str, body: str) -> None:
    urls = box.aws("sqs").list_queues()["QueueUrls"]
    (url,) = [one for one in urls if queue in one]
    box.aws("sqs").send_message(QueueUrl=url, MessageBody=body)


def fail(box: Sandbox) -> Json:
    """An event whose outcome could not be kept, three times over."""
    event = sample(box, "created-tags", fresh=True)
    box.faults({"function": "events", "service": "dynamodb", "kind": "deny", "params": event["id"]})
    invoke(box, event)
    box.idle()
    return event


def test_a_dead_letter_is_described_in_slack_and_redriven(box: Sandbox) -> None:
    event = fail(box)
    (told,) = [text for text in posts(box, "Toban: alarm") if "dead letter" in text]
    assert "One dead letter waits in" in told and "aws.ec2 AWS API Call via CloudTrail" in told
    assert "redrive" in told
    box.faults()
    listed = redrive(box, "--list")
    assert listed.returncode == 0 and " kept: aws.ec2 AWS API Call via CloudTrail" in listed.stdout
    done = redrive(box)
    assert done.returncode == 0, done.stderr
    assert "events: 1 sent" in done.stdout and "workflow: 0 sent" in done.stdout
    assert [run["approval"]["event"]["event"] for run in box.runs()] == [event["id"]]
    assert buried(box) == []
    assert posts(box, "Toban: alarm is over")


def test_a_letter_that_nobody_can_read_is_inert_and_blocks_no_other(box: Sandbox) -> None:
    hostile = json.dumps({"source": "<!channel> *now* \u202e", "detail-type": "x\x07"})
    letter(box, "EventsDlq", hostile)
    letter(box, "EventsDlq", "no JSON at all")
    told = "\n".join(posts(box, "Toban: alarm"))
    assert "<!channel>" not in told and "\u202e" not in told and "\x07" not in told
    done = redrive(box)
    assert done.returncode == 1
    assert "events: 1 sent, 1 left" in done.stdout
    (broken,) = [line for line in done.stdout.splitlines() if " left: " in line]
    dropped = redrive(box, "--queue", "events", "--drop", broken.split()[1])
    # What was sent asks for nothing, and is accounted for as that.
    assert dropped.returncode == 0 and " dropped: unreadable" in dropped.stdout


def test_a_run_that_has_ended_is_not_run_again(box: Sandbox) -> None:
    invoke(box, sample(box, "created-tags", fresh=True))
    box.idle()
    (run,) = box.runs()
    box.forget_calls()
    letter(box, "WorkflowDlq", json.dumps({"run": run}))
    assert "workflow: 1 sent" in redrive(box).stdout
    writes = [row["operation"] for row in box.calls(function="workflow")]
    assert box.runs() == [run]
    assert set(writes) <= {"UpdateItem", "PutItem", "CheckpointDurableExecution"}, writes


def test_a_run_that_never_began_begins(box: Sandbox) -> None:
    box.faults({"function": "workflow", "service": "dynamodb", "kind": "kill", "times": 4})
    invoke(box, sample(box, "created-tags", fresh=True))
    box.idle()
    box.faults()
    redrive(box)
    assert [run["ending"] for run in box.runs()] == ["done"]
