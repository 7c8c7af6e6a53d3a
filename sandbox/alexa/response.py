"""Reading a skill's answer as strictly as Alexa does."""

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.alexa import schema, screen, ssml
from sandbox.alexa.model import Model

_MOST_BYTES, _MOST_SPEECH, _MOST_CARD, _MOST_URL = 24 * 1024, 8000, 8000, 2000
_CARDS = {
    "Simple": ("title", "content"),
    "Standard": ("title", "text"),
    "LinkAccount": (),
    "AskForPermissionsConsent": (),
}
TURNS = {f"Dialog.{name}" for name in ("Delegate", "ElicitSlot", "ConfirmSlot", "ConfirmIntent")}
ENTITIES = "Dialog.UpdateDynamicEntities"
CONNECT = "Connections.StartConnection"
VERIFY_PERSON = "connection://AMAZON.VerifyPerson/2"
# To these there is nothing to say.
_SILENT = ("SessionEndedRequest", screen.RUNTIME_ERROR)
# Of these nobody hears an answer, or only a player's directives would be one.
_OUTSIDE = (
    *("AudioPlayer.", "PlaybackController.", "System.", "Messaging.", "Reminders."),
    *("AlexaSkillEvent.", "AlexaHouseholdListEvent."),
)
OFFER = "CanFulfillIntentRequest"
_SAID = ("outputSpeech", "reprompt", "card", "directives")


class InvalidResponse(Exception):
    """The skill answered something that Alexa refuses (SessionEndedRequest INVALID_RESPONSE)."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Reply:
    """A skill's answer; `ends` is None where it does not say whether the session goes on."""

    speech: str = ""
    ssml: str = ""
    reprompt: str = ""
    card: dict[str, Any] | None = None
    directives: tuple[dict[str, Any], ...] = ()
    ends: bool | None = None
    attributes: dict[str, Any] = field(default_factory=dict)

    def directive(self, *kinds: str) -> dict[str, Any] | None:
        """The first directive of one of these types."""
        return next((d for d in self.directives if d["type"] in kinds), None)


def read(
    answer: Any, request: dict[str, Any], model: Model, newest: str | None = screen.MAX_VERSION
) -> Reply:
    """The answer to a request, or InvalidResponse with every reason. `newest` is the newest APL
    that the device reads, None without a screen.
    """
    kind = request.get("type")
    if isinstance(kind, str) and (kind in _SILENT or kind.startswith(_OUTSIDE)):
        return _farewell(answer, kind)
    if malformed := schema.breach(schema.RESPONSE, answer):
        raise InvalidResponse([malformed])
    response = answer["response"]
    if kind == OFFER:
        return _offered(response)
    wrong = [*_envelope(answer), *_directives(response, request, model)]
    wrong += _screen(response.get("directives") or [], newest)
    speech, raw = _speech(response.get("outputSpeech"), "outputSpeech", wrong)
    again, _ = _speech((response.get("reprompt") or {}).get("outputSpeech"), "reprompt", wrong)
    wrong += _card(response.get("card"))
    if wrong:
        raise InvalidResponse(wrong)
    ends = response["shouldEndSession"] is True if "shouldEndSession" in response else None
    directives = tuple(response.get("directives") or ())
    attributes = answer.get("sessionAttributes") or {}
    return Reply(speech, raw, again, response.get("card"), directives, ends, attributes)


def _farewell(answer: Any, kind: str) -> Reply:
    """To the end of a session, or an error of a document, there is nothing to say."""
    malformed = schema.breach(schema.RESPONSE, answer) if answer else ""
    if malformed:
        raise InvalidResponse([malformed])
    response = answer["response"] if answer else {}
    if said := _said(response):
        raise InvalidResponse([f"the answer to a {kind} holds {', '.join(said)}"])
    return Reply(ends=kind == "SessionEndedRequest" or None)


def _said(response: dict[str, Any]) -> list[str]:
    return [part for part in _SAID if response.get(part)]


def _offered(response: dict[str, Any]) -> Reply:
    """Whether the skill would take an intent that nobody asked it for, and nothing else."""
    said = _said(response)
    if said or "canFulfillIntent" not in response:
        raise InvalidResponse(
            [f"the answer to a {OFFER} holds {', '.join(said) or 'no word of it'}"]
        )
    return Reply()


