"""Takes a crash-consistent snapshot of all volumes, tagged with the run. They are never deleted."""

from skill.actions._measures import Case, Look
from skill.model import Facts

NAME = "snapshots"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("ec2:DescribeInstances", "ec2:DescribeSnapshots"),
    "contain": ("ec2:CreateSnapshots", "ec2:CreateTags", "ec2:DescribeSnapshots"),
    "release": (),
}


def read(look: Look) -> Facts:
    """How many volumes there are, and the snapshots that this run made of them."""
    if not look.instance.volumes:
        return {}
    made = look.aws.hosts.snapshots(look.entity.id, look.case) if look.case else []
    return {"volumes": len(look.instance.volumes), "snapshots": made}


def contain(case: Case, before: Facts, now: Facts) -> None:
    if before:
        case.step("snapshots", lambda: _make(case))


def _make(case: Case) -> list[str]:
    """Repeated, it finds those that it made."""
    run = case.record["run"]
    found = case.aws.hosts.snapshots(case.entity.id, run)
    return found or case.aws.hosts.snapshot(case.entity.id, run)


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not before or len(now.get("snapshots", ())) >= before["volumes"]


def release(case: Case, before: Facts, now: Facts) -> None:
    """Evidence outlives the case."""


def restored(before: Facts, now: Facts) -> bool:
    return True
