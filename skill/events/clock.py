"""What the clock asks for."""

from collections.abc import Iterator

from skill.events.reading import Event, Mode, Wish, text
from skill.settings import Settings


def digest(event: Event, _: Settings) -> Iterator[Wish]:
    """The day is summed up."""
    yield _look("digest", event)


def schedule(event: Event, _: Settings) -> Iterator[Wish]:
    """Everything that is contained is read again."""
    yield _look("verify", event)


def _look(action: str, event: Event) -> Wish:
    key = f"schedule#{text(event, 'id')}"
    return Wish(action, {}, "schedule", key, "schedule", mode=Mode.LOOK)
