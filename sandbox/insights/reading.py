"""The events of log streams as queries see them: each is parsed once, whatever is asked how often.

A stream only grows, and its events never change. So what is known of the ones before stays: their
fields, their times, and which have what value in a field that queries select by.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

from sandbox.insights.expressions import Among
from sandbox.insights.functions import Moment, Row

FLOW_FIELDS = (
    "version",
    "accountId",
    "interfaceId",
    "srcAddr",
    "dstAddr",
    "srcPort",
    "dstPort",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "logStatus",
)
_ABSENT = "-"
Places = dict[tuple[type, Any], list[int]]


def _discover(message: str) -> Row:
    """The fields that the service finds by itself: flow logs in the default format, and JSON."""
    if message.startswith("{"):
        return _json(message)
    fields = message.split()
    if len(fields) == len(FLOW_FIELDS) and fields[0] == "2" and fields[2].startswith("eni-"):
        pairs = zip(FLOW_FIELDS, fields, strict=True)
        return {name: value for name, value in pairs if value != _ABSENT}
    return {}


def _json(message: str) -> Row:
    try:
        return dict(_flat(json.loads(message), ""))
    except ValueError:
        return {}


def _flat(value: Any, path: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _flat(each, f"{path}.{index}")
    elif value is not None:
        yield path, int(value) if isinstance(value, bool) else value


def _row(event: Any, stream: Any, group: Any) -> Row:
    """An event as a row; kept with the event, since rows are never changed in place."""
    found: Row | None = event.__dict__.get("ext_row")
    if found is None:
        found = _discover(event.message)
        found["@timestamp"] = Moment(event.timestamp)
        found["@ingestionTime"] = Moment(event.ingestion_time)
        found["@message"] = event.message
        found["@logStream"] = stream.log_stream_name
        found["@log"] = f"{group.account_id}:{group.name}"
        found["@ptr"] = str(event.event_id)
        event.__dict__["ext_row"] = found
    return found


@dataclass(frozen=True)
class Selection:
    """The rows that may be wanted of a stream, and all events of the time that was asked for."""

    rows: list[Row]
    count: int
    size: int


class Reading:
    """What is known of one stream."""

    def __init__(self, events: list[Any]) -> None:
        self.events = events
        self.rows: list[Row] = []
        self._times: list[int] = []
        self._sizes = [0]
        self._in_order = True
        self._places: dict[str, Places] = {}

    def catch_up(self, stream: Any, group: Any) -> None:
        """Read what came since the last time."""
        for event in self.events[len(self.rows) :]:
            if self._times and event.timestamp < self._times[-1]:
                self._in_order = False
            row = _row(event, stream, group)
            for name, places in self._places.items():
                _note(places, row.get(name), len(self.rows))
            self.rows.append(row)
            self._times.append(event.timestamp)
            self._sizes.append(self._sizes[-1] + len(event.message))

    def select(self, start: int, end: int, wanted: Among | None) -> Selection:
        """The events from `start` to `end`; as rows only those that have a value that is wanted."""
        if not self._in_order:
            return self._look_at_each(start, end)
        low, high = bisect_left(self._times, start), bisect_right(self._times, end)
        size = self._sizes[high] - self._sizes[low]
        if wanted is None:
            return Selection(self.rows[low:high], high - low, size)
        found = self._with(wanted)
        within = found[bisect_left(found, low) : bisect_left(found, high)]
        return Selection([self.rows[place] for place in within], high - low, size)

    def _look_at_each(self, start: int, end: int) -> Selection:
        found = [place for place, at in enumerate(self._times) if start <= at <= end]
        size = sum(self._sizes[place + 1] - self._sizes[place] for place in found)
        return Selection([self.rows[place] for place in found], len(found), size)

    def _with(self, wanted: Among) -> list[int]:
        """Where the rows are that have one of the values, in order."""
        name = wanted.left.name
        if name not in self._places:
            places: Places = {}
            for place, row in enumerate(self.rows):
                _note(places, row.get(name), place)
            self._places[name] = places
        values = self._places[name].items()
        found = [places for (_, value), places in values if wanted({name: value})]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


def _note(places: Places, value: Any, place: int) -> None:
    """By the type too: 1 and 1.0 are equal, but are not the same text."""
    places.setdefault((type(value), value), []).append(place)


_KNOWN: WeakKeyDictionary[Any, Reading] = WeakKeyDictionary()
"""By the stream, and not in it: it is no part of the world."""


def of(stream: Any, group: Any) -> Reading:
    """The reading of a stream, with all of its events."""
    found = _KNOWN.get(stream)
    if found is None or found.events is not stream.events:
        found = _KNOWN[stream] = Reading(stream.events)
    found.catch_up(stream, group)
    return found
