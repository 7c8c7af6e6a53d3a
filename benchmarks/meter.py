"""Times turns and runs of one sandbox, with the AWS calls that each of them made."""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.rounds import in_sequence
from tests.world import Json, Sandbox

LIMIT = 600.0


@dataclass(frozen=True)
class Sample:
    """One turn or run: milliseconds, AWS calls, and how many of them in sequence."""

    ms: float
    calls: int
    rounds: int


@dataclass
class Meter:
    """Samples by name, in the order in which the names first came."""

    box: Sandbox
    turns: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def turn(self, name: str, say: Callable[[], object]) -> None:
        """One request to the skill, from the post of its envelope to the whole answer."""
        self.box.forget_calls()
        began = time.perf_counter()
        say()
        took = time.perf_counter() - began
        self.turns[name].append(_sample(took, self.box.calls(function="voice")))

    def run(self, name: str) -> None:
        """What a turn started just now, until nothing is left to do."""
        began = time.perf_counter()
        self.box.idle()
        took = time.perf_counter() - began
        self.runs[name].append(_sample(took, self.box.calls(function="workflow")))


def _sample(seconds: float, calls: list[Json]) -> Sample:
    return Sample(seconds * 1000, len(calls), in_sequence(calls))


def percentile(samples: list[Sample], share: float) -> float:
    """The smallest time that this share of the samples does not exceed."""
    times = sorted(one.ms for one in samples)
    return times[math.ceil(share * len(times)) - 1]


def within(samples: list[Sample], limit: float = LIMIT) -> float:
    """The share of the samples that took no longer."""
    return sum(one.ms <= limit for one in samples) / len(samples)
