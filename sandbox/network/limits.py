"""EC2's request limits: a token bucket per operation, account and Region, off unless asked for.

Sizes are AWS's own table ("Request throttling for the Amazon EC2 API"): each operation has a bucket
of its own, as large as its category says. DescribeInstances and a few others use a second, smaller
one when a request has neither a filter nor a page size (ids are no filter). Tokens come back with
the modelled clock, so a durable wait that is skipped refills as one that was waited for. Limits on
the number of instances (RunInstances and the like) are not modelled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.clock import CLOCK

READING, SMALL, WRITING = (100.0, 20.0), (50.0, 10.0), (50.0, 5.0)
"""Capacity in tokens, and tokens per second."""
WHOLE = frozenset(
    {
        "DescribeInstanceStatus",
        "DescribeInstances",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSpotInstanceRequests",
        "DescribeVolumes",
    }
)
_LARGE = """AssignIpv6Addresses AssignPrivateIpAddresses AssociateIamInstanceProfile
CreateLaunchTemplateVersion CreateNetworkInterface CreateSnapshot CreateSnapshots CreateVolume
DeleteNetworkInterface DeleteSnapshot DeleteVolume DeregisterImage DisassociateIamInstanceProfile
ModifyImageAttribute ModifyInstanceMetadataOptions ModifyLaunchTemplate
ModifyNetworkInterfaceAttribute ModifySnapshotAttribute"""
OWN: dict[str, tuple[float, float]] = {
    **dict.fromkeys(_LARGE.split(), (100.0, 5.0)),
    **dict.fromkeys(("CreateTags", "DeleteTags"), (100.0, 10.0)),
    **dict.fromkeys(("CreateNatGateway", "DeleteNatGateway"), (10.0, 1.0)),
    "CopyImage": (100.0, 1.0),
}
Row = dict[str, Any]


@dataclass
class Bucket:
    """Tokens, and what was seen of them: the lowest level and how many requests found none."""

    capacity: float
    refill: float
    level: float
    at: float
    least: float
    refused: int = 0

    def take(self, now: float) -> bool:
        """One token, if there is one."""
        self.level = min(self.capacity, self.level + max(now - self.at, 0.0) * self.refill)
        self.at = now
        taken = self.level >= 1
        self.level -= taken
        self.refused += not taken
        self.least = min(self.least, self.level)
        return taken


def kind(operation: str, params: Mapping[str, Any]) -> tuple[str, tuple[float, float]]:
    """The bucket that a request draws on: its name, and its size."""
    if operation in OWN:
        return operation, OWN[operation]
    if not operation.startswith(("Describe", "List", "Search", "Get")):
        return operation, WRITING
    narrowed = any(name in params for name in ("Filters", "Filter", "MaxResults"))
    if operation in WHOLE and not narrowed:
        return f"{operation} (whole)", SMALL
    return operation, READING


class Limits:
    """The buckets of all accounts and Regions."""

    def __init__(self) -> None:
        self.reset(on=False)

    def reset(self, on: bool) -> None:
        """Full buckets, and no counts; from now on requests need tokens or they do not."""
        self.on = on
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def take(self, account: str, region: str, operation: str, params: Mapping[str, Any]) -> bool:
        """Whether a request may pass."""
        if not self.on:
            return True
        name, (capacity, refill) = kind(operation, params)
        now = CLOCK.now().timestamp()
        full = Bucket(capacity, refill, capacity, now, capacity)
        return self._buckets.setdefault((account, region, name), full).take(now)

    def rows(self) -> list[Row]:
        """The buckets that were drawn on, in the order of their first request."""
        return [
            {
                "account": account,
                "region": region,
                "bucket": name,
                "capacity": int(bucket.capacity),
                "refill": bucket.refill,
                "least": round(bucket.least, 3),
                "refused": bucket.refused,
            }
            for (account, region, name), bucket in list(self._buckets.items())
        ]


LIMITS = Limits()
