"""Carry out Logs Insights commands over the events of log groups."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.insights import reading
from sandbox.insights.expressions import Among, Both, Field, Named
from sandbox.insights.functions import Row, order, shown
from sandbox.insights.query import Command, Dedup, Fields, Filter, Limit, Parse, Sort, Stats

MAX_ROWS = 10_000


@dataclass
class Result:
    """The rows of a query and what it read."""

    rows: list[list[dict[str, str]]]
    matched: int
    scanned: int
    size: int


def execute(
    groups: Sequence[Any], commands: Sequence[Command], start: int, end: int, limit: int
) -> Result:
    """Run the commands over the events from `start` to `end` (milliseconds, both included)."""
    wanted = _leading(commands)
    found = [
        reading.of(stream, group).select(start, end, wanted)
        for group in groups
        for stream in group.streams.values()
    ]
    plan = _Plan([row for each in found for row in each.rows])
    for command in commands:
        plan.apply(command)
    scanned, size = sum(each.count for each in found), sum(each.size for each in found)
    return Result(plan.results(limit), plan.matched, scanned, size)


def _leading(commands: Sequence[Command]) -> Among | None:
    """What every row that a query keeps is asked first, if that is whether a field has one of some
    values: the others need not be looked at one by one.
    """
    test = commands[0].test if isinstance(commands[0], Filter) else None
    while isinstance(test, Both):
        test = test.left
    return test if isinstance(test, Among) and isinstance(test.left, Field) else None


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
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        values = [item.value for item in command.by]
        for row in self.rows:
            groups[tuple([value(row) for value in values])].append(row)
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
