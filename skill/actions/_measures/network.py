"""Moves every interface to the untracking group, then to the isolation group.

A tracked connection survives a change of groups; it becomes untracked while both directions allow
everything, and dies once they do not (aws.md §5). Whatever fails while the window is open,
isolation follows, and if that cannot be had the groups of before do.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from skill.actions import _isolation
from skill.actions._measures import Case, Look, at_once
from skill.actions._status import say
from skill.aws import Aws
from skill.errors import Gone, TobanError, Unavailable
from skill.model import Facts

NAME = "network"
ESSENTIAL = True
OUTLIVES = True
PERMISSIONS = {
    "read": ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroupRules"),
    "contain": (
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSecurityGroupRules",
        "ec2:CreateSecurityGroup",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:CreateTags",
    ),
    "release": (
        "ec2:DescribeSecurityGroups",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:DeleteSecurityGroup",
    ),
}
Groups = Mapping[str, Sequence[str]]
# Tracked flows become untracked only when a packet passes meanwhile (containment.md §3, 12).
UNTRACK_SECONDS = 60
ROUNDS = 4
TRIES, AGAIN_SECONDS = 10, 180
# A new group may not be known everywhere for some seconds (containment.md §6).
MOVES = 3


def read(look: Look) -> Facts:
    """Interface id to its groups, in order; and, of a case, which of them are not as closed as they
    should be.
    """
    groups = {eni.id: list(eni.groups) for eni in look.interfaces}
    if not groups and look.instance:
        return {"groups": {}, "widened": []}
    held = {group for each in groups.values() for group in each}
    return {"groups": groups, "widened": _isolation.widened(look.aws, held) if look.case else []}


def contain(case: Case, before: Facts, now: Facts) -> None:
    # Both groups before the first move: a refusal here must leave nothing changed.
    case.record["made"][NAME] = _groups(case)
    _untrack(case, unlike(now["groups"], case.record["made"][NAME][_isolation.ISOLATION]))
    refused = _close(case, before)
    _leave_none_open(case, before, refused)


def _groups(case: Case) -> dict[str, str]:
    """The ids of our two groups in the VPC. Without the untracking group it goes on without."""

    def ensure(kind: str) -> str:
        return _isolation.ensure(case.aws, case.record["vpc"], kind, case.record["run"])

    isolation, untracking = _isolation.ISOLATION, _isolation.UNTRACKING
    works = [(kind, partial(ensure, kind)) for kind in (isolation, untracking)]
    try:
        found = at_once(case, "groups", works, case.attempts)
    except TobanError:
        return {isolation: case.step("isolation group", partial(ensure, isolation))}
    if "error" in found[isolation]:
        raise TobanError.of(found[isolation]["error"])
    return {kind: row["value"] for kind, row in found.items() if "value" in row}


def _untrack(case: Case, interfaces: list[str]) -> None:
    """Let tracked flows become untracked; what is isolated already is not opened again. What fails
    in here keeps nothing from isolation.
    """
    group = case.record["made"][NAME].get(_isolation.UNTRACKING)
    if group is None or not interfaces:
        return
    mark(case, "untracking")
    failed = _move(case, "untrack", dict.fromkeys(interfaces, [group]))
    if len(failed) < len(interfaces):
        case.flow.wait("untracking", UNTRACK_SECONDS)


def mark(case: Case, status: str) -> bool:
    """Write our status tag; an empty one removes it. One that cannot be written stops nothing."""
    try:
        case.step(f"status {status or 'none'}", lambda: say(case.aws, case.entity.id, status))
    except TobanError:
        return False
    return True


def _move(case: Case, name: str, wanted: Groups) -> dict[str, Facts]:
    """Give each interface its groups, all at once. The errors by interface id."""
    works = [(eni, partial(_set, case.aws, eni, list(groups))) for eni, groups in wanted.items()]
    try:
        found = at_once(case, name, works, MOVES)
    except TobanError as error:
        return dict.fromkeys(wanted, error.document())
    return {eni: row["error"] for eni, row in found.items() if "error" in row}


def _set(aws: Aws, interface: str, groups: list[str]) -> None:
    try:
        aws.ec2.set_groups(interface, groups)
    except Gone as error:
        if error.facts["code"] == "InvalidGroup.NotFound":
            raise Unavailable(**error.facts) from error
        raise


def _look(case: Case, name: str) -> dict[str, list[str]] | None:
    """The interfaces and their groups as read now; None if AWS does not let us read."""
    try:
        return dict(case.step(name, lambda: _present(case)))
    except TobanError:
        return None


def _present(case: Case) -> dict[str, list[str]]:
    return {eni.id: list(eni.groups) for eni in case.aws.ec2.interfaces(case.entity.id)}


def _close(case: Case, before: Facts) -> list[str]:
    """Every interface into the isolation group, those attached meanwhile too; those that refused.

    An interface that cannot be looked at is closed all the same. A group that somebody deleted
    meanwhile is made again.
    """
    group = case.record["made"][NAME][_isolation.ISOLATION]
    failed: dict[str, Facts] = {}
    for turn in range(ROUNDS):
        present = _look(case, f"look {turn}")
        found = before["groups"] if present is None else present
        wrong = unlike(found, group)
        if not wrong:
            return []
        _learn(case, before, found)
        failed = _move(case, f"isolate {turn}", dict.fromkeys(wrong, [group]))
        if failed:
            case.refusals[NAME] = next(iter(failed.values()))
            group = _again(case, group)
        elif present is None:
            return []
    return list(failed)


def _again(case: Case, group: str) -> str:
    try:
        case.record["made"][NAME] |= _groups(case)
    except TobanError:
        return group
    return str(case.record["made"][NAME][_isolation.ISOLATION])


def unlike(present: Groups, group: str) -> list[str]:
    """Interfaces that are not in this group alone."""
    return [eni for eni, groups in present.items() if list(groups) != [group]]


def _learn(case: Case, before: Facts, found: Groups) -> None:
    """Record interfaces that were attached meanwhile, before they are moved too."""
    ours = set(case.record["made"][NAME].values())
    new = {
        eni: list(groups)
        for eni, groups in found.items()
        if eni not in before["groups"] and not ours & set(groups)
    }
    if new:
        before["groups"] = {**before["groups"], **new}
        case.step("record new interfaces", case.keep)


def _leave_none_open(case: Case, before: Facts, refused: list[str]) -> None:
    """The untracking window closes, if need be by the groups of before, tried for half an hour."""
    opened = case.record["made"][NAME].get(_isolation.UNTRACKING, "")
    for turn in range(TRIES if opened else 0):
        present = _look(case, f"look again {turn}")
        left = refused if present is None else wide_open(present, opened)
        wanted = {eni: before["groups"][eni] for eni in left if eni in before["groups"]}
        if not wanted:
            return
        refused = list(_move(case, f"put back {turn}", wanted))
        if refused:
            case.flow.wait(f"before trying again {turn}", AGAIN_SECONDS)


def wide_open(present: Groups, opened: str) -> list[str]:
    """Interfaces in the untracking group."""
    return [eni for eni, groups in present.items() if opened in groups]


def holds(case: Case, before: Facts, now: Facts) -> bool:
    group = case.record["made"].get(NAME, {}).get(_isolation.ISOLATION)
    return bool(now["groups"]) and not unlike(now["groups"], group) and group not in now["widened"]


def release(case: Case, before: Facts, now: Facts) -> None:
    if now:
        _give_back(case, before, now)
    _tidy(case)


def _give_back(case: Case, before: Facts, now: Facts) -> None:
    """Each interface gets its recorded groups; of groups that were deleted meanwhile the others."""
    wanted, lost = case.step(
        "groups of before", lambda: _isolation.existing(case.aws, before["groups"])
    )
    before["groups"] = {eni: groups or before["groups"][eni] for eni, groups in wanted.items()}
    there = {eni: groups for eni, groups in wanted.items() if groups and eni in now["groups"]}
    failed = _move(case, "restore", there)
    case.notes |= {
        "gone": [eni for eni in wanted if eni not in now["groups"]],
        "new": [eni for eni in now["groups"] if eni not in wanted],
        "lost_groups": lost,
        "errors": failed,
    }


def _tidy(case: Case) -> None:
    """A group of ours that stays behind hurts nobody."""
    try:
        case.step("remove unused groups", lambda: _isolation.tidy(case.aws, case.record["vpc"]))
    except TobanError as error:
        case.notes["untidy"] = error.document()


def restored(before: Facts, now: Facts) -> bool:
    """Every interface of before that is still attached has its groups, in their order."""
    return all(
        now["groups"].get(eni, list(groups)) == list(groups)
        for eni, groups in before["groups"].items()
    )
