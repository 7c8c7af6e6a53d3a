"""EventBridge where moto is lax: patterns, PutEvents, disabled rules; targets go to `TARGETS`."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.events.exceptions import InvalidEventPatternException, ValidationException
from moto.events.models import EventPattern, EventPatternParser, EventsBackend, Rule
from moto.events.responses import EventsHandler
from moto.utilities.arns import parse_arn

from sandbox.delivery import buses
from sandbox.delivery.core import Refused
from sandbox.delivery.events import envelope, put_event
from sandbox.delivery.input import check_paths
from sandbox.delivery.overrides import override
from sandbox.delivery.patterns import PatternError, compile_pattern
from sandbox.runtime.calls import caller

Json = dict[str, Any]

TARGETS: list[Callable[[str, Json, Json], None]] = []
"""Who takes (rule ARN, target, event); called with the moto lock held, so it must not block."""

MAX_ENTRIES = 10
MAX_REQUEST_BYTES = 1 << 20
ENVELOPE = ("id", "account", "source", "time", "region", "resources", "detail-type")

_put_targets = EventsBackend.put_targets


def install() -> None:
    """Replace moto's functions; assigning twice changes nothing."""
    replaced = (
        (EventPatternParser, "parse", _parse),
        (EventPattern, "matches_event", _matches_event),
        (Rule, "send_to_targets", _send_to_targets),
        (EventsBackend, "put_events", _put_events),
        (EventsBackend, "put_targets", _checked_put_targets),
        (EventsHandler, "put_events", _answer_put_events),
        (EventsHandler, "test_event_pattern", _answer_test_event_pattern),
    )
    for owner, name, function in replaced:
        override(owner, name, function)


def _parse(self: Any) -> Json:
    if not self.pattern:
        return {}
    _compiled(self.pattern)
    return dict(json.loads(self.pattern))


def _compiled(text: str) -> Any:
    try:
        return compile_pattern(text)
    except PatternError as error:
        raise InvalidEventPatternException(reason=str(error)) from error


def _matches_event(self: Any, event: Json) -> bool:
    """A rule without a pattern is a scheduled one: no event matches it."""
    if not self._pattern:
        return False
    compiled = self.__dict__.get("toban_compiled")
    if compiled is None:
        compiled = self.toban_compiled = compile_pattern(self._pattern)
    return bool(compiled.matches(event))


def _send_to_targets(self: Any, event: Json, transform_input: bool = True) -> None:
    if self.state != "DISABLED" and self.event_pattern.matches_event(event):
        send_to_all(self, event)


def send_to_all(rule: Any, event: Json) -> None:
    """Hand an event to every target of a rule, whether or not it matches."""
    for target in rule.targets:
        if _is_archive(target["Arn"]):
            _archive(rule, target, event)
        else:
            for take in list(TARGETS):
                take(rule.arn, copy.deepcopy(target), copy.deepcopy(event))


def _is_archive(arn: str) -> bool:
    return parse_arn(arn).service == "events" and arn.endswith(":::")


def _archive(rule: Any, target: Json, event: Json) -> None:
    template = target["InputTransformer"]["InputTemplate"]
    archive = template.split('"archive-arn": "', 1)[1].split('"', 1)[0].split(":archive/", 1)[1]
    rule._send_to_events_archive(archive, copy.deepcopy(event))


def _put_events(self: Any, events: list[Json]) -> list[Json]:
    if not 1 <= len(events) <= MAX_ENTRIES:
        raise ValidationException(
            "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to "
            "satisfy constraint: Member must have length less than or equal to 10"
        )
    if sum(_size(entry) for entry in events) > MAX_REQUEST_BYTES:
        raise ValidationException("Total size of the entries in the request is over the limit.")
    return [_problem(entry) or {"EventId": _put_entry(self, entry)} for entry in events]


def _size(entry: Json) -> int:
    texts = [entry.get(key) or "" for key in ("Source", "DetailType", "Detail")]
    texts += entry.get("Resources") or []
    return sum(len(str(text).encode()) for text in texts) + (14 if entry.get("Time") else 0)


def _problem(entry: Json) -> Json | None:
    for key in ("Source", "DetailType", "Detail"):
        if not entry.get(key):
            reason = f"Parameter {key} is not valid. Reason: {key} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": reason}
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    return None


def _put_entry(backend: Any, entry: Json) -> str:
    event = {
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "resources": entry.get("Resources") or [],
        "detail": json.loads(entry["Detail"]),
    }
    if entry.get("Time"):
        event["time"] = _iso(entry["Time"])
    named = entry.get("EventBusName") or "default"
    if buses.is_bus(named) and _is_elsewhere(backend, named):
        return _put_elsewhere(backend, named, event)
    bus = backend._normalize_event_bus_arn(named)
    return put_event(event, bus, backend.account_id, backend.region_name)


def _is_elsewhere(backend: Any, arn: str) -> bool:
    return arn.split(":")[3:5] != [backend.region_name, backend.account_id]


def _put_elsewhere(backend: Any, arn: str, event: Json) -> str:
    """On the bus of another account; one of another Region is not known at this endpoint."""
    _, _, _, region, account, bus = arn.split(":")
    whole = envelope(event, backend.account_id, backend.region_name)
    try:
        if region != backend.region_name:
            raise Refused("RESOURCE_NOT_FOUND", f"Event bus {arn} does not exist.")
        buses.check_policy(arn, whole, buses.Sender(caller().issuer or caller().arn))
    except Refused as refusal:
        missing = refusal.code == "RESOURCE_NOT_FOUND"
        code = "ResourceNotFoundException" if missing else "AccessDeniedException"
        raise JsonRESTError(code, refusal.message) from refusal
    return put_event(buses.Forwarded(whole), bus.removeprefix("event-bus/"), account, region)


def _iso(moment: Any) -> str:
    if isinstance(moment, int | float):
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(moment)


def _answer_put_events(self: Any) -> str:
    """Only AWS itself may use a source that begins with `aws.`."""
    entries = self._get_param("Entries") or []
    own = [entry for entry in entries if not str(entry.get("Source", "")).startswith("aws.")]
    answers = iter(self.events_backend.put_events(own) if own or not entries else [])
    refusal = {
        "ErrorCode": "NotAuthorizedForSourceException",
        "ErrorMessage": "Not authorized for the source.",
    }
    rows = [next(answers) if entry in own else refusal for entry in entries]
    failed = sum("ErrorCode" in row for row in rows)
    return json.dumps({"FailedEntryCount": failed, "Entries": rows})


def _checked_put_targets(
    self: Any, name: str, event_bus_arn: str | None, targets: list[Json]
) -> None:
    for target in targets:
        if wrong := check_paths(target):
            raise ValidationException(
                f"Parameter {wrong} is not valid. Reason: Invalid JSONPath provided."
            )
    _put_targets(self, name, event_bus_arn, targets)


def _answer_test_event_pattern(self: Any) -> str:
    pattern = _compiled(self._get_param("EventPattern"))
    try:
        event = json.loads(self._get_param("Event"))
    except ValueError:
        event = None
    if not isinstance(event, dict) or any(key not in event for key in ENVELOPE):
        raise ValidationException("Parameter Event is not valid.")
    return json.dumps({"Result": pattern.matches(event)})
