"""Proposals of a running sandbox: made by raw events, answered through its doors."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
import uuid
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.events_world import accounts, asking, invoke, name_of, sample
from tests.world import Json, Sandbox

OPERATOR = "arn:aws:iam::123456789012:user/operator"


STRANGER = "arn:aws:iam::123456789012:user/intern"
# The value of the request tag for each action.
TAGS = {"isolate": "isolate", "mark_suspicious": "suspicious", "patch": "patch"}


class Proposed(NamedTuple):
    """A proposal that waits, and the event that it was made of."""

    run: str
    event: Json


def propose(box: Sandbox, name: str, action: str = "isolate", who: str = "") -> Proposed:
    """A proposal about one instance: of GuardDuty to isolate it, else of who may not tag it."""
    if action == "isolate" and not who:
        return put(box, finding(box, name))
    return put(box, tagged(box, action, who or STRANGER, name))


def finding(box: Sandbox, name: str) -> Json:
    """A new finding of GuardDuty about an instance."""
    made = sample(box, "guardduty", name, fresh=True)
    made["detail"]["id"] = uuid.uuid4().hex
    return made


def tagged(box: Sandbox, action: str, who: str, *names: str) -> Json:
    """Somebody sets the request tag on some instances."""
    made = asking(sample(box, "created-tags", names[0], fresh=True), TAGS[action])
    made["detail"]["userIdentity"] = {"type": "IAMUser", "arn": who}
    rows = [{"resourceId": box.instance(name)["InstanceId"]} for name in names]
    made["detail"]["requestParameters"]["resourcesSet"]["items"] = rows
    return made


def put(box: Sandbox, event: Json) -> Proposed:
    """Send an event that is put to a person."""
    invoke(box, event)
    box.idle()
    (row,) = [one for one in accounts(box) if one["event"] == name_of(event)]
    assert row["outcome"] == "proposal", row
    return Proposed(row["runs"][0], event)


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
