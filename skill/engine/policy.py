"""Who may ask for what, and how much of it. Everything that is not allowed is refused with a
reason.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from skill.actions import ACTIONS, Action
from skill.actions._history import alive
from skill.actions._history import heads as heads_of
from skill.aws import Aws
from skill.engine import caps, people
from skill.errors import Refused
from skill.model import Actor, Facts, Plan, Risk, Role
from skill.settings import Settings

# An ARN's resource may have colons of its own.
ARN_PARTS = 5


def voice_role(settings: Settings, user: str, person: str) -> Role:
    """A recognised voice on the list may change things; a listed account may read."""
    if person and person in settings.responder_persons:
        return Role.RESPONDER
    return Role.VIEWER if user and user in settings.viewer_users else Role.NONE


def listed(settings: Settings, principal: str, account: str = "") -> bool:
    """Whether a principal satisfies a listed pattern, so that its request tags are acted on.

    A pattern is compared part by part: what stands for an account or a path cannot reach into
    another part. With `account`, the principal must be that account's own.
    """
    parts = principal.split(":", ARN_PARTS)
    if len(parts) <= ARN_PARTS or account not in ("", parts[4]):
        return False
    return any(_matches(parts, pattern) for pattern in settings.tag_principals)


def _matches(parts: list[str], pattern: str) -> bool:
    wanted = pattern.split(":", ARN_PARTS)
    pairs = zip(parts, wanted, strict=False)
    return len(wanted) == len(parts) and all(fnmatchcase(part, one) for part, one in pairs)


def event_role(settings: Settings, principal: str) -> Role:
    """A listed principal acts through a tag; nobody else does."""
    return Role.RESPONDER if listed(settings, principal) else Role.NONE


def admit(action: Action, actor: Actor) -> None:
    """Raises Refused if this actor's role does not reach to this action's risk."""
    if actor.role is Role.NONE:
        raise Refused(reason="unlisted")
    if action.risk is not Risk.READ and actor.role is not Role.RESPONDER:
        raise Refused(reason="viewer")


def independent(plan: Plan, actor: Actor, settings: Settings) -> None:
    """Raises Refused if who approves a destructive proposal is, or may well be, who asked for it.

    A responder's voice, proved, could command it without a proposal; it is refused only if it is
    known to be the same person. A Slack account has to be known as somebody else.
    """
    requester = plan.prior.get("requester")
    if plan.action != "approve" or not plan.destructive or requester is None:
        return
    if people.same(settings, actor, requester):
        raise Refused(reason="own_request")
    if actor.door == "slack" and people.is_human(requester) and not people.of(settings, actor.id):
        raise Refused(reason="unknown_approver")


@dataclass(frozen=True)
class Hour:
    """The last hour: heads of its newest runs, and how many targets the action's other runs had."""

    heads: tuple[Facts, ...] = ()
    used: int = 0


def this_hour(action: Action, run: str, aws: Aws) -> Hour:
    """What the last hour had beside a run, in two rounds; a READ needs nothing of it."""
    if action.risk is Risk.READ:
        return Hour()
    used, heads = aws.gather(
        lambda: caps.used(aws, action.name, run),
        lambda: heads_of(aws, hours=1),
    )
    return Hour(tuple(heads), used)


def check(action: Action, plan: Plan, run: str, hour: Hour, settings: Settings) -> None:
    """Raises Refused if a target is protected or busy, or the plan goes beyond the limits.

    `run` is the id that this request's run has: a request is not in its own way. The start counts
    against the hour's limit again, and for good (caps.py).
    """
    heads = [head for head in hour.heads if head["id"] != run]
    protected = [target.name for target in plan.targets if target.protected]
    if protected and action.asks:
        raise Refused(reason="protected", names=protected)
    _not_busy(action, plan, heads)
    count = len(plan.targets)
    if count > settings.request_cap:
        raise Refused(reason="too_many", count=count, cap=settings.request_cap)
    cap = settings.caps.get(action.name)
    if cap is not None and count and hour.used + count > cap:
        raise Refused(reason="hourly", count=count, used=hour.used, cap=cap)


def _not_busy(action: Action, plan: Plan, heads: list[Facts]) -> None:
    """One run of a lane at a time on a target: what changes under its hands cannot be told."""
    for head in heads:
        if (
            action.lane
            and ACTIONS[head["action"]].lane == action.lane
            and alive(head)
            and plan.target_ids & set(head["ids"])
        ):
            raise Refused(reason="busy", action=head["action"], names=head["names"][:1])
