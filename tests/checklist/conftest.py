"""What the tests of the checklist share."""

import pytest


@pytest.fixture(autouse=True)
def certified(mannerly: None) -> None:
    """Held for every test of the checklist."""
