"""All measurements in one run: `python -m benchmarks`. What each figure is: docs/benchmarks.md."""

import argparse
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import cold, containment, conversation, storms, understanding
from benchmarks.meter import LIMIT, Meter, Sample, percentile, within
from benchmarks.table import table
from tests.world import Sandbox

LATENCY = ("--latency", "50")
LARGE = ("--scale", "instances=1000,findings=50000")


def main() -> None:
    """Print the tables."""
    options = _options()
    began = time.monotonic()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors\n")
    with _box(*LATENCY) as box:
        with _box() as near:
            cold_start(near, box, options.starts)
        small = small_world(box, options.rounds)
    large = Meter(box)
    if not options.small:
        with _box(*LATENCY, *LARGE) as box:
            large = large_world(box)
    print_turns(small, large)
    print_runs(small)
    understanding.main()
    with containment.world(*LATENCY) as box:
        print_cuts(containment.measure(box, options.cuts))
    storms.measure(options.storm)
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--starts", type=int, default=15, help="cold starts of each skill")
    parser.add_argument("--rounds", type=int, default=8, help="times that each turn is said")
    parser.add_argument("--cuts", type=int, default=2, help="times that each instance is contained")
    parser.add_argument("--storm", type=int, default=storms.EVENTS, help="tag events of the storm")
    parser.add_argument("--small", action="store_true", help="only the world of 12 instances")
    return parser.parse_args()


@contextmanager
def _box(*options: str) -> Iterator[Sandbox]:
    box = Sandbox(options).start()
    try:
        yield box
    finally:
        box.stop()


def cold_start(near: Sandbox, far: Sandbox, starts: int) -> None:
    times = cold.measure(cold.subjects(near, far), starts)
    print(f"Cold start, {starts} of each by turns: import and first LaunchRequest")
    heads = ["skill", "median ms", "least ms", "ratio of medians", "of least"]
    print(table(heads, cold.rows(times)) + "\n", flush=True)


def small_world(box: Sandbox, rounds: int) -> Meter:
    """Everything: the turns that can be said again, `rounds` times; most others twice."""
    meter = Meter(box)
    for _ in range(rounds):
        conversation.ask(meter)
    for _ in range(2):
        conversation.change(meter, "mark suspicious", "isolate", "release", "block", "undo")
    conversation.assess(meter)
    conversation.change(meter, "patch")
    return meter


def large_world(box: Sandbox) -> Meter:
    """Each turn once; a patch run of a thousand instances is not waited for."""
    meter = Meter(box)
    conversation.ask(meter)
    conversation.change(meter, "mark suspicious", "isolate", "release", "block", "undo")
    conversation.assess(meter)
    conversation.change(meter, "patch", runs=False)
    return meter


def print_turns(small: Meter, large: Meter) -> None:
    """A row per kind of turn: the world of 12 instances, then the large one."""
    heads = ["turn", "times", "p50 ms", "p95 ms", "in 0.6 s", "calls", "in sequence"]
    heads += ["| large: p50 ms", "calls", "in sequence"]
    rows = [
        [name, *_times(samples), *_calls(samples), *_large(large.turns.get(name))]
        for name, samples in small.turns.items()
    ]
    print("Voice turns, --latency 50; large is --scale instances=1000,findings=50000")
    print(table(heads, rows))
    every = [one for samples in small.turns.values() for one in samples]
    print(f"{within(every):.1%} of {len(every)} turns within {LIMIT / 1000} s\n")


def _times(samples: list[Sample]) -> list[str]:
    marks = [f"{percentile(samples, share):.0f}" for share in (0.5, 0.95)]
    return [str(len(samples)), *marks, f"{within(samples):.0%}"]


def _calls(samples: list[Sample]) -> list[str]:
    """The most calls; of the sequences the shortest, for a busy machine can only lengthen them."""
    return [str(max(one.calls for one in samples)), str(min(one.rounds for one in samples))]


def _large(samples: list[Sample] | None) -> list[str]:
    if not samples:
        return ["-", "-", "-"]
    return [f"{percentile(samples, 0.5):.0f}", *_calls(samples)]


def print_runs(meter: Meter) -> None:
    """A row per kind of run: from the answer to the last thing that it started."""
    heads = ["run", "times", "p50 ms", "calls", "in sequence"]
    rows = [
        [name, str(len(samples)), f"{percentile(samples, 0.5):.0f}", *_calls(samples)]
        for name, samples in meter.runs.items()
    ]
    print("Workflow runs, --latency 50, waits skipped: the AWS calls are the durable engine's too")
    print(table(heads, rows))


def print_cuts(found: dict[str, list[containment.Cut]]) -> None:
    """A row per instance: from the message to the last interface in the isolation group."""
    heads = ["instance", "times", "p50 ms", "calls", "in sequence", "of them the engine's"]
    rows = []
    for name, cuts in found.items():
        samples = [cut.sample for cut in cuts]
        engine = max(cut.engine for cut in cuts)
        numbers = [f"{percentile(samples, 0.5):.0f}", *_calls(samples), str(engine)]
        rows.append([name, str(len(cuts)), *numbers])
    print("\nUntil the last interface is isolated, --latency 50, waits skipped")
    print(table(heads, rows))


if __name__ == "__main__":
    main()
