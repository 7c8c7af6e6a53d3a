"""One box for all tests of whole containments, started when the first of them needs it.

Whatever can be asked for is: metadata services off, older sessions revoked, an examiner's range,
grave findings contained at once.
"""

from collections.abc import Iterator

import pytest

from tests.containment_world import EXAMINER, containment_box
from tests.world import Sandbox


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


@pytest.fixture
def yard_box(standing_yard: Sandbox) -> Sandbox:
    """The scenario as loaded, with nothing contained."""
    standing_yard.reset()
    return standing_yard
