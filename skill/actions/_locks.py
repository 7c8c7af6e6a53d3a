"""What locking a principal and locking a function have in common."""

from skill.settings import Settings

FUNCTIONS = ("voice", "events", "slack", "workflow")
PROTECTED = "TobanProtected"
# Paths of roles that AWS made for itself.
RESERVED = ("/aws-service-role/", "/aws-reserved/")


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
