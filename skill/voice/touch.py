"""Fingers on a screen. A tap is a sentence that was not said: it may ask, and never agree.

Envelopes, as `intake` leaves them, are changed before the SDK reads them: its classes for screens
cost 70 modules and choke on what they do not know.
"""

import logging
from dataclasses import replace
from typing import Any

from skill.engine import approval
from skill.voice import proof
from skill.voice.asking import ask_for_action
from skill.voice.envelope import Heard
from skill.voice.reply import Reply
from skill.voice.screen import APL
from skill.voice.talk import Talk

log = logging.getLogger("toban.voice")
USER_EVENT, RUNTIME_ERROR = f"{APL}.UserEvent", f"{APL}.RuntimeError"
INTENT = "TouchIntent"
HEAD = ("requestId", "locale")
KINDS = ("finding", "instance")
MOST = 100


def known(envelope: dict[str, Any]) -> dict[str, Any]:
    """Leave of the screen what we use: its newest version; a tap becomes an intent of its own."""
    device = envelope.get("context", {}).get("System", {}).get("device", {})
    offered = device.get("supportedInterfaces", {})
    offered["screen"] = offered.pop(APL, {}).get("runtime", {}).get("maxVersion", "")
    request = envelope["request"]
    if request["type"] == USER_EVENT:
        envelope["request"] = _intent(request)
    if request["type"] == RUNTIME_ERROR:
        log.warning("document not shown", extra={"errors": _told(request.get("errors", []))})
        envelope["request"] = {**_head(request), "type": RUNTIME_ERROR}
    return envelope


def _head(request: dict[str, Any]) -> dict[str, Any]:
    return {name: request[name] for name in HEAD if name in request}


def _told(errors: list[Any]) -> list[str]:
    """The kinds and reasons of errors, for the log; what a document showed is not told."""
    rows = [one for one in errors[:5] if isinstance(one, dict)]
    return [f"{str(one.get('type'))[:40]} {str(one.get('reason'))[:60]}" for one in rows]


def _intent(request: dict[str, Any]) -> dict[str, Any]:
    """The tap as an intent: which kind of row, at which place; neither if it makes no sense."""
    found = request.get("arguments", [])
    kind, place = found if len(found) == 2 else ("", 0)
    slots = {}
    if kind in KINDS and 0 < _number(place) <= MOST:
        slots = {kind: {"name": kind, "value": str(_number(place))}}
    return {**_head(request), "type": "IntentRequest", "intent": {"name": INTENT, "slots": slots}}


def _number(value: Any) -> int:
    """2, 2.0 and "2" are places; anything else is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    digits = str(value).removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0


def touched(talk: Talk) -> Reply:
    """What is under the finger, as if it had been named. Only what reads can be reached so."""
    for kind, heard in talk.said.slots.items():
        asked = _finding(talk, heard) if kind == "finding" else _instance(talk, heard)
        if asked:
            return ask_for_action(asked)
    return _unclear(talk)


def _finding(talk: Talk, heard: Heard) -> Talk | None:
    """The list on the screen begins where it is being read."""
    found = talk.session.get("found")
    if not found:
        return None
    place = found["from"] + int(heard.value)
    return _saying(talk, "FindingDetailIntent", "ordinal", str(place))


def _instance(talk: Talk, heard: Heard) -> Talk | None:
    shown = talk.session.get("shown") or []
    place = int(heard.value)
    name = shown[place - 1] if place <= len(shown) else ""
    return _saying(talk, "VerifyIntent", "instance", name) if name else None


def _saying(talk: Talk, intent: str, slot: str, value: str) -> Talk:
    return replace(talk, said=replace(talk.said, intent=intent, slots={slot: Heard(value)}))


def _unclear(talk: Talk) -> Reply:
    """A tap on anything else. An open question stays open, and wants a voice."""
    keep = dict(talk.session)
    if talk.pending(approval.CONFIRM):
        return Reply(talk.book.say("touch-pending"), talk.book.say("wait-yes"), keep=keep)
    if proving := proof.wanted(talk, talk.book.say("touch-pending-prove")):
        return proving
    return Reply(talk.book.say("touch-unknown"), talk.book.say("touch-unknown-again"), keep=keep)
