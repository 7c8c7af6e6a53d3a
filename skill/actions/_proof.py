"""Whether a finding that Inspector closed really is gone, and who mended it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from skill.actions import _history
from skill.aws import Aws
from skill.aws.ssm import pages_of
from skill.errors import TobanError, Transient
from skill.model import Facts
from skill.playbooks import INSTANCE, SYSTEM

FIXED, GONE, SUPPRESSED, UNVERIFIED = "fixed", "gone", "suppressed", "unverified"
# What became of a finding, in the order in which it is told.
ENDINGS = (FIXED, GONE, SUPPRESSED, UNVERIFIED)
TEN = 10
RUNS = 500
# The index is by when a run began.
LONGEST = timedelta(days=1)
# What another read said: its value, or its error.
Read = Any


def verdicts(aws: Aws, cases: Sequence[Facts]) -> list[Facts]:
    """{"ending", "why"} of each case. Raises Transient while AWS is worth another try."""
    places = {(case["account"], case["region"]) for case in cases}
    world = {place: _caught(partial(_look, aws, place, cases)) for place in places}
    return [_verdict(case, world[case["account"], case["region"]]) for case in cases]


def _look(aws: Aws, place: tuple[str, str], cases: Sequence[Facts]) -> Facts:
    """All that tells of the cases of one account and Region, each read at once with the others."""
    there = aws.at(*place)
    mine = [case for case in cases if (case["account"], case["region"]) == place]
    on = sorted({case["resource"]["id"] for case in mine if _on_instance(case)})
    patched = sorted({case["resource"]["id"] for case in mine if _by_patch(case)})
    statuses, alive, states = aws.gather(
        lambda: _caught(lambda: _statuses(aws, place[1], [case["arn"] for case in mine])),
        lambda: _caught(lambda: {one.id for one in there.ec2.by_id(*on)} if on else set()),
        lambda: _caught(lambda: _scanned(there, patched)),
    )
    here = [one for one in patched if not isinstance(alive, set) or one in alive]
    reads = [partial(_caught, partial(there.ssm.open_patches, one)) for one in here]
    patches = dict(zip(here, aws.gather(*reads), strict=True))
    return {"statuses": statuses, "alive": alive, "states": states, "patches": patches}


def _statuses(aws: Aws, region: str, arns: Sequence[str]) -> dict[str, str]:
    tens = [arns[at : at + TEN] for at in range(0, len(arns), TEN)]
    pages = aws.gather(*[partial(aws.watch(region).statuses, ten) for ten in tens])
    return {arn: status for page in pages for arn, status in page.items()}


def _scanned(aws: Aws, ids: Sequence[str]) -> set[str]:
    """Those that Patch Manager has ever looked at."""
    pages = aws.gather(*[partial(aws.ssm.patch_states, page) for page in pages_of(ids)])
    return {one for page in pages for one in page}


def _caught(read: Any) -> Read:
    """A refusal is an answer too; what may go better next time is raised."""
    try:
        return read()
    except Transient:
        raise
    except TobanError as error:
        return error


def _verdict(case: Facts, world: Read) -> Facts:
    """Inspector first, then whether the instance is there, then its patches."""
    for look in (_inspector, _instance, _patch):
        if isinstance(world, TobanError):
            return unread(world)
        found: Facts | None = look(case, world)
        if found is not None:
            return found
    return {"ending": FIXED, "why": "patch" if _by_patch(case) else "inspector"}


def unread(error: TobanError) -> Facts:
    """What cannot be read is not called fixed."""
    return {"ending": UNVERIFIED, "why": "unread", "error": error.document()}


def _inspector(case: Facts, world: Facts) -> Facts | None:
    statuses = world["statuses"]
    if isinstance(statuses, TobanError):
        return unread(statuses)
    # Of another account: home may not be its administrator.
    if case["where"] and case["arn"] not in statuses:
        return {"ending": UNVERIFIED, "why": "unseen"}
    status = statuses.get(case["arn"], "CLOSED")
    if status == "ACTIVE":
        return {"ending": UNVERIFIED, "why": "active"}
    if "SUPPRESSED" in (status, case["status"] if case["arn"] not in statuses else ""):
        return {"ending": SUPPRESSED, "why": ""}
    return None


def _instance(case: Facts, world: Facts) -> Facts | None:
    if not _on_instance(case):
        return None
    if isinstance(world["alive"], TobanError):
        return unread(world["alive"])
    missing = case["resource"]["id"] not in world["alive"]
    return {"ending": GONE, "why": ""} if missing else None


def _patch(case: Facts, world: Facts) -> Facts | None:
    """Patch Manager has looked, and no patch for it is missing, failed or waits for a restart."""
    if not _by_patch(case):
        return None
    instance, states = case["resource"]["id"], world["states"]
    patches = world["patches"].get(instance, [])
    for read in (states, patches):
        if isinstance(read, TobanError):
            return unread(read)
    if instance not in states:
        return {"ending": UNVERIFIED, "why": "unscanned"}
    open_ones = [patch["State"] for patch in patches if _for(patch, case)]
    if not open_ones:
        return None
    waits = all(state == "InstalledPendingReboot" for state in open_ones)
    return {"ending": UNVERIFIED, "why": "reboot" if waits else "missing"}


def _for(patch: Facts, case: Facts) -> bool:
    """By its CVEs where AWS tells them, else by the package that it is for."""
    if patch.get("CVEIds"):
        return case["cve"] in patch["CVEIds"].split(",")
    names = {package["name"] for package in case["packages"]}
    return patch.get("KBId", "").partition(".")[0] in names


def _on_instance(case: Facts) -> bool:
    return bool(case["resource"]["type"] == INSTANCE)


def _by_patch(case: Facts) -> bool:
    """Whether Patch Manager is the one that knows: packages of the system, on an instance."""
    managers = {package["manager"] for package in case["packages"]}
    return _on_instance(case) and managers == {SYSTEM} and case["cve"] != ""


def patch_runs(aws: Aws, since: str) -> list[Facts]:
    """Heads of the patch runs that were under way since an ISO time, newest first."""
    began = (when(since) - LONGEST).isoformat()
    heads = aws.ledger.newest("run", began, RUNS)
    return [head for head in heads if head["action"] == "patch"]


def patching(aws: Aws, cases: Sequence[Facts]) -> bool:
    """Whether an instance of these cases is still being patched: who fixed it is not settled."""
    mine = {case["resource"]["id"] for case in cases if _by_patch(case)}
    heads = _history.heads(aws) if mine else []
    return bool(mine & _history.busy(heads, ("patch",)))


def fixer(case: Facts, told_at: str, heads: Sequence[Facts]) -> str:
    """The newest patch run that patched the instance after the finding was seen; empty if none."""
    known = when(min(case["first"], told_at or case["first"]))
    mine = [head for head in heads if _by_patch(case) and _patched(head, case["resource"], known)]
    return str(mine[0]["id"]) if mine else ""


def _patched(head: Facts, resource: Facts, known: datetime) -> bool:
    """Whether a run patched a resource, or is still about to say so."""
    if resource["id"] not in head["ids"]:
        return False
    if not head["ended"]:
        return _history.alive(head)
    done = [*head["facts"].get("patched", []), *head["facts"].get("reboot", [])]
    return resource["name"] in done and when(head["ended"]) >= known


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(case: Facts) -> int:
    """From first seen to verified, or to Inspector's own closing where that is later."""
    first = when(case["first"])
    last = max(datetime.now(UTC), when(case["updated"]))
    return max(round((last - first).total_seconds()), 0)
