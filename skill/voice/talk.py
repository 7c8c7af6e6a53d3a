"""One turn of the conversation: what was said, with what the session remembers, to a reply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from skill.engine import approval, policy
from skill.engine.core import VOICE, Engine
from skill.engine.turn import Turn
from skill.errors import Ambiguous, BadRequest, NoMatch, Refused, TobanError
from skill.model import Actor, Kind, Outcome, Request, Role
from skill.voice import directives
from skill.voice.envelope import Said
from skill.voice.intents import INTENTS
from skill.voice.reply import Reply, plain
from skill.words import Book, book
from skill.words.compose import SHOWN, error, outcome

Session = dict[str, Any]
# What may act later. Any break-off forgets it.
PENDING = ("token", "stage", "hint")
ACHIEVED = "ACHIEVED"


@dataclass
class Talk:
    """A turn. `session` is what was remembered; each reply's `keep` is what will be."""

    engine: Engine
    said: Said
    session: Session
    turn: Turn

    @property
    def book(self) -> Book:
        return book(self.said.locale)

    @property
    def actor(self) -> Actor:
        role = policy.voice_role(self.engine.aws.settings, self.said.user, self.said.person)
        return Actor(VOICE, self.said.person or self.said.user, role)

    @property
    def key(self) -> str:
        return f"voice#{self.said.key}"

    def launch(self) -> Reply:
        """Greet; a listed account hears what is going on, and its live names go to Alexa."""
        again = self.book.say("launch-again")
        if self.actor.role is Role.NONE:
            return Reply(self.book.say("launch-first"), again)
        aws = self.engine.aws
        try:
            state, instances, groups = aws.gather(
                lambda: self.engine.run(Request("status", {}, self.actor, self.key), self.turn),
                lambda: aws.ec2.tag_values("Name"),
                lambda: aws.ec2.tag_values(aws.settings.group_tag),
            )
        except TobanError:
            return Reply(self.book.say("launch-first"), again)
        facts = state.facts
        text = self.book.say(
            "launch",
            running_count=facts["running_count"],
            isolated=facts["isolated"],
            isolated_count=len(facts["isolated"]),
        )
        return Reply(text, again, directives=(directives.live_names(instances, groups),))

    def intent(self) -> Reply:
        """Any intent: the conversation's own first, then those that ask for an action."""
        own = _OWN.get(self.said.intent)
        if own:
            return own(self)
        if self.said.intent in INTENTS:
            return self._ask_for_action()
        return self.fallback()

    def _ask_for_action(self) -> Reply:
        row = INTENTS[self.said.intent]
        self._forget()
        try:
            params = row.params(self.said.slots, self.session)
            found = self.engine.run(Request(row.action, params, self.actor, self.key), self.turn)
        except BadRequest as problem:
            return self._elicit(problem)
        except (NoMatch, Ambiguous) as problem:
            return self._choose(problem)
        return self._say(found, params)

    def _elicit(self, problem: BadRequest) -> Reply:
        """Ask for what is missing; anything else that makes no sense is said so."""
        missing = problem.facts.get("missing")
        row = INTENTS[self.said.intent]
        if not missing or not row.elicit:
            return self._statement(error(self.book, problem))
        text, again = self.book.say(f"which-{missing}"), self.book.say(f"which-{missing}-again")
        ask = directives.elicit(self.said.intent, row.elicit, list(self.said.slots) or [row.elicit])
        return Reply(text, again, directives=(ask,), keep=self._kept())

    def _choose(self, problem: TobanError) -> Reply:
        """No match or several: offer the names and listen for one."""
        row = INTENTS[self.said.intent]
        text, again = error(self.book, problem), self.book.say("which-instance-again")
        if row.elicit not in ("instance", "group"):
            return self._question(text)
        slot = "instance" if self.said.slots.get("instance") else row.elicit
        ask = directives.elicit(self.said.intent, slot, list(self.said.slots) or [slot])
        return Reply(text, again, directives=(ask,), keep=self._kept())

    def _say(self, found: Outcome, params: dict[str, str]) -> Reply:
        """An outcome in words, with what the next turn may refer to."""
        text = outcome(self.book, found)
        keep = self._kept() | _context(found)
        if found.kind is Kind.CONFIRM:
            hint = {"action": found.action, "params": params}
            keep |= {"token": found.token, "stage": approval.CONFIRM, "hint": hint}
            return Reply(text, self.book.say("wait-yes"), keep=keep)
        if found.action == "findings" and found.facts["items"]:
            more = len(found.facts["items"]) > SHOWN
            return Reply(
                text, self.book.say(f"findings-{'more' if more else 'end'}-again"), keep=keep
            )
        return self._statement(text, keep)

    def _statement(self, text: str, keep: Session | None = None) -> Reply:
        """The end of a one-shot; inside a conversation the microphone stays open for the next
        wish.
        """
        kept = self._kept() if keep is None else keep
        if self.said.new:
            return Reply(text, card=plain(text), keep=kept)
        return self._question(text, kept)

    def _question(self, text: str, keep: Session | None = None) -> Reply:
        kept = self._kept() if keep is None else keep
        more = self.book.say("anything-else")
        return Reply(f"{text} {more}", self.book.say("launch-again"), keep=kept)

    def _kept(self) -> Session:
        return {name: value for name, value in self.session.items() if name not in PENDING}

    def _forget(self) -> None:
        """Any other intent closes the open question, here and in the table."""
        token = self.session.get("token")
        if token:
            approval.drop(self.engine.aws, token)

    def _pending(self, stage: str) -> tuple[str, dict[str, Any]] | None:
        """The token and hint of the open question, if it is at that stage."""
        token, hint = self.session.get("token"), self.session.get("hint")
        return (token, hint) if token and hint and self.session.get("stage") == stage else None

    def yes(self) -> Reply:
        pending = self._pending(approval.CONFIRM)
        if pending:
            token, hint = pending
            return self._approved(
                lambda: self.engine.confirm(token, self.actor, self.key, hint, self.turn), hint
            )
        if self.session.get("found"):
            return self.next()
        return self._nothing_pending()

    def _approved(self, act: Callable[[], Outcome], hint: dict[str, Any]) -> Reply:
        found = act()
        if found.kind is not Kind.PROVE:
            return self._say(found, hint["params"])
        keep = self._kept() | {"token": found.token, "stage": approval.PROVE, "hint": hint}
        ask = directives.verify_person(found.token)
        return Reply(outcome(self.book, found), directives=(ask,), handed_over=True, keep=keep)

    def no(self) -> Reply:
        if self.session.get("token"):
            self._forget()
            return self._statement(self.book.say("cancelled"), self._kept())
        return Reply(self.book.say("goodbye"))

    def pin(self) -> Reply:
        """A spoken PIN, where the deployer turned that on and something waits for it."""
        pending = self._pending(approval.PROVE)
        if pending is None or not self.engine.aws.settings.pin_parameter:
            return self._nothing_pending()
        token, hint = pending
        spoken = (
            "".join(c for c in self.said.slots["pin"].value if c.isdigit())
            if "pin" in self.said.slots
            else ""
        )
        try:
            return self._approved(
                lambda: self.engine.prove(token, self.actor, self.key, hint, self.turn, spoken),
                hint,
            )
        except Refused as problem:
            if problem.facts.get("reason") != "pin_wrong":
                raise
            return self._pin_again(error(self.book, problem))

    def _pin_again(self, said: str) -> Reply:
        """The question stays open for another try, until the tries or the 120 s are used up."""
        text = f"{said} {self.book.say('prove-pin')}"
        ask = directives.elicit("PinIntent", "pin", ["pin"])
        return Reply(
            text, self.book.say("prove-pin-again"), directives=(ask,), keep=dict(self.session)
        )

    def resumed(self, token: str, code: str, result: dict[str, Any]) -> Reply:
        """Back from Alexa's own PIN check. Only achieved, by the same person, at the level,
        acts.
        """
        hint = self.session.get("hint") or approval.hint_of(self.engine.aws, token)
        if code != "200" or result.get("status") != ACHIEVED:
            return self._not_proved(token, str(result.get("reason") or result.get("status")))
        if not self.said.person or self.said.level < directives.LEVEL:
            approval.drop(self.engine.aws, token)
            raise Refused(reason="not_proved")
        return self._approved(
            lambda: self.engine.prove(token, self.actor, self.key, hint, self.turn, None), hint
        )

    def _not_proved(self, token: str, reason: str) -> Reply:
        """Without an Alexa PIN, the deployer's spoken PIN may serve; else nothing is done."""
        absent = reason in ("NOT_ENABLED", "VERIFICATION_METHOD_NOT_SETUP", "None")
        if absent and self.engine.aws.settings.pin_parameter and self.session.get("token") == token:
            return self._pin_again("")
        approval.drop(self.engine.aws, token)
        raise Refused(reason="no_pin_set_up" if absent else "not_proved")

    def next(self) -> Reply:
        return self._page(SHOWN)

    def previous(self) -> Reply:
        return self._page(-SHOWN)

    def _page(self, step: int) -> Reply:
        """Another three of the findings that were read before; nothing is asked of AWS."""
        found = self.session.get("found")
        start = max((found or {}).get("from", 0) + step, 0)
        if not found or start >= len(found["items"]):
            return self._question(self.book.say("no-more"))
        facts = {**found, "from": start}
        text = outcome(self.book, Outcome(Kind.ANSWER, "findings", facts), start)
        more = len(facts["items"]) > start + SHOWN
        again = self.book.say(f"findings-{'more' if more else 'end'}-again")
        return Reply(text, again, keep=self._kept() | {"found": facts})

    def repeat(self) -> Reply:
        last = self.session.get("last")
        if not last:
            return Reply(
                self.book.say("nothing-to-repeat"),
                self.book.say("launch-again"),
                keep=dict(self.session),
            )
        return Reply(
            last["text"], last["reprompt"] or self.book.say("launch-again"), keep=dict(self.session)
        )

    def help(self) -> Reply:
        self._forget()
        return Reply(self.book.say("help"), self.book.say("help-again"), keep=self._kept())

    def stop(self) -> Reply:
        self._forget()
        return Reply(self.book.say("cancelled" if self.session.get("token") else "goodbye"))

    def fallback(self) -> Reply:
        """Not understood: an open question stays open and is asked again; else help."""
        if self.session.get("token"):
            again = self.session.get("last", {}).get("reprompt") or self.book.say("wait-yes")
            return Reply(
                f"{self.book.say('fallback-short')} {again}", again, keep=dict(self.session)
            )
        return Reply(self.book.say("fallback"), self.book.say("fallback-again"), keep=self._kept())

    def _nothing_pending(self) -> Reply:
        return Reply(
            self.book.say("nothing-pending"),
            self.book.say("nothing-pending-again"),
            keep=self._kept(),
        )

    def problem(self, found: TobanError) -> Reply:
        """What went wrong, said; nothing that could act is kept."""
        return self._statement(error(self.book, found), self._kept())


