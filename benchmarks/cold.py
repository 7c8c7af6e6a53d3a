"""Cold start: import and first LaunchRequest, in fresh processes, as a ratio to a bare skill."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

from tests.world import ROOT, Json, Sandbox

NOBODY = "amzn1.ask.account.NOBODY"
BARE = ("benchmarks.bare_skill", "handler")
TOBAN = ("lambda_handler", "voice")


@dataclass(frozen=True)
class Subject:
    """What is started: a module and its handler, in an environment, with an event."""

    name: str
    handler: tuple[str, str]
    environment: dict[str, str]
    event: Json
    asks_aws: bool = False

    def start(self) -> float:
        """Milliseconds of one cold start."""
        done = subprocess.run(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-m", "benchmarks.fresh", *self.handler],
            env=self.environment,
            cwd=ROOT,
            input=json.dumps(self.event),
            capture_output=True,
            text=True,
            check=True,
        )
        row = json.loads(done.stdout.splitlines()[-1])  # the lines before it are its log
        if self.asks_aws and not row["answer"]["response"].get("directives"):
            raise RuntimeError(f"AWS did not answer the first request: {done.stderr}")
        return float(row["ms"])


def subjects(near: Sandbox, far: Sandbox) -> list[Subject]:
    """The bare skill first. `far` answers after 50 ms; a stranger's launch asks AWS nothing."""
    launch = {"type": "LaunchRequest"}
    nobody = near.talk(user=NOBODY, person=None).envelope(launch)
    here, there = environment(near), environment(far)
    return [
        Subject("bare skill", BARE, here, near.talk().envelope(launch)),
        Subject("Toban, AWS at once", TOBAN, here, near.talk().envelope(launch), True),
        Subject("Toban, AWS in 50 ms", TOBAN, there, far.talk().envelope(launch), True),
        Subject("Toban, no AWS call", TOBAN, here, nobody),
    ]


def measure(chosen: list[Subject], rounds: int) -> dict[str, list[float]]:
    """Times by name. They start by turns, so that a busy moment meets all of them; the first round,
    which may compile modules, does not count.
    """
    seen = [[one.start() for one in chosen] for _ in range(rounds + 1)][1:]
    return {one.name: [row[at] for row in seen] for at, one in enumerate(chosen)}


def rows(times: dict[str, list[float]]) -> list[list[str]]:
    """Median, least, and both as a ratio to the first's."""
    first = next(iter(times.values()))
    return [
        [
            name,
            f"{median(each):.0f}",
            f"{min(each):.0f}",
            f"{median(each) / median(first):.2f}",
            f"{min(each) / min(first):.2f}",
        ]
        for name, each in times.items()
    ]


def environment(box: Sandbox) -> dict[str, str]:
    """What Lambda gives the voice function, with an operator's key."""
    (voice,) = [
        row
        for row in box.aws("lambda").list_functions()["Functions"]
        if row["Handler"] == "lambda_handler.voice"
    ]
    return {
        **{name: str(value) for name, value in voice["Environment"]["Variables"].items()},
        "AWS_REGION": box.ready["region"],
        "AWS_DEFAULT_REGION": box.ready["region"],
        "AWS_ENDPOINT_URL": box.ready["aws"],
        "AWS_ACCESS_KEY_ID": "AKIASOMEBODYUNKNOWN0",
        "AWS_SECRET_ACCESS_KEY": "any",
        "TZ": ":UTC",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
    }
