"""Keeps the evidence alive: no termination, no stop, and volumes that outlive the instance.

Spot instances cannot be protected from termination (unverified); what is refused is told, and the
rest is done all the same.
"""

from collections.abc import Iterator
from functools import partial

from skill.actions._measures import Case, Look, Work
from skill.model import Facts

NAME = "protection"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("ec2:DescribeInstances", "ec2:DescribeInstanceAttribute"),
    "contain": ("ec2:ModifyInstanceAttribute",),
    "release": ("ec2:ModifyInstanceAttribute",),
}
SAFE = {
    "disableApiTermination": True,
    "disableApiStop": True,
    "instanceInitiatedShutdownBehavior": "stop",
}


def read(look: Look) -> Facts:
    """Attribute to value, and device to whether its volume goes with the instance."""
    ask = look.aws.hosts.attribute
    reads = [lambda name=name: ask(look.entity.id, name) for name in SAFE]
    *values, volumes = look.aws.gather(*reads, lambda: look.instance.volumes)
    return {"attributes": dict(zip(SAFE, values, strict=True)), "volumes": volumes}


def contain(case: Case, before: Facts, now: Facts) -> None:
    kept = dict.fromkeys(now["volumes"], False)
    works = [*_set(case, now["attributes"], SAFE), *_keep(case, now["volumes"], kept)]
    case.every("protect", works)


def _set(case: Case, now: Facts, wanted: Facts) -> Iterator[Work]:
    for name, value in wanted.items():
        if now[name] != value:
            yield name, partial(case.aws.hosts.set_attribute, case.entity.id, name, value)


def _keep(case: Case, now: Facts, wanted: dict[str, bool]) -> Iterator[Work]:
    changed = {device: goes for device, goes in wanted.items() if now.get(device) != goes}
    if changed:
        yield "volumes", partial(case.aws.hosts.keep_volumes, case.entity.id, changed)


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return now["attributes"] == SAFE and not any(now["volumes"].values())


def release(case: Case, before: Facts, now: Facts) -> None:
    if not now:
        return
    there = {device: goes for device, goes in before["volumes"].items() if device in now["volumes"]}
    attributes = _set(case, now["attributes"], before["attributes"])
    case.every("protect as before", [*attributes, *_keep(case, now["volumes"], there)])


def restored(before: Facts, now: Facts) -> bool:
    """A volume that was detached meanwhile has nothing to restore."""
    same = [now["volumes"].get(device, goes) == goes for device, goes in before["volumes"].items()]
    return bool(now["attributes"] == before["attributes"]) and all(same)
