"""Nothing that could be used against us is in a log, a record or a message."""

import json

from tests.product.test_privileges import walk
from tests.world import Sandbox

SECRETS = ("secret-token", "scrypt$")


def test_no_log_message_or_record_holds_a_secret(box: Sandbox) -> None:
    walk(box)
    talk = box.talk()
    talk.intent("IsolateIntent", instance="web two")
    token = talk.attributes["token"]
    talk.yes()
    talk.intent("PinIntent", pin=box.ready["pin"])
    box.idle()
    logs = json.dumps(box.control("GET", "/logs"))
    assert len(logs) > 1000
    records = json.dumps(box.runs())
    messages = json.dumps(box.messages())
    people = (box.ready["responder"]["personId"], box.ready["responder"]["userId"])
    slack = json.dumps([one for one in box.messages() if one["channel"] == "slack"])
    for secret in (*SECRETS, token, box.ready["external_id"], "/slack"):
        assert secret not in logs, secret
        assert secret not in records, secret
        assert secret not in messages, secret
    for person in people:
        assert person not in logs
        assert person not in slack


def test_metrics_of_a_run_are_in_the_log(box: Sandbox) -> None:
    box.talk().intent("RunAssessmentIntent", group="web")
    box.idle()
    lines = [str(row["line"]) for row in box.control("GET", "/logs")["logs"]]
    found = [json.loads(line) for line in lines if '"RunsEnded"' in line]
    assert [(row["action"], row["ending"], row["RunsEnded"]) for row in found] == [
        ("assess", "done", [1.0])
    ]
