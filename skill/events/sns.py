"""The lockdown topic: message attributes Arn, ExternalId, and optional Action and Reason."""

import re
from collections.abc import Iterator

from skill.entity import FUNCTION, INSTANCE, ROLE, USER, parse
from skill.errors import BadRequest
from skill.events.reading import REASON, Event, Wish, maybe, node, text
from skill.settings import Settings

# The kind of entity, the action that locks it, and the parameter that takes its ARN.
LOCKS = {
    INSTANCE: ("isolate", "instance"),
    USER: ("lock_principal", "principal"),
    ROLE: ("lock_principal", "principal"),
    FUNCTION: ("lock_function", "function"),
}
ACTIONS = ("lock", "release")
_TOPIC = re.compile(r"arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}", re.ASCII)


def lockdown(record: Event, _: Settings) -> Iterator[Wish]:
    """Locks or releases what `Arn` names; Sessions=revoke also ends all older sessions of an
    instance's role.

    Raises BadRequest for an ARN of what Toban cannot contain: an unknown entity must fail.
    """
    message = node(record, "Sns")
    given = {name: maybe(row, "Value") for name, row in _attributes(message).items()}
    arn = text(given, "Arn")
    lock, slot = LOCKS[parse(arn).kind]
    asked = given.get("Action") or "lock"
    if asked not in ACTIONS:
        raise BadRequest(action=asked[:100])
    action = lock if asked == "lock" else asked
    cut = action == "isolate" and given.get("Sessions") == "revoke"
    yield Wish(
        action,
        {slot: arn, **({"sessions": "revoke"} if cut else {})},
        _topic(message),
        f"sns#{text(message, 'MessageId')}",
        "sns",
        given.get("ExternalId", ""),
        given.get("Reason", "")[:REASON],
    )


def _topic(message: Event) -> str:
    """Who is told to have asked, so no text of somebody's own. Raises BadRequest."""
    found = text(message, "TopicArn")
    if not _TOPIC.fullmatch(found):
        raise BadRequest(malformed="TopicArn")
    return found


def _attributes(message: Event) -> Event:
    given = node(message, "MessageAttributes")
    if not isinstance(given, dict):
        raise BadRequest(malformed="MessageAttributes")
    return given
