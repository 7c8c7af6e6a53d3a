"""One box for all tests of whole containments, and one for all tests of locks, each started when
the first of them needs it.

Whatever can be asked for is: metadata services off, older sessions revoked, an examiner's range,
grave findings contained at once.
"""

from collections.abc import Iterator

import pytest

from tests.containment_world import EXAMINER, containment_box
from tests.product.lock_world import lock_box
from tests.world import Sandbox

# The modules whose tests are conversations; elsewhere fleets and names may be long to hear.
TALKS = set(
    "approval budget choices dialogue envelopes japanese lock_function lock_principal names"
    " network_findings open_questions people progressive pronouns release safety stories talking"
    " verify visits".split()
)


@pytest.fixture(scope="session")
def standing_yard() -> Iterator[Sandbox]:
    asked = (
        "MetadataOff=on",
        "RevokeSessions=on",
        f"ExaminerCidr={EXAMINER}",
        "ContainSeverity=8.5",
    )
    box = containment_box(*(part for each in asked for part in ("--set", each)))
    yield box
    box.stop()


@pytest.fixture(scope="session")
def standing_locks() -> Iterator[Sandbox]:
    box = lock_box()
    yield box
    box.stop()


@pytest.fixture
def yard_box(standing_yard: Sandbox) -> Sandbox:
    """The scenario as loaded, with nothing contained."""
    standing_yard.reset()
    return standing_yard


@pytest.fixture(autouse=True)
def spoken_to(request: pytest.FixtureRequest) -> None:
    """Whatever is said in a test that is a conversation is said as it should be."""
    if request.module.__name__.rpartition(".test_")[2] in TALKS:
        request.getfixturevalue("mannerly")
