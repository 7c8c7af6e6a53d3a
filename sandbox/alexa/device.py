"""An Echo in the box: takes a sentence, makes Alexa's request of it, speaks the skill's answer."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sandbox.alexa import pin, response, screen
from sandbox.alexa.conversation import Conversation, Echo
from sandbox.alexa.entities import DynamicEntities
from sandbox.alexa.languages import language_of
from sandbox.alexa.model import Model
from sandbox.alexa.nlu import Interpreter
from sandbox.alexa.resolution import Catalog, static_catalog
from sandbox.alexa.turn import Line, Said, Speaker, Turn
from sandbox.runtime.servers import Request, Response

_STRANGER = {"userId": "amzn1.ask.account.SANDBOXSTRANGER"}
Person = Mapping[str, Any]


class Device:
    """Talks to the skill as Alexa would; one conversation per session handle."""

    def __init__(
        self,
        post: Callable[[dict[str, Any]], Any],
        model_for: Callable[[str], dict[str, Any]],
        skill_id: str,
        people: Mapping[str, Person],
        pin: str,
        *,
        screen: bool = True,
        api_endpoint: str = "https://api.amazonalexa.com",
        ids: Callable[[], str] = lambda: str(uuid.uuid4()),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`people` maps names to {"userId", "personId" if the voice is known, "pin" if its own}."""
        echo = Echo(skill_id, api_endpoint, f"amzn1.ask.device.{'SANDBOX':0<32}", screen)
        self._line = Line(post, echo, DynamicEntities(skill_id, now), ids, now)
        self._model_for, self._pin = model_for, pin
        self._people: Mapping[str, Person] = {"stranger": _STRANGER, **people}
        self._models: dict[str, Model] = {}
        self._understood: dict[str, tuple[Interpreter, Catalog]] = {}
        self._talks: dict[str, Conversation] = {}
        self._lock = threading.Lock()

    def say(
        self,
        text: str,
        locale: str = "en-US",
        session: str | None = None,
        person: str | Person = "responder",
        display: bool = True,
    ) -> Said:
        """What the device answers to `text`; without `session` (a handle from an earlier answer)
        a new conversation begins. InvalidResponse where Alexa would refuse the skill's answer.
        Without `display` it is a device that has no screen."""
        turn = self._turn(session, locale, person, display)
        said = turn.language.clean(text)
        with turn.talk.lock:
            if not said.strip():
                return self._unanswered(turn) | {"heard": ""}
            if turn.talk.check:
                return turn.enter_pin(said, turn.talk.check) | {"heard": "(a PIN)"}
            return self._command(turn, said) | {"heard": said}

    def directive(self, request: Request) -> Response:
        """What the skill posts to Alexa's directive service before its answer."""
        return self._line.progressive.serve(request)

    def silence(
        self, session: str | None, locale: str = "en-US", person: str | Person = "responder"
    ) -> Said:
        """Nobody answers, neither the question nor the reprompt."""
        turn = self._turn(session, locale, person)
        with turn.talk.lock:
            return self._unanswered(turn)

    def touch(
        self,
        arguments: list[Any],
        session: str,
        locale: str = "en-US",
        person: str | Person = "responder",
    ) -> Said:
        """A tap on what is shown: `arguments` are those of the document's SendEvent."""
        turn = self._turn(session, locale, person)
        with turn.talk.lock:
            return turn.tap(arguments)

    def judge(self, envelope: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        """InvalidResponse where Alexa would refuse this answer to a raw envelope; its request."""
        request = envelope.get("request")
        request = request if isinstance(request, dict) else {}
        try:
            model = self._model(str(request.get("locale")))
        except ValueError:
            model = self._model("en-US")
        response.read(answer, request, model, screen.newest(envelope))
        return request

    def _command(self, turn: Turn, said: str) -> Said:
        name = turn.interpreter.model.invocation_name
        called, command = turn.language.invocation(said, name)
        if not called and command.strip(" .!。") in turn.language.exit:
            return turn.end("USER_INITIATED")
        if called or not turn.talk.open:
            turn.talk.begin(f"amzn1.echo-api.session.{self._line.ids()}")
        return turn.command(command) if command else turn.send({"type": "LaunchRequest"})

    def _unanswered(self, turn: Turn) -> Said:
        if turn.talk.check:
            return turn.resume(turn.talk.check, pin.GIVEN_UP)
        return turn.end("EXCEEDED_MAX_REPROMPTS")

    def _turn(
        self, session: str | None, locale: str, person: str | Person, display: bool = True
    ) -> Turn:
        who = self._known(person)
        speaker = Speaker(who, locale, str(who.pop("pin", self._pin)))
        with self._lock:
            interpreter, static = self._interpreter(locale)
            handle = session or f"talk-{self._line.ids()}"
            talk = self._talks.setdefault(handle, Conversation(handle))
        screen = self._line.echo.screen and display
        line = replace(self._line, echo=replace(self._line.echo, screen=screen))
        return Turn(line, talk, speaker, interpreter, static)

    def _known(self, person: str | Person) -> dict[str, Any]:
        who = self._people.get(person) if isinstance(person, str) else person
        if not isinstance(who, Mapping) or not isinstance(who.get("userId"), str):
            known = ", ".join(self._people)
            raise ValueError(
                f"no such person: {person!r} (one of {known}, or an object with userId)"
            )
        return dict(who)

    def _interpreter(self, locale: str) -> tuple[Interpreter, Catalog]:
        if locale not in self._understood:
            model = self._model(locale)
            static = static_catalog(self._line.echo.skill_id, model)
            self._understood[locale] = Interpreter(model), static
        return self._understood[locale]

    def _model(self, locale: str) -> Model:
        """The interaction model of a locale; ValueError if there is none."""
        if locale not in self._models:
            self._models[locale] = Model(self._model_for(locale), language_of(locale))
        return self._models[locale]
