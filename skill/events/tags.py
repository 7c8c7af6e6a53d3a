"""Request tags as events: who set one, on what, and what it asks for."""

import re
from collections.abc import Iterator

from skill.engine import policy
from skill.errors import BadRequest
from skill.events.reading import Event, Ignored, Mode, Wish, maybe, node, rows, text
from skill.settings import Settings

# The value of the request tag, the action it asks for, and whether several instances are one run.
TAG_ACTIONS = {
    "assess": ("assess", True),
    "patch": ("patch", True),
    "suspicious": ("mark_suspicious", False),
    "isolate": ("isolate", False),
    "release": ("release", False),
}
REQUEST_TAG = "Toban"
_INSTANCE = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")


def created_tags(event: Event, settings: Settings) -> Iterator[Wish]:
    """CreateTags through CloudTrail: who did it is known, and one call may tag many instances."""
    detail = _succeeded(event, "CreateTags")
    given = node(detail, "requestParameters")
    value = _value(rows(given, "tagSet", "items"))
    ids = [text(row, "resourceId") for row in rows(given, "resourcesSet", "items")]
    return _asked(event, settings, value, ids)


def _succeeded(event: Event, name: str) -> Event:
    """The detail of a call that went through."""
    detail: Event = node(event, "detail")
    if text(detail, "eventName") != name:
        raise Ignored("other-call")
    if detail.get("errorCode") is not None:
        raise Ignored("failed-call")
    return detail


def _value(tags: Iterator[Event]) -> str:
    """What the request tag asks for. Raises Ignored for no such tag, and for no such request."""
    values = [maybe(row, "value") for row in tags if maybe(row, "key") == REQUEST_TAG]
    if not values:
        raise Ignored("no-request-tag")
    if values[0] not in TAG_ACTIONS:
        raise Ignored("no-request")
    return values[0]


def _asked(event: Event, settings: Settings, value: str, ids: list[str]) -> Iterator[Wish]:
    """A listed principal's request is done; anybody else's is put to a person."""
    instances = sorted({one for one in ids if _INSTANCE.fullmatch(one)})
    if not instances:
        raise Ignored("no-instance")
    principal = principal_of(node(event, "detail", "userIdentity"))
    action, together = TAG_ACTIONS[value]
    key = f"tag#{maybe(event, 'detail', 'eventID') or text(event, 'id')}#{action}"
    mode = Mode.ACT if policy.listed(settings, principal) else Mode.PROPOSE
    if together:
        yield Wish(action, {"instances": instances}, principal, key, mode=mode)
        return
    for one in instances:
        yield Wish(action, {"instance": one}, principal, f"{key}#{one}", mode=mode)


def principal_of(identity: Event) -> str:
    """The ARN that a listed pattern is compared with: of a session, the role's own ARN."""
    if not isinstance(identity, dict):
        raise BadRequest(malformed="userIdentity")
    issuer = maybe(identity, "sessionContext", "sessionIssuer", "arn")
    return issuer or maybe(identity, "arn")
