"""Tickets: one OpsItem for a case, from its first run to the one that ends it, and the tracker."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from skill.aws.tracker import signature
from tests.findings_world import event, later
from tests.world import Json, Sandbox

SECRET, KEY = "toban/tickets", "only the tracker knows"


class Tracker(HTTPServer):
    """Another tracker: answers 500 as often as it is told to, and keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[tuple[Json, bytes]] = []
        self.broken = 0
        super().__init__(("127.0.0.1", 0), _Taker)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def told(self) -> list[Json]:
        return [json.loads(body) for _, body in self.taken]


class _Taker(BaseHTTPRequestHandler):
    server: Tracker

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        works = not self.server.broken
        self.server.broken -= not works
        if works:
            self.server.taken.append((dict(self.headers), body))
        self.send_response(200 if works else 500)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def tracked() -> Iterator[Sandbox]:
    box = Sandbox(("--set", f"TicketWebhookSecret={SECRET}")).start()
    yield box
    box.stop()


@pytest.fixture
def tracker(tracked: Sandbox) -> Iterator[Tracker]:
    tracked.reset()
    server = Tracker()
    value = json.dumps({"url": server.url, "key": KEY})
    tracked.aws("secretsmanager").create_secret(Name=SECRET, SecretString=value)
    yield server
    server.shutdown()
    server.server_close()


def contain(box: Sandbox, name: str) -> None:
    """Lock a user, since that takes few calls: its ticket is as that of an instance."""
    box.aws("iam").create_user(UserName=name)
    publish(box, f"arn:aws:iam::{box.ready['account']}:user/{name}")


def lock(box: Sandbox, name: str, action: str = "lock") -> None:
    home = f"{box.ready['region']}:{box.ready['account']}"
    publish(box, f"arn:aws:ec2:{home}:instance/{box.instance(name)['InstanceId']}", action)


def publish(box: Sandbox, arn: str, action: str = "lock") -> None:
    given = {"Arn": arn, "ExternalId": box.ready["external_id"], "Action": action}
    box.aws("sns").publish(
        TopicArn=box.ready["lockdown_topic"],
        Message="-",
        MessageAttributes={k: {"DataType": "String", "StringValue": v} for k, v in given.items()},
    )
    box.idle()


def items(box: Sandbox) -> list[Json]:
    """Every OpsItem whole, oldest first."""
    found = box.aws("ssm").describe_ops_items()["OpsItemSummaries"]
    ids = [row["OpsItemId"] for row in reversed(found)]
    return [box.aws("ssm").get_ops_item(OpsItemId=one)["OpsItem"] for one in ids]


def runs_of(item: Json) -> list[str]:
    return str(item["OperationalData"]["runs"]["Value"]).split(", ")


def test_a_containment_is_one_ticket_until_its_release(tracked: Sandbox, tracker: Tracker) -> None:
    lock(tracked, "batch-3")
    (item,) = items(tracked)
    assert (item["Status"], item["Source"], item["Category"]) == ("InProgress", "Toban", "Security")
    assert "batch-3" in item["Title"]
    instance = tracked.instance("batch-3")["InstanceId"]
    assert instance in item["OperationalData"]["/aws/resources"]["Value"]

    lock(tracked, "batch-3", "release")
    (item,) = items(tracked)
    assert item["Status"] == "Resolved"
    assert runs_of(item) == [run["id"] for run in tracked.runs()]
    assert all(run["id"] in item["Description"] for run in tracked.runs())
    assert [(one["event"], one["status"]) for one in tracker.told()] == [
        ("opened", "InProgress"),
        ("resolved", "Resolved"),
    ]

    lock(tracked, "batch-3")
    assert [one["Status"] for one in items(tracked)] == ["Resolved", "InProgress"]


def test_what_failed_is_a_ticket_until_it_is_done(tracked: Sandbox, tracker: Tracker) -> None:
    tracked.faults({"function": "workflow", "service": "ec2", "kind": "deny"})
    tracked.tag("batch-3", "suspicious")
    tracked.idle()
    tracked.faults()
    assert [run["ending"] for run in tracked.runs()] == ["failed"]
    (item,) = items(tracked)
    assert (item["Status"], "failed on batch-3" in item["Title"]) == ("Open", True)
    tracked.tag("batch-3", "suspicious")
    tracked.idle()
    assert [one["Status"] for one in items(tracked)] == ["Resolved"]
    assert [one["event"] for one in tracker.told()] == ["opened", "resolved"]


