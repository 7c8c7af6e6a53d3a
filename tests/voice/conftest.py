"""What the tests of the voice share."""

import pytest

from tests.world import Sandbox


@pytest.fixture(scope="module")
def quiet(running: Sandbox) -> Sandbox:
    """Nothing is written here, so nothing has to be taken back between two tests."""
    running.reset()
    return running


@pytest.fixture(autouse=True)
def spoken_to(mannerly: None) -> None:
    """Whatever is said in a test is said as it should be."""
