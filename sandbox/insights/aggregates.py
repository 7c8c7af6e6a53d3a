"""What Logs Insights computes over many rows, for `stats`."""

import math
import statistics
from collections.abc import Callable
from typing import Any

from sandbox.insights.functions import Evaluate, Row, number, order


def _values(rows: list[Row], value: Evaluate) -> list[Any]:
    return [found for row in rows if (found := value(row)) is not None]


def _numbers(rows: list[Row], value: Evaluate) -> list[Any]:
    return [found for row in rows if (found := number(value(row))) is not None]


def _of_numbers(function: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    return lambda rows, value: function(found) if (found := _numbers(rows, value)) else None


def _of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda rows, value: (
        function(found, key=order) if (found := _values(rows, value)) else None
    )


def _percentile(rows: list[Row], value: Evaluate, share: Evaluate) -> Any:
    found = sorted(_numbers(rows, value))
    wanted = number(share({})) or 0
    return found[max(math.ceil(wanted / 100 * len(found)) - 1, 0)] if found else None


def _in_time(pick: Callable[..., Any]) -> Callable[..., Any]:
    def aggregate(rows: list[Row], value: Evaluate) -> Any:
        present = [row for row in rows if value(row) is not None]
        return value(pick(present, key=lambda row: row.get("@timestamp", 0))) if present else None

    return aggregate


AGGREGATES: dict[str, Callable[..., Any]] = {
    "count": lambda rows, value=None: len(_values(rows, value)) if value else len(rows),
    "count_distinct": lambda rows, value: len({str(each) for each in _values(rows, value)}),
    "sum": lambda rows, value: sum(_numbers(rows, value)),
    "avg": _of_numbers(lambda found: sum(found) / len(found)),
    "stddev": _of_numbers(lambda found: statistics.stdev(found) if len(found) > 1 else 0),
    "min": _of_values(min),
    "max": _of_values(max),
    "pct": _percentile,
    "earliest": _in_time(min),
    "latest": _in_time(max),
    "sortsfirst": _of_values(min),
    "sortslast": _of_values(max),
}
