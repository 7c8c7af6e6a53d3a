"""The open question for a proof of who speaks, put again."""

from skill.engine import approval
from skill.voice import directives
from skill.voice.reply import Reply
from skill.voice.talk import Talk


def listen_for_pin(talk: Talk, said: str) -> Reply:
    """The question stays open for another try, until the tries or the 120 s are used up."""
    text = talk.book.run([said, talk.book.say("prove-pin")])
    ask = directives.elicit("PinIntent", "pin", ["pin"])
    again = talk.book.say("prove-pin-again")
    return Reply(text, again, directives=(ask,), keep={**talk.session, "spoken": True})


def wanted(talk: Talk, said: str) -> Reply | None:
    """A proof is what is waited for: ask again, in the way it was asked; None if it is not."""
    pending = talk.pending(approval.PROVE)
    if pending is None:
        return None
    if talk.session.get("spoken"):
        return listen_for_pin(talk, said)
    ask = directives.verify_person(pending[0])
    text = talk.book.run([said, talk.book.say("prove-alexa")])
    return Reply(text, directives=(ask,), handed_over=True, keep=dict(talk.session))
