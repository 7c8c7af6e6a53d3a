"""Asynchronous Lambda invocations: queue, retries, age, destinations and dead letters.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json
from dataclasses import replace
from typing import Any

from moto.moto_api._internal import mock_random

from sandbox.delivery import moto as moto_side
from sandbox.delivery.core import Answer, Refused, Throttled, Wiring
from sandbox.delivery.events import put_event
from sandbox.delivery.queue import Job
from sandbox.delivery.records import (
    Ending,
    Invocation,
    Settings,
    dead_letter_attributes,
    error_message,
    record_of,
    settings_of,
)

ERROR_DELAYS = (60.0, 120.0)
MAX_THROTTLE_DELAY = 300.0

Json = dict[str, Any]


def submit(wiring: Wiring, arn: str, payload: Any, source: str) -> str:
    """Accept an event for a function, as Invoke with type Event does; gives the request id.

    Raises Refused (RESOURCE_NOT_FOUND) for an unknown function. With a duplicate rate some events
    run twice, under the same request id, as the service's at-least-once delivery allows.
    """
    with wiring.lock:
        settings = settings_of(arn)
        request_id = str(mock_random.uuid4())
    invocation = Invocation(arn, payload, request_id, source)
    copies = 2 if wiring.random.random() < wiring.tuning.duplicate_rate else 1
    for _ in range(copies):
        wiring.lanes.put(_job(wiring, invocation, settings))
    return request_id


def _job(wiring: Wiring, invocation: Invocation, settings: Settings) -> Job:
    name = moto_side.function_name(invocation.arn)
    limit = wiring.tuning.concurrency.get(name, wiring.tuning.default_concurrency)
    if settings.reserved:
        limit = min(limit, settings.reserved)
    label = f"{name} {invocation.request_id} ({invocation.source})"
    return Job(f"function:{name}", label, lambda: _attempt(wiring, invocation), limit)


def _attempt(wiring: Wiring, invocation: Invocation) -> None:
    try:
        with wiring.lock:
            settings = settings_of(invocation.arn)
    except Refused as gone:
        return wiring.outcomes.fail(
            invocation.source, invocation.arn, gone.code, gone.message, landed=[]
        )
    if settings.reserved == 0:
        return _failed(wiring, invocation, settings, Ending("ZeroReservedConcurrency", None))
    try:
        answer = wiring.invoke(invocation.arn, invocation.payload, invocation.request_id)
    except Throttled:
        return _throttled(wiring, invocation, settings)
    _answered(wiring, replace(invocation, tried=invocation.tried + 1), settings, answer)


def _throttled(wiring: Wiring, invocation: Invocation, settings: Settings) -> None:
    delay = min(2.0**invocation.throttled, MAX_THROTTLE_DELAY)
    waited = invocation.waited + delay
    if waited > settings.max_age:
        return _failed(wiring, invocation, settings, Ending("EventAgeExceeded", None))
    again = replace(invocation, throttled=invocation.throttled + 1, waited=waited)
    _again(wiring, again, settings, delay, wiring.tuning.throttle_pause)


def _answered(wiring: Wiring, invocation: Invocation, settings: Settings, answer: Answer) -> None:
    if answer.error is None:
        return _succeeded(wiring, invocation, settings, answer)
    if invocation.tried > settings.retries:
        return _failed(wiring, invocation, settings, Ending("RetriesExhausted", answer))
    delay = ERROR_DELAYS[min(invocation.tried, len(ERROR_DELAYS)) - 1]
    waited = invocation.waited + delay
    if waited > settings.max_age:
        return _failed(wiring, invocation, settings, Ending("EventAgeExceeded", answer))
    _again(wiring, replace(invocation, waited=waited), settings, delay)


def _again(
    wiring: Wiring, invocation: Invocation, settings: Settings, delay: float, pause: float = 0.0
) -> None:
    wiring.outcomes.count("retried")
    wiring.lanes.later(_job(wiring, invocation, settings), delay, pause)


def _succeeded(wiring: Wiring, invocation: Invocation, settings: Settings, answer: Answer) -> None:
    wiring.outcomes.count("delivered")
    if settings.on_success:
        ending = Ending("Success", answer)
        record = record_of(invocation, settings, ending)
        try:
            _send_record(wiring, settings.on_success, record, settings.role)
        except Refused as refusal:
            wiring.outcomes.fail(
                f"OnSuccess of {invocation.arn}",
                settings.on_success,
                refusal.code,
                refusal.message,
                landed=[],
            )


def _failed(wiring: Wiring, invocation: Invocation, settings: Settings, ending: Ending) -> None:
    landed, message = [], error_message(ending)
    for target, send in _graves(invocation, settings, ending):
        try:
            send(wiring, target)
            landed.append(target)
        except Refused as refusal:
            message += f"; {target}: {refusal.message}"
    wiring.outcomes.fail(invocation.source, invocation.arn, ending.condition, message, landed)


def _graves(invocation: Invocation, settings: Settings, ending: Ending) -> list[tuple[str, Any]]:
    """The failure destination and the dead-letter target, each with what puts the event there."""
    graves: list[tuple[str, Any]] = []
    if settings.on_failure:
        record = record_of(invocation, settings, ending)
        graves.append(
            (settings.on_failure, lambda w, to: _send_record(w, to, record, settings.role))
        )
    if settings.dead_letter:
        attributes = dead_letter_attributes(invocation, ending)
        graves.append(
            (
                settings.dead_letter,
                lambda w, to: _put(w, to, _text(invocation.payload), settings.role, attributes),
            )
        )
    return graves


def _send_record(wiring: Wiring, target: str, record: Json, role: str) -> None:
    service = moto_side.service_of(target)
    if service == "lambda":
        _may(wiring, role, "lambda:InvokeFunction", target)
        submit(wiring, target, record, f"destination of {record['requestContext']['functionArn']}")
    elif service == "events":
        _may(wiring, role, "events:PutEvents", target)
        _put_on_bus(wiring, target, record)
    else:
        _put(wiring, target, _text(record), role, None)


def _put_on_bus(wiring: Wiring, bus_arn: str, record: Json) -> None:
    succeeded = record["requestContext"]["condition"] == "Success"
    event = {
        "source": "lambda",
        "detail-type": "Lambda Function Invocation Result - "
        + ("Success" if succeeded else "Failure"),
        "resources": [bus_arn, record["requestContext"]["functionArn"]],
        "detail": record,
    }
    _, _, _, region, account, bus = bus_arn.split(":")
    with wiring.lock:
        put_event(event, bus.removeprefix("event-bus/"), account, region)


def _put(
    wiring: Wiring, target: str, body: str, role: str, attributes: moto_side.Attributes | None
) -> None:
    if moto_side.service_of(target) == "sqs":
        _may(wiring, role, "sqs:SendMessage", target)
        with wiring.lock:
            moto_side.send_to_queue(target, body, attributes)
        return
    _may(wiring, role, "sns:Publish", target)
    named = {
        name: {"Type": value["DataType"], "Value": value["StringValue"]}
        for name, value in (attributes or {}).items()
    }
    with wiring.lock:
        moto_side.find_topic(target).publish(body, message_attributes=named or None)


def _may(wiring: Wiring, role: str, action: str, resource: str) -> None:
    if not wiring.role_may(role, action, resource):
        raise Refused("NO_PERMISSIONS", f"{role} is not authorized to perform: {action}")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
