"""Carry out Logs Insights commands over the events of log groups."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.insights.expressions import Named
from sandbox.insights.functions import Moment, Row, order, shown
from sandbox.insights.query import Command, Dedup, Fields, Filter, Limit, Parse, Sort, Stats

MAX_ROWS = 10_000
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


@dataclass
class Result:
    """The rows of a query and what it read."""

    rows: list[list[dict[str, str]]]
    matched: int
    scanned: int
    size: int


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


def execute(
    groups: Sequence[Any], commands: Sequence[Command], start: int, end: int, limit: int
) -> Result:
    """Run the commands over the events from `start` to `end` (milliseconds, both included)."""
    events = [
        (event, stream, group)
        for group in groups
        for stream in group.streams.values()
        for event in stream.events
        if start <= event.timestamp <= end
    ]
    rows = [_row(*each) for each in events]
    plan = _Plan(rows)
    for command in commands:
        plan.apply(command)
    size = sum(len(event.message) for event, _, _ in events)
    return Result(plan.results(limit), plan.matched, len(events), size)


class _Plan:
    """Rows on their way through the commands, and the columns to show."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows, self.matched = rows, len(rows)
        self.columns: list[str] = []
        self.ordered = self.grouped = False

    def apply(self, command: Command) -> None:
        """One step."""
        name = type(command).__name__.lower()
        getattr(self, f"_{name}")(command)

    def _filter(self, command: Filter) -> None:
        test = command.test
        self.rows = [row for row in self.rows if test(row)]
        if not self.grouped:
            self.matched = len(self.rows)

    def _fields(self, command: Fields) -> None:
        new = [item for item in command.items if not item.bare]
        if new:
            self.rows = [
                row | _present({it.name: it.value(row) for it in new}) for row in self.rows
            ]
        names = [item.name for item in command.items]
        kept = [] if command.only else self.columns
        self.columns = list(dict.fromkeys([*kept, *names]))

    def _parse(self, command: Parse) -> None:
        self.rows = [row | _parsed(command, row) for row in self.rows]

    def _stats(self, command: Stats) -> None:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in self.rows:
            groups.setdefault(tuple(item.value(row) for item in command.by), []).append(row)
        names = [item.name for item in command.by]
        self.rows = [
            _present(dict(zip(names, key, strict=True)))
            | _present({each.name: each.value(rows) for each in command.columns})
            for key, rows in groups.items()
        ]
        self.columns = [*names, *(each.name for each in command.columns)]
        self.grouped = True

    def _sort(self, command: Sort) -> None:
        for item in reversed(command.keys):
            self.rows = _ordered(self.rows, item)
        self.ordered = True

    def _limit(self, command: Limit) -> None:
        self._default_order()
        self.rows = self.rows[: command.count]

    def _dedup(self, command: Dedup) -> None:
        self._default_order()
        first: dict[tuple[Any, ...], Row] = {}
        for row in self.rows:
            first.setdefault(tuple(item.value(row) for item in command.keys), row)
        self.rows = list(first.values())

    def _default_order(self) -> None:
        """Events come newest first unless the query says otherwise."""
        if not self.ordered and not self.grouped:
            self.rows = sorted(self.rows, key=lambda row: row["@timestamp"], reverse=True)
            self.ordered = True

    def results(self, limit: int) -> list[list[dict[str, str]]]:
        """The rows as the service gives them."""
        self._default_order()
        columns = self.columns or ["@timestamp", "@message"]
        if not self.grouped:
            columns = [*columns, "@ptr"]
        return [
            [{"field": name, "value": shown(row[name])} for name in columns if name in row]
            for row in self.rows[: min(limit, MAX_ROWS)]
        ]


def _ordered(rows: list[Row], item: Named) -> list[Row]:
    return sorted(rows, key=lambda row: order(item.value(row)), reverse=item.descending)


def _present(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _parsed(command: Parse, row: Row) -> Row:
    source = command.source(row)
    match = command.pattern.search(str(source)) if source is not None else None
    if not match:
        return {}
    groups = match.groupdict() or dict(zip(command.names, match.groups(), strict=True))
    return _present(groups)
