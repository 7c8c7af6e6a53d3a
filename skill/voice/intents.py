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
Params = Mapping[str, str | list[str]]
NOTHING = Heard()
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_PLACE = re.compile(r"\d+(?:st|nd|rd|th)?|[\d一二三四五六七八九十]+(?:番目|つ目|個目|件目|台目|番)")
SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
# The ids of the slot type KIND, in small letters.
PROPOSALS = ("isolation", "lock", "patch", "assessment", "release", "mark")
LAST = ("last", "-1", "最後", "いちばん最後", "一番最後", "さいご")
FIRST = ("first", "最初", "はじめ", "初め", "さいしょ")
CONTAINED = ("instance", "principal", "function")
# For an answer that Alexa passed on without resolving it.
ALL_WORDS = (
    *("all", "all of them", "everything", "every one of them", "the whole fleet"),
    *("全部", "ぜんぶ", "すべて", "全て", "全台", "全サーバー", "みんな", "全部のサーバー"),
)


@dataclass(frozen=True)
class Intent:
    """One row: the action, its parameters from slots and session, the slot to ask for if none is
    given, and all of its slots if there are others.
    """

    action: str
    params: Callable[[Slots, Session], Params]
    elicit: str = ""
    slots: tuple[str, ...] = ()


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
    return match.id if names.matching(match.name, [match.id]) else match.name


def _patch(slots: Slots, session: Session) -> Params:
    """What was named; else "them": the instances of the findings that were read last."""
    if slots.get("instance", NOTHING).value:
        return _instance(slots, session)
    group = _group(slots, session)
    them = session.get("them")
    return {"instances": list(them)} if them and not group["group"] else group


def _findings(slots: Slots, session: Session) -> dict[str, str]:
    severity = slots.get("severity", NOTHING)
    said = {one.id.upper() for one in severity.matches}
    said |= {severity.value.upper(), names.latin(severity.value).upper()}
    known = [one for one in SEVERITIES if one in said]
    if severity.value and not known:
        raise NoMatch(heard=severity.value, nearest=[], kind="severity")
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


def finding(slots: Slots, session: Session) -> str | None:
    """The id of the finding at the place that was named, else of the one just told; None if neither
    is known. Empty for a finding that has none.
    """
    if not slots.get("ordinal", NOTHING).value and "cve" in session:
        return str(session["cve"]) or None
    items = session.get("items", [])
    found = _detail(slots, session)["cve"]
    return found if items and slots.get("ordinal", NOTHING).value else None


def ordinal(value: str, last: int = 0) -> int | None:
    """ "2", "2nd", "second" and 二番目 are 2; "last" and 最後 are the last one."""
    said = re.sub(r"^the | one$|の$", "", value.casefold())
    if said in ORDINALS:
        return ORDINALS.index(said) + 1
    if said in LAST:
        return last
    if said in FIRST:
        return 1
    digits = re.match(r"\d+", said) or re.match(r"\d+", names.digits(said))
    return int(digits[0]) if digits else None


def is_ordinal(value: str) -> bool:
    """Whether it is nothing but a place in a list: "the second one", "number two", 二番目, not
    "web two".
    """
    if counted := re.fullmatch(r"(?:the )?number (\w+)", value.casefold()):
        return bool(names.digits(counted[1]))
    said = re.sub(r"^the | one$|の$", "", value.casefold())
    known = said in ORDINALS or said in LAST or said in FIRST
    return known or bool(_PLACE.fullmatch(said))


def meaning(name: str, heard: Heard) -> str:
    """A slot in one word: what Alexa matched it to, else what was heard."""
    found = {one.id if name in ("severity", "kind") else _spelled(one) for one in heard.matches}
    return found.pop() if len(found) == 1 else heard.value


def _traffic(slots: Slots, session: Session) -> dict[str, str]:
    params = _instance(slots, session)
    waiting = session.get("query") or {}
    same = params["instance"] and params["instance"] == waiting.get("instance")
    return {**params, "query": waiting["query"]} if same else params


def _principal(slots: Slots, session: Session) -> dict[str, str]:
    return {"principal": names.latin(_name(slots.get("principal", NOTHING)))}


def _function(slots: Slots, session: Session) -> dict[str, str]:
    return {"function": _name(slots.get("function", NOTHING))}


def _contained(slots: Slots, session: Session) -> dict[str, str]:
    """Whatever kind of thing was named; nothing is everything that is contained."""
    named = {slot: _name(slots.get(slot, NOTHING)) for slot in CONTAINED}
    return {slot: value for slot, value in named.items() if value}


def _contained_or_focus(slots: Slots, session: Session) -> dict[str, str]:
    return _contained(slots, session) or _instance(slots, session)


def _proposal(slots: Slots, session: Session) -> dict[str, str]:
    """The one about what was named, of the kind that was named, else the newest that waits."""
    heard, kind = slots.get("instance", NOTHING), slots.get("kind", NOTHING)
    said = [kind.value, *(one.id for one in kind.matches)]
    known = [one.lower() for one in said if one.lower() in PROPOSALS]
    if kind.value and not known:
        raise NoMatch(heard=kind.value, nearest=[], kind="kind")
    named = {"instance": _name(heard)} if heard.value else {}
    return named | ({"kind": known[0]} if known else {})


def _none(slots: Slots, session: Session) -> dict[str, str]:
    return {}


INTENTS: Mapping[str, Intent] = {
    "RunAssessmentIntent": Intent("assess", _group, "group"),
    "AssessmentStatusIntent": Intent("assessment_status", _group, slots=("group",)),
    "ReadFindingsIntent": Intent("findings", _findings, slots=("severity", "group")),
    "FindingDetailIntent": Intent("finding_detail", _detail, "ordinal"),
    "PatchIntent": Intent("patch", _patch, "group", ("group", "instance")),
    "SuspiciousIntent": Intent("suspicious", _none),
    "TrafficIntent": Intent("traffic", _traffic, "instance"),
    "MarkSuspiciousIntent": Intent("mark_suspicious", _instance, "instance"),
    "IsolateIntent": Intent("isolate", _instance, "instance"),
    "ReleaseIntent": Intent("release", _contained_or_focus, "instance", CONTAINED),
    "BlockSourceIntent": Intent("block_source", _instance, "instance"),
    "StatusIntent": Intent("status", _none),
    "UndoIntent": Intent("undo", _none),
    "LockPrincipalIntent": Intent("lock_principal", _principal, "principal"),
    "LockFunctionIntent": Intent("lock_function", _function, "function"),
    "ApproveIntent": Intent("approve", _proposal, "instance", ("instance", "kind")),
    "DeclineIntent": Intent("decline", _proposal, "instance", ("instance", "kind")),
    "DigestIntent": Intent("last_digest", _none),
    "VerifyIntent": Intent("verify", _contained, slots=CONTAINED),
}
