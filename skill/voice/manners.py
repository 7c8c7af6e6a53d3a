"""What any conversation needs: a greeting, help, repeating, paging, stopping, not understanding."""

from skill.engine import approval
from skill.errors import TobanError
from skill.model import Kind, Outcome, Request, Role
from skill.voice import directives
from skill.voice.asking import listed
from skill.voice.reply import Reply
from skill.voice.talk import Talk
from skill.words.compose import SHOWN, greeting, outcome


def launch(talk: Talk) -> Reply:
    """Greet; a listed account hears what is going on, and its live names go to Alexa."""
    if talk.actor.role is Role.NONE:
        return _first(talk)
    aws = talk.engine.aws
    try:
        state, instances, groups = aws.gather(
            lambda: talk.engine.run(Request("status", {}, talk.actor, talk.key), talk.turn),
            lambda: aws.ec2.tag_values("Name"),
            lambda: aws.ec2.tag_values(aws.settings.group_tag),
        )
    except TobanError:
        return _first(talk)
    text = greeting(talk.book, state.facts)
    again = talk.book.say("launch-again")
    return Reply(text, again, directives=(directives.live_names(instances, groups),))


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
    text = outcome(talk.book, Outcome(Kind.ANSWER, "findings", facts), start)
    return listed(talk, text, {"found": facts})


def repeat(talk: Talk) -> Reply:
    """The last answer again; an open question stays open."""
    last = talk.session.get("last")
    if not last:
        return talk.ask("nothing-to-repeat")
    again = last["reprompt"] or talk.book.say("launch-again")
    return Reply(last["text"], again, keep=dict(talk.session))


def help(talk: Talk) -> Reply:  # noqa: A001 - the intent's name
    talk.forget()
    return talk.ask("help")


def stop(talk: Talk) -> Reply:
    talk.forget()
    return Reply(talk.book.say("cancelled" if talk.session.get("token") else "goodbye"))


def fallback(talk: Talk) -> Reply:
    """Not understood: an open question stays open and is asked again; else help."""
    if not talk.session.get("token"):
        return talk.ask("fallback")
    proving = talk.session.get("stage") == approval.PROVE
    again = talk.book.say("prove-pin-again" if proving else "wait-yes")
    return Reply(talk.book.say("fallback-pending"), again, keep=dict(talk.session))
