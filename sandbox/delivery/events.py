"""EventBridge: an event gets its envelope and meets the rules of its bus."""

from datetime import UTC, datetime
from typing import Any, cast

from moto.events.models import events_backends
from moto.moto_api._internal import mock_random

Json = dict[str, Any]


class Forwarded(dict[str, Any]):
    """An event that came from another bus."""


def put_event(event: Json, bus: str, account: str, region: str) -> str:
    """Route one event, complete or not, to the rules of a bus; gives its id. Hold the moto lock.

    Missing fields of the envelope are filled in. Raises moto's ResourceNotFoundException.
    """
    whole = envelope(event, account, region)
    whole = Forwarded(whole) if isinstance(event, Forwarded) else whole
    for rule in list(events_backends[account][region].describe_event_bus(bus).rules.values()):
        rule.send_to_targets(cast(Any, whole))
    return str(whole["id"])


def envelope(event: Json, account: str, region: str) -> Json:
    """The event with every field that EventBridge adds."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    defaults = {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": "",
        "source": "",
        "account": account,
        "time": now,
        "region": region,
        "resources": [],
        "detail": {},
    }
    return defaults | event
