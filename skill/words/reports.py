"""Runs whose one message is about what they found, not about themselves."""

from collections.abc import Callable
from typing import Any

from skill.words import findings, fixes
from skill.words.slack import Notice

Facts = dict[str, Any]
NOTICES: dict[str, Callable[[str, Facts], Notice]] = {
    "triage": findings.triage,
    "verify_fix": fixes.verified,
}


def silent(run: Facts, moment: str) -> bool:
    """Whether nothing is to be told: such a run has one message, at its end, if it found
    something.
    """
    if run["action"] not in NOTICES:
        return False
    if moment == "started":
        return True
    facts = run["result"]["facts"]
    return not (run["ending"] == "failed" or facts.get("count") or facts.get("unsure"))
