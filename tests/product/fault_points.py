"""Faults at single AWS calls of many runs at once: each run has its own."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.world import Json, Sandbox

# What a fault does beside its kind, and how many of a kind may hit one run. A client tries five
# times, so a throttle of five calls reaches the durable engine. A denied call is never tried again.
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
# A kind of fault, and the call that meets it.
Point = tuple[str, Call]


@dataclass(frozen=True)
class Points:
    """What one run is to meet: kinds of faults, and the calls (service, operation, which)."""

    points: tuple[Point, ...]

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.points}

    def faults(self, run: str) -> Iterator[Json]:
        for kind, (service, operation, nth) in self.points:
            place = {"run": run, "service": service, "operation": operation, "nth": nth}
            yield {"function": "workflow", **place, **KINDS[kind][0]}


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


def spread(wanted: Sequence[tuple[str, Sequence[Call]]]) -> list[Points]:
    """A fault of a kind at one of some calls each, in as few runs as there must be: no two faults
    at the same operation in one, since the first would shift the count of the second; and none
    beside a denial, which may end the run.
    """
    runs: list[list[Point]] = []
    for kind, calls in wanted:
        points = [(kind, call) for call in calls]
        fitting = ((run, point) for run in runs for point in points if _fits(point, run))
        run, point = next(fitting, ([], points[0]))
        if not run:
            runs.append(run)
        run.append(point)
    return [Points(tuple(run)) for run in runs]


def _fits(point: Point, run: list[Point]) -> bool:
    kind, call = point
    kinds = [each for each, _ in run]
    if "deny" in (kind, *kinds):
        return False
    return kinds.count(kind) < KINDS[kind][1] and call[:2] not in {each[:2] for _, each in run}


def missed(box: Sandbox, wanted: dict[str, Points]) -> list[Point]:
    """Faults that no call met, since the run made fewer calls of that operation."""
    rows: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in box.calls(function="workflow"):
        rows[row["run"], row["service"], row["operation"]] += 1
    return [
        (kind, call)
        for run, each in wanted.items()
        for kind, call in each.points
        if rows[run, *call[:2]] < call[2]
    ]
