"""Deactivates the user's access keys: whoever holds them cannot sign anything any more."""

from collections.abc import Iterable
from functools import partial

from skill.actions._measures import Case, Look
from skill.model import Facts

NAME = "keys"
ESSENTIAL = True
FIXED = True  # what was made meanwhile is not given back
PERMISSIONS = {
    "read": ("iam:ListAccessKeys",),
    "contain": ("iam:ListAccessKeys", "iam:UpdateAccessKey"),
    "release": ("iam:UpdateAccessKey",),
}
ACTIVE, INACTIVE = "Active", "Inactive"


def read(look: Look) -> Facts:
    """{"keys": {id: "Active" or "Inactive"}}."""
    return {"keys": look.aws.iam.keys(look.entity.id)}


def contain(case: Case, before: Facts, now: Facts) -> None:
    """Those too that somebody made meanwhile."""
    user = case.entity.id
    found = case.step("active keys", lambda: active(case.aws.iam.keys(user)))
    _set(case, "deactivate", found, INACTIVE)


def active(keys: dict[str, str]) -> list[str]:
    return sorted(key for key, status in keys.items() if status == ACTIVE)


def _set(case: Case, name: str, keys: Iterable[str], status: str) -> None:
    change = case.aws.iam.set_key
    case.every(name, [(key, partial(change, case.entity.id, key, status)) for key in keys])


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not active(now["keys"])


def release(case: Case, before: Facts, now: Facts) -> None:
    """Those that were active and still exist. A key that was made meanwhile stays inactive."""
    was = active(before["keys"])
    _set(case, "activate", [key for key in was if now["keys"].get(key) == INACTIVE], ACTIVE)


def restored(before: Facts, now: Facts) -> bool:
    """A key that was deleted meanwhile has nothing to restore."""
    return all(now["keys"].get(key, ACTIVE) == ACTIVE for key in active(before["keys"]))
