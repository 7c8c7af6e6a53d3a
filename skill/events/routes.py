"""What triggers what: one row a route. A row tells which events it takes and what they ask for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from skill.errors import BadRequest
from skill.model import Facts

Event = dict[str, Any]
# The value of the request tag, the action it asks for, and whether several instances are one run.
TAG_ACTIONS = {
    "assess": ("assess", True),
    "patch": ("patch", True),
    "suspicious": ("mark_suspicious", False),
    "isolate": ("isolate", False),
    "release": ("release", False),
}
REQUEST_TAG = "Toban"
LOCKDOWN_ACTIONS = {"lock": "isolate", "release": "release"}


@dataclass(frozen=True)
class Wish:
    """One action that an event asks for. The same key is the same run, however often it comes.

    `secret` is what an SNS message shows instead of a principal; it is compared, never kept.
    """

    action: str
    params: Facts
    principal: str
    key: str
    door: str = "tag"
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Route:
    """`kind` is what an event shows of where it comes from: (source, detail-type)."""

    name: str
    kind: tuple[str, str]
    wishes: Callable[[Event], Iterator[Wish]]


def created_tags(event: Event) -> Iterator[Wish]:
    """CreateTags through CloudTrail: who did it is known, and one call may tag many instances."""
    detail = event["detail"]
    if detail.get("eventName") != "CreateTags" or detail.get("errorCode"):
        return
    parameters = detail["requestParameters"]
    value = _request_value(parameters)
    instances = [row["resourceId"] for row in parameters["resourcesSet"]["items"]]
    ids = sorted({one for one in instances if one.startswith("i-")})
    if value not in TAG_ACTIONS or not ids:
        return
    action, together = TAG_ACTIONS[value]
    principal = principal_of(detail["userIdentity"])
    key = detail.get("eventID") or event["id"]
    if together:
        yield Wish(action, {"instances": ids}, principal, f"tag#{key}#{action}")
        return
    for one in ids:
        yield Wish(action, {"instance": one}, principal, f"tag#{key}#{action}#{one}")


def _request_value(parameters: Event) -> str:
    for row in parameters["tagSet"]["items"]:
        if row.get("key") == REQUEST_TAG:
            return str(row.get("value", ""))
    return ""


def principal_of(identity: Event) -> str:
    """The ARN that a listed pattern is compared with: of a session, the role's own ARN."""
    issuer = identity.get("sessionContext", {}).get("sessionIssuer", {}).get("arn")
    return str(issuer or identity.get("arn") or "")


def lockdown(record: Event) -> Iterator[Wish]:
    """The lockdown topic: message attributes Arn, ExternalId, and optional Action and Reason."""
    message = record["Sns"]
    given = {name: row["Value"] for name, row in message["MessageAttributes"].items()}
    action = LOCKDOWN_ACTIONS.get(given.get("Action", "lock"), given.get("Action", ""))
    yield Wish(
        action,
        {"instance": entity(given["Arn"])},
        message["TopicArn"],
        f"sns#{message['MessageId']}",
        "sns",
        given.get("ExternalId", ""),
    )


def entity(arn: str) -> str:
    """The instance that an ARN names. Raises BadRequest for what Toban cannot contain."""
    parts = arn.split(":", 5)
    resource = parts[5] if len(parts) == 6 else ""
    if parts[0] != "arn" or parts[2:3] != ["ec2"] or not resource.startswith("instance/"):
        raise BadRequest(entity=arn[:200])
    return resource.rpartition("/")[2]


ROUTES = (
    Route("created-tags", ("aws.ec2", "AWS API Call via CloudTrail"), created_tags),
    Route("lockdown", ("aws:sns", "Notification"), lockdown),
)


def wishes(event: Event) -> tuple[str, list[Wish]]:
    """The route that takes an event, and what it asks for. Raises BadRequest."""
    name = ""
    asked: list[Wish] = []
    for record in event.get("Records") or [event]:
        for route in ROUTES:
            if _kind(record) == route.kind:
                name, asked = route.name, [*asked, *_read(route, record)]
    return name, asked


def _kind(record: Event) -> tuple[str, str]:
    if record.get("EventSource") == "aws:sns":
        return "aws:sns", str(record.get("Sns", {}).get("Type", "Notification"))
    return str(record.get("source")), str(record.get("detail-type"))


def _read(route: Route, record: Event) -> list[Wish]:
    try:
        return list(route.wishes(record))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest(event=route.name, detail=type(error).__name__) from error
