"""Which intent asks for which action, and how its slots become the action's parameters."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from skill import names
from skill.errors import Ambiguous, NoMatch, Refused
from skill.voice.envelope import Heard, Match

Slots = Mapping[str, Heard]
Session = Mapping[str, Any]
NOTHING = Heard()
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
# For an answer that Alexa passed on without resolving it.
ALL_WORDS = ("all", "all of them", "everything", "every one of them", "the whole fleet", "全部")


@dataclass(frozen=True)
class Intent:
    """One row: the action, its parameters from slots and session, and the slot to ask for if none
    is given.
    """

    action: str
    params: Callable[[Slots, Session], dict[str, str]]
    elicit: str = ""


def _group(slots: Slots, session: Session) -> dict[str, str]:
    heard = slots.get("group", NOTHING)
    if "ALL" in [one.id for one in heard.matches] or heard.value.casefold() in ALL_WORDS:
        return {"group": "ALL"}
    return {"group": _name(heard)}


def _instance(slots: Slots, session: Session) -> dict[str, str]:
    """The slot's instance, or the one just spoken of."""
    return {"instance": _name(slots.get("instance", NOTHING)) or session.get("focus", "")}


def _name(heard: Heard) -> str:
    """The live name that Alexa matched, else what was heard. Raises Ambiguous for several.

    Static and dynamic entities may match the same name in two spellings: that is one match.
    """
    found = {names.key(one.name): _spelled(one) for one in heard.matches}
    if len(found) > 1:
        raise Ambiguous(heard=heard.value, matches=list(found.values())[:4])
    return next(iter(found.values()), heard.value)


def _spelled(match: Match) -> str:
    """An id that is said like its name is the name as AWS has it."""
    return match.id if names.key(match.id) == names.key(match.name) else match.name


def _patch(slots: Slots, session: Session) -> dict[str, str]:
    if slots.get("instance", NOTHING).value:
        return _instance(slots, session)
    return _group(slots, session)


def _findings(slots: Slots, session: Session) -> dict[str, str]:
    severity = slots.get("severity", NOTHING)
    said = {one.id.upper() for one in severity.matches} | {severity.value.upper()}
    known = [one for one in SEVERITIES if one in said]
    if severity.value and not known:
        raise NoMatch(heard=severity.value, nearest=["critical", "high", "medium", "low"])
    return {"severity": (known or [""])[0], **_group(slots, session)}


def _detail(slots: Slots, session: Session) -> dict[str, str]:
    """The finding at that place in the list that was read last."""
    items = session.get("items", [])
    place = ordinal(slots.get("ordinal", NOTHING).value, len(items))
    if not items or place is None:
        return {"cve": ""}
    if not 0 < place <= len(items):
        raise Refused(reason="no_such_finding", count=len(items))
    return {"cve": items[place - 1]}


def ordinal(value: str, last: int = 0) -> int | None:
    """ "2", "2nd" and "second" are 2; "last" is the last one."""
    said = value.casefold()
    if said in ORDINALS:
        return ORDINALS.index(said) + 1
    if said in ("last", "-1"):
        return last
    digits = re.match(r"\d+", said) or re.match(r"\d+", names.digits(said))
    return int(digits[0]) if digits else None


def _traffic(slots: Slots, session: Session) -> dict[str, str]:
    params = _instance(slots, session)
    waiting = session.get("query") or {}
    same = params["instance"] and params["instance"] == waiting.get("instance")
    return {**params, "query": waiting["query"]} if same else params


def _none(slots: Slots, session: Session) -> dict[str, str]:
    return {}


INTENTS: Mapping[str, Intent] = {
    "RunAssessmentIntent": Intent("assess", _group, "group"),
    "AssessmentStatusIntent": Intent("assessment_status", _group),
    "ReadFindingsIntent": Intent("findings", _findings),
    "FindingDetailIntent": Intent("finding_detail", _detail, "ordinal"),
    "PatchIntent": Intent("patch", _patch, "group"),
    "SuspiciousIntent": Intent("suspicious", _none),
    "TrafficIntent": Intent("traffic", _traffic, "instance"),
    "MarkSuspiciousIntent": Intent("mark_suspicious", _instance, "instance"),
    "IsolateIntent": Intent("isolate", _instance, "instance"),
    "ReleaseIntent": Intent("release", _instance, "instance"),
    "BlockSourceIntent": Intent("block_source", _instance, "instance"),
    "StatusIntent": Intent("status", _none),
    "UndoIntent": Intent("undo", _none),
    # Their actions come with the containment of principals and functions; until then they are
    # refused truly.
    "LockPrincipalIntent": Intent("lock_principal", _none),
    "LockFunctionIntent": Intent("lock_function", _none),
}
