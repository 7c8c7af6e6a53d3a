"""Intents that ask for an action: to the engine and back, and what to ask when something is
missing.
"""

from skill.engine import approval
from skill.errors import Ambiguous, BadRequest, NoMatch, TobanError
from skill.model import Kind, Outcome, Request
from skill.voice import directives
from skill.voice.intents import INTENTS
from skill.voice.reply import Reply
from skill.voice.talk import Session, Talk
from skill.words.compose import SHOWN, error, outcome


def ask_for_action(talk: Talk) -> Reply:
    """Any wish closes the open question, while the engine is at work on the new one."""
    row = INTENTS[talk.said.intent]
    try:
        params = row.params(talk.said.slots, talk.session)
        request = Request(row.action, params, talk.actor, talk.key)
        _, found = talk.engine.aws.gather(talk.forget, lambda: talk.engine.run(request, talk.turn))
    except BadRequest as problem:
        return _elicit(talk, problem)
    except (NoMatch, Ambiguous) as problem:
        return _choose(talk, problem)
    return tell(talk, found, params)


def _elicit(talk: Talk, problem: BadRequest) -> Reply:
    """Ask for what is missing; anything else that makes no sense is said so."""
    missing = problem.facts.get("missing")
    row = INTENTS[talk.said.intent]
    if not missing or not row.elicit:
        return talk.problem(problem)
    reply = talk.ask(f"which-{missing}")
    return _listening(talk, reply.text, reply.reprompt, row.elicit)


def _choose(talk: Talk, problem: TobanError) -> Reply:
    """No match or several: offer the names and listen for one."""
    slot = INTENTS[talk.said.intent].elicit
    if slot not in ("instance", "group"):
        return talk.problem(problem)
    heard = talk.said.slots.get("instance")
    slot = "instance" if heard and heard.value else slot
    text = f"{error(talk.book, problem)} {talk.book.say('which-one')}"
    return _listening(talk, text, talk.book.say(f"which-{slot}-again"), slot)


def _listening(talk: Talk, text: str, again: str, slot: str) -> Reply:
    ask = directives.elicit(talk.said.intent, slot, [*talk.said.slots, slot])
    return Reply(text, again, directives=(ask,), keep=talk.kept())


def tell(talk: Talk, found: Outcome, params: Session) -> Reply:
    """An outcome in words, with what the next turn may refer to."""
    text = outcome(talk.book, found)
    keep = _meant(found)
    if found.kind is Kind.CONFIRM:
        hint = {"action": found.action, "params": params, "proof": found.proof}
        keep |= {"token": found.token, "stage": approval.CONFIRM, "hint": hint}
        return Reply(text, talk.book.say("wait-yes"), keep=talk.kept(**keep))
    if found.action == "findings" and found.facts["items"]:
        return listed(talk, text, keep)
    return talk.state(text, **keep)


def listed(talk: Talk, text: str, keep: Session) -> Reply:
    """Some findings, and the question whether there should be more of them."""
    found = keep["found"]
    more = len(found["items"]) > found["from"] + SHOWN
    again = talk.book.say(f"findings-{'more' if more else 'end'}-again")
    offer = "more" if more else "detail"
    return Reply(text, again, keep=talk.kept(**keep, offer=offer))


def _meant(found: Outcome) -> Session:
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