def test_a_vulnerability_is_a_ticket_until_its_fix_is_verified(
    tracked: Sandbox, tracker: Tracker
) -> None:
    made = [event(tracked, "CVE-2099-5", on) for on in ("batch-1", "batch-3")]
    for one in made:
        tracked.control("POST", "/events", one)
    tracked.idle()
    (item,) = items(tracked)
    assert item["Status"] in ("Open", "InProgress")
    assert "CVE-2099-5" in item["Title"]
    for one, status in zip(made, ("InProgress", "Resolved"), strict=True):
        tracked.control("POST", "/events", later(one, 60, status="CLOSED"))
        tracked.idle()
        assert [row["Status"] for row in items(tracked)] == [status]
    assert set(runs_of(items(tracked)[0])) == {run["id"] for run in tracked.runs()}


@pytest.mark.parametrize("kind", ["deny", "throttle", "error"])
def test_a_ticket_that_fails_fails_no_run_and_is_recorded(
    tracked: Sandbox, tracker: Tracker, kind: str
) -> None:
    tracked.faults({"service": "ssm", "operation": "CreateOpsItem", "kind": kind})
    contain(tracked, "dora")
    (run,) = tracked.runs()
    assert (run["ending"], items(tracked), tracker.told()) == ("done", [], [])
    noted = json.dumps(steps(tracked, run["id"]))
    assert "CreateOpsItem" in noted


def steps(box: Sandbox, run: str) -> list[Json]:
    there = box.aws("dynamodb")
    table = next(n for n in there.list_tables()["TableNames"] if "Toban" in n)
    rows = there.scan(TableName=table)["Items"]
    mine = [row for row in rows if row["pk"]["S"] == f"run#{run}" and "step#" in row["sk"]["S"]]
    return [json.loads(row["doc"]["S"]) for row in mine]


@pytest.mark.parametrize("operation", ["CreateOpsItem", "UpdateOpsItem"])
def test_a_workflow_that_is_killed_opens_no_second_ticket(
    tracked: Sandbox, tracker: Tracker, operation: str
) -> None:
    tracked.faults({"service": "ssm", "operation": operation, "kind": "kill", "times": 1})
    contain(tracked, "dora")
    assert [one["Status"] for one in items(tracked)] == ["InProgress"]


@pytest.mark.parametrize("params", ["tracker", "ticket#"])
def test_a_workflow_that_is_killed_tells_the_tracker_all_the_same(
    tracked: Sandbox, tracker: Tracker, params: str
) -> None:
    """Killed while it tells the tracker, or when it has told it: perhaps told twice of one case."""
    write = {"service": "dynamodb", "params": params, "kind": "kill", "times": 1}
    operation = "UpdateItem" if params == "tracker" else "PutItem"
    tracked.faults({"function": "workflow", "operation": operation, **write})
    contain(tracked, "dora")
    assert {(one["event"], one["status"]) for one in tracker.told()} == {("opened", "InProgress")}
    assert len({one["case"] for one in tracker.told()}) == 1


def test_the_tracker_gets_it_signed_and_when_it_is_up_again(
    tracked: Sandbox, tracker: Tracker
) -> None:
    tracker.broken = 3
    contain(tracked, "dora")
    ((headers, body),) = tracker.taken
    told = json.loads(body)
    assert told["opsitem"] == items(tracked)[0]["OpsItemId"]
    assert told["runs"] == [tracked.runs()[0]["id"]]
    stamp = headers["X-Toban-Timestamp"]
    assert headers["X-Toban-Signature"] == signature(KEY, stamp, body)
    assert signature("another key", stamp, body) != signature(KEY, stamp, body)
    assert KEY not in json.dumps([told, headers])


def test_a_webhook_without_encryption_is_never_called(tracked: Sandbox, tracker: Tracker) -> None:
    value = json.dumps({"url": "http://tracker.example/hook", "key": KEY})
    tracked.aws("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=value)
    contain(tracked, "dora")
    assert [run["ending"] for run in tracked.runs()] == ["done"]
    mails = [one for one in tracked.messages() if "not sent to tracker" in str(one)]
    assert len(mails) == 2  # the audit topic, and Slack
