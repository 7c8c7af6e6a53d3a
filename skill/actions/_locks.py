"""What locking a principal and locking a function have in common."""

from skill.actions import _containment
from skill.actions._measures import Case
from skill.aws import Aws
from skill.entity import Entity
from skill.model import Facts
from skill.settings import Settings

FUNCTIONS = ("voice", "events", "workflow")
PROTECTED = "TobanProtected"


def our_function(settings: Settings, name: str) -> bool:
    return name in [f"{settings.stack}-{each}" for each in FUNCTIONS]


def our_role(settings: Settings, name: str) -> bool:
    """Whether a role is ours by its name: CloudFormation puts the stack's name and ours first, and
    those elsewhere begin alike.
    """
    ours = [f"{settings.stack}-{each.title()}FunctionRole" for each in FUNCTIONS]
    if prefix := settings.member_role.rpartition("-")[0]:
        ours.append(f"{prefix}-")
    return name.startswith(tuple(ours))


def locked(aws: Aws, one: Entity, record: Facts | None, states: dict[str, Facts]) -> bool:
    """Whether an entity is contained by us and all of it holds, as read now."""
    if record is None:
        return False
    case = Case(aws, None, one, record)
    return not _containment.open_measures(case, states)
