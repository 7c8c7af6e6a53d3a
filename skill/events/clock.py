"""What the clock asks for."""

from collections.abc import Iterator

from skill.events.reading import Event, Wish, text
from skill.settings import Settings


def digest(event: Event, _: Settings) -> Iterator[Wish]:
    """The day is summed up."""
    yield Wish("digest", {}, "schedule", f"schedule#{text(event, 'id')}", "schedule")


def schedule(event: Event, _: Settings) -> Iterator[Wish]:
    """Everything that is contained is read again."""
    yield Wish("verify", {}, "schedule", f"schedule#{text(event, 'id')}", "schedule")
