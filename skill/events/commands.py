"""Run Command and Automation tell that something has ended: whoever waits for it is woken."""

from collections.abc import Iterator
from datetime import datetime

from skill.errors import BadRequest
from skill.events import place
from skill.events.reading import Event, Ignored, Mode, Wish, maybe, text
from skill.settings import Settings

ENDED = (
    *("Success", "Failed", "TimedOut", "Cancelled", "Incomplete", "NoInstancesInTag"),
    *("Delivery Timed Out", "Undeliverable", "Terminated", "Invalid Platform", "Access Denied"),
)


def command_status(event: Event, settings: Settings) -> Iterator[Wish]:
    """A command as a whole has ended."""
    if text(event, "detail", "status") not in ENDED:
        raise Ignored("still-running")
    there = place.of(event, settings).key
    yield _wake(event, f"command#{there}{text(event, 'detail', 'command-id')}")


def automation_status(event: Event, settings: Settings) -> Iterator[Wish]:
    """An automation has ended."""
    if text(event, "detail", "Status") not in ENDED:
        raise Ignored("still-running")
    there = place.of(event, settings).key
    yield _wake(event, f"automation#{there}{text(event, 'detail', 'ExecutionId')}")


def _wake(event: Event, what: str) -> Wish:
    """What is woken, and how long it took if the event tells."""
    given = {"what": what[:200], "seconds": _seconds(event)}
    return Wish("wake", given, "aws.ssm", text(event, "id"), "ssm", mode=Mode.WAKE)


def _seconds(event: Event) -> int:
    asked, at = maybe(event, "detail", "requested-date-time"), maybe(event, "time")
    if not asked or not at:
        return 0
    try:
        took = datetime.fromisoformat(at) - datetime.fromisoformat(asked)
    except (ValueError, TypeError) as error:
        raise BadRequest(malformed="time") from error
    return max(round(took.total_seconds()), 0)
