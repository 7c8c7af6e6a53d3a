"""The daily digests that were kept."""

from skill.aws import Aws
from skill.model import Facts

NAME = "digest"
# What needs somebody, the gravest first, and where the digest has its number.
NEEDS = {
    "drift": "drift",
    "overdue": "overdue_count",
    "waiting": "pending_count",
    "unpatched": "unpatched_count",
}


def newest(aws: Aws, since: str) -> Facts | None:
    """The newest digest since an ISO time, {"at", "facts"}; None if there is none."""
    return next(iter(aws.ledger.newest(NAME, since, 1)), None)


def needs(found: Facts) -> dict[str, int]:
    """How many of what need somebody; what could not be read is none."""
    return {name: int(found["facts"].get(key, 0)) for name, key in NEEDS.items()}
