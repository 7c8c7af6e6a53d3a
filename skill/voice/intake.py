"""Of an envelope, only what the skill uses, and only where it has the shape that Alexa gives it.

The SDK refuses a whole envelope for one unknown word (alexa.md §5). So whatever is missing, null,
of another type or unknown is left out here: a slot is empty, a voice not recognized, a proof none.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from skill.voice import memory

Json = dict[str, Any]
# What a value becomes, or None where it has not the shape.
Shape = Callable[[Any], Any]
MATCH = "ER_SUCCESS_MATCH"
# What a request becomes that is of no kind that we know, to which nothing may be said, or that asks
# whether we would be the right skill for somebody who has not named any.
UNKNOWN, UNSPOKEN, OFFERED = "UnknownRequest", "UnspokenRequest", "OfferedRequest"
# Alexa tells of these, most of them outside of a session, and takes no speech for them.
_UNSPOKEN = (
    *("AudioPlayer.", "PlaybackController.", "System.", "Messaging.", "Reminders."),
    *("AlexaSkillEvent.", "AlexaHouseholdListEvent.", "Alexa.Authorization.", "Alexa.DataStore."),
    "Alexa.Presentation.APL.Load",
)
_LONGEST, _MOST = 600, 20
_BEARER = re.compile(r"[\x21-\x7e]{1,8000}")
# Neither speech nor a key has room for these: controls, lone halves of characters, directions.
_FOREIGN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def ident(value: Any) -> str | None:
    """An id as it came. One that had to be mended would be another's."""
    fits = isinstance(value, str) and 0 < len(value) <= _LONGEST and not _FOREIGN.search(value)
    return value if fits else None


def bearer(value: Any) -> str | None:
    """A token as it came: longer than any id, of what a header may hold."""
    return value if isinstance(value, str) and _BEARER.fullmatch(value) else None


def words(value: Any) -> str | None:
    """What was heard, without what nobody can say."""
    return _FOREIGN.sub(" ", value[:_LONGEST]) if isinstance(value, str) else None


def flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def rows(shape: Shape) -> Shape:
    """A list of those that fit, and not of more than anybody needs."""
    return lambda value: (
        [one for one in map(shape, value[:_MOST]) if one is not None]
        if isinstance(value, list)
        else None
    )


def part(**shapes: Shape) -> Shape:
    """An object of which these properties are used."""
    return lambda value: _part(value, shapes)


def _part(value: Any, shapes: Mapping[str, Shape]) -> Json | None:
    if not isinstance(value, dict):
        return None
    found = {name: shape(value.get(name)) for name, shape in shapes.items()}
    return {name: one for name, one in found.items() if one is not None}


def _authority(value: Any) -> Json | None:
    """Values of entity resolution, where Alexa says that it matched one."""
    found = _AUTHORITY(value)
    return found if found and found.get("status") == {"code": MATCH} else None


def _slots(value: Any) -> Json | None:
    if not isinstance(value, dict):
        return None
    named = [name for name in value if ident(name)][:_MOST]
    return {name: {"name": name, **(_SLOT(value[name]) or {})} for name in named}


def _cause(value: Any) -> Json | None:
    found = _CAUSE(value)
    return found if found and found.get("type") == "ConnectionCompleted" else None


def _request(value: Any) -> Json:
    """A request of a kind that we know; else one that may not act on anything."""
    known = value if isinstance(value, dict) else {}
    kind = known.get("type")
    shapes = _REQUESTS.get(kind) if isinstance(kind, str) else None
    head = _part(known, _HEAD) or {}
    if shapes is None:
        return {**head, "type": "IntentRequest", "intent": {"name": _stranger(kind), "slots": {}}}
    return {**head, **(_part(known, shapes) or {}), "type": kind}


def _stranger(kind: Any) -> str:
    """How a request of a kind that is not used goes on."""
    if kind == "CanFulfillIntentRequest":
        return OFFERED
    return UNSPOKEN if isinstance(kind, str) and kind.startswith(_UNSPOKEN) else UNKNOWN


def known(event: Any) -> Json:
    """The envelope as the skill and the SDK can read it, whatever came."""
    whole = event if isinstance(event, dict) else {}
    found = _part(whole, _ENVELOPE) or {}
    return {**found, "version": "1.0", "request": _request(whole.get("request"))}


_AUTHORITY = part(
    authority=words,
    status=part(code=ident),
    values=rows(part(value=part(id=words, name=words))),
)
_SLOT = part(value=words, resolutions=part(resolutionsPerAuthority=rows(_authority)))
_CAUSE = part(
    type=ident,
    token=ident,
    status=part(code=ident),
    result=part(status=ident, reason=ident),
)
_APPLICATION = part(applicationId=ident)
_USER = part(userId=ident)
_PERSON = part(personId=ident, authenticationConfidenceLevel=part(level=number))
_SCREEN = {"Alexa.Presentation.APL": part(runtime=part(maxVersion=ident))}
_SYSTEM = part(
    application=_APPLICATION,
    user=_USER,
    person=_PERSON,
    device=part(deviceId=ident, supportedInterfaces=part(**_SCREEN)),
    apiEndpoint=ident,
    apiAccessToken=bearer,
)
_ENVELOPE: Mapping[str, Shape] = {
    "session": part(
        new=flag,
        sessionId=ident,
        application=_APPLICATION,
        user=_USER,
        attributes=memory.known,
    ),
    "context": part(System=_SYSTEM),
}
_HEAD: Mapping[str, Shape] = {"requestId": ident, "locale": ident}
_ANYTHING: Shape = rows(lambda value: value)
_REQUESTS: Mapping[str, Mapping[str, Shape]] = {
    "LaunchRequest": {},
    "IntentRequest": {"intent": part(name=ident, slots=_slots)},
    "SessionResumedRequest": {"cause": _cause},
    "SessionEndedRequest": {},
    "Alexa.Presentation.APL.UserEvent": {"token": ident, "arguments": _ANYTHING},
    "Alexa.Presentation.APL.RuntimeError": {"token": ident, "errors": _ANYTHING},
}
