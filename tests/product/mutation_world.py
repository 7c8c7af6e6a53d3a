"""Envelopes that are spoilt at any place, and the conversations that they come from."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.world import Conversation, Json, Sandbox, http, intent

READS = ("Describe", "Get", "List", "Query", "BatchGet", "StartQuery")
# Requests to which Alexa lets nothing be said.
SILENT = (
    *("SessionEndedRequest", "Alexa.Presentation.APL.RuntimeError"),
    *("AudioPlayer.PlaybackStopped", "CanFulfillIntentRequest"),
)
Path = tuple[str | int, ...]
Start = Callable[[Sandbox], Json]

INTENTS: dict[str, dict[str, str]] = {
    "RunAssessmentIntent": {"group": "ALL"},
    "AssessmentStatusIntent": {"group": "web"},
    "ReadFindingsIntent": {"severity": "CRITICAL", "group": "web"},
    "FindingDetailIntent": {"ordinal": "2"},
    "PatchIntent": {"group": "ALL", "instance": ""},
    "SuspiciousIntent": {},
    "TrafficIntent": {"instance": "batch three"},
    "MarkSuspiciousIntent": {"instance": "batch three"},
    "IsolateIntent": {"instance": "batch three"},
    "ReleaseIntent": {"instance": "batch three"},
    "BlockSourceIntent": {"instance": "batch three"},
    "LockPrincipalIntent": {"principal": "alice"},
    "LockFunctionIntent": {"function": "order export"},
    "VerifyIntent": {"instance": "batch three"},
    "ApproveIntent": {"instance": "batch three", "kind": "ISOLATION"},
    "DeclineIntent": {"instance": "batch three", "kind": "ISOLATION"},
    "DigestIntent": {},
    "StatusIntent": {},
    "UndoIntent": {},
    "CorrectIntent": {"instance": "batch two"},
    "PinIntent": {"pin": "0000"},
    **{f"AMAZON.{name}Intent": {} for name in ("Yes", "No", "Next", "Repeat", "Help", "Fallback")},
    **{f"AMAZON.{name}Intent": {} for name in ("Stop", "Cancel", "NavigateHome", "Previous")},
}
OTHERS: list[Json] = [
    {"type": "LaunchRequest"},
    {"type": "SessionEndedRequest", "reason": "ERROR", "error": {"type": "INVALID_RESPONSE"}},
    {"type": "CanFulfillIntentRequest", "intent": intent("PatchIntent", group="web")},
    {"type": "Alexa.Presentation.APL.UserEvent", "token": "t", "arguments": ["finding", 1]},
    {"type": "Alexa.Presentation.APL.RuntimeError", "token": "t", "errors": [{"type": "X"}]},
    {"type": "AudioPlayer.PlaybackStopped", "token": "t"},
]
HOSTILE: list[Any] = [
    None,
    "",
    "?",
    "NO_SUCH_VALUE",
    "Web & <b>\"prod\"</b> '1' " * 11,
    "</speak><audio src='x'/>",
    "\u202eשלום \u2067مرحبا" * 9,
    "😀" * 256,
    "\x00\x07\x1b[31m\n\ufffe",
    "\ud800 half \udfff",
    "ß" * 3000,
    True,
    False,
    -1,
    10**40,
    1e308,
    [],
    [None],
    {},
    {"type": "NEW_KIND", "value": {"x": [1]}},
]


def deep(levels: int = 150) -> Any:
    found: Any = "x"
    for _ in range(levels):
        found = {"x": [found]}
    return found


def paths(node: Any, at: Path = ()) -> Iterator[Path]:
    """Every place of a document but the document itself."""
    rows = node.items() if isinstance(node, dict) else enumerate(node)
    for name, child in rows:
        yield (*at, name)
        if isinstance(child, dict | list):
            yield from paths(child, (*at, name))


def spoilt(envelope: Json, path: Path, way: int) -> Json:
    """The envelope with that place gone, put beside itself, or holding something hostile."""
    found = copy.deepcopy(envelope)
    parent: Any = found
    for name in path[:-1]:
        parent = parent[name]
    ways: list[Any] = [*HOSTILE, deep()]
    if way == len(ways):
        del parent[path[-1]]
    elif way == len(ways) + 1 and isinstance(parent, dict):
        parent[f"{path[-1]}2"] = copy.deepcopy(parent[path[-1]])
    else:
        parent[path[-1]] = ways[way % len(ways)]
    return found


WAYS = len(HOSTILE) + 3


def wish(name: str) -> Start:
    request = {"type": "IntentRequest", "dialogState": "STARTED"}
    meant = intent(name, **INTENTS[name])
    return lambda box: speaker(box, name).envelope({**request, "intent": meant})


def speaker(box: Sandbox, name: str) -> Conversation:
    """A responder; for what starts without a question somebody who may only listen."""
    listening = name == "RunAssessmentIntent"
    viewer = box.ready["viewer"]["userId"]
    return box.talk(person=None, user=viewer) if listening else box.talk()


def other(request: Json) -> Start:
    return lambda box: box.talk().envelope(request)


def asked(box: Sandbox) -> Conversation:
    """Isolating waits for its yes."""
    talk = box.talk()
    assert talk.intent("IsolateIntent", instance="batch three").startswith("Isolate batch 3?")
    return talk


def proving(box: Sandbox) -> Conversation:
    """Isolating waits for Alexa's own PIN check."""
    talk = asked(box)
    talk.yes()
    assert talk.token
    return talk


