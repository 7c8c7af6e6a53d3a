"""A box with handlers that make the calls they are told to make, for the tests of the box.

One per module, since it is in this process, where other modules use moto without a box.
"""

from collections.abc import Iterator

import pytest

from tests.sandbox.actors_world import Actors


@pytest.fixture(scope="module")
def staged() -> Iterator[Actors]:
    made = Actors().start()
    yield made
    made.stop()


@pytest.fixture
def actors(staged: Actors) -> Actors:
    """The box with nothing going on and nothing recorded; what was made in it stays."""
    staged.idle()
    staged.box.forget()
    return staged


@pytest.fixture
def anew(staged: Actors) -> Actors:
    """The box as loaded."""
    staged.control("POST", "reset")
    return staged
