"""Takes the instance out of its Auto Scaling group, which would replace what fails its checks.

Standby, with the group's desired capacity one lower so that nothing is launched; the group's
minimum is lowered first where it must be, and kept apart from the instances' records, because
several of one group may be contained. Where standby is refused the instance is detached.
"""

from skill.actions._measures import Case, Look
from skill.aws.autoscaling import IN_SERVICE, STANDBY, Membership
from skill.errors import Conflict, Gone
from skill.model import Facts

NAME = "autoscaling"
ESSENTIAL = False
OUTLIVES = True
PERMISSIONS = {
    "read": ("autoscaling:DescribeAutoScalingInstances",),
    "contain": (
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:EnterStandby",
        "autoscaling:DetachInstances",
        "autoscaling:UpdateAutoScalingGroup",
    ),
    "release": (
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:ExitStandby",
        "autoscaling:AttachInstances",
        "autoscaling:UpdateAutoScalingGroup",
    ),
}
EVERY, WITHIN = 5, 120
LEFT = (STANDBY, "EnteringStandby")
# Another instance of the group may be leaving at the same moment.
TRIES = 3


def read(look: Look) -> Facts:
    """The group and the instance's lifecycle state in it; {} for an instance without a group."""
    found = look.aws.autoscaling.membership(look.entity.id)
    return {"group": found.group, "lifecycle": found.lifecycle} if found else {}


def contain(case: Case, before: Facts, now: Facts) -> None:
    """Standby takes AWS a while; nothing waits for it before the read-back looks."""
    if now and now["lifecycle"] not in LEFT:
        case.step("leave the group", lambda: _leave(case, now["group"]))


def _leave(case: Case, group: str) -> str:
    """How it left. Repeated, it finds that it has left already."""
    there = case.aws.autoscaling
    for _ in range(TRIES):
        found = there.membership(case.entity.id)
        if found is None or found.lifecycle in LEFT:
            return "left already"
        _make_room(case, found)
        try:
            there.stand_by(group, case.entity.id)
        except Conflict:
            continue
        return "standby"
    there.detach(group, case.entity.id)
    return "detached"


def _make_room(case: Case, found: Membership) -> None:
    """Lower the minimum where the group without the instance would be below it."""
    sizes = case.aws.autoscaling.sizes(found.group)
    if found.lifecycle == IN_SERVICE and sizes.desired <= sizes.least:
        case.aws.ledger.put_new(_place(case, found.group), "least", {"least": sizes.least})
        case.aws.autoscaling.set_least(found.group, max(sizes.desired - 1, 0))


def _place(case: Case, group: str) -> str:
    return f"scaling#{case.entity.account}#{case.entity.region}#{group}"


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not now or now["lifecycle"] == STANDBY


def release(case: Case, before: Facts, now: Facts) -> None:
    """Back in as it was, unless the group is gone; then as much of the minimum as there is."""
    if not before or before["lifecycle"] == STANDBY:
        return
    group = before["group"]
    if not case.vanished:
        if not case.step("back into the group", lambda: _enter(case, group)):
            case.lost(NAME, [group])
            before.clear()
            return
        _await(case, before["lifecycle"])
    case.step("the group's smallest size", lambda: _least(case, group))


def _await(case: Case, wanted: str) -> None:
    def look() -> str:
        found = case.aws.autoscaling.membership(case.entity.id)
        return found.lifecycle if found else ""

    name = "back in the group"
    if case.step(f"{name}?", look) != wanted:
        case.flow.until(name, look, lambda state: bool(state == wanted), EVERY, WITHIN)


def _enter(case: Case, group: str) -> bool:
    """False if the group is gone."""
    there = case.aws.autoscaling
    found = there.membership(case.entity.id)
    if found and found.lifecycle == STANDBY:
        there.stand_up(found.group, case.entity.id)
    elif found is None:
        return _attach(case, group)
    return True


def _attach(case: Case, group: str) -> bool:
    try:
        case.aws.autoscaling.sizes(group)
    except Gone:
        return False
    case.aws.autoscaling.attach(group, case.entity.id)
    return True


def _least(case: Case, group: str) -> bool:
    """The recorded minimum, once so many are wanted again; a higher one would launch others."""
    kept = case.aws.ledger.get(_place(case, group), "least")
    if kept is None:
        return False
    least = int(kept["doc"]["least"])
    try:
        sizes = case.aws.autoscaling.sizes(group)
    except Gone:
        sizes = None
    if sizes and sizes.least < min(least, sizes.desired):
        case.aws.autoscaling.set_least(group, min(least, sizes.desired))
    if sizes is None or sizes.desired >= least:
        case.aws.ledger.delete(_place(case, group), "least")
    return True


def restored(before: Facts, now: Facts) -> bool:
    return not before or now == before
