"""One turn of a conversation: a sentence to a request, the skill's answer to what is heard."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sandbox.alexa import pin, response, screen
from sandbox.alexa.conversation import (
    RECOGNISED,
    VERIFIED,
    Conversation,
    Echo,
    Pending,
    PinCheck,
    envelope,
)
from sandbox.alexa.entities import DynamicEntities
from sandbox.alexa.intents import (
    Intent,
    confirmed,
    intent_of,
    merged,
    missing,
    pending_after,
    resolved,
)
from sandbox.alexa.language import Language
from sandbox.alexa.nlu import Heard, Interpreter
from sandbox.alexa.progressive import Progressive
from sandbox.alexa.resolution import Catalog
from sandbox.alexa.response import Reply

Said = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """What the device is connected to: the skill, Alexa's memory of names, clock and ids."""

    post: Callable[[dict[str, Any]], Any]
    echo: Echo
    entities: DynamicEntities
    ids: Callable[[], str]
    now: Callable[[], datetime]
    progressive: Progressive = field(default_factory=Progressive)


@dataclass(frozen=True)
class Speaker:
    """Who speaks to the device, in which language, and the PIN of that person's voice profile."""

    person: dict[str, Any]
    locale: str
    pin: str


@dataclass(frozen=True)
class Turn:
    """What one speaker does in one conversation."""

    line: Line
    talk: Conversation
    speaker: Speaker
    interpreter: Interpreter
    static: Catalog

    @property
    def language(self) -> Language:
        """The language that is spoken."""
        return self.interpreter.model.language

    def command(self, text: str) -> Said:
        """A sentence becomes an intent: the answer to what was asked, or something new."""
        live = self.line.entities.of(self.speaker.person["userId"], self.language)
        catalogs = [self.static, *live]
        asked = self.talk.pending
        if asked and asked.slot and asked.kind == "Dialog.ElicitSlot":
            heard = self.interpreter.answer(text, asked.intent["name"], asked.slot, catalogs)
        else:
            heard = self.interpreter.hear(text, catalogs)
        intent = intent_of(heard, self.interpreter.model, catalogs)
        answer = asked and _answer(asked, heard, intent)
        said = self._intent(answer or intent, "IN_PROGRESS" if answer else "STARTED")
        return said | {"slots": resolved(answer or intent)}

    def enter_pin(self, said: str, check: PinCheck) -> Said:
        """An answer to Alexa's own question for the PIN."""
        result = pin.verdict(check, said, self.speaker.pin, self.language)
        if result is None:
            return self._said("AMAZON.VerifyPerson", Reply(speech=self.language.ask_pin_again))
        return self.resume(check, result)

    def resume(self, check: PinCheck, result: dict[str, str]) -> Said:
        """Back to the skill with what came of the PIN check."""
        self.talk.check = None
        level = VERIFIED if result == pin.ACHIEVED else RECOGNISED
        return self.send(pin.resumed(check.token, result), level)

    def end(self, reason: str) -> Said:
        """Alexa ends the session by itself and tells the skill why."""
        if not self.talk.open:
            return self._said("", Reply())
        return self.send({"type": "SessionEndedRequest", "reason": reason})

    def tap(self, arguments: list[Any]) -> Said:
        """A finger on what is shown. It has no voice: nobody is recognised by it."""
        if not self.talk.shown:
            raise ValueError("nothing is shown that could be touched")
        if self.talk.check:
            raise ValueError("Alexa is asking for the PIN")
        event = {"type": screen.USER_EVENT, "token": self.talk.shown["token"]}
        source = {"type": "TouchWrapper", "handler": "Press", "id": "", "value": False}
        nobody = {"userId": self.speaker.person["userId"]}
        turn = replace(self, speaker=replace(self.speaker, person=nobody))
        return turn.send({**event, "arguments": arguments, "source": source, "components": {}})

    def send(self, request: dict[str, Any], level: int = RECOGNISED) -> Said:
        """One request to the skill, and whatever its answer makes Alexa do."""
        stamp = self.line.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        head = {"requestId": f"amzn1.echo-api.request.{self.line.ids()}", "timestamp": stamp}
        whole = {**request, **head, "locale": self.speaker.locale}
        body = envelope(self.line.echo, self.talk, self.speaker.person, whole, level)
        # Closed until the answer says otherwise: a skill that fails has lost its session.
        self.talk.open = self.talk.new = False
        newest = screen.MAX_VERSION if self.line.echo.screen else None
        answer, spoken = self._answered(body)
        said = self._obey(response.read(answer, whole, self.interpreter.model, newest), whole)
        return said | {"progressive": [*spoken, *said["progressive"]]}

    def _answered(self, body: dict[str, Any]) -> tuple[Any, list[str]]:
        """The skill's answer, and what it had spoken before."""
        early, request = self.line.progressive, body["request"]["requestId"]
        early.begin(request)
        try:
            answer = self.line.post(body)
        finally:
            spoken = early.end(request)
        return answer, spoken

    def _intent(self, intent: Intent, state: str) -> Said:
        known = intent["name"] in self.interpreter.model.required
        dialog = {"dialogState": state} if known else {}
        return self.send({"type": "IntentRequest", "intent": intent, **dialog})

    def _obey(self, reply: Reply, request: dict[str, Any]) -> Said:
        """Remember what the skill wants remembered, then follow its directives."""
        asked = request.get("intent")
        turn, connect = reply.directive(*response.TURNS), reply.directive(response.CONNECT)
        self.talk.open = not reply.ends if reply.ends is not None else bool(turn or connect)
        self.talk.attributes = reply.attributes
        self.talk.shown = reply.directive(screen.RENDER) or self.talk.shown
        self.talk.pending = pending_after(turn, asked) if turn else None
        if entities := reply.directive(response.ENTITIES):
            self.line.entities.update(self.speaker.person["userId"], entities)
        name = asked["name"] if asked else request["type"]
        if connect:
            return self._verify(name, reply, connect["token"])
        if turn and turn["type"] == "Dialog.Delegate":
            return self._delegate(name, reply, self.talk.pending)
        return self._said(name, reply)

    def _verify(self, name: str, reply: Reply, token: str) -> Said:
        """Alexa asks for the PIN; a voice that it does not know has none."""
        check = PinCheck(token)
        if not self.speaker.person.get("personId"):
            return _after(reply, self.resume(check, pin.NOT_SET_UP))
        self.talk.check, self.talk.open = check, True
        return _after(reply, self._said(name, Reply(speech=self.language.ask_pin, card=reply.card)))

    def _delegate(self, name: str, reply: Reply, pending: Pending | None) -> Said:
        """Alexa leads the dialog: it asks for the next slot, or says that there is none left."""
        intent = pending.intent if pending else {}
        slot = missing(intent, self.interpreter.model)
        if slot is None:
            return _after(reply, self._intent(intent, "COMPLETED"))
        self.talk.pending = Pending("Dialog.ElicitSlot", intent, slot)
        question = self.interpreter.model.prompt(intent["name"], slot)
        return _after(reply, self._said(name, Reply(speech=question, reprompt=question)))

    def _said(self, name: str, reply: Reply) -> Said:
        shown = reply.directive(screen.RENDER)
        if not self.talk.open:
            self.talk.close()
        return {
            "intent": name,
            "slots": {},
            "speech": reply.speech,
            "ssml": reply.ssml,
            "reprompt": reply.reprompt,
            "card": reply.card,
            "screen": screen.picture(shown) if shown else None,
            "session": self.talk.handle,
            "open": self.talk.open,
            "verifying": self.talk.check is not None,
            "progressive": [],
        }


def _answer(asked: Pending, heard: Heard, intent: Intent) -> Intent | None:
    """The intent of a dialog with what was just heard, if that belongs to it."""
    if asked.kind != "Dialog.ElicitSlot":
        return confirmed(asked, heard)
    return merged(asked.intent, intent) if heard.intent == asked.intent["name"] else None


def _after(reply: Reply, said: Said) -> Said:
    """What is heard when Alexa goes on by itself after the skill has spoken."""
    return said | {"speech": f"{reply.speech} {said['speech']}".strip()}
