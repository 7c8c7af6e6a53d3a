"""CIS scans: a one-time configuration starts one at once, which takes modelled minutes.

Unverified on a live account: that several tag keys of a configuration must all fit, that an
unmanaged
target is CANCELLED, and that the counts of a scan are sums over its targets. Recurring
schedules are
kept and listed, but start nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.systems import checks, fleet

DURATION = 11 * 60.0


@dataclass
class Target:
    """One instance of a scan; `status` stays None while it is being scanned."""

    instance_id: str
    platform: str
    status: str | None = None
    reason: str | None = None
    failed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


@dataclass
class Scan:
    """A scan under way or over; it outlives its configuration."""

    arn: str
    configuration_arn: str
    name: str
    level: str
    targets: dict[str, Any]
    started: float
    status: str = "IN_PROGRESS"
    results: list[Target] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Failed checks over all targets."""
        return sum(len(each.failed) for each in self.results)

    @property
    def total(self) -> int:
        """Checks over all targets."""
        return sum(len(each.failed + each.skipped + each.passed) for each in self.results)


def configurations(backend: Any) -> dict[str, dict[str, Any]]:
    """Scan configurations by ARN."""
    return backend.__dict__.setdefault("toban_cis_configurations", {})


def scans(backend: Any) -> dict[str, Scan]:
    """Scans by ARN."""
    return backend.__dict__.setdefault("toban_cis_scans", {})


def running(backend: Any) -> list[Scan]:
    """The scans under way."""
    return [scan for scan in scans(backend).values() if scan.status == "IN_PROGRESS"]


def start(backend: Any, scan: Scan) -> None:
    """Begin a scan of the running instances that carry the tags."""
    where = (backend.account_id, backend.region_name)
    for instance in fleet.instances(*where).values():
        tags = fleet.tags(*where, instance.id)
        wanted = scan.targets["targetResourceTags"]
        if instance.state == "running" and fleet.has_tags(tags, wanted):
            scan.results.append(_target(where, instance))
    scans(backend)[scan.arn] = scan


def _target(where: tuple[str, str], instance: Any) -> Target:
    node = fleet.node(*where, instance)
    if not node.managed:
        return Target(instance.id, node.platform, "CANCELLED", "SSM_UNMANAGED")
    return Target(instance.id, node.platform, None, "SCAN_IN_PROGRESS")


def advance(backend: Any, now: float) -> None:
    """End the scans whose time is over."""
    for scan in running(backend):
        if now >= scan.started + DURATION:
            for target in scan.results:
                _judge(backend, scan, target)
            scan.status = "COMPLETED"


def _judge(backend: Any, scan: Scan, target: Target) -> None:
    """Results of a target; one that is out of reach by then never reports."""
    if target.status is not None:
        return
    where = (backend.account_id, backend.region_name)
    instance = fleet.instances(*where).get(target.instance_id)
    target.reason = None
    if instance is None or not fleet.is_online(*where, instance):
        target.status = "TIMED_OUT"
        return
    target.status = "COMPLETED"
    target.failed, target.skipped, target.passed = checks.judge(target.instance_id, scan.level)
