"""SNS: one publication to one subscription, with its filter policy, retries and redrive policy.

Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html and
https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html (the event of a function).
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.delivery import moto as moto_side
from sandbox.delivery.asynchronous import submit
from sandbox.delivery.core import Failure, Parcel, Refused, Wiring, post
from sandbox.delivery.patterns import compile_pattern
from sandbox.ext.sns_delivery import Publication

Json = dict[str, Any]

PRINCIPAL = "sns.amazonaws.com"
RETRIES = 50
MAX_AGE = 23 * 86400.0
# The box signs nothing: who checks signatures must see that this one is not real.
SIGNATURE = "EXAMPLE"


@dataclass(frozen=True)
class Subscriber:
    """What delivery needs of a subscription, copied while the moto lock was held."""

    arn: str
    topic_arn: str
    protocol: str
    endpoint: str
    raw: bool
    filter_policy: Json | None
    on_body: bool
    dead_letter: str | None


def take(wiring: Wiring, subscription: Any, publication: Publication) -> None:
    """Send a publication to one of moto's subscriptions from another thread; never blocks."""
    subscriber = _subscriber(subscription)
    if not wanted(subscriber, publication):
        return
    post(
        wiring,
        Parcel(
            label=f"{publication.topic_arn.rsplit(':', 1)[-1]} -> {subscriber.endpoint}",
            target=subscriber.endpoint,
            send=lambda: _send(wiring, subscriber, publication),
            bury=lambda failure: _bury(wiring, subscriber, publication, failure),
            lane=f"topics:{subscriber.endpoint}",
            retries=RETRIES,
            max_age=MAX_AGE,
        ),
    )


def _subscriber(subscription: Any) -> Subscriber:
    attributes = subscription.attributes
    redrive = _parsed(attributes.get("RedrivePolicy")) or {}
    return Subscriber(
        arn=subscription.arn,
        topic_arn=subscription.topic.arn,
        protocol=subscription.protocol,
        endpoint=subscription.endpoint,
        raw=str(attributes.get("RawMessageDelivery")).lower() == "true",
        filter_policy=_parsed(attributes.get("FilterPolicy")),
        on_body=attributes.get("FilterPolicyScope") == "MessageBody",
        dead_letter=redrive.get("deadLetterTargetArn"),
    )


def _parsed(value: Any) -> Json | None:
    return (json.loads(value) if isinstance(value, str) else value) or None


def wanted(subscriber: Subscriber, publication: Publication) -> bool:
    """Whether the filter policy lets the publication through."""
    if subscriber.filter_policy is None:
        return True
    if subscriber.on_body:
        try:
            subject = json.loads(publication.message)
        except ValueError:
            return False
    else:
        subject = {name: _plain(value) for name, value in publication.attributes.items()}
    return compile_pattern(subscriber.filter_policy).matches(subject)


def _plain(attribute: Json) -> Any:
    kind, value = attribute["Type"], attribute["Value"]
    if kind == "Number" or kind.startswith("String.Array"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _send(wiring: Wiring, subscriber: Subscriber, publication: Publication) -> bool:
    if subscriber.protocol == "lambda":
        return _to_function(wiring, subscriber, publication)
    if subscriber.protocol == "sqs":
        return _to_queue(wiring, subscriber, publication)
    if subscriber.protocol.startswith("email"):
        wiring.mail.append(_mail(subscriber, publication))
        return True
    raise Refused("UNSUPPORTED", f"the box does not deliver to {subscriber.protocol}")


def _to_function(wiring: Wiring, subscriber: Subscriber, publication: Publication) -> bool:
    arn = subscriber.endpoint
    with wiring.lock:
        function = moto_side.find_function(arn)
        moto_side.check_function_policy(function, arn, PRINCIPAL, subscriber.topic_arn)
    submit(wiring, arn, _event(subscriber, publication), subscriber.topic_arn)
    return False


def _to_queue(wiring: Wiring, subscriber: Subscriber, publication: Publication) -> bool:
    arn = subscriber.endpoint
    body, attributes = _message(subscriber, publication)
    with wiring.lock:
        moto_side.check_queue_policy(arn, PRINCIPAL, subscriber.topic_arn)
        moto_side.send_to_queue(arn, body, attributes, publication.group)
    return True


def _mail(subscriber: Subscriber, publication: Publication) -> Json:
    return {
        "at": time.time(),
        "to": subscriber.endpoint,
        "topic": publication.topic_arn,
        "subject": publication.subject,
        "message": publication.message,
        "attributes": publication.attributes,
    }


def _notification(subscriber: Subscriber, publication: Publication) -> Json:
    region = publication.topic_arn.split(":")[3]
    host = f"https://sns.{region}.amazonaws.com"
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "Type": "Notification",
        "MessageId": publication.message_id,
        "TopicArn": publication.topic_arn,
        "Subject": publication.subject,
        "Message": publication.message,
        "Timestamp": now,
        "SignatureVersion": "1",
        "Signature": SIGNATURE,
        "SigningCertURL": f"{host}/SimpleNotificationService-sandbox.pem",
        "UnsubscribeURL": f"{host}/?Action=Unsubscribe&SubscriptionArn={subscriber.arn}",
        "MessageAttributes": publication.attributes,
    }


def _event(subscriber: Subscriber, publication: Publication) -> Json:
    """The event of a function; it spells two keys in another way than the message of a queue."""
    message = _notification(subscriber, publication)
    message["SigningCertUrl"] = message.pop("SigningCertURL")
    message["UnsubscribeUrl"] = message.pop("UnsubscribeURL")
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscriber.arn,
        "Sns": message,
    }
    return {"Records": [record]}


def _message(
    subscriber: Subscriber, publication: Publication
) -> tuple[str, moto_side.Attributes | None]:
    """Body and attributes for a queue: the bare message where delivery is raw."""
    if subscriber.raw:
        return publication.message, _raw_attributes(publication)
    message = _notification(subscriber, publication)
    optional = ("Subject", "MessageAttributes")
    body = {key: value for key, value in message.items() if value or key not in optional}
    return json.dumps(body, ensure_ascii=False), None


def _raw_attributes(publication: Publication) -> moto_side.Attributes:
    return {
        name: {"DataType": value["Type"], _value_key(value["Type"]): str(value["Value"])}
        for name, value in publication.attributes.items()
    }


def _value_key(kind: str) -> str:
    return "BinaryValue" if kind.startswith("Binary") else "StringValue"


def _bury(
    wiring: Wiring, subscriber: Subscriber, publication: Publication, failure: Failure
) -> list[str]:
    queue = subscriber.dead_letter
    if not queue:
        return []
    body, attributes = _message(subscriber, publication)
    letter = {"ERROR_CODE": failure.refusal.code, "ERROR_MESSAGE": failure.refusal.message}
    try:
        with wiring.lock:
            moto_side.check_queue_policy(queue, PRINCIPAL, subscriber.topic_arn)
            marked = (attributes or {}) | moto_side.text_attributes(letter)
            moto_side.send_to_queue(queue, body, marked)
    except Refused:
        return []
    return [queue]
