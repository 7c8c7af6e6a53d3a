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
TITLED = "title: "
FIRST = ("first", "最初", "はじめ", "初め", "さいしょ")
CONTAINED = ("instance", "principal", "function")
# The value of INSTANCE that stands for what was spoken of last, and how it is said.
IT = "IT"
IT_WORDS = (
    *("it", "that", "this", "that one", "this one"),
    *("それ", "これ", "あれ", "そのサーバー", "このサーバー"),
    *("そのインスタンス", "このインスタンス"),
)
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
    """The live name that Alexa matched, else what was heard; none for a pronoun. Raises Ambiguous
    for several.

    Static and dynamic entities may match the same name in two spellings: that is one match.
    """
    if _is_pronoun(heard):
        return ""
    found = {names.key(one.name): _spelled(one) for one in heard.matches if one.id != IT}
    if len(found) > 1:
        raise Ambiguous(heard=heard.value, matches=list(found.values())[:4])
    return next(iter(found.values()), heard.value)


def _is_pronoun(heard: Heard) -> bool:
    """Whether it was nobody's name, but "it" or それ."""
    ids = {one.id for one in heard.matches}
    return ids == {IT} or (not ids and heard.value.casefold() in IT_WORDS)


def _spelled(match: Match) -> str:
    """An id that is said like its name is the name as AWS has it."""
    return match.id if names.matching(match.name, [match.id]) else match.name


def _patch(slots: Slots, session: Session) -> Params:
    """What was named; else "them": the instances of the findings that were read last."""
    heard = slots.get("instance", NOTHING)
    if name := _name(heard):
        return {"instance": name}
    group = _group(slots, session)
    if session.get("them") and not group["group"]:
        return {"instances": list(session["them"])}
    return _instance(slots, session) if _is_pronoun(heard) and session.get("focus") else group


def _findings(slots: Slots, session: Session) -> dict[str, str]:
    severity = slots.get("severity", NOTHING)
    said = {one.id.upper() for one in severity.matches}
    said |= {severity.value.upper(), names.latin(severity.value).upper()}
    known = [one for one in SEVERITIES if one in said]
    if severity.value and not known and severity.value.casefold() not in ALL_WORDS:
        raise NoMatch(heard=severity.value, nearest=[], kind="severity")
    return {"severity": (known or [""])[0], **_group(slots, session)}


def _detail(slots: Slots, session: Session) -> dict[str, str]:
    """The finding at that place in the list that was read last, or the one just told."""
    known = _known(slots, session)
    if known.startswith(TITLED):
        return {"title": known.removeprefix(TITLED)}
    return {"cve": known}


def remembered(facts: Mapping[str, Any]) -> str:
    """What the session keeps of a finding: its id, or its title if it has none."""
    return str(facts["cve"] or f"{TITLED}{facts['title']}")


def _listed(slots: Slots, session: Session) -> str:
    """What is kept of the finding at the place that was named; empty if there is none to mean."""
    items = session.get("items", [])
    place = ordinal(slots.get("ordinal", NOTHING).value, len(items))
    if not items or place is None:
        return ""
    if not 0 < place <= len(items):
        raise Refused(reason="no_such_finding", count=len(items))
    return str(items[place - 1])


def finding(slots: Slots, session: Session) -> str | None:
    """The id of the finding at the place that was named, else of the one just told; None if neither
    is known. Empty for a finding that has none.
    """
    known = _known(slots, session)
    return ("" if known.startswith(TITLED) else known) if known else None


def _known(slots: Slots, session: Session) -> str:
    named = slots.get("ordinal", NOTHING).value
    return _listed(slots, session) if named else str(session.get("cve", ""))


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
    if _is_pronoun(heard):
        return heard.value
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
    if _is_pronoun(slots.get("instance", NOTHING)):
        named |= _last_told(slots, session)
    return {slot: value for slot, value in named.items() if value}


def _contained_or_last(slots: Slots, session: Session) -> dict[str, str]:
    return _contained(slots, session) or _last_told(slots, session)


def _last_told(slots: Slots, session: Session) -> dict[str, str]:
    """What "it" means where it need not be an instance."""
    return dict(session.get("locked") or {}) or _instance(slots, session)


def _proposal(slots: Slots, session: Session) -> dict[str, str]:
    """The one about what was named, of the kind that was named, else the newest that waits."""
    heard, kind = slots.get("instance", NOTHING), slots.get("kind", NOTHING)
    said = [kind.value, *(one.id for one in kind.matches)]
    known = [one.lower() for one in said if one.lower() in PROPOSALS]
    if kind.value and not known:
        raise NoMatch(heard=kind.value, nearest=[], kind="kind")
    name = _name(heard)
    named = {"instance": name} if name else {}
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
    "ReleaseIntent": Intent("release", _contained_or_last, "instance", CONTAINED),
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
