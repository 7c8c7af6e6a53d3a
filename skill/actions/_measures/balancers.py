"""Takes the instance out of every target group and classic load balancer, so that users leave."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from skill.actions._measures import Case, Look, Work
from skill.aws.balancers import Target
from skill.errors import Gone
from skill.model import Facts

NAME = "balancers"
ESSENTIAL = False
PERMISSIONS = {
    "read": (
        "ec2:DescribeInstances",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:DescribeLoadBalancers",
    ),
    "contain": (
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
    ),
    "release": (
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
    ),
}


def read(look: Look) -> Facts:
    """Its registrations, by id and by address; the classic load balancers that know it; and how
    many target groups have no other healthy target (`last`).
    """
    one, known = look.instance, look.aws.balancers
    ids = {one.id, *(address for eni in one.interfaces for address in eni.addresses)}
    (targets, last), classic = look.aws.gather(
        lambda: known.targets(_groups(look), ids), lambda: known.classic(one.id)
    )
    kept = {" ".join(map(str, _place(one))): one for one in targets}
    return {"targets": kept, "classic": dict.fromkeys(classic, True), "last": last}


def _groups(look: Look) -> list[str]:
    """The target groups of the instance's VPC."""
    rows = look.aws.balancers.groups() if look.fronts is None else look.fronts
    return [row["TargetGroupArn"] for row in rows if row.get("VpcId") == look.instance.vpc]


def contain(case: Case, before: Facts, now: Facts) -> None:
    known = case.aws.balancers
    groups = [(group, partial(known.take_out, group, held)) for group, held in _by_group(now)]
    names = [
        (name, partial(known.take_out_classic, name, case.entity.id)) for name in now["classic"]
    ]
    case.every("take out of load balancers", [*groups, *names])


def _by_group(state: Facts) -> list[tuple[str, list[Target]]]:
    groups: dict[str, list[Target]] = defaultdict(list)
    for one in state["targets"].values():
        groups[one["group"]].append(one)
    return list(groups.items())


def _short(group: str) -> str:
    """arn:…:targetgroup/web/73e2d6bc24d8a067 is web."""
    return group.split("/")[-2] if "/" in group else group


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not now["targets"] and not now["classic"]


def release(case: Case, before: Facts, now: Facts) -> None:
    """What was deleted meanwhile is told and no longer asked for; the rest is put back."""
    if not now:
        return
    works = [*_groups_back(case, before, now), *_classic_back(case, before, now)]
    gone = case.every("put into load balancers", works)
    lost = [key for key, one in before["targets"].items() if one["group"] in gone]
    before["targets"] = {key: one for key, one in before["targets"].items() if key not in lost}
    before["classic"] = {name: True for name in before["classic"] if name not in gone}
    case.lost(NAME, [_short(name) for name in gone])


def _groups_back(case: Case, before: Facts, now: Facts) -> Iterator[Work]:
    away = {key: one for key, one in before["targets"].items() if key not in now["targets"]}
    for group, targets in _by_group({"targets": away}):
        yield group, partial(_put, case.aws.balancers.put_in, group, targets)


def _classic_back(case: Case, before: Facts, now: Facts) -> Iterator[Work]:
    for name in before["classic"]:
        if name not in now["classic"]:
            yield name, partial(_put, case.aws.balancers.put_in_classic, name, case.entity.id)


def _put(put: Callable[..., None], *given: Any) -> bool:
    """False if the group or load balancer is gone."""
    try:
        put(*given)
    except Gone:
        return False
    return True


def _place(one: Target) -> tuple[str, str, int]:
    return one["group"], one["id"], one["port"]


def restored(before: Facts, now: Facts) -> bool:
    """Where it was, it is again. Others may have put it into more."""
    back = set(before["targets"]) <= set(now["targets"])
    return back and set(before["classic"]) <= set(now["classic"])
