"""What was said before and is changed or chosen now: "no, the database servers", "the second one".

Nothing here acts. A wish that is said again goes the whole way again: a new plan, a new question.
"""

from dataclasses import replace
from typing import Any

from skill.voice.envelope import Heard, Said
from skill.voice.intents import INTENTS, is_ordinal, meaning, ordinal
from skill.voice.talk import Session, Talk

NAMES = ("instance", "group", "principal", "function")


def asked(said: Said) -> Session:
    """A wish as the session remembers it: {"intent", "slots": what was meant by each}."""
    return {"intent": said.intent, "slots": _given(said)}


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
    """The turn itself, or the last wish with the one that was chosen of the names offered."""
    names = offered(talk)
    if not names:
        return talk
    place = next((h.value for h in talk.said.slots.values() if is_ordinal(h.value)), "")
    if talk.said.intent not in ("FindingDetailIntent", talk.session["asked"]["intent"]):
        return talk
    at = ordinal(place, len(names)) if place else None
    return pick(talk, at) if at and 0 < at <= len(names) else talk


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
