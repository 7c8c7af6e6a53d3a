"""What the tests of the voice share."""

import pytest


@pytest.fixture(autouse=True)
def spoken_to(mannerly: None) -> None:
    """Whatever is said in a test is said as it should be."""
