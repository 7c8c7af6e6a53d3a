"""Metric values: what functions write as embedded metrics, and the statistics of a window.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Datum:
    """Values of one metric under one set of dimensions."""

    namespace: str
    name: str
    dimensions: dict[str, str]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Value:
    """One value and when it came."""

    at: datetime
    value: float


def embedded(line: str) -> Iterator[Datum]:
    """The metrics that a log line holds; none, where it is no embedded metric."""
    document = _document(line) if '"_aws"' in line else {}
    meta = document.get("_aws")
    directives = meta.get("CloudWatchMetrics") if isinstance(meta, dict) else None
    for directive in directives or []:
        yield from _metrics(document, directive)


def _document(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _metrics(document: dict[str, Any], directive: dict[str, Any]) -> Iterator[Datum]:
    for metric in directive.get("Metrics", []):
        given = document.get(metric["Name"], [])
        values = tuple(map(float, given if isinstance(given, list) else [given]))
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document.get(name)) for name in names}
            if values:
                yield Datum(directive["Namespace"], metric["Name"], dimensions, values)


def statistic(alarm: Any, window: list[Value]) -> float:
    """What an alarm looks at, of the values in its window (at least one)."""
    values = sorted(row.value for row in window)
    if alarm.extended_statistic:
        share = float(alarm.extended_statistic.lstrip("p")) / 100
        return values[max(math.ceil(share * len(values)), 1) - 1]
    return {
        "Sum": sum(values),
        "Average": sum(values) / len(values),
        "Minimum": values[0],
        "Maximum": values[-1],
        "SampleCount": float(len(values)),
    }[alarm.statistic]
