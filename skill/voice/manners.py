"""What any conversation needs: a greeting, help, repeating, paging, stopping, not understanding."""

from dataclasses import replace

from skill.engine import approval, visits
from skill.errors import TobanError
from skill.model import Kind, Outcome, Request, Role
from skill.voice import directives
from skill.voice.asking import listed, listening, overview, seen
from skill.voice.reply import Reply
from skill.voice.talk import Talk
from skill.words.compose import SHOWN, outcome
from skill.words.greeting import greeting

# Misunderstandings in a row.
ENOUGH = 3


def launch(talk: Talk) -> Reply:
    """Greet; a listed account hears what ended since its last visit and what is going on, and its
    live names go to Alexa.
    """
    if talk.actor.role is Role.NONE:
        return _first(talk)
    aws = talk.engine.aws
    try:
        news, state, instances, groups = aws.gather(
            lambda: visits.since_last(aws, talk.actor),
            lambda: talk.engine.run(Request("status", {}, talk.actor, talk.key), talk.turn),
            lambda: aws.ec2.tag_values("Name"),
            lambda: aws.ec2.tag_values(aws.settings.group_tag),
        )
    except TobanError:
        return _first(talk)
    text = greeting(talk.book, state.facts, news)
    again = talk.book.say("launch-again")
    live = directives.live_names(instances, groups, talk.book.locale)
    return overview(talk, Reply(text, again, directives=(live,)), state)


def _first(talk: Talk) -> Reply:
    return Reply(talk.book.say("launch-first"), talk.book.say("launch-again"))


def following(talk: Talk) -> Reply:
    return _page(talk, SHOWN)


def previous(talk: Talk) -> Reply:
    return _page(talk, -SHOWN)


def _page(talk: Talk, step: int) -> Reply:
    """Another three of the findings that were read before; nothing is asked of AWS."""
    found = talk.session.get("found")
    start = max((found or {}).get("from", 0) + step, 0)
    if not found or start >= len(found["items"]):
        return talk.ask("no-more")
    facts = {**found, "from": start}
    page = Outcome(Kind.ANSWER, "findings", facts)
    text = outcome(talk.book, page, start)
    return seen(talk, listed(talk, text, {"found": facts}), page)


def repeat(talk: Talk) -> Reply:
    """The last answer again; an open question stays open."""
    last = talk.session.get("last")
    if not last:
        return talk.ask("nothing-to-repeat")
    proving = talk.pending(approval.PROVE)
    if proving and not last["reprompt"]:
        ask = directives.verify_person(proving[0])
        return Reply(last["text"], directives=(ask,), handed_over=True, keep=dict(talk.session))
    again = last["reprompt"] or talk.book.say("launch-again")
    return Reply(last["text"], again, keep=dict(talk.session))


def help(talk: Talk) -> Reply:  # noqa: A001 - the intent's name
    """What can be said at this place of the conversation."""
    talk.forget()
    key, focus = _place(talk), str(talk.session.get("focus", ""))
    text, again = (talk.book.say(f"{key}{end}", instance=focus) for end in ("", "-again"))
    return Reply(text, again, keep=talk.kept())


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
    if talk.session.get("listening") and talk.session.get("asked"):
        return _asked(talk, misses)
    return talk.ask("fallback" if misses == 1 else "fallback-choices", misses=misses)


def strange(talk: Talk) -> Reply:
    """A request of a kind that Alexa had not when this was written: no question survives it."""
    talk.forget()
    return talk.ask("fallback")


def _pending(talk: Talk, misses: int) -> Reply:
    proving = talk.session.get("stage") == approval.PROVE
    again = talk.book.say("prove-pin-again" if proving else "wait-yes")
    kept = {**talk.session, "misses": misses}
    return Reply(talk.book.say("fallback-pending"), again, keep=kept)


def _asked(talk: Talk, misses: int) -> Reply:
    """The question for a name is still open, for Alexa too."""
    again = talk.session["last"]["reprompt"]
    question = talk.book.say(f"which-{talk.session['listening']}")
    text = talk.book.run([talk.book.say("fallback-asked"), question])
    before = talk.session["asked"]
    said = replace(talk.said, intent=before["intent"], slots={})
    reply = listening(replace(talk, said=said), text, again, talk.session["listening"])
    choices = talk.session.get("choices")
    return replace(
        reply, keep={**reply.keep, "asked": before, "misses": misses, "choices": choices}
    )
