"""What was said before and is changed or chosen now: "no, the database servers", "the second one".

Nothing here acts. A wish that is said again goes the whole way again: a new plan, a new question.
"""

from dataclasses import replace
from typing import Any

from skill import names
from skill.errors import Refused
from skill.voice.envelope import Heard, Said
from skill.voice.intents import INTENTS, is_ordinal, meaning, ordinal
from skill.voice.talk import Session, Talk

NAMES = ("instance", "group", "principal", "function")


def asked(said: Said) -> Session:
    """A wish as the session remembers it: {"intent", "slots": what was meant by each}."""
    return {"intent": said.intent, "slots": _given(said)}


def correctable(said: Said) -> Session:
    """The wish that a correction would be about: one finding leaves that of its list in place."""
    row = INTENTS.get(said.intent)
    return {} if row and row.elicit == "ordinal" else {"asked": asked(said)}


def _given(said: Said) -> dict[str, str]:
    return {name: meaning(name, heard) for name, heard in said.slots.items() if heard.value}


def corrected(talk: Talk) -> Talk | None:
    """The last wish with what is said now in place of what was said then; None without one."""
    before = talk.session.get("asked")
    if not before or before["intent"] not in INTENTS:
        return None
    given = _fitting(before["intent"], _given(talk.said))
    return _again(talk, before, given) if given else None


def _fitting(intent: str, given: dict[str, str]) -> dict[str, str]:
    """A name goes into the slot that the wish has for names, if it has none of that kind."""
    row = INTENTS[intent]
    slots = row.slots or (row.elicit,)
    other = next((slot for slot in slots if slot in NAMES), "")
    placed = {name if name in slots else other: value for name, value in given.items()}
    return {name: value for name, value in placed.items() if name}


def resolved(talk: Talk) -> Talk:
    """The turn itself; or the last wish with the one that was chosen of the names offered, or this
    wish with the one at that place in the list that was told last.
    """
    known = offered(talk)
    if not known:
        return _placed(talk)
    if talk.said.intent not in ("FindingDetailIntent", talk.session["asked"]["intent"]):
        return talk
    at = _place(talk.said, known)
    return pick(talk, at) if at else talk


def _place(said: Said, offered: list[str]) -> int:
    """Which of some names was meant, counted from 1: by its place, its name or its end; else 0."""
    values = [heard.value for heard in said.slots.values() if heard.value]
    place = next((one for one in values if is_ordinal(one)), "")
    if place:
        at = ordinal(place, len(offered)) or 0
        return at if 0 < at <= len(offered) else 0
    found = [
        one
        for value in values
        for one in names.matching(value, offered) or names.matching(f"ending {value}", offered)
    ]
    return offered.index(found[0]) + 1 if len(found) == 1 else 0


def _placed(talk: Talk) -> Talk:
    """ "Isolate number two", after a list of instances."""
    listed = list(talk.session.get("listed") or ())
    heard = talk.said.slots.get("instance")
    if not listed or heard is None or not is_ordinal(heard.value):
        return talk
    at = ordinal(heard.value, len(listed)) or 0
    if not 0 < at <= len(listed):
        raise Refused(reason="no_such_place", count=len(listed))
    slots = talk.said.slots | {"instance": Heard(listed[at - 1])}
    return replace(talk, said=replace(talk.said, slots=slots))


def offered(talk: Talk) -> list[str]:
    """The names that the last answer offered."""
    found = talk.session.get("choices") or {}
    return list(found.get("names", [])) if talk.session.get("asked") else []


def pick(talk: Talk, at: int) -> Talk:
    """The last wish with the offered name at that place, counted from 1."""
    choices = talk.session["choices"]
    return _again(talk, talk.session["asked"], {choices["slot"]: choices["names"][at - 1]})


def _again(talk: Talk, before: dict[str, Any], given: dict[str, str]) -> Talk:
    """One thing is acted on at a time: a new name takes the place of any other."""
    named = set(NAMES) & set(given)
    kept = {k: v for k, v in before["slots"].items() if not (named and k in NAMES)}
    slots = {name: Heard(value) for name, value in (kept | given).items()}
    return replace(talk, said=replace(talk.said, intent=before["intent"], slots=slots))
