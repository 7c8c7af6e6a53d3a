"""Findings as Inspector's events tell them, and what Slack was told of them."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.events_world import sample
from tests.world import Json, Sandbox

PATCHED = "CVE-2022-37434"


def event(box: Sandbox, cve: str = "", on: str = "batch-1", **detail: Any) -> Json:
    """An event like the documented one: another finding, on an instance of the box."""
    made = sample(box, "inspector-finding", on, fresh=True)
    made["detail"]["findingArn"] = arn(box, f"{cve}/{on}")
    made["detail"]["resources"][0]["tags"]["Name"] = on
    if cve:
        made["detail"]["title"] = f"{cve} - openssh-server"
        made["detail"]["packageVulnerabilityDetails"]["vulnerabilityId"] = cve
    made["detail"] |= detail
    return made


def arn(box: Sandbox, text: str) -> str:
    ready = box.ready
    digest = uuid.uuid5(uuid.NAMESPACE_URL, text).hex
    return f"arn:aws:inspector2:{ready['region']}:{ready['account']}:finding/{digest}"


def later(made: Json, minutes: int, **detail: Any) -> Json:
    """News of the same finding, so much later by Inspector's clock."""
    made = json.loads(json.dumps(made))
    made["id"] = str(uuid.uuid4())
    form = "%a %b %d %H:%M:%S.%f UTC %Y"
    was = datetime.strptime(made["detail"]["updatedAt"], form).replace(tzinfo=UTC)
    now = was + timedelta(minutes=minutes)
    made["detail"] |= {"updatedAt": f"{now:%a %b %d %H:%M:%S}.000 UTC {now:%Y}", **detail}
    return made


def finding(box: Sandbox, on: str, **more: Any) -> Json:
    """A finding for PUT /world whose patch the default world has for its Ubuntu instances."""
    package = {
        "name": "zlib1g",
        "version": "1:1.2.11",
        "fixedInVersion": "1:1.2.11.dfsg-2ubuntu9.2",
        "packageManager": "OS",
    }
    details = {"vulnerabilityId": PATCHED, "vulnerablePackages": [package]}
    return {
        "severity": "CRITICAL",
        "inspectorScore": 9.8,
        "fixAvailable": "YES",
        "exploitAvailable": "YES",
        "title": f"{PATCHED} - zlib1g",
        "packageVulnerabilityDetails": details,
        "resources": [{"id": box.instance(on)["InstanceId"]}],
        **more,
    }


def told(box: Sandbox, mark: str = "") -> list[str]:
    """The texts of Slack's messages about findings, each with all of its sections."""
    bodies = [row["body"] for row in box.messages() if row["channel"] == "slack"]
    texts = [text_of(body) for body in bodies]
    return [one for one in texts if one[:1] in (mark or "🔎✅🗑🔕⚠")]


def text_of(body: Json) -> str:
    """All that a message says, section by section."""
    parts = [block["text"]["text"] for block in body["blocks"] if "text" in block]
    return "\n\n".join(parts)


def part(message: str, about: str) -> str:
    """The one section of a message that is about something."""
    (found,) = [one for one in message.split("\n\n") if about in one]
    return found
