"""Who may ask for what, and how much of it. Everything that is not allowed is refused with a
reason.
"""

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from skill.actions import Action
from skill.aws import Aws
from skill.errors import Refused
from skill.model import Actor, Plan, Risk, Role
from skill.settings import Settings


def voice_role(settings: Settings, user: str, person: str) -> Role:
    """A recognised voice on the list may change things; a listed account may read."""
    if person and person in settings.responder_persons:
        return Role.RESPONDER
    return Role.VIEWER if user and user in settings.viewer_users else Role.NONE


def event_role(settings: Settings, principal: str) -> Role:
    """A principal that satisfies a listed pattern acts through a tag; nobody else does."""
    listed = any(fnmatchcase(principal, pattern) for pattern in settings.tag_principals)
    return Role.RESPONDER if principal and listed else Role.NONE


def admit(action: Action, actor: Actor) -> None:
    """Raises Refused if this actor's role does not reach to this action's risk."""
    if actor.role is Role.NONE:
        raise Refused(reason="unlisted")
    if action.risk is not Risk.READ and actor.role is not Role.RESPONDER:
        raise Refused(reason="viewer")


def used_this_hour(action: Action, aws: Aws) -> int:
    """Targets that runs of this action have taken in the last hour."""
    if action.risk is Risk.READ:
        return 0
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    heads = aws.ledger.newest("run", since)
    return sum(head["targets"] for head in heads if head["action"] == action.name)


def check(action: Action, plan: Plan, used: int, settings: Settings) -> None:
    """Raises Refused if a target is protected or the plan is larger than the limits allow."""
    protected = [target.name for target in plan.targets if target.protected]
    if protected and action.name != "assess":
        raise Refused(reason="protected", names=protected)
    count = len(plan.targets)
    if count > settings.request_cap:
        raise Refused(reason="too_many", count=count, cap=settings.request_cap)
    cap = settings.caps.get(action.name)
    if cap is not None and count and used + count > cap:
        raise Refused(reason="hourly", count=count, used=used, cap=cap)
