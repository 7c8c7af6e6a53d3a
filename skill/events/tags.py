"""Request tags as events: who set one, on what, and what it asks for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from skill.actions import _locks
from skill.engine import policy
from skill.entity import INSTANCE, ROLE, parse
from skill.errors import BadRequest
from skill.events import place
from skill.events.reading import (
    Event,
    Ignored,
    Mode,
    Tag,
    Wish,
    maybe,
    name_of,
    node,
    number,
    rows,
    text,
    when,
)
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
MOST_VERSIONS, MOST_ID = 2**53, 200
_INSTANCE = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")


def created_tags(event: Event, settings: Settings) -> Iterator[Wish]:
    """CreateTags through CloudTrail: who did it is known, and one call may tag many instances."""
    detail = _succeeded(event, settings)
    given = node(detail, "requestParameters")
    value = _value(rows(given, "tagSet", "items"))
    ids = [text(row, "resourceId") for row in rows(given, "resourcesSet", "items")]
    return _asked(event, settings, value, ids)


def run_instances(event: Event, settings: Settings) -> Iterator[Wish]:
    """RunInstances through CloudTrail: a launch may set tags, and then there is no CreateTags."""
    detail = _succeeded(event, settings)
    given = maybe_rows(node(detail, "requestParameters"), "tagSpecificationSet", "items")
    tags = [
        tag
        for row in given
        if maybe(row, "resourceType") == "instance"
        for tag in maybe_rows(row, "tags")
    ]
    value = _value(tags)
    launched = rows(detail, "responseElements", "instancesSet", "items")
    return _asked(event, settings, value, [text(row, "instanceId") for row in launched], True)


def maybe_rows(event: Event, *path: str) -> list[Event]:
    """The objects of a list that need not be there."""
    try:
        node(event, *path)
    except BadRequest:
        return []
    return list(rows(event, *path))


def _succeeded(event: Event, settings: Settings) -> Event:
    """The detail of a call that went through, and was not our own."""
    detail: Event = node(event, "detail")
    if detail.get("errorCode") is not None:
        raise Ignored("failed-call")
    if _is_ours(settings, principal_of(node(detail, "userIdentity"))):
        raise Ignored("own-call")
    if any(_is_left_out(detail.get(part)) for part in ("requestParameters", "responseElements")):
        raise Ignored("left-out")
    return detail


def _is_left_out(part: Any) -> bool:
    """CloudTrail leaves out what is larger than 100 KB, as that of a launch of very many is. Each
    instance then has its nameless event alone.
    """
    return isinstance(part, dict) and part.get("omitted") is True


def _is_ours(settings: Settings, principal: str) -> bool:
    """Whether one of our own roles did it: what we do asks nothing of us."""
    try:
        who = parse(principal)
    except BadRequest:
        return False
    return who.kind == ROLE and _locks.our_role(settings, who.id)


def _value(tags: Iterable[Event]) -> str:
    """What the request tag asks for. Raises Ignored for no such tag, and for no such request."""
    values = [maybe(row, "value") for row in tags if maybe(row, "key") == REQUEST_TAG]
    if not values:
        raise Ignored("no-request-tag")
    if values[0] not in TAG_ACTIONS:
        raise Ignored("no-request")
    return values[0]


def _asked(
    event: Event, settings: Settings, value: str, ids: list[str], launched: bool = False
) -> Iterator[Wish]:
    """A listed principal's request is done; anybody else's is put to a person."""
    there = place.of(event, settings)
    found = sorted({one for one in ids if _INSTANCE.fullmatch(one)})
    instances = [there.instance(settings, one) for one in found]
    if not instances:
        raise Ignored("no-instance")
    wish = _wish(event, settings, there, value)
    tag = Tag(tuple(instances), when(event, "detail.eventTime", "time"), launched)
    if TAG_ACTIONS[value][1]:
        yield replace(wish, params={"instances": instances}, tag=tag)
        return
    if len(instances) > settings.request_cap:
        raise BadRequest(too_many=len(instances))
    for one in instances:
        own = replace(tag, instances=(one,))
        yield replace(wish, params={"instance": one}, key=f"{wish.key}#{one}", tag=own)


def _wish(event: Event, settings: Settings, there: place.Place, value: str) -> Wish:
    """What a request tag asks for and who set it, for instances that are still to be named."""
    detail = node(event, "detail")
    principal = principal_of(node(detail, "userIdentity"))
    action, _ = TAG_ACTIONS[value]
    known = policy.listed(settings, principal, there.account)
    return Wish(
        action,
        {},
        principal,
        f"tag#{there.key}{maybe(detail, 'eventID')[:MOST_ID] or name_of(event)}#{action}",
        mode=Mode.ACT if known else Mode.PROPOSE,
        why={
            "tag": f"{REQUEST_TAG}={value}",
            "by": principal or _unnamed(node(detail, "userIdentity")),
            "from": maybe(detail, "sourceIPAddress"),
        },
    )


def tag_change(event: Event, settings: Settings) -> Iterator[Wish]:
    """Tag Change on Resource: the tags as they are now, and nobody's name.

    As a rule CloudTrail tells of the same change by name; if it does not, a person is asked.
    """
    detail = node(event, "detail")
    if (maybe(detail, "service"), maybe(detail, "resource-type")) != ("ec2", "instance"):
        raise Ignored("other-resource")
    instance = _instance(event, settings)
    changed, tags = node(detail, "changed-tag-keys"), node(detail, "tags")
    if not isinstance(changed, list) or not isinstance(tags, dict):
        raise BadRequest(malformed="tags")
    if REQUEST_TAG not in changed:
        raise Ignored("no-request-tag")
    value, version = maybe(tags, REQUEST_TAG), int(number(detail, "version", most=MOST_VERSIONS))
    if not version:
        raise BadRequest(malformed="version")
    tag = Tag((instance,), when(event, "time"), version=version)
    if value not in TAG_ACTIONS:
        raise Ignored("no-request" if value else "removed", tag=tag)
    action, together = TAG_ACTIONS[value]
    params = {"instances": [instance]} if together else {"instance": instance}
    key = f"tag-change#{instance}#{version}#{action}"
    why = {"tag": f"{REQUEST_TAG}={value}"}
    yield Wish(action, params, "", key, mode=Mode.PROPOSE, why=why, tag=tag)


def _instance(event: Event, settings: Settings) -> str:
    """The one resource of an event, which must be an instance of where the event is from."""
    found = node(event, "resources")
    arn = found[0] if isinstance(found, list) and len(found) == 1 else None
    one = parse(arn) if isinstance(arn, str) else None
    if one is None or one.kind != INSTANCE or not _INSTANCE.fullmatch(one.id):
        raise BadRequest(malformed="resources")
    there = place.of(event, settings)
    if (one.account, one.region) != (there.account, there.region):
        raise BadRequest(malformed="resources")
    return there.instance(settings, one.id)


def principal_of(identity: Event) -> str:
    """The ARN that a listed pattern is compared with: of a session of a role, the role's own ARN.

    A federated user is not the user who let them in. Services, other accounts' principals and those
    of Identity Center have no ARN here, and so can be listed by none.
    """
    if not isinstance(identity, dict):
        raise BadRequest(malformed="userIdentity")
    issuer = maybe(identity, "sessionContext", "sessionIssuer", "arn")
    federated = maybe(identity, "type") == "FederatedUser"
    return maybe(identity, "arn") if federated else issuer or maybe(identity, "arn")


def _unnamed(identity: Event) -> str:
    """What CloudTrail tells of somebody without an ARN: the kind, and the best of its names."""
    names = ("invokedBy", "userName", "accountId", "principalId")
    name = next(filter(None, (maybe(identity, one) for one in names)), "")
    return f"{maybe(identity, 'type')} {name}".strip()[:MOST_ID]
