"""The roles cover what the actions say they need (their PERMISSIONS), and go no further."""

import pytest

from skill.actions import ACTIONS
from skill.events.tags import TAG_ACTIONS
from tests.template.claims import ENGINE
from tests.template.translate import granted, listed, properties

LOCKDOWN = {"isolate", "lock_principal", "lock_function", "release"}
DOORS = {
    "voice": sorted(ACTIONS),
    # What can be proposed, and the answers.
    "slack": sorted(name for name, row in ACTIONS.items() if row.apply),
    # Tags, the lockdown topic, the schedule and findings.
    "events": sorted(
        {action for action, _ in TAG_ACTIONS.values()}
        | LOCKDOWN
        | {"verify", "triage", "verify_fix", "digest"}
    ),
}
PLANNED = {one for row in ACTIONS.values() for one in row.permissions["plan"]}
CLAIMED = {one for row in ACTIONS.values() for part in row.permissions.values() for one in part}


@pytest.mark.parametrize(
    ("door", "name"), [(d, name) for d, rows in DOORS.items() for name in rows]
)
def test_a_door_may_plan_what_it_may_be_asked(door: str, name: str) -> None:
    assert set(ACTIONS[name].permissions["plan"]) <= granted(door)


@pytest.mark.parametrize("name", ACTIONS)
def test_the_workflow_may_do_all_of_every_action(name: str) -> None:
    needed = {action for part in ACTIONS[name].permissions.values() for action in part}
    assert needed <= granted("workflow")


def test_every_action_is_granted_for_something() -> None:
    """Nothing is left over from what Toban once did, neither reads nor writes."""
    for function in ("voice", "events", "slack", "workflow"):
        assert granted(function) - CLAIMED <= set(ENGINE[function]), function


def test_the_workflow_alone_has_what_no_plan_needs() -> None:
    """Of what the actions claim; reads that only a running action needs are in ReadPolicy too."""
    rows = properties("ReadPolicy")["PolicyDocument"]["Statement"]
    shared = {action for row in rows for action in listed(row["Action"])}
    for door in DOORS:
        assert granted(door) - PLANNED - set(ENGINE[door]) <= shared
