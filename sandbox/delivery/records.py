"""An asynchronous invocation: the settings of its function, and what it leaves behind."""

from dataclasses import dataclass
from typing import Any

from sandbox.clock import CLOCK
from sandbox.delivery import moto as moto_side
from sandbox.delivery.core import Answer
from sandbox.ext import async_settings

DEFAULT_RETRIES = 2
DEFAULT_AGE = 21600.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Invocation:
    """One event on its way to a function. `waited` is modelled seconds spent between attempts."""

    arn: str
    payload: Any
    request_id: str
    source: str
    tried: int = 0
    throttled: int = 0
    waited: float = 0.0


@dataclass(frozen=True)
class Settings:
    """What a function says about its asynchronous events. `reserved` None: no reservation."""

    role: str
    version: str
    retries: int
    max_age: float
    reserved: int | None
    on_success: str | None
    on_failure: str | None
    dead_letter: str | None


@dataclass(frozen=True)
class Ending:
    """How an invocation ended; `answer` is None where no attempt was answered at all."""

    condition: str
    answer: Answer | None


def settings_of(arn: str) -> Settings:
    """Read the settings off moto; hold its lock. Raises Refused for an unknown function."""
    function = moto_side.find_function(arn)
    config = async_settings.event_invoke_config(function, moto_side.qualifier_of(arn))
    destinations = config.get("DestinationConfig") or {}
    reserved = function.reserved_concurrency
    return Settings(
        role=function.role,
        version=str(function.version) if moto_side.qualifier_of(arn) else "$LATEST",
        retries=config.get("MaximumRetryAttempts", DEFAULT_RETRIES),
        max_age=config.get("MaximumEventAgeInSeconds", DEFAULT_AGE),
        reserved=None if reserved in (None, "") else int(reserved),
        on_success=(destinations.get("OnSuccess") or {}).get("Destination"),
        on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        dead_letter=async_settings.dead_letter_arn(function),
    )


def error_message(ending: Ending) -> str:
    """What the function said, or why it was never asked."""
    error = (ending.answer.error if ending.answer else None) or {}
    return str(error.get("errorMessage", ending.condition))


def dead_letter_attributes(invocation: Invocation, ending: Ending) -> moto_side.Attributes:
    """The attributes of a message in a function's dead-letter queue."""
    code = "200" if ending.answer else "429"
    message = error_message(ending)[:1024]
    attributes = {"RequestID": invocation.request_id, "ErrorMessage": message}
    return moto_side.text_attributes(attributes) | {
        "ErrorCode": {"DataType": "Number", "StringValue": code}
    }


def record_of(invocation: Invocation, settings: Settings, ending: Ending) -> Json:
    """The invocation record that destinations receive."""
    qualified = moto_side.qualifier_of(invocation.arn)
    record = {
        "version": "1.0",
        "timestamp": CLOCK.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": invocation.arn if qualified else f"{invocation.arn}:$LATEST",
            "condition": ending.condition,
            "approximateInvokeCount": invocation.tried,
        },
        "requestPayload": invocation.payload,
    }
    if ending.answer is None:
        return record
    context: Json = {"statusCode": 200, "executedVersion": settings.version}
    if ending.answer.error is not None:
        context["functionError"] = "Unhandled"
    payload = ending.answer.payload if ending.answer.error is None else ending.answer.error
    return record | {"responseContext": context, "responsePayload": payload}
