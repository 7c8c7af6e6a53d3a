"""From Lambda to a turn and back: envelope, time limit, session, and a spoken answer whatever
happens.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.exceptions import SerializationException
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import (
    IntentRequest,
    LaunchRequest,
    Response,
    SessionEndedRequest,
    SessionResumedRequest,
)

from skill.engine.core import Engine
from skill.engine.turn import SPEAK_BY, Turn
from skill.errors import TobanError, Unavailable
from skill.log import about
from skill.voice import consent, holding, intake, manners, touch
from skill.voice.asking import ask_for_action, correct
from skill.voice.envelope import read
from skill.voice.intents import INTENTS
from skill.voice.reply import Reply, write
from skill.voice.talk import Talk
from skill.words import book

log = logging.getLogger("toban.voice")
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
SILENT = ("SessionEndedRequest", touch.RUNTIME_ERROR)
# What is answered without a word. Who has not named this skill has not asked for it: what it does
# is for its own people.
WORDLESS: dict[str, dict[str, Any]] = {
    intake.UNSPOKEN: {},
    intake.OFFERED: {"canFulfillIntent": {"canFulfill": "NO"}},
}


def door(engine: Engine) -> Handler:
    """The voice function's handler."""
    builder: Any = SkillBuilder()
    builder.skill_id = engine.aws.settings.skill_id
    builder.add_request_handler(_Requests(engine))
    builder.add_exception_handler(_Problems())
    handle: Handler = builder.lambda_handler()

    def voice(event: dict[str, Any], context: Any) -> dict[str, Any]:
        envelope = touch.known(intake.known(event))
        with about(request=envelope["request"].get("requestId") or ""):
            return _answer(handle, envelope, context)

    return voice


def _answer(handle: Handler, envelope: dict[str, Any], context: Any) -> dict[str, Any]:
    if not _addressed(envelope):
        log.warning("envelope without an application id")
        return _apology(envelope)
    try:
        answer = handle(envelope, context)
    except SerializationException as error:
        log.warning("envelope not understood: %s", type(error).__name__)
        return _apology(envelope)
    return answer | {"response": WORDLESS.get(_named(envelope), answer["response"])}


def _named(envelope: dict[str, Any]) -> str:
    """The intent of a request, if it has one."""
    return str(envelope["request"].get("intent", {}).get("name", ""))


def _addressed(envelope: dict[str, Any]) -> bool:
    """Whether the envelope says which skill it is for; the SDK then refuses every other skill's."""
    system = envelope.get("context", {}).get("System", {})
    return "applicationId" in system.get("application", {})


def _apology(envelope: dict[str, Any]) -> dict[str, Any]:
    """A minimal answer to an envelope that could not be read; silence where nothing may be said."""
    request = envelope["request"]
    if request["type"] in SILENT or _named(envelope) in WORDLESS:
        return {"version": "1.0", "response": WORDLESS.get(_named(envelope), {})}
    text = book(request.get("locale", "")).say("error-error")
    speech = {"type": "SSML", "ssml": f"<speak>{text}</speak>"}
    return {"version": "1.0", "response": {"outputSpeech": speech, "shouldEndSession": True}}


