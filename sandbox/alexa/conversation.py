"""What a device remembers between two sentences, and the requests that Alexa makes of it."""

import threading
from dataclasses import dataclass, field
from typing import Any

from sandbox.alexa.progressive import TOKEN
from sandbox.alexa.screen import MAX_VERSION

_VIDEO = {"codecs": ["H_264_42", "H_264_41"]}
_PIXELS = {"pixelWidth": 1280, "pixelHeight": 800}
VERIFIED, RECOGNISED = 400, 300


@dataclass(frozen=True)
class Echo:
    """The device itself, as the skill gets to see it."""

    skill_id: str
    api_endpoint: str
    device_id: str
    screen: bool


@dataclass(frozen=True)
class Pending:
    """What the skill asked last by a dialog directive: its type, the intent so far, the slot."""

    kind: str
    intent: dict[str, Any]
    slot: str | None = None


@dataclass
class PinCheck:
    """Alexa's own question for the PIN, on behalf of the skill."""

    token: str
    wrong: int = 0


@dataclass
class Conversation:
    """One device's talk with the skill: at most one Alexa session at a time, under one handle."""

    handle: str
    session_id: str = ""
    open: bool = False
    new: bool = True
    attributes: dict[str, Any] = field(default_factory=dict)
    pending: Pending | None = None
    check: PinCheck | None = None
    shown: dict[str, Any] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def begin(self, session_id: str) -> None:
        """A new session; nothing of the last one is left."""
        self.session_id, self.open, self.new = session_id, True, True
        self.close(open_=True)

    def close(self, open_: bool = False) -> None:
        """Forget what only lives as long as a session."""
        self.open = open_
        self.attributes, self.pending, self.check, self.shown = {}, None, None, None


def envelope(
    echo: Echo, talk: Conversation, who: dict[str, Any], request: dict[str, Any], level: int
) -> dict[str, Any]:
    """The whole body that Alexa posts to a skill."""
    system = _system(echo, who, level)
    session = {
        "new": talk.new,
        "sessionId": talk.session_id,
        "application": system["application"],
        "attributes": talk.attributes,
        "user": system["user"],
    }
    context = {"System": system, **(_screen(talk) if echo.screen else {})}
    return {"version": "1.0", "session": session, "context": context, "request": request}


def _system(echo: Echo, who: dict[str, Any], level: int) -> dict[str, Any]:
    apl = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": MAX_VERSION}}}
    supported = {**(apl if echo.screen else {})}
    system: dict[str, Any] = {
        "application": {"applicationId": echo.skill_id},
        "user": {"userId": who["userId"]},
        "device": {"deviceId": echo.device_id, "supportedInterfaces": supported},
        "apiEndpoint": echo.api_endpoint,
        "apiAccessToken": TOKEN,
    }
    if who.get("personId"):
        confidence = {"level": level}
        person = {"personId": who["personId"], "authenticationConfidenceLevel": confidence}
        system["person"] = person
    return system


def _screen(talk: Conversation) -> dict[str, Any]:
    shown = {"token": talk.shown["token"]} if talk.shown and "token" in talk.shown else {}
    size = {"type": "DISCRETE", **_PIXELS}
    viewport = {
        "type": "APL",
        "id": "main",
        "shape": "RECTANGLE",
        "dpi": 213,
        "presentationType": "STANDARD",
        "canRotate": False,
        "configuration": {"current": {"mode": "HUB", "video": _VIDEO, "size": size}},
    }
    return {"Alexa.Presentation.APL": shown, "Viewports": [viewport]}
