"""Disables the function's event source mappings, so that queues and streams keep what they hold.

Lambda takes a while to switch one, and refuses to switch it again meanwhile.
"""

from collections.abc import Callable, Iterable
from functools import partial

from skill.actions._measures import Case, Look
from skill.model import Facts

NAME = "mappings"
ESSENTIAL = False
FIXED = True  # what was made meanwhile is not given back
PERMISSIONS = {
    "read": ("lambda:ListEventSourceMappings",),
    "contain": ("lambda:ListEventSourceMappings", "lambda:UpdateEventSourceMapping"),
    "release": ("lambda:ListEventSourceMappings", "lambda:UpdateEventSourceMapping"),
}
ON, OFF = "Enabled", ("Disabled", "Disabling")
LEAVING = "Deleting"
EVERY, WITHIN = 10, 120


def read(look: Look) -> Facts:
    """{"mappings": {uuid: state}}; one that is being deleted has gone."""
    found = look.aws.functions.mappings(look.entity.arn)
    return {"mappings": {uuid: state for uuid, state in found.items() if state != LEAVING}}


def switched_on(mappings: dict[str, str]) -> list[str]:
    """Those that are switched on, or are going to be."""
    return sorted(uuid for uuid, state in mappings.items() if state not in OFF)


def contain(case: Case, before: Facts, now: Facts) -> None:
    """Those too that somebody made meanwhile."""
    found = case.step("mappings", lambda: read(case.look())["mappings"])
    _switch(case, "disable", switched_on(found), on=False)
    if not _settled(found):
        _await(case, "mappings disabled", _settled)


def _await(case: Case, name: str, done: Callable[[dict[str, str]], bool]) -> None:
    case.flow.until(name, lambda: read(case.look())["mappings"], done, EVERY, WITHIN)


def _switch(case: Case, name: str, uuids: Iterable[str], on: bool) -> None:
    change = case.aws.functions.enable
    case.every(name, [(uuid, partial(change, uuid, on)) for uuid in uuids])


def _settled(mappings: dict[str, str]) -> bool:
    return all(state == "Disabled" for state in mappings.values())


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return _settled(now["mappings"])


def release(case: Case, before: Facts, now: Facts) -> None:
    """Those that were on and still exist. One that was made meanwhile stays disabled."""
    found = now["mappings"]
    was = [uuid for uuid in switched_on(before["mappings"]) if uuid in found]
    off = [uuid for uuid in was if found[uuid] in OFF]
    _switch(case, "enable", off, on=True)
    if off:
        _await(case, "mappings enabled", lambda now: all(now.get(u, ON) == ON for u in off))


def restored(before: Facts, now: Facts) -> bool:
    """One that is being switched on counts as on; one that was deleted has nothing to restore."""
    there = now["mappings"]
    on = switched_on(there)
    return all(uuid in on for uuid in switched_on(before["mappings"]) if uuid in there)
