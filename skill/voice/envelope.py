"""What an Alexa request says, read defensively: any part may be missing, null or of an unknown
kind.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from ask_sdk_model import IntentRequest, RequestEnvelope, Slot

from skill.voice import screen

MATCH = "ER_SUCCESS_MATCH"


@dataclass(frozen=True)
class Match:
    """One value of entity resolution. The id of a name that we gave Alexa is the live name."""

    id: str
    name: str


@dataclass(frozen=True)
class Heard:
    """A slot: what was heard, and what Alexa's entity resolution matched it to."""

    value: str = ""
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True)
class Channel:
    """Where Alexa takes a word before the answer, for which request, and by whose leave."""

    endpoint: str = ""
    token: str = field(default="", repr=False)
    request: str = ""


@dataclass(frozen=True)
class Said:
    """One request, reduced to what the door needs. `screen`: the newest APL it reads, if any."""

    key: str
    locale: str
    intent: str
    user: str
    person: str
    level: int
    new: bool
    screen: str
    slots: dict[str, Heard] = field(default_factory=dict)
    channel: Channel = field(default_factory=Channel, repr=False)


def read(envelope: RequestEnvelope) -> Said:
    system = envelope.context.system if envelope.context else None
    user = getattr(getattr(system, "user", None), "user_id", None)
    person = getattr(system, "person", None)
    request: Any = envelope.request
    intent = request.intent if isinstance(request, IntentRequest) else None
    return Said(
        key=request.request_id or secrets.token_hex(8),
        locale=request.locale or "en-US",
        intent=(intent and intent.name) or "",
        user=user or "",
        person=getattr(person, "person_id", None) or "",
        level=_level(person),
        new=bool(envelope.session is None or envelope.session.new),
        screen=screen.supported(getattr(system, "device", None)),
        slots={name: _heard(slot) for name, slot in ((intent and intent.slots) or {}).items()},
        channel=_channel(system, request),
    )


def _channel(system: Any, request: Any) -> Channel:
    endpoint = (getattr(system, "api_endpoint", None) or "").rstrip("/")
    token = getattr(system, "api_access_token", None) or ""
    return Channel(endpoint, token, request.request_id or "")


def _level(person: Any) -> int:
    """How sure Alexa is of who speaks; the SDK leaves the property as a plain dict (alexa.md
    §3).
    """
    level = getattr(person, "authenticationConfidenceLevel", None)
    found = level.get("level") if isinstance(level, dict) else getattr(level, "level", None)
    return found if isinstance(found, int) else 0


def _heard(slot: Slot | None) -> Heard:
    if slot is None:
        return Heard()
    value = (slot.value or "").strip()
    authorities = (slot.resolutions and slot.resolutions.resolutions_per_authority) or []
    matched = [
        Match(one.value.id or one.value.name or "", one.value.name or one.value.id or "")
        for authority in authorities
        if _code(authority) == MATCH
        for one in authority.values or ()
        if one and one.value
    ]
    return Heard("" if value == "?" else value, tuple(dict.fromkeys(matched)))


def _code(authority: Any) -> str:
    code = authority.status.code if authority and authority.status else None
    return str(getattr(code, "value", code))
