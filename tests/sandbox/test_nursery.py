"""Children, however they are started: forked from a nursery, or as processes of their own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.runtime.child import Child, Died
from sandbox.runtime.nursery import LIBRARIES
from sandbox.runtime.processes import ROOT, SHARED, Alone, Nurseries, Nursery, Starter
from sandbox.runtime.worker import LOG_MARK

CODE = Path(__file__).parent / "core"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="nurseries are for Linux")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": f"{CODE}{os.pathsep}{ROOT}",
    "TZ": ":UTC",
    "AWS_LAMBDA_FUNCTION_NAME": "one",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_LOG_GROUP_NAME": "group",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
    "_HANDLER": "lambda_handler.voice",
}
Json = dict[str, Any]
Make = Callable[..., Child]


@pytest.fixture(params=[Alone, pytest.param(Nurseries, marks=LINUX)])
def starter(request: pytest.FixtureRequest) -> Iterator[Starter]:
    made = request.param(CODE)
    yield made
    made.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery(CODE)
    yield made
    made.close()


@pytest.fixture
def make() -> Iterator[Make]:
    """Starts a child with these variables and waits for its handler."""
    children = []

    def started(starter: Starter, **variables: str) -> Child:
        children.append(Child(starter, ENVIRONMENT | variables, lambda line: None))
        assert children[-1].start(60) is None
        return children[-1]

    yield started
    for child in children:
        child.close()


def told(child: Child, **event: Any) -> Json:
    """What the handler says of where it runs."""
    child.send({"event": event, "request_id": "1", "arn": "arn", "deadline": time.time() + 60})
    answer: Json = json.loads(child.receive(60)["payload"])
    return answer


def test_a_child_has_the_environment_it_was_given_and_no_other(
    starter: Starter, make: Make
) -> None:
    for number in range(3):
        mine = {f"ONLY_{number}": "mine", "AWS_LAMBDA_FUNCTION_NAME": str(number)}
        environment = told(make(starter, **mine))["environment"]
        environment.pop("LC_CTYPE", None)  # Python's own, where the locale is C
        assert environment == ENVIRONMENT | mine


def test_a_child_runs_in_the_folder_of_the_code_and_looks_there_first(
    starter: Starter, make: Make
) -> None:
    alone = told(make(Alone(CODE)))
    found = told(make(starter))
    assert found["folder"] == str(CODE)
    assert (found["folder"], found["path"]) == (alone["folder"], alone["path"])


def test_no_two_children_cast_the_same(starter: Starter, make: Make) -> None:
    assert len({told(make(starter))["cast"] for _ in range(4)}) == 4


def test_strings_hash_differently_in_one_child_and_the_next(starter: Starter, make: Make) -> None:
    first, second = (told(make(starter))["hash"] for _ in range(2))
    assert first != second


def test_a_killed_child_is_seen_dead_and_is_reaped(starter: Starter, make: Make) -> None:
    child, other = Child(starter, ENVIRONMENT, lambda line: None), make(starter)
    child.start(60)
    number = told(child)["pid"]
    child.send({"event": {"sleep": 60}, "request_id": "1", "arn": "arn", "deadline": 0})
    assert child.alive
    child.kill()
    with pytest.raises(Died):
        child.receive(30)
    assert not child.alive
    child.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert other.alive and told(other)["pid"] != number


def test_a_child_that_cannot_import_its_handler_says_why(starter: Starter) -> None:
    lines: list[str] = []
    child = Child(starter, ENVIRONMENT | {"_HANDLER": "nothing.voice"}, lines.append)
    failure = child.start(60)
    child.close()
    assert failure and failure["errorType"] == "Runtime.ModuleNotFoundError"
    assert "No module named 'nothing'" in failure["errorMessage"]
    assert lines[-1].startswith("ModuleNotFoundError") and LOG_MARK not in "".join(lines)


@LINUX
def test_descriptors_are_of_one_child_alone(nursery: Nursery, make: Make) -> None:
    children = [make(nursery) for _ in range(3)]
    opened = [descriptors(told(child)["pid"]) for child in children]
    assert [len(each) for each in opened] == [len(opened[0])] * 3
    ours = [{name for name in each if "pipe" in name or "socket" in name} for each in opened]
    assert not set.intersection(*ours)
    before = descriptors(parent(children[0]))
    make(nursery)
    assert descriptors(parent(children[0])) == before


def descriptors(process: int) -> list[str]:
    """What a process has open."""
    return sorted(str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir())


def parent(child: Child) -> int:
    status = Path(f"/proc/{told(child)['pid']}/stat").read_text()
    return int(status.rpartition(")")[2].split()[1])


@LINUX
def test_children_end_with_their_nursery(nursery: Nursery, make: Make) -> None:
    children = [make(nursery) for _ in range(2)]
    nursery.close()
    for child in children:
        with pytest.raises(Died):
            child.receive(30)
        assert not child.alive
    with pytest.raises(RuntimeError, match="the nursery has ended"):
        make(nursery)


@LINUX
def test_a_nursery_holds_no_variable_of_a_function(nursery: Nursery, make: Make) -> None:
    number = parent(make(nursery, SECRET="mine"))
    rows = Path(f"/proc/{number}/environ").read_text().split("\0")
    assert {row.partition("=")[0] for row in rows} <= {"", "LC_CTYPE", *SHARED}


def test_no_library_looks_at_what_functions_are_given_when_it_is_imported() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SPY, *LIBRARIES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    looked = json.loads(done.stdout)
    assert "PATH" in looked  # the spy's own look
    ours = ("AWS", "TOBAN", "LAMBDA", "POWERTOOLS", "BOTO", "_HANDLER", "_all")
    assert [name for name in looked if name.startswith(ours)] == []


SPY = """
import importlib, json, os, sys, threading

class Spied(os._Environ):
    looked = set()
    def __getitem__(self, name):
        self.looked.add(name)
        return super().__getitem__(name)
    def __iter__(self):
        self.looked.add("_all")
        return super().__iter__()

os.environ.__class__ = Spied
os.environ.get("PATH")
for name in sys.argv[1:]:
    importlib.import_module(name)
assert threading.active_count() == 1
print(json.dumps(sorted(Spied.looked)))
"""
