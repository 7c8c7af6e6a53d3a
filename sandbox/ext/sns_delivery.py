"""SNS, which moto delivers at once and without retries: publications go to `SUBSCRIBERS`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sns.exceptions import InvalidParameterValue
from moto.sns.models import Topic

from sandbox.delivery.overrides import override


@dataclass(frozen=True)
class Publication:
    """One published message. `message` is the protocol's own where MessageStructure is json."""

    topic_arn: str
    message_id: str
    message: str
    subject: str | None
    attributes: dict[str, dict[str, Any]]
    group: str | None = None


SUBSCRIBERS: list[Callable[[Any, Publication], None]] = []
"""Who takes (moto's subscription, publication); called with the moto lock held, must not block."""


def install() -> None:
    """Replace `Topic.publish`; assigning twice changes nothing."""
    override(Topic, "publish", _publish)


def _publish(
    self: Any,
    message: str,
    subject: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    group_id: str | None = None,
    deduplication_id: str | None = None,
    message_structure: str | None = None,
) -> str:
    texts = _by_protocol(message) if message_structure == "json" else {"default": message}
    message_id = str(mock_random.uuid4())
    for subscription in self.sns_backend._get_topic_subscriptions(self):
        text = texts.get(subscription.protocol, texts["default"])
        attributes = message_attributes or {}
        publication = Publication(self.arn, message_id, text, subject, attributes, group_id)
        for take in list(SUBSCRIBERS):
            take(subscription, publication)
    note = (message_id, message, subject, message_attributes, group_id)
    self.sent_notifications.append(note)
    return message_id


def _by_protocol(message: str) -> dict[str, str]:
    try:
        texts = json.loads(message)
    except ValueError as error:
        reason = "Invalid parameter: Message Structure - JSON message body failed to parse"
        raise InvalidParameterValue(reason) from error
    if not isinstance(texts, dict) or not isinstance(texts.get("default"), str):
        reason = "Invalid parameter: Message Structure - No default entry in JSON message body"
        raise InvalidParameterValue(reason)
    return {key: value for key, value in texts.items() if isinstance(value, str)}
