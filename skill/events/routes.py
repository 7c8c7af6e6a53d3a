"""What triggers what: one row a route. A row tells which events it takes and who reads them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from skill.errors import BadRequest
from skill.events import place
from skill.events.alarms import alarm
from skill.events.clock import digest, schedule
from skill.events.commands import automation_status, command_status
from skill.events.findings import inspector_finding
from skill.events.guardduty import guardduty
from skill.events.reading import Event, Ignored, Tag, Wish
from skill.events.sns import lockdown
from skill.events.tags import created_tags, run_instances, tag_change
from skill.model import Facts
from skill.settings import Settings


@dataclass(frozen=True)
class Route:
    """`kind` is what an event shows of where it comes from: (source, detail-type). `rule` is part
    of a rule's name: of several schedules each has its own. `call` is the API call that it records.
    `home` is for what only home's own events may ask.

    `read` gives what the event asks for. Raises Ignored, and BadRequest for what makes no sense.
    """

    name: str
    kind: tuple[str, str]
    read: Callable[[Event, Settings], Iterator[Wish]]
    rule: str = ""
    call: str = ""
    home: bool = False

    def takes(self, record: Event) -> bool:
        """Whether an event is for this route."""
        named = not self.rule or self.rule in str(record.get("resources"))
        return named and self.call in ("", _call(record)) and self.kind == _kind(record)


@dataclass(frozen=True)
class Reading:
    """One event as read: what it asks for, or why it asks for nothing."""

    route: str = ""
    wishes: tuple[Wish, ...] = ()
    ignored: str = ""
    error: BadRequest | None = None
    why: Facts = field(default_factory=dict)
    tag: Tag | None = None


CHANGED = "Status-change Notification"
CLOUDTRAIL = ("aws.ec2", "AWS API Call via CloudTrail")
ROUTES = (
    Route("created-tags", CLOUDTRAIL, created_tags, call="CreateTags"),
    Route("run-instances", CLOUDTRAIL, run_instances, call="RunInstances"),
    Route("tag-change", ("aws.tag", "Tag Change on Resource"), tag_change),
    Route("inspector-finding", ("aws.inspector2", "Inspector2 Finding"), inspector_finding),
    Route("command-status", ("aws.ssm", f"EC2 Command {CHANGED}"), command_status),
    Route(
        "automation-status", ("aws.ssm", f"EC2 Automation Execution {CHANGED}"), automation_status
    ),
    Route("guardduty", ("aws.guardduty", "GuardDuty Finding"), guardduty),
    Route("lockdown", ("aws:sns", "Notification"), lockdown),
    Route("digest", ("aws.events", "Scheduled Event"), digest, "DigestSchedule", home=True),
    Route("alarm", ("aws.cloudwatch", "CloudWatch Alarm State Change"), alarm, home=True),
    Route("verify", ("aws.events", "Scheduled Event"), schedule, home=True),
)


def records(event: Any) -> list[Any]:
    """The events of one invocation: SNS hands over a batch, EventBridge one."""
    batch = event.get("Records") if isinstance(event, dict) else None
    return batch if isinstance(batch, list) and batch else [event]


def read(record: Any, settings: Settings) -> Reading:
    """What one event asks for. Never raises: what cannot be read today cannot be read tomorrow."""
    if not isinstance(record, dict):
        return Reading(ignored="malformed")
    route = next((each for each in ROUTES if each.takes(record)), None)
    if route is None:
        return Reading(ignored="unknown")
    try:
        place.admit(record, settings, route.home)
        asked = tuple(route.read(record, settings))
        return Reading(route.name, asked, tag=asked[0].tag if asked else None)
    except Ignored as none:
        return Reading(route.name, ignored=none.reason, why=none.why, tag=none.tag)
    except BadRequest as error:
        return Reading(route.name, ignored="malformed", error=error)


def _call(record: Event) -> str:
    detail = record.get("detail")
    return str(detail.get("eventName")) if isinstance(detail, dict) else ""


def _kind(record: Event) -> tuple[str, str]:
    if record.get("EventSource") == "aws:sns":
        sns = record.get("Sns")
        return "aws:sns", str(sns.get("Type", "Notification") if isinstance(sns, dict) else "")
    return str(record.get("source")), str(record.get("detail-type"))