def then(begin: Callable[[Sandbox], Conversation], request: Json) -> Start:
    """A request in the middle of a conversation."""
    return lambda box: begin(box).envelope(request)


def resumed(level: int, status: str, code: str = "200") -> Start:
    """Alexa's PIN check is over, with that result."""

    def start(box: Sandbox) -> Json:
        talk = proving(box)
        return talk.envelope(resumption(talk.token, status, code), level)

    return start


def resumption(token: str, status: str = "ACHIEVED", code: str = "200") -> Json:
    cause = {
        "type": "ConnectionCompleted",
        "token": token,
        "status": {"code": code, "message": "OK"},
        "result": {"status": status},
    }
    return {"type": "SessionResumedRequest", "cause": cause}


def spoken(name: str, **slots: str) -> Json:
    return {"type": "IntentRequest", "intent": intent(name, **slots)}


# None of these may start anything, so no mutation of them may.
STARTS: dict[str, Start] = {
    **{name: wish(name) for name in INTENTS},
    **{one["type"]: other(one) for one in OTHERS},
    "a yes that asks for proof": then(asked, spoken("AMAZON.YesIntent")),
    "a no": then(asked, spoken("AMAZON.NoIntent")),
    "repeat while asked": then(asked, spoken("AMAZON.RepeatIntent")),
    "not understood while asked": then(asked, spoken("AMAZON.FallbackIntent")),
    "the end while asked": then(asked, {"type": "SessionEndedRequest", "reason": "ERROR"}),
    "a PIN check that failed": resumed(300, "NOT_ACHIEVED"),
    "a PIN check that was refused": resumed(0, "NOT_ENABLED", "403"),
    "something unknown while proving": then(proving, {"type": "Alexa.Future.Thing"}),
}


def writes(box: Sandbox) -> list[str]:
    """Calls that change or start something outside of our own table.

    The events function is not asked here: it tells of the alarm that a foreign skill raises.
    """
    return [
        f"{row['function']} {row['service']}:{row['operation']}"
        for row in box.calls()
        if row["function"] != "events"
        and row["service"] != "dynamodb"
        and not row["operation"].startswith(READS)
    ]


def answered(box: Sandbox, envelope: Json) -> None:
    """A spoken answer (an empty one where nothing may be said), and no write call.

    The sandbox holds the answer against Alexa's schema, limits and SSML and refuses it otherwise.
    The one exception is an envelope for another skill: the door does not answer it at all.
    """
    box.forget_calls()
    status, answer = http("POST", box.ready["alexa"], envelope)
    if foreign(box, envelope):
        assert status == 500 and box.calls(function="voice") == [], answer
        return
    assert status == 200, answer
    assert writes(box) == []
    request = envelope.get("request")
    if not isinstance(request, dict) or request.get("type") not in SILENT:
        speech = answer["response"].get("outputSpeech") or {"ssml": ""}
        assert speech["ssml"].removeprefix("<speak>").removesuffix("</speak>").strip()


def foreign(box: Sandbox, envelope: Json) -> bool:
    """Whether it says, in a way that can be one, that it is for another skill."""
    found: Any = envelope
    for name in ("context", "System", "application", "applicationId"):
        found = found.get(name) if isinstance(found, dict) else None
    an_id = isinstance(found, str) and 0 < len(found) <= 600 and found.isprintable()
    return an_id and found != box.ready["skill_id"]
