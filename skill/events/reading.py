"""What the readers of events share: a wish, an ignore, and strict looks into an event."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from skill.errors import BadRequest
from skill.model import Facts

Event = dict[str, Any]
REASON = 500


class Mode(StrEnum):
    """Whether an event's wish is done, put to a person who approves or declines it, collected (one
    run for all that come within a window), or nothing but told; or it only wakes a run that waits.
    """

    ACT = "act"
    PROPOSE = "propose"
    COLLECT = "collect"
    TELL = "tell"
    WAKE = "wake"


@dataclass(frozen=True)
class Wish:
    """One action that an event asks for. The same key is the same run, however often it comes.

    `secret` is what an SNS message shows instead of a principal; it is compared, never kept.
    `why` are facts for whoever is asked to approve, all of it foreign text.
    """

    action: str
    params: Facts
    principal: str
    key: str
    door: str = "tag"
    secret: str = field(default="", repr=False)
    reason: str = ""
    mode: Mode = Mode.ACT
    why: Facts = field(default_factory=dict)


class Ignored(Exception):
    """An event that is understood and asks for nothing; the reason is kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def node(event: Any, *path: str) -> Any:
    """What stands at a path of keys. Raises BadRequest where there is nothing."""
    for name in path:
        if not isinstance(event, dict) or event.get(name) is None:
            raise BadRequest(missing=".".join(path))
        event = event[name]
    return event


def text(event: Any, *path: str) -> str:
    """A string that is not empty. Raises BadRequest for anything else."""
    found = node(event, *path)
    if not isinstance(found, str) or not found:
        raise BadRequest(malformed=".".join(path))
    return found


def maybe(event: Any, *path: str) -> str:
    """A string, or the empty one where there is none. Raises BadRequest for another type."""
    *parents, name = path
    parent = event
    for each in parents:
        parent = _child(parent, each, path)
    found = _child(parent, name, path)
    if found is not None and not isinstance(found, str):
        raise BadRequest(malformed=".".join(path))
    return found or ""


def _child(parent: Any, name: str, path: tuple[str, ...]) -> Any:
    if parent is None:
        return None
    if not isinstance(parent, dict):
        raise BadRequest(malformed=".".join(path))
    return parent.get(name)


def rows(event: Any, *path: str) -> Iterator[Event]:
    """The objects of a list. Raises BadRequest for another type, of the list or of a row."""
    found = node(event, *path)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadRequest(malformed=".".join(path))
    yield from found
