"""What the readers of events share: a wish, an ignore, and strict looks into an event."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from skill.errors import BadRequest
from skill.model import Facts

Event = dict[str, Any]
REASON = 500
_NAME = re.compile(r"[\w-]{1,80}", re.ASCII)


class Mode(StrEnum):
    """Whether an event's wish is done, put to a person who approves or declines it, collected (one
    run for all that come within a window), looked at or nothing but told, each once; or it only
    wakes a run that waits.
    """

    ACT = "act"
    PROPOSE = "propose"
    COLLECT = "collect"
    LOOK = "look"
    TELL = "tell"
    WAKE = "wake"


@dataclass(frozen=True)
class Wish:
    """One action that an event asks for. The same key is the same run, however often it comes.

    `secret` is what an SNS message shows instead of a principal; it is compared, never kept.
    `why` are facts for whoever is asked to approve, all of it foreign text. `case` is the key of
    another run that settles the same case.
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
    case: str = ""
    tag: "Tag | None" = None


@dataclass(frozen=True)
class Tag:
    """A request tag that was set on some instances, `at` a time. `launched`: they came with it.

    `version` counts an instance's tags, in events that do not tell who set it; 0 in those that do.
    """

    instances: tuple[str, ...]
    at: datetime
    launched: bool = False
    version: int = 0


class Ignored(Exception):
    """An event that is understood and asks for nothing; the reason is kept.

    `why` are facts to tell people, where they have to hear of it; `tag` what it tells of tags.
    """

    def __init__(self, reason: str, why: Facts | None = None, tag: Tag | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.why = why or {}
        self.tag = tag


def readable(event: Any) -> Any:
    """The event without halves of characters, which neither AWS nor Slack would take."""
    whole = json.dumps(event, ensure_ascii=False, default=str)
    try:
        whole.encode()
    except UnicodeEncodeError:
        return json.loads(whole.encode(errors="replace"))
    return event


def node(event: Any, *path: str) -> Any:
    """What stands at a path of keys. Raises BadRequest where there is nothing."""
    for name in path:
        if not isinstance(event, dict) or event.get(name) is None:
            raise BadRequest(missing=".".join(path))
        event = event[name]
    return event


def node_or(event: Any, default: Any, *path: str) -> Any:
    """What stands at a path of keys, or something else where there is nothing."""
    try:
        return node(event, *path)
    except BadRequest:
        return default


def objects(event: Any, *path: str) -> list[Event]:
    """The objects of a list that need not be there, whatever else is in it."""
    found = node_or(event, [], *path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


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


def when(event: Event, *names: str) -> datetime:
    """When it happened: by the first of these names that the event or its detail has, else now.

    Raises BadRequest for what is no time in ISO 8601.
    """
    given = next(filter(None, (maybe(event, *name.split(".")) for name in names)), "")
    try:
        found = datetime.fromisoformat(given) if given else datetime.now(UTC)
    except ValueError as error:
        raise BadRequest(malformed="time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def number(event: Any, *path: str, most: float) -> float:
    """A number from 0 to `most`. Raises BadRequest for anything else, a truth value too."""
    found = node(event, *path)
    good = isinstance(found, int | float) and not isinstance(found, bool)
    if not good or not 0 <= found <= most:
        raise BadRequest(malformed=".".join(path))
    return float(found)


def name_of(record: Any) -> str:
    """The event's own id, or a digest of an event that has none that can be used."""
    sns = record.get("Sns") if isinstance(record, dict) else None
    given = (sns.get("MessageId") if isinstance(sns, dict) else None) or (
        record.get("id") if isinstance(record, dict) else None
    )
    if isinstance(given, str) and _NAME.fullmatch(given):
        return given
    whole = json.dumps(record, sort_keys=True, default=str)
    return "x-" + hashlib.sha256(whole.encode()).hexdigest()[:32]
