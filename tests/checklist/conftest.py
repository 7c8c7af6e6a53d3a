"""One box for the checklist, reset only after a test that changed it."""

import pytest

from tests.world import Sandbox

_changed = [True]


@pytest.fixture(autouse=True)
def certified(mannerly: None) -> None:
    """Held for every test of the checklist."""


@pytest.fixture
def box(running: Sandbox) -> Sandbox:
    """The default scenario, untouched; the test may change it."""
    running.reset()
    _changed[0] = True
    return running


@pytest.fixture
def calm(running: Sandbox) -> Sandbox:
    """The default scenario for a test that shows that nothing changes."""
    if _changed[0]:
        running.reset()
    _changed[0] = False
    return running
