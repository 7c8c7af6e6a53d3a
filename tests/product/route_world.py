"""One event of every route that asks for something, and an instance for each, so that none is in
another's way.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from itertools import count

from tests.events_world import asking, item, sample
from tests.world import Json, Sandbox

Make = Callable[[Sandbox], Json]
VERSIONS = count(4)
SECONDS = 20


def created_tags(box: Sandbox) -> Json:
    """Marking can be asked for over and over."""
    return asking(sample(box, "created-tags", "batch-1", fresh=True), "suspicious")


def run_instances(box: Sandbox) -> Json:
    return sample(box, "run-instances", "batch-2", fresh=True)


def tag_change(box: Sandbox) -> Json:
    """A later state of the tags each time."""
    made = asking(sample(box, "tag-change", "batch-3", fresh=True), "suspicious")
    made["detail"]["version"] = next(VERSIONS)
    return made


def guardduty(box: Sandbox) -> Json:
    made = sample(box, "guardduty", "web-1", fresh=True)
    made["detail"]["id"] = uuid.uuid4().hex
    return made


def lockdown(box: Sandbox) -> Json:
    return sample(box, "lockdown", "web-2", fresh=True)


def inspector_finding(box: Sandbox) -> Json:
    """A finding that nobody has told of."""
    made = sample(box, "inspector-finding", "web-3", fresh=True)
    made["detail"]["findingArn"] = made["detail"]["findingArn"][:-32] + uuid.uuid4().hex
    return made


def alarm(box: Sandbox) -> Json:
    """An alarm by itself: no letters wait in its queue."""
    made = sample(box, "alarm", fresh=True)
    made["detail"]["alarmName"] = f"toban-Alarm-{made['id'][:8]}"
    return made


def command_status(box: Sandbox) -> Json:
    """The end of a command that a run waits for, while its first look at it takes a while."""
    slow = {"function": "workflow", "operation": "ListCommandInvocations", "kind": "hang"}
    box.faults({**slow, "seconds": 4, "times": 1})
    talk = box.talk()
    talk.intent("PatchIntent", instance="web four")
    talk.yes()
    made = sample(box, "command-status", fresh=True)
    made["detail"]["command-id"] = awaited(box)
    return made


def awaited(box: Sandbox) -> str:
    """The command that a run has begun to wait for."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for row in box.aws("ssm").list_commands()["Commands"]:
            if item(box, f"wake#command#{row['CommandId']}", "watch"):
                return str(row["CommandId"])
        time.sleep(0.05)
    raise AssertionError("no run waits for a command")


def plain(route: str) -> Make:
    return lambda box: sample(box, route, fresh=True)


MADE: Mapping[str, Make] = {
    "created-tags": created_tags,
    "run-instances": run_instances,
    "tag-change": tag_change,
    "guardduty": guardduty,
    "lockdown": lockdown,
    "inspector-finding": inspector_finding,
    "alarm": alarm,
    "command-status": command_status,
    "automation-status": plain("automation-status"),
    "digest": plain("digest"),
    "verify": plain("verify"),
}
