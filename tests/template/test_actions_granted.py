"""The roles cover what the actions say they need (their PERMISSIONS), and writes go no further."""

import pytest

from skill.actions import ACTIONS
from tests.template.translate import granted

DOORS = {
    "voice": sorted(ACTIONS),
    # What a tag can ask for: skill/events/routes.py.
    "events": ["assess", "isolate", "mark_suspicious", "patch", "release"],
}


@pytest.mark.parametrize(
    ("door", "name"), [(d, name) for d, rows in DOORS.items() for name in rows]
)
def test_a_door_may_plan_what_it_may_be_asked(door: str, name: str) -> None:
    assert set(ACTIONS[name].permissions["plan"]) <= granted(door)


@pytest.mark.parametrize("name", ACTIONS)
def test_the_workflow_may_do_all_of_every_action(name: str) -> None:
    needed = {action for part in ACTIONS[name].permissions.values() for action in part}
    assert needed <= granted("workflow")
