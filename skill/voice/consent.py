"""Yes, no, and proof of who speaks: the only turns that let a change start."""

from collections.abc import Callable
from typing import Any

from skill import names
from skill.engine import approval
from skill.errors import Refused
from skill.model import Kind, Outcome
from skill.voice import context, directives, proof
from skill.voice.asking import ask_for_action, choose, is_listening, tell, which
from skill.voice.envelope import Heard
from skill.voice.manners import following
from skill.voice.reply import Reply
from skill.voice.talk import Talk
from skill.words.compose import error, outcome

ACHIEVED = "ACHIEVED"
PIN_DIGITS = 4
# Alexa could not ask for a PIN, which is not the same as a wrong one.
NO_ALEXA_PIN = ("NOT_ENABLED", "VERIFICATION_METHOD_NOT_SETUP")


def yes(talk: Talk) -> Reply:
    pending = talk.pending(approval.CONFIRM)
    if pending:
        token, hint = pending
        act = talk.engine.confirm
        return _approved(talk, lambda: act(token, talk.actor, talk.key, hint, talk.turn), hint)
    if again := proof.wanted(talk, ""):
        return again
    return _answered(talk)


def _answered(talk: Talk) -> Reply:
    """A yes to something that does not act: an offered name, the next page."""
    names = context.offered(talk)
    if len(names) == 1:
        return ask_for_action(context.pick(talk, 1))
    if names:
        return choose(talk)
    if is_listening(talk):
        return which(talk)
    offer = talk.session.get("offer")
    if offer == "more":
        return following(talk)
    return talk.ask("which-finding" if offer == "detail" else "nothing-pending")


def no(talk: Talk) -> Reply:
    talk.forget()
    if talk.session.get("token"):
        return talk.state(talk.book.say("cancelled"))
    if context.offered(talk):
        return which(talk)
    return Reply(talk.book.say("goodbye"))


def pin(talk: Talk) -> Reply:
    """A spoken PIN, where the deployer turned that on and something waits for it."""
    pending = talk.pending(approval.PROVE)
    if pending is None or not talk.engine.aws.settings.pin_parameter:
        return talk.ask("nothing-pending")
    token, hint = pending
    digits = names.digits(talk.said.slots.get("pin", Heard()).value)
    if len(digits) != PIN_DIGITS:
        return proof.listen_for_pin(talk, "")
    try:
        return _proved(talk, token, hint, digits)
    except Refused as problem:
        if problem.facts.get("reason") != "pin_wrong":
            raise
        return proof.listen_for_pin(talk, error(talk.book, problem))


def resumed(talk: Talk, token: str, code: str, result: dict[str, Any]) -> Reply:
    """Back from Alexa's own PIN check. Only achieved, by the same person, at the level, acts."""
    hint = talk.session.get("hint") or approval.hint_of(talk.engine.aws, token)
    if code == "200" and result.get("status") == ACHIEVED:
        if talk.said.person and talk.said.level >= directives.LEVEL:
            return _proved(talk, token, hint, None)
        approval.drop(talk.engine.aws, token)
        raise Refused(reason="not_proved")
    return _not_proved(talk, token, str(result.get("reason") or result.get("status")))


def _not_proved(talk: Talk, token: str, reason: str) -> Reply:
    """Without an Alexa PIN, the deployer's spoken PIN may serve; else nothing is done."""
    absent = reason in NO_ALEXA_PIN
    mine = talk.session.get("token") == token
    if absent and mine and talk.engine.aws.settings.pin_parameter:
        return proof.listen_for_pin(talk, "")
    approval.drop(talk.engine.aws, token)
    raise Refused(reason="no_pin_set_up" if absent else "not_proved")


def _proved(talk: Talk, token: str, hint: dict[str, Any], digits: str | None) -> Reply:
    act = talk.engine.prove
    return _approved(talk, lambda: act(token, talk.actor, talk.key, hint, talk.turn, digits), hint)


def _approved(talk: Talk, act: Callable[[], Outcome], hint: dict[str, Any]) -> Reply:
    """What the engine made of the yes: started, asked again, or proof is wanted first."""
    found = act()
    if found.kind is not Kind.PROVE:
        return tell(talk, found, hint["params"])
    keep = talk.kept(token=found.token, stage=approval.PROVE, hint=hint)
    ask = directives.verify_person(found.token)
    return Reply(outcome(talk.book, found), directives=(ask,), handed_over=True, keep=keep)
