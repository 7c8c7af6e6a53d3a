"""`python -m sandbox serve` as a process: its line, its end, its children."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.__main__ import parser
from tests.sandbox.core.client import http

ROOT = Path(__file__).parents[2]
KEYS = {
    "alexa",
    "aws",
    "control",
    "region",
    "skill_id",
    "responder",
    "viewer",
    "pin",
    "account",
    "slack_interactions",
    "slack_signing_secret",
    "slack_users",
    "member",
    "lockdown_topic",
    "external_id",
    "principal",
}


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    yield process
    process.kill()
    process.communicate()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_serve_says_one_line_and_ends_on_a_signal(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    ready = json.loads(serving.stdout.readline())
    assert set(ready) == KEYS
    assert set(ready["responder"]) == {"userId", "personId"}
    assert http("GET", f"{ready['control']}/calls") == (200, {"calls": []})
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(30) == 0
    assert serving.stdout.read() == ""


def descendants(process: int) -> list[int]:
    """Its children, theirs, and so on."""
    threads = list(Path(f"/proc/{process}/task").iterdir())
    children = [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]
    return [*children, *(pid for child in children for pid in descendants(child))]


@pytest.mark.skipif(not Path(f"/proc/{os.getpid()}/task").exists(), reason="reads /proc")
def test_children_do_not_outlive_a_killed_box(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    serving.stdout.readline()
    workers = descendants(serving.pid)
    assert len(workers) >= 6  # two nurseries, and a child of each function
    serving.kill()
    deadline = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, workers))


def test_scale_is_read() -> None:
    made = parser().parse_args(["serve", "--scale", "instances=1000,findings=50000"])
    assert made.scale == {"instances": 1000, "findings": 50000}


@pytest.mark.parametrize("text", ["-1", "-0.5", "nan", "inf", "soon"])
def test_a_bad_latency_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["serve", "--latency", text])
    assert ended.value.code == 2
    assert f"not a number of milliseconds, 0 or more: {text}" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["many", "instances=x", "rows=3"])
def test_a_bad_scale_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["serve", "--scale", text])
    assert "instances=N,findings=M" in capsys.readouterr().err
