"""Switches the instance metadata service off, if that was asked for: no fresh credentials."""

from skill.actions._measures import Case, Look
from skill.model import Facts

NAME = "metadata"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("ec2:DescribeInstances",),
    "contain": ("ec2:ModifyInstanceMetadataOptions",),
    "release": ("ec2:ModifyInstanceMetadataOptions",),
}
OFF = "disabled"


def read(look: Look) -> Facts:
    return {"endpoint": look.instance.metadata} if NAME in look.wanted else {}


def contain(case: Case, before: Facts, now: Facts) -> None:
    if now and now["endpoint"] != OFF:
        case.step("metadata off", lambda: _switch(case, OFF))


def _switch(case: Case, endpoint: str) -> bool:
    case.aws.hosts.set_metadata(case.entity.id, endpoint)
    return True


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not before or now.get("endpoint") == OFF


def release(case: Case, before: Facts, now: Facts) -> None:
    if before and now and before != now:
        case.step("metadata back", lambda: _switch(case, before["endpoint"]))


def restored(before: Facts, now: Facts) -> bool:
    return now == before
