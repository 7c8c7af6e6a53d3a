"""Intents that ask for an action: to the engine and back, and what to ask when something is
missing.
"""

from dataclasses import replace
from typing import Any

from skill.engine import approval
from skill.errors import Ambiguous, BadRequest, NoMatch, TobanError
from skill.model import Kind, Outcome, Request
from skill.voice import context, directives
from skill.voice.intents import CONTAINED, INTENTS, remembered
from skill.voice.reply import Reply
from skill.voice.screen import cut, names
from skill.voice.talk import Session, Talk
from skill.words.compose import SHOWN, error, outcome
from skill.words.view import view

# As many places in a list as somebody can still count.
LISTED = 12


def ask_for_action(talk: Talk) -> Reply:
    """Any wish closes the open question, while the engine is at work on the new one."""
    talk = context.resolved(talk)
    row = INTENTS[talk.said.intent]
    try:
        params = dict(row.params(talk.said.slots, talk.session))
        request = Request(row.action, params, talk.actor, talk.key)
        _, found = talk.engine.aws.gather(talk.forget, lambda: talk.engine.run(request, talk.turn))
    except BadRequest as problem:
        return _elicit(talk, problem)
    except (NoMatch, Ambiguous) as problem:
        return _choose(talk, problem)
    return tell(talk, found, params)


def correct(talk: Talk) -> Reply:
    """ "No, the database servers": what else was said still counts, what was planned does not."""
    again = context.corrected(talk)
    if again:
        return ask_for_action(again)
    talk.forget()
    return talk.ask("nothing-to-correct")


def _elicit(talk: Talk, problem: BadRequest) -> Reply:
    """Ask for what is missing; anything else that makes no sense is said so."""
    missing = problem.facts.get("missing")
    row = INTENTS[talk.said.intent]
    if not missing or not row.elicit:
        return talk.problem(problem)
    text, again = (talk.book.say(f"which-{missing}{end}") for end in ("", "-again"))
    return listening(talk, text, again, row.elicit)


def _choose(talk: Talk, problem: TobanError) -> Reply:
    """No match or several: offer the names and listen for one."""
    facts = problem.facts
    heard = [name for name, slot in talk.said.slots.items() if slot.value and name in context.NAMES]
    slot = facts.get("kind") or (heard[0] if heard else INTENTS[talk.said.intent].elicit)
    if slot not in (*context.NAMES, "severity"):
        return talk.problem(problem)
    text, again = error(talk.book, problem), talk.book.say(f"which-{slot}-again")
    names = [str(one) for one in facts.get("matches") or facts.get("nearest") or ()]
    if not names and slot != "severity":
        # A user who is locked may have been heard as an instance, or one who is not.
        kind = "contained" if facts.get("contained") and slot == "instance" else slot
        text = talk.book.run([text, talk.book.say(f"which-{kind}")])
    return listening(talk, text, again, slot, choices={"slot": slot, "names": names})


def which(talk: Talk, opening: str = "", question: str = "", **keep: Any) -> Reply:
    """The question for a slot once more, perhaps in other words, without the names that were
    offered; whatever else was said of the wish still counts.
    """
    slot, before = talk.session["listening"], talk.session["asked"]
    again = replace(talk, said=replace(talk.said, intent=before["intent"], slots={}))
    text, more = (talk.book.say(f"which-{slot}{end}") for end in ("", "-again"))
    reply = listening(again, talk.book.run([opening, question or text]), more, slot)
    return replace(reply, keep={**reply.keep, "asked": before, **keep})


def choose(talk: Talk, opening: str = "", question: str = "", **keep: Any) -> Reply:
    """Names were offered and none was taken: which of them is it?"""
    kept = {name: talk.session[name] for name in ("asked", "listening", "choices")}
    text, again = (talk.book.say(f"which-choice{end}") for end in ("", "-again"))
    said = talk.book.run([opening, question or text])
    return Reply(said, again, keep=talk.kept(**kept, **keep))


