"""Has idle tracked connections forgotten after a minute, where the instance allows it.

AWS takes this on Nitro instances only, so a refusal is no failure. There is no call that takes a
setting back: an interface that had none gets the documented default, 432,000 s (aws.md §5).
"""

from functools import partial

from skill.actions._measures import Case, Look
from skill.errors import Conflict
from skill.model import Facts

NAME = "tracking"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("ec2:DescribeNetworkInterfaces",),
    "contain": ("ec2:ModifyNetworkInterfaceAttribute",),
    "release": ("ec2:ModifyNetworkInterfaceAttribute",),
}
SECONDS, DEFAULT = 60, 432_000


def read(look: Look) -> Facts:
    """Interface id to its timeout in seconds; None where nobody set one."""
    return {"timeouts": {eni.id: eni.timeout for eni in look.interfaces}}


def contain(case: Case, before: Facts, now: Facts) -> None:
    long = [interface for interface, seconds in now["timeouts"].items() if seconds != SECONDS]
    case.record["made"][NAME] = _set(case, "shorten", dict.fromkeys(long, SECONDS))


def _set(case: Case, name: str, wanted: dict[str, int]) -> list[str]:
    """The interfaces that do not take it."""
    works = [(eni, partial(_one, case, eni, seconds)) for eni, seconds in wanted.items()]
    return case.every(f"{name} tracking", works)


def _one(case: Case, interface: str, seconds: int) -> bool:
    """False if AWS does not take it: not a Nitro instance, or an interface that others manage."""
    try:
        case.aws.hosts.set_timeout(interface, seconds)
    except Conflict:
        return False
    return True


def holds(case: Case, before: Facts, now: Facts) -> bool:
    """Also where AWS does not take it, as long as nobody changed it since."""
    refusing = case.record["made"].get(NAME, ())
    return all(
        seconds == SECONDS
        or (interface in refusing and seconds == before["timeouts"].get(interface))
        for interface, seconds in now["timeouts"].items()
    )


def release(case: Case, before: Facts, now: Facts) -> None:
    there = now.get("timeouts", {})
    wanted = {
        interface: seconds or DEFAULT
        for interface, seconds in before["timeouts"].items()
        if interface in there and there[interface] not in (seconds, seconds or DEFAULT)
    }
    _set(case, "restore", wanted)


def restored(before: Facts, now: Facts) -> bool:
    return all(
        now["timeouts"].get(interface, seconds) in (seconds, seconds or DEFAULT)
        for interface, seconds in before["timeouts"].items()
    )
