"""Storms: many events at once. What became of each, how fast, what people heard, and the voice.

    python -m benchmarks.storms

sends 10,000 tag events (or the number that is given), half as many findings, and a hundred copies
of one event.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.table import table
from tests import events_world, findings_world
from tests.world import Json, Sandbox, http

EVENTS, COPIES, AT_ONCE = 10_000, 100, 50
LONGEST = 3600
PAUSE, LOOK = 1.0, 0.2


@dataclass
class Storm:
    """What one storm did. Every event is accounted for, in the dead-letter queue, or lost."""

    name: str
    sent: int
    seconds: float = 0.0
    arrived: float = 0.0
    taken: float = 0.0
    peak: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    slack: int = 0
    mails: int = 0
    buried: int = 0
    messages_lost: int = 0
    turns: list[float] = field(default_factory=list)
    silent: int = 0

    @property
    def lost(self) -> int:
        return self.sent - sum(self.ends.values()) - self.buried + self.messages_lost

    @property
    def a_second(self) -> float:
        return self.sent / self.taken


def tags(box: Sandbox, count: int) -> Storm:
    """Everything is to be isolated, again and again: the cap of an hour is ten instances."""
    found = box.ec2.describe_instances()["Reservations"]
    tagged = [one["Tags"] for row in found for one in row["Instances"]]
    names = [tag["Value"] for tags in tagged for tag in tags if tag["Key"] == "Name"]
    samples = [events_world.sample(box, "created-tags", name) for name in names]
    for one in samples:
        one["detail"]["requestParameters"]["tagSet"]["items"] = [
            {"key": "Toban", "value": "isolate"}
        ]
    events = [events_world.renewed(samples[at % len(samples)]) for at in range(count)]
    return _measure(box, f"{count:,} tag events", count, lambda: _post(box, events))


def findings(box: Sandbox, count: int) -> Storm:
    """One scan finds as many vulnerabilities, each of them critical, on all instances."""
    bases = [findings_world.event(box, on=name) for name in ("web-1", "batch-1", "api-1")]
    events = [_another(box, bases[at % len(bases)], at) for at in range(count)]
    return _measure(box, f"{count:,} findings", count, lambda: _post(box, events))


def _another(box: Sandbox, base: Json, number: int) -> Json:
    """Another vulnerability of the same instance."""
    event, cve = events_world.renewed(base), f"CVE-2099-{10_000 + number}"
    event["detail"] |= {"findingArn": findings_world.arn(box, cve), "title": f"{cve} - openssh"}
    event["detail"]["packageVulnerabilityDetails"]["vulnerabilityId"] = cve
    return event


def copies(box: Sandbox, count: int = COPIES) -> Storm:
    """The same event, delivered many times."""
    event = events_world.sample(box, "created-tags", fresh=True)
    return _measure(box, f"one event {count} times", count, lambda: _post(box, [event] * count))


def _post(box: Sandbox, events: list[Json]) -> None:
    """Many at once, as they come when they come within a minute."""
    for at in range(0, len(events), AT_ONCE):
        box.control("POST", "/events", events[at : at + AT_ONCE])


def _measure(box: Sandbox, name: str, sent: int, send: Callable[[], None]) -> Storm:
    storm = Storm(name, sent)
    began = time.perf_counter()
    with _watched(box, storm):
        send()
        storm.arrived = time.perf_counter() - began
        _events_are_over(box)
        storm.taken = time.perf_counter() - began
        idle(box)
    storm.seconds = time.perf_counter() - began
    _count(box, storm)
    return storm


def _events_are_over(box: Sandbox) -> None:
    """Wait for the events function; the runs that it started go on."""
    while any("-events " in one for one in _at_work(box)):
        time.sleep(LOOK)


def _at_work(box: Sandbox) -> list[str]:
    """What is delivered at this moment, or waits for its turn."""
    rows = box.control("GET", "/deliveries")["open"]
    queued = [f"{lane} " for lane in rows.get("queued", {})]
    return [*rows.get("running", []), *(one for one in queued if "-events" in one)]


def idle(box: Sandbox) -> None:
    """As `box.idle`, for what takes longer."""
    status, answer = http(
        "POST", box.ready["control"] + "/idle", {"timeout": LONGEST}, LONGEST + 60
    )
    if status != 200:
        raise RuntimeError(answer)


@contextmanager
def _watched(box: Sandbox, storm: Storm) -> Iterator[None]:
    """Somebody talks to the skill all the while, and counts what is worked on at once."""
    over = threading.Event()
    threads = [threading.Thread(target=_talk, args=(box, storm, over))]
    threads += [threading.Thread(target=_look, args=(box, storm, over))]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        over.set()
        for one in threads:
            one.join()


def _talk(box: Sandbox, storm: Storm, over: threading.Event) -> None:
    while not over.wait(PAUSE):
        try:
            storm.turns.append(turn(box))
        except AssertionError:
            storm.silent += 1


def turn(box: Sandbox) -> float:
    """Milliseconds of one question about the status, the first of a session."""
    talk = box.talk()
    began = time.perf_counter()
    talk.intent("StatusIntent")
    return (time.perf_counter() - began) * 1000


def _look(box: Sandbox, storm: Storm, over: threading.Event) -> None:
    while not over.wait(LOOK):
        labels = box.control("GET", "/deliveries")["open"].get("running", [])
        storm.peak = max(storm.peak, sum("-events " in one for one in labels))


def _count(box: Sandbox, storm: Storm) -> None:
    for row in events_world.accounts(box):
        storm.ends[f"{row['outcome']} {row['reason']}".strip()] += 1
    storm.runs = len(box.runs())
    storm.buried = len(events_world.buried(box))
    channels = Counter(one["channel"] for one in box.messages())
    storm.slack, storm.mails = channels["slack"], channels["mail"]
    lines = (str(row["line"]) for row in box.control("GET", "/logs")["logs"])
    storm.messages_lost = sum('"MessagesLost"' in line for line in lines)


def print_storms(storms: list[Storm], rest: list[float]) -> None:
    """A row per storm, then what became of the events of each."""
    heads = [
        "storm",
        "seconds",
        "sent in s",
        "events/s",
        "peak",
        "runs",
        "Slack",
        "mails",
        "dead",
        "lost",
    ]
    heads += ["turns", "silent", "p50 ms", "worst ms"]
    rows = [[one.name, *_figures(one)] for one in storms]
    print("\nStorms, --real-time: at work at once, what people got, and the voice meanwhile")
    print(table(heads, rows))
    for one in storms:
        print(f"{one.name}: " + ", ".join(f"{n:,} {end}" for end, n in one.ends.most_common()))
    print(f"at rest a turn takes {_middle(rest):.0f} ms", flush=True)


def _figures(one: Storm) -> list[str]:
    numbers = (one.peak, one.runs, one.slack, one.mails, one.buried, one.lost)
    talk = (len(one.turns), one.silent)
    voice = [f"{_middle(one.turns):.0f}", f"{max(one.turns, default=0):.0f}"]
    times = (one.seconds, one.arrived, one.a_second)
    return [*(f"{each:.0f}" for each in times), *map(str, numbers + talk), *voice]


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2] if times else 0.0


def measure(count: int) -> None:
    """Each storm in a world as it was loaded. Waits are waited for, so a minute is a minute."""
    box = Sandbox(("--real-time",)).start()
    try:
        turn(box)
        rest = [turn(box) for _ in range(5)]
        found = []
        storms = (lambda: tags(box, count), lambda: findings(box, count // 2), lambda: copies(box))
        for storm in storms:
            box.reset()
            found.append(storm())
        print_storms(found, rest)
    finally:
        box.stop()


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
