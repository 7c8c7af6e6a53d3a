"""One sandbox per test process, started once; tests that change it reset it first."""

from collections.abc import Iterator

import pytest

from tests.world import Sandbox


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