def is_listening(talk: Talk) -> bool:
    """Whether the last question was for a slot."""
    return bool(talk.session.get("listening") and talk.session.get("asked"))


def listening(talk: Talk, text: str, again: str, slot: str, **keep: Any) -> Reply:
    """A question for one slot. Alexa refuses to ask for slots of an intent that is not in the
    model's dialog: there the answer comes as a correction or a choice.
    """
    kept = {"asked": context.asked(talk.said), "listening": slot, **keep}
    asks: tuple[Any, ...] = ()
    if INTENTS[talk.said.intent].elicit:
        asks = (directives.elicit(talk.said.intent, slot, [*talk.said.slots, slot]),)
    return Reply(text, again, directives=asks, keep=talk.kept(**kept))


def tell(talk: Talk, found: Outcome, params: Session) -> Reply:
    """An outcome for ear and eye, with what the next turn may refer to."""
    return seen(talk, _told(talk, found, params), found)


def seen(talk: Talk, reply: Reply, found: Outcome) -> Reply:
    """What is said of an outcome, for the eye too; a finger will mean the rows that are shown."""
    shown = view(talk.book.locale, found)
    return replace(reply, shown=shown, keep={**reply.keep, "shown": names(shown)})


def overview(talk: Talk, reply: Reply, found: Outcome) -> Reply:
    """A greeting leaves no card; most have no room for a screen, and a cold start no time."""
    if not talk.said.screen or reply.directives:
        return reply
    made = seen(talk, reply, found)
    return replace(made, shown=made.shown and replace(made.shown, kind="overview"))


def _told(talk: Talk, found: Outcome, params: Session) -> Reply:
    text = outcome(talk.book, found)
    keep = _meant(found) | context.correctable(talk.said)
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


def _short(rows: list[Session]) -> list[Session]:
    """Findings as the session can carry twelve of them, whatever their instances are called."""
    short = {"title": ""}
    return [row | short | {name: cut(row[name]) for name in ("what", "name")} for row in rows]


def _meant(found: Outcome) -> Session:
    """What "it", "them", "the second one" and "more" will mean."""
    facts = found.facts
    if found.action == "findings":
        numbers = ("severity", "group", "count", "critical", "high", "from")
        return {
            "items": [remembered(row) for row in facts["items"]],
            "found": {name: facts[name] for name in numbers} | {"items": _short(facts["items"])},
            "them": facts["instances"],
            "listed": [],
            "cve": "",
        }
    if found.action == "finding_detail":
        return _hit(facts) | {"them": facts["instances"], "cve": remembered(facts)}
    if found.action == "suspicious" and facts["items"]:
        listed = [row["name"] for row in facts["items"][:LISTED]]
        return {"focus": listed[0], "listed": listed, "them": []}
    if found.action == "traffic" and facts["ready"] == "no":
        waiting = {"instance": facts["instance"], "query": facts["query"]}
        return {"focus": facts["instance"], "query": waiting, "them": []}
    return _about(_verified(facts) if found.action == "verify" else facts)


def _about(facts: Session) -> Session:
    """The one thing that some facts are about, as what "it" means from now on."""
    named = next(((kind, facts[kind]) for kind in CONTAINED if facts.get(kind)), None)
    if named is None or not isinstance(named[1], str):
        return {}
    instance = named[0] == "instance"
    locked = {} if instance else dict([named])
    return {"focus": named[1] if instance else "", "locked": locked, "them": []}


def _hit(facts: Session) -> Session:
    """The instance that a finding is on, if it is on one alone, at home."""
    alone = facts["count"] == len(facts["instances"]) == 1
    return _about({"instance": facts["names"][0]}) if alone else {}


def _verified(facts: Session) -> Session:
    """The one thing that was looked at, if it was one."""
    one = facts["items"][0] if facts["count"] == 1 else {}
    known = {"user": "principal", "role": "principal"}
    kind = str(one.get("kind", ""))
    return {known.get(kind, kind): one["name"]} if one else {}
