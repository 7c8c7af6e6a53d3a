"""What any conversation needs: a greeting, help, repeating, paging, stopping, not understanding."""

import logging
import time
from dataclasses import replace
from typing import Any

from skill.engine import approval, live, visits
from skill.errors import Refused, TobanError
from skill.model import Kind, Outcome, Request, Role
from skill.voice import context, directives, proof
from skill.voice.asking import choose, is_listening, listed, overview, seen, which
from skill.voice.intents import finding
from skill.voice.reply import Reply
from skill.voice.talk import Talk
from skill.words.compose import SHOWN, outcome
from skill.words.greeting import greeting
from skill.words.spelling import spelled

log = logging.getLogger("toban.voice")
# Misunderstandings in a row.
ENOUGH = 3
# Seconds that Alexa surely knows what it was taught.
TAUGHT = 20 * 60


def launch(talk: Talk) -> Reply:
    """Greet; a listed account hears what ended since its last visit and what is going on, and its
    live names go to Alexa. What cannot be read is no reason to be silent.
    """
    if talk.actor.role is Role.NONE:
        return _first(talk)
    aws = talk.engine.aws
    news, state, known = aws.gather(
        lambda: visits.since_last(aws, talk.actor), lambda: _state(talk), lambda: live.read(aws)
    )
    if state is None:
        return _teaching(talk, _first(talk), known, None)
    text = greeting(talk.book, state.facts, news)
    greeted = _teaching(talk, Reply(text, talk.book.say("launch-again")), known, state)
    return overview(talk, greeted, state)


def _state(talk: Talk) -> Outcome | None:
    """What is going on; None if that cannot be read."""
    request = Request("status", {}, talk.actor, talk.key)
    try:
        return talk.engine.run(request, talk.turn)
    except TobanError as error:
        log.warning("greeting without the state: %s", error.key)
        return None


def _first(talk: Talk) -> Reply:
    return Reply(talk.book.say("launch-first"), talk.book.say("launch-again"))


def _teaching(talk: Talk, reply: Reply, known: live.Known, state: Outcome | None) -> Reply:
    """The reply with the live names, which Alexa keeps for half an hour."""
    taught = directives.live_names(
        live.relevant(known, state.facts if state else {}), talk.book.locale
    )
    at = int(time.time()) if known.whole else 0
    return replace(reply, directives=(*reply.directives, taught), keep=reply.keep | {"taught": at})


def _refreshed(talk: Talk, reply: Reply) -> Reply:
    """A reply to somebody who is lost, and whose live names Alexa no longer has."""
    fresh = time.time() - int(talk.session.get("taught") or 0) < TAUGHT
    if fresh or reply.directives or not reply.reprompt or talk.actor.role is Role.NONE:
        return reply
    aws = talk.engine.aws
    state, known = aws.gather(lambda: _state(talk), lambda: live.read(aws))
    return _teaching(talk, reply, known, state)


def following(talk: Talk) -> Reply:
    return _page(talk, SHOWN)


def previous(talk: Talk) -> Reply:
    """Back to the list from one finding, else to the page before."""
    if not talk.session.get("found"):
        return talk.ask("no-before")
    return _page(talk, 0 if talk.session.get("cve") else -SHOWN)


def _page(talk: Talk, step: int) -> Reply:
    """Another three of the findings that were read before; nothing is asked of AWS."""
    found = talk.session.get("found")
    if not found:
        return talk.ask("no-list")
    start = max(found["from"] + step, 0)
    if start >= len(found["items"]):
        return talk.ask("no-more")
    facts = {**found, "from": start}
    page = Outcome(Kind.ANSWER, "findings", facts)
    text = outcome(talk.book, page, start)
    return seen(talk, listed(talk, text, {"found": facts, "cve": ""}), page)


def identifier(talk: Talk) -> Reply:
    """The number of a finding, which nobody hears unasked."""
    if talk.actor.role is Role.NONE:
        raise Refused(reason="unlisted")
    talk.forget()
    found = finding(talk.said.slots, talk.session)
    if found is None:
        return talk.ask("which-finding")
    said = spelled(found)
    text = talk.book.text("finding-id", id=said) if said else talk.book.say("finding-id-none")
    return talk.state(text)


def repeat(talk: Talk) -> Reply:
    """The last answer again; an open question stays open."""
    last = talk.session.get("last")
    if not last:
        return talk.ask("nothing-to-repeat")
    if not last["reprompt"] and (proving := proof.wanted(talk, "")):
        return replace(proving, text=last["text"])
    again = last["reprompt"] or talk.book.say("launch-again")
    return Reply(last["text"], again, keep=dict(talk.session))


def help(talk: Talk) -> Reply:  # noqa: A001 - the intent's name
    """What can be said at this place of the conversation."""
    talk.forget()
    if is_listening(talk):
        return _reopened(talk, "", _example(talk))
    key, focus = _place(talk), str(talk.session.get("focus", ""))
    text, again = (talk.book.say(f"{key}{end}", instance=focus) for end in ("", "-again"))
    return _refreshed(talk, Reply(text, again, keep=talk.kept()))


def _place(talk: Talk) -> str:
    if talk.session.get("token"):
        return "help-pending"
    if talk.session.get("offer"):
        return "help-findings"
    return "help-focus" if talk.session.get("focus") else "help"


def stop(talk: Talk) -> Reply:
    talk.forget()
    return Reply(talk.book.say("cancelled" if talk.session.get("token") else "goodbye"))


def fallback(talk: Talk) -> Reply:
    """Not understood: an open question stays open and is asked again; else help, then choices.

    After the third time in a row nothing is to be gained: the question is closed and Alexa leaves.
    """
    misses = int(talk.session.get("misses") or 0) + 1
    if misses >= ENOUGH:
        talk.forget()
        return Reply(talk.book.say("fallback-goodbye"))
    if talk.session.get("token"):
        return _pending(talk, misses)
    if is_listening(talk):
        return _reopened(talk, talk.book.say("fallback-asked"), misses=misses)
    key = "fallback" if misses == 1 else "fallback-choices"
    return _refreshed(talk, talk.ask(key, misses=misses))


def strange(talk: Talk) -> Reply:
    """A request of a kind that Alexa had not when this was written: no question survives it."""
    talk.forget()
    return talk.ask("fallback")


def _pending(talk: Talk, misses: int) -> Reply:
    kept = {**talk.session, "misses": misses}
    if talk.session.get("spoken") and talk.pending(approval.PROVE):
        asked = proof.listen_for_pin(talk, talk.book.say("fallback-asked"))
        return replace(asked, keep=kept)
    return Reply(talk.book.say("fallback-pending"), talk.book.say("wait-yes"), keep=kept)


def _reopened(talk: Talk, opening: str, question: str = "", **keep: Any) -> Reply:
    """The question for a name is still open, for Alexa too."""
    again = choose if context.offered(talk) else which
    return again(talk, opening, question, **keep)


def _example(talk: Talk) -> str:
    """What could be answered to the open question, and the question."""
    slot = "choice" if context.offered(talk) else talk.session["listening"]
    return talk.book.text("help-which", example=talk.book.say(f"which-{slot}-again"))
