"""One sandbox per test process, started once; tests that change it reset it first."""

from collections.abc import Iterator

import pytest

from tests.world import Figure, Sandbox

FIGURE = "figure"


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [text for one in reports for name, text in one.user_properties if name == FIGURE]
    if told:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(sorted(set(told))))
