"""What triggers what: one row a route. A row tells which events it takes and what they ask for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Wish:
    """One action that an event asks for. The same key is the same run, however often it is
    delivered.
    """

    action: str
    params: Facts
    principal: str
    key: str


@dataclass(frozen=True)
class Route:
    name: str
    source: str
    detail_type: str
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


ROUTES = (Route("created-tags", "aws.ec2", "AWS API Call via CloudTrail", created_tags),)


def wishes(event: Event) -> tuple[str, list[Wish]]:
    """The route that takes an event, and what it asks for. Raises BadRequest for a malformed
    event.
    """
    for route in ROUTES:
        if (event.get("source"), event.get("detail-type")) == (route.source, route.detail_type):
            try:
                return route.name, list(route.wishes(event))
            except (KeyError, TypeError, AttributeError) as error:
                raise BadRequest(event=route.name, detail=type(error).__name__) from error
    return "", []
