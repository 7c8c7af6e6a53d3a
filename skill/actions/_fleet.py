"""What several instances are like right now, asked in as few rounds as AWS's page sizes allow."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.aws.inspector import Counts
from skill.aws.ssm import pages_of

# A status that says more than "vulnerable" is never overwritten by it.
_OURS = ("", "vulnerable")


def online(aws: Aws, ids: Sequence[str]) -> dict[str, bool]:
    """Whether SSM's agent answers, by id; an instance that SSM does not manage is absent."""
    return _merged(aws.gather(*[lambda page=page: aws.ssm.online(page) for page in pages_of(ids)]))


def patch_states(aws: Aws, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The last patch scan, by id; an instance that was never scanned is absent."""
    return _merged(
        aws.gather(*[lambda page=page: aws.ssm.patch_states(page) for page in pages_of(ids)])
    )


def _merged(pages: Iterable[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for page in pages:
        merged |= page
    return merged


def unreachable(one: Instance, online: dict[str, bool]) -> str:
    """Why a command cannot reach an instance; empty if it can."""
    if one.id not in online:
        return "unmanaged"
    return "" if online[one.id] else "offline"


def not_agreed(reasons: Mapping[str, str], only: Collection[str]) -> dict[str, str]:
    """Why those that nothing else leaves out are: they are not of the `only` ones, if there are
    some.
    """
    return {
        one: "not_agreed" for one, why in reasons.items() if only and not why and one not in only
    }


def counts(aws: Aws, wanted: Collection[str]) -> dict[str, Counts]:
    """Findings per wanted instance, by aggregation, however many pages: for workflows only."""
    return {one: found for one, found in aws.watch().by_instance() if one in wanted}


def mark(aws: Aws, vulnerable: Sequence[str], clean: Sequence[str]) -> int:
    """Bring the status tag up to date: on for the vulnerable, off for the clean. How many were
    changed.
    """
    live = aws.ec2.by_id(*vulnerable, *clean)
    status = {one.id: one.status for one in live if one.status in _OURS}
    add = [one for one in vulnerable if status.get(one) == ""]
    drop = [one for one in clean if status.get(one) == "vulnerable"]
    if add:
        aws.ec2.tag(add, TobanStatus="vulnerable")
    if drop:
        aws.ec2.untag(drop, "TobanStatus")
    return len(add) + len(drop)
