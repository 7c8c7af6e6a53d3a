"""What Inspector covers: every instance as it is now, changed by what was put or scanned."""

from collections.abc import Iterator
from typing import Any

from moto.inspector2.models import inspector2_backends

from sandbox.clock import CLOCK
from sandbox.systems import fleet

Row = dict[str, Any]
# An inventory is taken every 30 minutes in SSM mode, reachability every 12 hours.
_INVENTORY, _REACHABILITY = 1800, 43200


def stored(account: str, region: str) -> dict[tuple[str, str], Row]:
    """Rows that were put or moved, by resource and scan type; they go before the derived ones."""
    backend = inspector2_backends[account][region]
    return backend.__dict__.setdefault("toban_coverage", {})


def put(account: str, region: str, row: Row) -> None:
    """Add or replace what is said of a resource and scan type."""
    stored(account, region)[row["resourceId"], row["scanType"]] = row


def scanned(account: str, region: str, resource_id: str, at: float) -> None:
    """Note that the packages of an instance were scanned just now."""
    held = stored(account, region).setdefault((resource_id, "PACKAGE"), {})
    held["lastScannedAt"] = at


def rows(account: str, region: str) -> Iterator[Row]:
    """Every covered resource, one row per scan type (PACKAGE and NETWORK of an instance)."""
    told = dict(stored(account, region))
    for instance in fleet.instances(account, region).values():
        for scan_type in ("PACKAGE", "NETWORK"):
            derived = _derived(account, region, instance, scan_type)
            yield derived | told.pop((instance.id, scan_type), {})
    for row in told.values():
        if "resourceType" in row:
            yield row


def _derived(account: str, region: str, instance: Any, scan_type: str) -> Row:
    node = fleet.node(account, region, instance)
    tags = fleet.tags(account, region, instance.id)
    code, reason = _status(instance, node.managed or scan_type == "NETWORK", tags)
    kind = fleet.system(node.platform)[0].upper()
    row = {
        "resourceType": "AWS_EC2_INSTANCE",
        "resourceId": instance.id,
        "accountId": account,
        "scanType": scan_type,
        "scanMode": "EC2_SSM_AGENT_BASED",
        "scanStatus": {"statusCode": code, "reason": reason},
        "resourceMetadata": {"ec2": {"tags": tags, "amiId": instance.image_id, "platform": kind}},
    }
    if code == "ACTIVE":
        row["lastScannedAt"] = _last_beat(instance.id, scan_type)
    return row


def _status(instance: Any, scannable: bool, tags: dict[str, str]) -> tuple[str, str]:
    if "InspectorEc2Exclusion" in tags:
        return "INACTIVE", "EXCLUDED_BY_TAG"
    if instance.state != "running":
        return "INACTIVE", "EC2_INSTANCE_STOPPED"
    if not scannable:
        return "INACTIVE", "UNMANAGED_EC2_INSTANCE"
    return "ACTIVE", "SUCCESSFUL"


def _last_beat(resource_id: str, scan_type: str) -> float:
    """The newest regular scan of an instance: each has its own beat."""
    period = _INVENTORY if scan_type == "PACKAGE" else _REACHABILITY
    offset = fleet.spread(resource_id, period)
    return (CLOCK.now().timestamp() - offset) // period * period + offset
