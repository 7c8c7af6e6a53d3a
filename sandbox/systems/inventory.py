"""When Inspector learns that a patch is in: at the next inventory, or at once by a rescan.

The real inventory comes every 30 minutes. The box takes one five modelled minutes after a patch, so
that findings are stale right after patching, as in AWS, yet nobody waits long.
"""

from dataclasses import dataclass
from typing import Any

from moto.inspector2.models import inspector2_backends

from sandbox.systems import coverage, findings, patches

DELAY = 300.0


@dataclass(frozen=True)
class Inventory:
    """An inventory to come: of which instance, when."""

    due: float
    instance_id: str


def pending(backend: Any) -> list[Inventory]:
    """The inventories to come, on the backend of Inspector."""
    return backend.__dict__.setdefault("toban_inventories", [])


def plan(account: str, region: str, instance_id: str, patched_at: float) -> None:
    """Take an inventory of an instance some time after it was patched."""
    backend = inspector2_backends[account][region]
    pending(backend).append(Inventory(patched_at + DELAY, instance_id))


def advance(backend: Any, now: float) -> None:
    """Take the inventories that are due."""
    waiting = pending(backend)
    due = [each for each in waiting if each.due <= now]
    for each in due:
        waiting.remove(each)
        take(backend.account_id, backend.region_name, each.instance_id, each.due)


def take(account: str, region: str, instance_id: str, at: float) -> None:
    """Scan an instance: its coverage moves, and findings whose patch is in are closed."""
    coverage.scanned(account, region, instance_id, at)
    fixed = patches.fixed_cves(account, region, instance_id)
    held = findings.store(account, region)
    for finding in held.of_resource(instance_id):
        if finding["status"] == "ACTIVE" and _is_fixed(finding, fixed):
            findings.close(held, finding, at)


def _is_fixed(finding: dict[str, Any], fixed: set[str]) -> bool:
    """A patch of the system mends system packages, never what pip, npm or a jar brought."""
    details = finding.get("packageVulnerabilityDetails", {})
    managers = {each.get("packageManager", "OS") for each in details.get("vulnerablePackages", [])}
    return managers <= {"OS"} and details.get("vulnerabilityId") in fixed
