"""Replaces the console password by one that nobody knows.

Deleting the login profile could not be taken back, and neither can this: after a release the user
needs a new password from an administrator. AWS does not tell whether a password was replaced, so
that it was is noted in the record. A console session that is open is cut by `deny`.
"""

import secrets
import string

from skill.actions._measures import Case, Look
from skill.model import Facts

NAME = "password"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("iam:GetLoginProfile",),
    "contain": ("iam:UpdateLoginProfile",),
    "release": (),
}
# One of each class satisfies every password policy; the symbols are those that IAM counts.
CLASSES = (
    string.ascii_lowercase,
    string.ascii_uppercase,
    string.digits,
    "!@#$%^&*()_+-=[]{}|'",
)
LENGTH = 64


def read(look: Look) -> Facts:
    """{"console": True} for a user with a console password."""
    return {"console": True} if look.aws.iam.console(look.entity.id) else {}


def contain(case: Case, before: Facts, now: Facts) -> None:
    if before and not case.record["made"].get(NAME):
        replaced = case.step("replace the password", lambda: _replace(case))
        case.record["made"][NAME] = replaced


def _replace(case: Case) -> bool:
    """The password goes nowhere but to AWS: neither a step's result nor the log may hold it."""
    case.aws.iam.set_password(case.entity.id, _password())
    return True


def _password() -> str:
    characters = [secrets.choice(each) for each in CLASSES]
    pool = "".join(CLASSES)
    characters += [secrets.choice(pool) for _ in range(LENGTH - len(CLASSES))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def holds(case: Case, before: Facts, now: Facts) -> bool:
    """A password that an administrator gave meanwhile to a user who had none is not ours."""
    return not now or bool(case.record["made"].get(NAME))


def release(case: Case, before: Facts, now: Facts) -> None:
    """Nobody knows the password of before."""


def restored(before: Facts, now: Facts) -> bool:
    return True
