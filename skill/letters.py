"""Dead letters: what a message in a dead-letter queue was, why it was given up, and how it goes on.

Three senders, three forms: Lambda's failure destination wraps the event in a record of the
invocation; a rule or a durable function's queue keeps the event as it was, with the reason in the
message's attributes; a topic keeps its own notification.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html,
https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
UNREADABLE = "unreadable"
_CODES = ("ERROR_CODE", "ErrorCode")
_MESSAGES = ("ERROR_MESSAGE", "ErrorMessage")


@dataclass(frozen=True)
class Letter:
    """`what` it was (a source and a kind, or an action), `why` it was given up, both foreign text.

    `event` is what the function gets when it is sent again; None if the body is no JSON object.
    """

    id: str
    what: str
    why: str
    event: Json | None = field(repr=False)

    @property
    def run(self) -> str:
        """The run that a letter of the workflow's queue asked for."""
        return _text(_object(self.event, "run"), "id")


def read(id: str, body: str, attributes: Mapping[str, str]) -> Letter:  # noqa: A002 - SQS's word
    """A letter from a message's id, body and attributes. Never raises, whatever they hold."""
    found = _parse(body)
    if found is None:
        return Letter(id, UNREADABLE, _why(attributes), None)
    if "requestPayload" in found and "requestContext" in found:
        return _of_destination(id, found)
    event = _of_topic(found) if found.get("Type") == "Notification" else found
    return Letter(id, _what(event), _why(attributes), event)


def _of_destination(id: str, record: Json) -> Letter:  # noqa: A002
    payload, answer = record["requestPayload"], _object(record, "responsePayload")
    event = payload if isinstance(payload, dict) else None
    condition = _text(_object(record, "requestContext"), "condition")
    error = ": ".join(
        part for part in (_text(answer, "errorType"), _text(answer, "errorMessage")) if part
    )
    return Letter(id, _what(event), error or condition, event)


def _of_topic(notification: Json) -> Json:
    """The event that Lambda makes of a topic's notification."""
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": notification}]}


def _what(event: Json | None) -> str:
    """A run's action, a topic's name, or an event's source and kind."""
    if event is None:
        return UNREADABLE
    if action := _text(_object(event, "run"), "action"):
        return action
    records = event.get("Records")
    first = records[0] if isinstance(records, list) and records else {}
    if topic := _text(_object(first, "Sns"), "TopicArn"):
        return topic.rpartition(":")[2]
    kinds = [_text(event, "source"), _text(event, "detail-type")]
    return " ".join(part for part in kinds if part) or next(iter(event), UNREADABLE)


def _why(attributes: Mapping[str, str]) -> str:
    """ "<code>: <message>" as far as the sender told it."""
    code = next((attributes[name] for name in _CODES if name in attributes), "")
    said = next((attributes[name] for name in _MESSAGES if name in attributes), "")
    return ": ".join(part for part in (code, said) if part)


def _parse(body: str) -> Json | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _object(value: Any, name: str) -> Json:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: Json, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""
