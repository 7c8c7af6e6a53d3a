"""What triggers what: one row a route. A row tells which events it takes and what they ask for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from skill.entity import FUNCTION, INSTANCE, ROLE, USER, parse
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
REASON = 500
# The kind of entity, the action that locks it, and the parameter that takes its ARN.
LOCKS = {
    INSTANCE: ("isolate", "instance"),
    USER: ("lock_principal", "principal"),
    ROLE: ("lock_principal", "principal"),
    FUNCTION: ("lock_function", "function"),
}


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
    reason: str = ""


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
    """The lockdown topic: message attributes Arn, ExternalId, and optional Action and Reason;
    Sessions=revoke also ends all older sessions of an instance's role.

    Raises BadRequest for an ARN of what Toban cannot contain: an unknown entity must fail.
    """
    message = record["Sns"]
    given = {name: row["Value"] for name, row in message["MessageAttributes"].items()}
    lock, slot = LOCKS[parse(given["Arn"]).kind]
    asked = given.get("Action", "lock")
    action = {"lock": lock, "release": "release"}.get(asked, asked)
    cut = action == "isolate" and given.get("Sessions") == "revoke"
    yield Wish(
        action,
        {slot: given["Arn"], **({"sessions": "revoke"} if cut else {})},
        message["TopicArn"],
        f"sns#{message['MessageId']}",
        "sns",
        given.get("ExternalId", ""),
        given.get("Reason", "")[:REASON],
    )


def schedule(event: Event) -> Iterator[Wish]:
    """The clock: everything that is contained is read again."""
    yield Wish("verify", {}, "schedule", f"schedule#{event['id']}", "schedule")


ROUTES = (
    Route("created-tags", ("aws.ec2", "AWS API Call via CloudTrail"), created_tags),
    Route("lockdown", ("aws:sns", "Notification"), lockdown),
    Route("verify", ("aws.events", "Scheduled Event"), schedule),
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
