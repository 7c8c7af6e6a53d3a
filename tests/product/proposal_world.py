"""Proposals of a running sandbox: made as the events function makes them, answered by its doors."""

import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from skill.aws import Aws
from skill.aws.client import PATIENT, Clients
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.model import Actor, Outcome, Request, Role
from skill.settings import Settings
from tests.world import Json, Sandbox

WHY: Json = {"title": "Backdoor:EC2/C&CActivity", "severity": 8.0}
OPERATOR = "arn:aws:iam::123456789012:user/operator"


def propose(
    box: Sandbox, name: str, action: str = "isolate", who: str = "guardduty", **more: Any
) -> Outcome:
    """A proposal about one instance, as an event makes it; `params` are others than its id."""
    params = more.pop("params", None) or {"instance": box.instance(name)["InstanceId"]}
    key = more.pop("key", f"{action}#{name}#{time.time_ns()}")
    request = Request(action, params, Actor("guardduty", who, Role.NONE), key)
    found = _engine(box).propose(request, Turn(), more.pop("why", WHY), **more)
    box.idle()
    return found


def _engine(box: Sandbox) -> Engine:
    made = box.aws("lambda").get_function_configuration(FunctionName="toban-events")
    region = box.ready["region"]
    ours = {
        "AWS_ENDPOINT_URL": box.ready["aws"],
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "AKIASOMEBODYUNKNOWN0",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    with patch.dict(os.environ, ours):
        clients = Clients(PATIENT, region)
        for service in ("ec2", "dynamodb", "lambda", "iam", "autoscaling", "elb", "elbv2"):
            clients(service)
        for service in ("inspector2", "ssm", "logs"):
            clients(service)
        return Engine(Aws(Settings.read(made["Environment"]["Variables"]), clients))


def press(box: Sandbox, run: str, button: str = "approve", user: str = "approver") -> Json:
    """Press a button; what Slack got, and what it shows."""
    found: Json = box.control("POST", "/press", {"run": run, "button": button, "user": user})
    assert found["status"] == 200, found
    return found


def shown(pressed: Json) -> str:
    """The one line that a press makes."""
    (one,) = pressed["shown"]
    return str(one["body"]["text"])


def run_of(box: Sandbox, run: str) -> Json:
    (found,) = [row for row in box.runs() if row["id"] == run]
    return found


def endings(box: Sandbox) -> list[tuple[str, str]]:
    return sorted((row["action"], row["ending"]) for row in box.runs())


def subjects(box: Sandbox) -> list[str]:
    """What the audit topic told, in order."""
    return [row["subject"] for row in box.messages() if row["channel"] == "mail"]


def posted(box: Sandbox) -> list[Json]:
    """The messages in Slack, without what was shown for a press."""
    rows = [row for row in box.messages() if row["channel"] == "slack"]
    return [row["body"] for row in rows if not {"replaces", "only_to"} & set(row)]


def payload(box: Sandbox, run: str, **changes: Any) -> Json:
    """A payload as Slack sends it, for what nobody's finger does."""
    action = {"action_id": "approve", "block_id": "proposal", "value": run, "type": "button"}
    return {
        "type": "block_actions",
        "user": {"id": box.ready["slack_users"]["approver"]},
        "message": {"blocks": []},
        "response_url": "https://hooks.slack.com/actions/T0/1/x",
        "actions": [action | {"action_ts": f"{time.time():.6f}"}],
        **changes,
    }


def send(box: Sandbox, body: bytes, method: str = "POST", **headers: str) -> int:
    """One raw request to the public URL; the status of its answer."""
    request = urllib.request.Request(  # noqa: S310 (our own URL)
        box.ready["slack_interactions"], data=body, method=method, headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code)


def signed(box: Sandbox, body: bytes, age: int = 0, secret: str = "") -> dict[str, str]:
    """The headers of a request that Slack signed so many seconds ago."""
    stamp = str(int(time.time()) - age)
    key = (secret or box.ready["slack_signing_secret"]).encode()
    digest = hmac.new(key, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def form(document: Any) -> bytes:
    return urlencode({"payload": json.dumps(document)}).encode()
