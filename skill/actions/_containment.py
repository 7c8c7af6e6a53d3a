"""Moving an instance's interfaces between groups, step by step, and reading the truth back."""

from collections.abc import Callable, Mapping, Sequence

from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import filters
from skill.errors import TobanError
from skill.model import Ending, Facts, Result

Groups = Mapping[str, Sequence[str]]
Present = dict[str, list[str]] | None


def prior(aws: Aws, instance: str) -> dict[str, list[str]]:
    """Interface id to its groups, in order, as they are now."""
    return {eni.id: list(eni.groups) for eni in aws.ec2.interfaces(instance)}


def look(flow: Flow, aws: Aws, name: str, instance: str) -> Present:
    """The interfaces and their groups as read now; None if AWS does not let us read."""
    try:
        return dict(flow.step(name, lambda: prior(aws, instance)))
    except TobanError:
        return None


def move(flow: Flow, aws: Aws, name: str, wanted: Groups) -> dict[str, Facts]:
    """Give each interface its groups, each in a step of its own. The errors by interface id."""
    failed: dict[str, Facts] = {}
    for interface, groups in wanted.items():
        try:
            flow.step(f"{name} {interface}", _set(aws, interface, groups))
        except TobanError as error:
            failed[interface] = error.document()
    return failed


def _set(aws: Aws, interface: str, groups: Sequence[str]) -> Callable[[], bool]:
    def work() -> bool:
        aws.ec2.set_groups(interface, groups)
        return True

    return work


def unlike(present: Groups, wanted: Groups) -> list[str]:
    """Interfaces that are attached and do not have the groups that they should."""
    return [eni for eni, groups in present.items() if list(groups) != list(wanted.get(eni, ()))]


def put_back(flow: Flow, aws: Aws, instance: str, recorded: Groups) -> Facts:
    """Give each recorded interface its recorded groups; what came out, as read back.

    `restored` and `not_restored` are interface ids; `gone` are no longer attached; `new` were
    attached meanwhile and are left as they are; `lost_groups` were deleted meanwhile, and the
    interface got the others of its groups.
    """
    wanted, lost = flow.step("groups of before", lambda: _existing(aws, recorded))
    failed = move(flow, aws, "restore", {eni: groups for eni, groups in wanted.items() if groups})
    present = look(flow, aws, "read back", instance)
    attached = wanted if present is None else present
    wrong = [eni for eni in unlike(attached, wanted) if eni in recorded]
    wrong += [eni for eni, groups in wanted.items() if not groups and eni not in wrong]
    unsure = list(recorded) if present is None else []
    return {
        "restored": [one for one in recorded if one in attached and one not in [*wrong, *unsure]],
        "not_restored": wrong or unsure,
        "read_back": present is not None,
        "gone": [eni for eni in recorded if eni not in attached],
        "new": [eni for eni in attached if eni not in recorded],
        "lost_groups": lost,
        "errors": {eni: error for eni, error in failed.items() if eni in wrong},
    }


def _existing(aws: Aws, recorded: Groups) -> tuple[dict[str, list[str]], list[str]]:
    """The recorded groups that still exist, by interface, and those that do not."""
    named = sorted({group for groups in recorded.values() for group in groups})
    found = {row["GroupId"] for row in aws.ec2.groups(*filters(group_id=named))} if named else set()
    wanted = {eni: [one for one in groups if one in found] for eni, groups in recorded.items()}
    return wanted, [group for group in named if group not in found]


def claim(flow: Flow, aws: Aws, instance: str, found: Facts) -> Facts:
    """Keep the state before the first change under the instance. An open record of before wins:
    its groups are the true ones, and interfaces that it does not know are added.
    """

    def work() -> Facts:
        doc = {"instance": instance, "run": flow.run, **found}
        kept = aws.ledger.get(f"entity#{instance}", "contained")
        if kept:
            groups = {**found["groups"], **kept["doc"]["groups"]}
            doc = {**kept["doc"], "groups": groups}
        aws.ledger.put(f"entity#{instance}", "contained", doc)
        return doc

    kept: Facts = flow.step("record the state before", work)
    return kept


def record_of(aws: Aws, instance: str) -> Facts | None:
    """The open record of a contained instance."""
    item = aws.ledger.get(f"entity#{instance}", "contained")
    return item["doc"] if item else None


def learn(flow: Flow, aws: Aws, record: Facts, found: Groups, ours: Sequence[str]) -> None:
    """Record interfaces that were attached meanwhile, before they are moved too."""
    new = {
        e: list(g) for e, g in found.items() if e not in record["groups"] and not set(g) & set(ours)
    }
    if not new:
        return
    record["groups"] = {**record["groups"], **new}
    key = f"entity#{record['instance']}"
    flow.step("record new interfaces", lambda: aws.ledger.put(key, "contained", record))


def restore(undo: Facts, facts: Facts, aws: Aws, flow: Flow) -> Result:
    """Put every interface back as recorded, then the status tag, then forget the record.

    What could not be put back keeps the record, so that it can be tried again.
    """
    instance = undo["instance"]
    back = put_back(flow, aws, instance, undo["groups"])
    done = ending(back)
    back["tagged"] = done is Ending.DONE and tag(flow, aws, instance, undo["status"])
    if done is Ending.DONE:
        flow.step("forget the record", lambda: aws.ledger.delete(f"entity#{instance}", "contained"))
        done = Ending.DONE if back["tagged"] and not back["lost_groups"] else Ending.PARTIAL
    return Result(done, {**facts, **back, "interfaces": len(back["restored"])})


def ending(back: Facts) -> Ending:
    """Done when something was put back and nothing that is still there was not."""
    if back["not_restored"]:
        return Ending.PARTIAL if back["restored"] or not back["read_back"] else Ending.FAILED
    return Ending.DONE if back["restored"] else Ending.FAILED


def tag(flow: Flow, aws: Aws, instance: str, status: str) -> bool:
    """A status tag that cannot be written is told, and stops nothing."""
    try:
        flow.step(f"status {status or 'none'}", lambda: say(aws, instance, status))
    except TobanError:
        return False
    return True


def say(aws: Aws, instance: str, status: str) -> bool:
    """Write our status tag; an empty one removes it."""
    if status:
        aws.ec2.tag([instance], TobanStatus=status)
    else:
        aws.ec2.untag([instance], "TobanStatus")
    return True
