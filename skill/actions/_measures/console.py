"""Keeps what the instance's console says and shows, in the evidence bucket."""

from skill.actions._measures import Case, Look
from skill.errors import Conflict
from skill.model import Facts

NAME = "console"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("s3:ListBucket",),
    "contain": ("ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot", "s3:PutObject"),
    "release": (),
}


def read(look: Look) -> Facts:
    """The keys that this run kept; {} where no bucket is set up."""
    if not look.aws.settings.evidence_bucket:
        return {}
    return {"kept": look.aws.evidence.kept(_prefix(look.entity.id, look.case)) if look.case else []}


def _prefix(instance: str, run: str) -> str:
    return f"{instance}/{run}/"


def contain(case: Case, before: Facts, now: Facts) -> None:
    if before:
        case.step("keep the console", lambda: _text(case))
        case.step("keep the screen", lambda: _picture(case))


def _text(case: Case) -> str:
    body = case.aws.hosts.console(case.entity.id)
    key = _prefix(case.entity.id, case.record["run"]) + "console.txt"
    return case.aws.evidence.keep(key, body, "text/plain")


def _picture(case: Case) -> str:
    """Bare metal and stopped instances have no screen."""
    try:
        body = case.aws.hosts.screenshot(case.entity.id)
    except Conflict as error:
        return str(error.facts["code"])
    key = _prefix(case.entity.id, case.record["run"]) + "screen.jpg"
    return case.aws.evidence.keep(key, body, "image/jpeg")


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not before or bool(now.get("kept"))


def release(case: Case, before: Facts, now: Facts) -> None:
    """Evidence outlives the case."""


def restored(before: Facts, now: Facts) -> bool:
    return True
