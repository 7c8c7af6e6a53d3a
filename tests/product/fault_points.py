"""Faults at single AWS calls of many runs at once: each run has its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.world import Json, Sandbox

# What a fault does beside its kind, and how many may hit one run. A client tries five times, so a
# throttle of five calls reaches the durable engine. A denied call is never tried again.
KINDS: dict[str, tuple[Json, int]] = {
    "throttle": ({"kind": "throttle", "times": 1}, 8),
    "throttle on": ({"kind": "throttle", "times": 5}, 2),
    "deny": ({"kind": "deny", "times": 1}, 1),
    "kill": ({"kind": "kill", "times": 1}, 3),
    "error": ({"kind": "error", "times": 1}, 4),
    "drop": ({"kind": "drop", "times": 1}, 4),
    "hang": ({"kind": "hang", "times": 1, "seconds": 1}, 4),
}
# The durable engine's own calls are Lambda's to make good; here they are not AWS calls of a run.
ENGINE = "lambda"
Call = tuple[str, str, int]


@dataclass(frozen=True)
class Points:
    """What one run is to meet: a kind of fault, and the calls (service, operation, which)."""

    kind: str
    calls: tuple[Call, ...]

    def faults(self, run: str) -> Iterator[Json]:
        for service, operation, nth in self.calls:
            place = {"run": run, "service": service, "operation": operation, "nth": nth}
            yield {"function": "workflow", **place, **KINDS[self.kind][0]}


def calls_of(box: Sandbox, run: str) -> list[Call]:
    """Every AWS call of a run, each operation's counted from 1."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    found = []
    for row in box.calls(function="workflow"):
        if row["run"] == run and row["service"] != ENGINE:
            name = row["service"], row["operation"]
            seen[name] += 1
            found.append((*name, seen[name]))
    return found


def spread(calls: Sequence[Call], kind: str) -> list[Points]:
    """As few runs as there must be: no two faults at the same operation in one, since the first
    would shift the count of the second.
    """
    most = KINDS[kind][1]
    runs: list[list[Call]] = []
    for call in calls:
        fitting = (run for run in runs if len(run) < most and _is_new(call, run))
        if (run := next(fitting, None)) is None:
            runs.append(run := [])
        run.append(call)
    return [Points(kind, tuple(run)) for run in runs]


def _is_new(call: Call, run: Iterable[Call]) -> bool:
    return call[:2] not in {each[:2] for each in run}


def missed(box: Sandbox, wanted: dict[str, Points]) -> list[tuple[str, Call]]:
    """Faults that no call met, since the run made fewer calls of that operation."""
    rows: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in box.calls(function="workflow"):
        rows[row["run"], row["service"], row["operation"]] += 1
    return [
        (points.kind, call)
        for run, points in wanted.items()
        for call in points.calls
        if rows[run, *call[:2]] < call[2]
    ]