def _screen(directives: list[dict[str, Any]], newest: str | None) -> list[str]:
    beside = [d["type"] for d in directives if d.get("type") in (ENTITIES, CONNECT)]
    return screen.wrong(directives, newest, beside)


def _envelope(answer: dict[str, Any]) -> list[str]:
    size = len(json.dumps(answer, ensure_ascii=False).encode())
    return [f"{size} bytes, more than {_MOST_BYTES}"] if size > _MOST_BYTES else []


def _speech(speech: Any, where: str, wrong: list[str]) -> tuple[str, str]:
    """(the words, the SSML) of one speech; what is wrong with it is added to `wrong`."""
    if speech is None:
        return "", ""
    key = {"SSML": "ssml", "PlainText": "text"}[speech["type"]]
    raw = speech[key]
    if len(raw) >= _MOST_SPEECH:
        wrong.append(f"{where}: {len(raw)} characters, not below {_MOST_SPEECH}")
        return "", ""
    try:
        return (ssml.plain(raw), raw) if key == "ssml" else (raw, "")
    except ValueError as error:
        wrong.append(f"{where}: {error}")
        return "", raw


def _card(card: Any) -> list[str]:
    if card is None:
        return []
    texts = [card.get(key) or "" for key in _CARDS[card["type"]]]
    urls = [url or "" for url in (card.get("image") or {}).values()]
    wrong = ["card too long"] if sum(map(len, texts)) > _MOST_CARD else []
    return wrong + (["card image URL too long"] if any(len(u) > _MOST_URL for u in urls) else [])


def _directives(response: dict[str, Any], request: dict[str, Any], model: Model) -> list[str]:
    kinds = [d["type"] for d in response.get("directives") or ()]
    wrong = list[str]()
    dialog = [kind for kind in kinds if kind in TURNS]
    if len(dialog) > 1 or (dialog and ENTITIES in kinds):
        wrong.append(f"{ENTITIES if ENTITIES in kinds else dialog[1]} beside {dialog[0]}")
    if dialog and response.get("shouldEndSession") is True:
        wrong.append(f"{dialog[0]} while the session ends")
    for directive in response.get("directives") or ():
        if directive["type"] in TURNS:
            wrong += _dialog(directive, request, model)
        elif directive["type"] == ENTITIES:
            wrong += _entities(directive, model)
        elif directive["type"] == CONNECT:
            wrong += _connection(directive)
    return wrong


def _dialog(directive: dict[str, Any], request: dict[str, Any], model: Model) -> list[str]:
    """A dialog may only be led for an intent that the model lists, about a slot that it has."""
    kind, intent = directive["type"], directive.get("updatedIntent") or request.get("intent")
    intent = intent if isinstance(intent, dict) else {}
    name = intent.get("name")
    if name not in model.required:
        return [f"{kind} for {name}, which the model's dialog section does not list"]
    slot = directive.get("slotToElicit") or directive.get("slotToConfirm")
    needed = kind in ("Dialog.ElicitSlot", "Dialog.ConfirmSlot")
    unknown = [s for s in (intent.get("slots") or {}) if s not in model.slots[name]]
    missing = [str(slot)] if needed and slot not in model.slots[name] else []
    return [f"{kind}: {name} has no slot {slot}" for slot in (*missing, *unknown)]


def _entities(directive: dict[str, Any], model: Model) -> list[str]:
    types = directive.get("types") or []
    wrong = [
        f"{ENTITIES}: no slot type {t['name']}" for t in types if t["name"] not in model.values
    ]
    names = [v["name"] for kind in types for v in kind["values"]]
    count = sum(1 + len(name.get("synonyms") or ()) for name in names)
    spoken = [s for name in names for s in (name["value"], *(name.get("synonyms") or ()))]
    wrong += [f"{ENTITIES}: {count} values with synonyms, more than 100"] if count > 100 else []
    return wrong + [f"{ENTITIES}: bad value {s!r:.60}" for s in spoken if not 0 < len(s) <= 140]


def _connection(directive: dict[str, Any]) -> list[str]:
    wrong = [] if directive.get("token") else [f"{CONNECT} without a token"]
    uri = directive.get("uri")
    return wrong + (
        [] if uri == VERIFY_PERSON else [f"{CONNECT} to {uri!r}, which the box has not"]
    )