def _context(found: Outcome) -> Session:
    """What "it", "the second one" and "more" will mean."""
    facts = found.facts
    if found.action == "findings":
        names = ("severity", "group", "count", "critical", "high", "items", "from")
        return {
            "items": [row["cve"] for row in facts["items"]],
            "found": {name: facts[name] for name in names},
        }
    if found.action == "suspicious" and facts["items"]:
        return {"focus": facts["items"][0]["name"]}
    if found.action == "traffic" and facts["ready"] == "no":
        waiting = {"instance": facts["instance"], "query": facts["query"]}
        return {"focus": facts["instance"], "query": waiting}
    return {"focus": facts["instance"]} if facts.get("instance") else {}


_OWN: dict[str, Callable[[Talk], Reply]] = {
    "AMAZON.YesIntent": Talk.yes,
    "AMAZON.NoIntent": Talk.no,
    "AMAZON.NextIntent": Talk.next,
    "AMAZON.PreviousIntent": Talk.previous,
    "AMAZON.RepeatIntent": Talk.repeat,
    "AMAZON.HelpIntent": Talk.help,
    "AMAZON.StopIntent": Talk.stop,
    "AMAZON.CancelIntent": Talk.stop,
    "AMAZON.NavigateHomeIntent": Talk.stop,
    "AMAZON.FallbackIntent": Talk.fallback,
    "PinIntent": Talk.pin,
}
