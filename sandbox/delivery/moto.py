"""The moto side of delivery: finding functions, queues and topics, and putting things into them.

Every function here expects the caller to hold the moto lock.
"""

import json
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.utils import get_backend
from moto.events.models import events_backends
from moto.logs.models import logs_backends
from moto.sns.exceptions import TopicNotFound
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends

from sandbox.delivery.core import Refused
from sandbox.delivery.policy import allows

Attributes = dict[str, dict[str, str]]


def text_attributes(values: dict[str, str]) -> Attributes:
    """SQS message attributes of type String; empty values are left out, as SQS refuses them."""
    return {
        name: {"DataType": "String", "StringValue": value}
        for name, value in values.items()
        if value
    }


def service_of(arn: str) -> str:
    """The service part of an ARN."""
    return arn.split(":")[2]


def function_name(arn: str) -> str:
    """The name in a function ARN, with or without a qualifier."""
    return arn.split(":")[6]


def qualifier_of(arn: str) -> str | None:
    """The version or alias in a function ARN."""
    parts = arn.split(":")
    return parts[7] if len(parts) > 7 else None


def find_function(arn: str) -> Any:
    """moto's function behind an ARN (alias and version too); raises Refused."""
    _, _, _, region, account, *_ = arn.split(":")
    try:
        return get_backend(account, region).get_function(arn)
    except UnknownFunctionException as error:
        raise Refused("RESOURCE_NOT_FOUND", f"Function not found: {arn}") from error


def check_function_policy(function: Any, arn: str, service: str, source_arn: str) -> None:
    """Raise Refused unless the function's policy lets the service invoke exactly this ARN."""
    statements = [row | {"Resource": _granted(row)} for row in function.policy.statements]
    if not allows(statements, service, "lambda:InvokeFunction", arn, source_arn):
        message = f"{service} is not authorized to perform: lambda:InvokeFunction on {arn}"
        raise Refused("NO_PERMISSIONS", f"{message} for {source_arn}")


def _granted(statement: dict[str, Any]) -> str:
    """The ARN that a statement is about; moto loses the alias when CloudFormation adds it."""
    named = statement.get("FunctionName", "")
    return named if named.startswith("arn:") else statement["Resource"]


def find_queue(arn: str) -> Any:
    """moto's queue behind an ARN; raises Refused."""
    _, _, _, region, account, name = arn.split(":")
    try:
        return sqs_backends[account][region].get_queue(name)
    except QueueDoesNotExist as error:
        raise Refused("RESOURCE_NOT_FOUND", f"Queue not found: {arn}") from error


def check_queue_policy(arn: str, service: str, source_arn: str) -> None:
    """Raise Refused unless the queue exists and its policy lets the service send to it."""
    statements = json.loads(find_queue(arn).policy or "{}").get("Statement", [])
    if not allows(statements, service, "sqs:SendMessage", arn, source_arn):
        message = f"{service} is not authorized to perform: sqs:SendMessage on {arn}"
        raise Refused("NO_PERMISSIONS", f"{message} for {source_arn}")


def send_to_queue(
    arn: str, body: str, attributes: Attributes | None = None, group: str | None = None
) -> None:
    """Put one message into a queue; raises Refused if there is no such queue."""
    queue = find_queue(arn)
    backend = sqs_backends[queue.account_id][queue.region]
    backend.send_message(queue.name, body, message_attributes=attributes, group_id=group)


def find_topic(arn: str) -> Any:
    """moto's topic behind an ARN; raises Refused."""
    _, _, _, region, account, _ = arn.split(":")
    try:
        return sns_backends[account][region].get_topic(arn)
    except TopicNotFound as error:
        raise Refused("RESOURCE_NOT_FOUND", f"Topic not found: {arn}") from error


def check_topic_policy(arn: str, service: str, source_arn: str) -> None:
    """Raise Refused unless the topic exists and its policy lets the service publish to it."""
    statements = json.loads(find_topic(arn).policy).get("Statement", [])
    if not allows(statements, service, "sns:Publish", arn, source_arn):
        message = f"{service} is not authorized to perform: sns:Publish on {arn}"
        raise Refused("NO_PERMISSIONS", f"{message} for {source_arn}")


def write_log_event(arn: str, identity: str, text: str, milliseconds: int) -> None:
    """Put one event into a log group, in a stream of its own as EventBridge does."""
    _, _, _, region, account, _, name, *_ = arn.split(":")
    backend = logs_backends[account][region]
    if name not in backend.groups:
        raise Refused("RESOURCE_NOT_FOUND", f"Log group not found: {name}")
    backend.create_log_stream(name, identity)
    backend.put_log_events(name, identity, [{"timestamp": milliseconds, "message": text}])


def find_bus(arn: str) -> Any:
    """moto's event bus behind an ARN; raises Refused."""
    _, _, _, region, account, name = arn.split(":")
    bus = events_backends[account][region].event_buses.get(name.removeprefix("event-bus/"))
    if bus is None:
        raise Refused("RESOURCE_NOT_FOUND", f"Event bus not found: {arn}")
    return bus
