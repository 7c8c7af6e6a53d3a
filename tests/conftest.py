"""One sandbox per test process, started once; tests that change it reset it first.

And the order of the tests. With `--dist worksteal` each process gets one run of them, and who has
ended takes from the end of another's. So the tests of one box stand together at the beginning of a
half, and those that need none at its end: few boxes are started twice.
"""

import os
import random
from collections.abc import Iterator

import pytest

from tests.world import Figure, Sandbox

FIGURE = "figure"
HALVES = 2
# The fixtures of the boxes that take long to start, or to fill, besides the one of all tests.
BOXES = (
    "standing_yard",
    "standing_locks",
    "standing_members",
    "fleet",
    "tracked",
)


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    box = Sandbox().start()
    yield box
    box.stop()


@pytest.fixture
def box(running: Sandbox) -> Sandbox:
    """The default scenario, untouched."""
    running.reset()
    return running


@pytest.fixture
def quiet(running: Sandbox, request: pytest.FixtureRequest) -> Sandbox:
    """The default scenario for a test that changes nothing: reset only if others had the box."""
    module = request.module.__name__
    if running.quiet_for != module:
        running.reset()
    running.quiet_for = module
    return running


@pytest.fixture
def mannerly() -> Iterator[None]:
    """Every answer in the test is one that certification would take (alexa.md §6).

    What tests before it left in a box that they share is theirs.
    """
    for box in Sandbox.started:
        box.control("DELETE", "/breaches")
    yield
    for box in Sandbox.started:
        found = box.control("GET", "/breaches")["breaches"]
        if found:
            box.control("DELETE", "/breaches")
        assert found == []


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Keeps a line for the end of the whole run, whichever process the test is in."""
    return lambda told: request.node.user_properties.append((FIGURE, told))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if seed := os.environ.get("SHUFFLE"):
        items[:] = shuffled(items, seed)
    boxes = [_box(item) for item in items]
    first = [item for item, box in zip(items, boxes, strict=True) if box == "running"]
    second = [item for name in BOXES for item, box in zip(items, boxes, strict=True) if box == name]
    rest = [item for item, box in zip(items, boxes, strict=True) if not box]
    room = max(len(items) // HALVES - len(first), 0)
    items[:] = [*first, *rest[:room], *second, *rest[room:]]


def shuffled(items: list[pytest.Item], seed: str) -> list[pytest.Item]:
    """The modules in another order, each as it was: none may need what another left behind."""
    modules: dict[str, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    order = sorted(modules)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order that can be had again
    return [item for name in order for item in modules[name]]


def _box(item: pytest.Item) -> str:
    """The fixture of the box that a test needs; a module may call another one `running`."""
    names = getattr(item, "fixturenames", ())
    return next((name for name in (*BOXES, "running") if name in names), "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [text for one in reports for name, text in one.user_properties if name == FIGURE]
    if told:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(sorted(set(told))))
