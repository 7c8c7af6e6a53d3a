"""CIS scans of a run: started once each, followed to the end, and their configurations removed."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from skill.actions._flow import Flow
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Facts

POLL, DEADLINE = 60, 2 * 3600
# A scan's targets are one tag key with at most so many values (botocore's model).
VALUES = 5
ENDED = ("COMPLETED", "FAILED", "CANCELLED")


def targets(key: str, values: Sequence[str]) -> list[dict[str, list[str]]]:
    """The tag maps of as many scans as some values of one tag need."""
    return [{key: list(values[at : at + VALUES])} for at in range(0, len(values), VALUES)]


def start(flow: Flow, aws: Aws, tags: Sequence[dict[str, list[str]]]) -> list[str]:
    """The configurations' ARNs, one step each; a repeated step finds what it made before."""
    return [
        flow.step(
            f"start CIS scan {at}",
            partial(aws.inspector.start_cis_scan, f"toban-{flow.run}-{at}", each),
        )
        for at, each in enumerate(tags)
    ]


def follow(flow: Flow, aws: Aws, scans: Sequence[str]) -> Facts:
    """Failed and total checks, once every scan has ended. Raises TobanError if one did not."""
    rows: list[Facts] = flow.until(
        "CIS scans to end",
        lambda: [_brief(aws.inspector.cis_scan(scan)) for scan in scans],
        lambda found: all(row.get("status") in ENDED for row in found),
        POLL,
        DEADLINE,
    )
    unfinished = [row.get("status", "none") for row in rows if row.get("status") != "COMPLETED"]
    if unfinished:
        raise TobanError(operation="cis scan", status=unfinished[0])
    return {
        "failed": sum(row.get("failedChecks", 0) for row in rows),
        "total": sum(row.get("totalChecks", 0) for row in rows),
    }


def _brief(row: dict[str, Any] | None) -> Facts:
    names = ("status", "failedChecks", "totalChecks")
    return {name: row[name] for name in names if name in row} if row else {}


def remove(flow: Flow, aws: Aws, scans: Sequence[str]) -> None:
    """Each configuration in a step of its own: one that stays must not keep the others."""
    errors: list[TobanError] = []
    for at, scan in enumerate(scans):
        try:
            flow.step(f"remove CIS scan {at}", partial(_gone, aws, scan))
        except TobanError as error:
            errors.append(error)
    if errors:
        raise errors[0]


def _gone(aws: Aws, scan: str) -> bool:
    aws.inspector.remove_cis_configuration(scan)
    return True
