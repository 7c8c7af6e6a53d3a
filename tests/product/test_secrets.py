"""Nothing that could be used against us is in a log, a record or a message."""

import json

from tests.events_world import invoke, sample
from tests.product.proposal_world import form, payload, propose, send, signed
from tests.product.test_privileges import walk
from tests.world import Sandbox

FUNCTIONS = ("workflow", "events")
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


def test_nothing_of_slack_or_of_a_session_is_in_a_log(box: Sandbox) -> None:
    """Presses that are taken, refused and broken off; what signs or answers them stays unsaid."""
    made = propose(box, "batch-3")
    body = form(payload(box, made.run))
    headers = signed(box, body)
    send(box, body, **headers)
    send(box, body, **signed(box, body, secret="guess"))
    box.faults({"function": "slack", "service": "dynamodb", "kind": "deny"})
    broken = {"run": made.run, "button": "decline", "user": "approver"}
    assert box.control("POST", "/press", broken)["status"] == 200
    box.faults()
    box.idle()
    talk = box.talk()
    talk.intent("IsolateIntent", instance="web two")
    rows = box.control("GET", "/logs")["logs"]
    assert any("slack" in row["function"] for row in rows)
    client = box.aws("secretsmanager")
    names = [row["Name"] for row in client.list_secrets()["SecretList"]]
    values = [client.get_secret_value(SecretId=name)["SecretString"] for name in names]
    unsaid = {
        headers["X-Slack-Signature"],
        "hooks.slack.com/actions",
        "/slack/actions",
        talk.session,
    }
    unsaid |= {box.ready["slack_signing_secret"], talk.attributes["token"], *values}
    lines = json.dumps(rows)
    assert [one for one in unsaid if one in lines] == []
    assert box.ready["slack_signing_secret"] in values


def test_metrics_of_a_run_are_in_the_log(box: Sandbox) -> None:
    box.talk().intent("RunAssessmentIntent", group="web")
    box.idle()
    lines = [str(row["line"]) for row in box.control("GET", "/logs")["logs"]]
    found = [json.loads(line) for line in lines if '"RunsEnded"' in line]
    assert [(row["action"], row["ending"], row["RunsEnded"]) for row in found] == [
        ("assess", "done", [1.0])
    ]


def test_every_line_of_a_workflow_names_its_run_and_of_an_event_its_event(box: Sandbox) -> None:
    """Also a warning that something of it did not work, which is what somebody looks for."""
    box.faults({"function": "workflow", "service": "dynamodb", "kind": "deny", "params": "step#"})
    event = sample(box, "created-tags", fresh=True)
    invoke(box, event)
    box.idle()
    (run,) = box.runs()
    lines = [
        row for row in box.control("GET", "/logs")["logs"] if '"service":"toban"' in row["line"]
    ]
    told = {
        name: [json.loads(r["line"]) for r in lines if name in r["function"]] for name in FUNCTIONS
    }
    assert all(row["run"] == run["id"] for row in told["workflow"] if "action" in row)
    assert {row.get("event") for row in told["events"]} >= {event["id"]}
    assert run["id"] in {row.get("run") for row in told["events"]}


def test_every_line_of_a_press_names_the_run_that_was_pressed_for(box: Sandbox) -> None:
    made = propose(box, "batch-3")
    box.control("POST", "/press", {"run": made.run, "button": "decline", "user": "approver"})
    box.idle()
    lines = [row for row in box.control("GET", "/logs")["logs"] if "slack" in row["function"]]
    told = [json.loads(row["line"]) for row in lines if '"service":"toban"' in row["line"]]
    assert {row["run"] for row in told if row["message"] == "pressed"} == {made.run}
    assert all(row.get("run") for row in told)


def test_every_line_of_a_turn_names_its_request_and_its_run(box: Sandbox) -> None:
    """Also where a part of it failed: then somebody wants to know which turn it was."""
    box.faults({"function": "voice", "service": "dynamodb", "kind": "deny", "params": "visit#"})
    talk = box.talk()
    talk.launch()
    box.faults()
    talk.intent("RunAssessmentIntent", group="web")
    box.idle()
    (run,) = box.runs()
    lines = [row for row in box.control("GET", "/logs")["logs"] if "voice" in row["function"]]
    told = [json.loads(row["line"]) for row in lines if '"service":"toban"' in row["line"]]
    assert all(row.get("request") for row in told)
    turns = {row["intent"]: row["request"] for row in told if row["message"] == "turn"}
    assert set(turns) == {"LaunchRequest", "RunAssessmentIntent"}
    (denied,) = [row for row in told if row["level"] == "WARNING"]
    assert denied["request"] == turns["LaunchRequest"]
    (asked,) = [row for row in told if row.get("run") == run["id"]]
    assert asked["request"] == turns["RunAssessmentIntent"]