class _Requests(AbstractRequestHandler):
    """Every request type, in one table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        envelope = handler_input.request_envelope
        talk = Talk(self._engine, read(envelope), _session(handler_input), Turn(limited=True))
        if isinstance(envelope.request, SessionEndedRequest):
            in_time(talk, lambda: _forgotten(talk), hold=False)
            return handler_input.response_builder.response
        kind = getattr(envelope.request, "object_type", "")
        if kind == touch.RUNTIME_ERROR or talk.said.intent in WORDLESS:
            return handler_input.response_builder.response
        reply = in_time(talk, _move(envelope.request, talk))
        _remember(handler_input, reply)
        log.info(
            "turn",
            extra={
                "intent": talk.said.intent or type(envelope.request).__name__,
                "ms": round((time.time() - talk.turn.began) * 1000),
                "asks": bool(reply.reprompt),
            },
        )
        return write(handler_input, reply)


def _move(request: Any, talk: Talk) -> Callable[[], Reply]:
    if isinstance(request, LaunchRequest):
        return lambda: manners.launch(talk)
    if isinstance(request, IntentRequest):
        own = ask_for_action if talk.said.intent in INTENTS else manners.fallback
        return lambda: _OWN.get(talk.said.intent, own)(talk)
    if isinstance(request, SessionResumedRequest):
        return lambda: _resume(request, talk)
    return lambda: manners.fallback(talk)


_OWN: dict[str, Callable[[Talk], Reply]] = {
    "AMAZON.YesIntent": consent.yes,
    "AMAZON.NoIntent": consent.no,
    "AMAZON.NextIntent": manners.following,
    "AMAZON.PreviousIntent": manners.previous,
    "AMAZON.RepeatIntent": manners.repeat,
    "AMAZON.HelpIntent": manners.help,
    "AMAZON.StopIntent": manners.stop,
    "AMAZON.CancelIntent": manners.stop,
    "AMAZON.NavigateHomeIntent": manners.stop,
    "AMAZON.FallbackIntent": manners.fallback,
    "PinIntent": consent.pin,
    "CorrectIntent": correct,
    "FindingIdIntent": manners.identifier,
    intake.UNKNOWN: manners.strange,
    touch.INTENT: touch.touched,
}


def _resume(request: Any, talk: Talk) -> Reply:
    cause = request.cause
    status = getattr(cause, "status", None)
    result = cause.result if cause and isinstance(cause.result, dict) else {}
    token = (cause and cause.token) or ""
    return consent.resumed(talk, token, str(getattr(status, "code", "")), result)


def in_time(talk: Talk, move: Callable[[], Reply], hold: bool = True) -> Reply:
    """The reply, or a true sentence about why there is none yet, before Alexa hangs up."""
    done: Future[Reply] = Future()
    thread = threading.Thread(target=_into, args=(done, talk, move), daemon=True)
    thread.start()
    with contextlib.suppress(FutureTimeout):
        return done.result(timeout=holding.AFTER)
    if hold:
        holding.on(talk)
    try:
        return done.result(timeout=SPEAK_BY - holding.AFTER)
    except FutureTimeout:
        if talk.turn.committed:
            return Reply(talk.book.say("error-unsure"))
        return talk.problem(Unavailable(operation=talk.said.intent))


def _into(done: Future[Reply], talk: Talk, move: Callable[[], Reply]) -> None:
    try:
        done.set_result(move())
    except TobanError as error:
        log.info("refused or failed", extra={"why": error.key})
        done.set_result(talk.problem(error))
    except BaseException as error:  # handed to the waiting thread, which raises it
        done.set_exception(error)


def _session(handler_input: HandlerInput) -> dict[str, Any]:
    """What this session remembers. What comes from another one is nobody's: it could act.

    Alexa's own check of the PIN is exempt: its question is found by the token, and by the person.
    """
    envelope = handler_input.request_envelope
    session = envelope.session
    kept = dict((session and session.attributes) or {})
    if isinstance(envelope.request, SessionResumedRequest):
        return kept
    here = session and kept.get("in") in (None, session.session_id)
    return kept if here else {}


def _remember(handler_input: HandlerInput, reply: Reply) -> None:
    """What the next turn will need; nothing when this answer ends the session."""
    session = handler_input.request_envelope.session
    if session is None:
        return
    keep = {**reply.keep, "in": session.session_id}
    if reply.reprompt or reply.handed_over:
        keep["last"] = {"text": reply.text, "reprompt": reply.reprompt}
    else:
        keep = {}
    handler_input.attributes_manager.session_attributes = keep


def _forgotten(talk: Talk) -> Reply:
    """No speech is allowed at the end. An open question dies with the session."""
    talk.forget()
    return Reply("")


class _Problems(AbstractExceptionHandler):
    """The door's one broad catch: whatever failed, somebody is waiting for a sentence."""

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        log.exception("turn failed", exc_info=exception)
        said = book(getattr(handler_input.request_envelope.request, "locale", "") or "")
        if handler_input.request_envelope.session is not None:
            handler_input.attributes_manager.session_attributes = {}
        return write(handler_input, Reply(said.say("error-error")))
