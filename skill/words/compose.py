"""Plans, results and errors as sentences. What needs more than one message is put together here."""

from collections import defaultdict
from typing import Any

from skill.errors import TobanError
from skill.model import Kind, Outcome, Plan
from skill.words import site
from skill.words.book import Book
from skill.words.particulars import NAMED, SHOWN, SPECIAL
from skill.words.parts import JUST_NOW, about, action_word, measures, port, severity, when, why
from skill.words.problem import told

__all__ = ["SHOWN", "action_word", "ended", "error", "left_out", "of_row", "outcome", "severity"]

Facts = dict[str, Any]
BROKEN = "error"
NOT_DONE = ("declined", "expired")


def outcome(book: Book, found: Outcome, start: int = 0) -> str:
    """What is said about an engine's outcome."""
    return book.opening(site.placed(book, found.facts, _outcome(book, found, start)))


def _outcome(book: Book, found: Outcome, start: int = 0) -> str:
    if found.kind is Kind.PROVE:
        return book.say("prove-alexa")
    moment = {Kind.ANSWER: "answer", Kind.CONFIRM: "confirm", Kind.STARTED: "started"}.get(
        found.kind, "nothing"
    )
    args = arguments(book, found.action, found.facts, start)
    if found.plan:
        args |= _of_plan(book, found.plan, args)
        args["question"] = _question(book, found)
    if found.kind is Kind.STARTED:
        args["estimate"] = _estimate(book, found)
    args["grew"] = book.text("grew") + book.gap if found.facts.get("grew") else ""
    return book.text(f"{found.action}-{moment}", **args)


def _question(book: Book, found: Outcome) -> str:
    """What a yes to a proposal would do, in the words of what was proposed."""
    if found.action != "approve" or found.kind is not Kind.CONFIRM:
        return ""
    question = Outcome(Kind.CONFIRM, found.facts["proposed"], found.facts, found.plan)
    return book.opening(_outcome(book, question))


def _estimate(book: Book, found: Outcome) -> str:
    """How long it takes: as the last ones did, else as a rule; nothing for what is quick."""
    if seconds := int(found.facts.get("usually", 0)):
        return book.text("usually", duration=book.duration(seconds))
    key = f"{found.action}-estimate"
    return book.text(key) if book.has(key) else ""


def ended(book: Book, action: str, ending: str, facts: Facts) -> str:
    """What is said about a run that has ended. One that a bug broke off is not said to have failed:
    nobody knows how far it got.
    """
    return book.opening(site.placed(book, facts, _ended(book, action, ending, facts)))


def _ended(book: Book, action: str, ending: str, facts: Facts) -> str:
    if ending in NOT_DONE:
        subject = _named(book, facts) or book.join(
            [book.name(one) for one in facts["names"]], total=facts["targets"]
        )
        return book.text(f"proposal-{ending}", about=about(book, action, subject))
    if (facts.get("error") or {}).get("key") == BROKEN:
        said = about(book, action, _named(book, facts))
        return book.text("ended-broken", about=said)
    args = arguments(book, action, facts)
    key = f"{action}-{facts.get('variant') or ending}"
    return book.text(key, **{"left": "", **args})


def error(book: Book, problem: TobanError) -> str:
    """A true sentence about what went wrong; unknown kinds have one too."""
    return book.opening(told(book, problem.key, problem.facts))


def arguments(book: Book, action: str, facts: Facts, start: int = 0) -> Facts:
    """A result's facts as arguments: plain ones as they are, lists of facts as sentences."""
    args: Facts = {}
    for name, value in facts.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            args[name] = _items(book, action, name, value, start)
        elif not isinstance(value, dict):
            args[name] = book.argument(name, value)
    return args | _shared(book, action, facts) | _special(book, action, facts, start)


def _items(book: Book, action: str, name: str, rows: list[Facts], start: int) -> str:
    """Each row by the message `<action>-<fact>` (or `..-item`), at most three of them."""
    key = next((k for k in (f"{action}-{name}-item", f"{action}-{name}") if book.has(k)), "")
    if not key:
        return ""
    said = [
        book.text(key, place=start + at + 1, **of_row(book, row))
        for at, row in enumerate(rows[start : start + SHOWN])
    ]
    if len(rows) > SHOWN and book.has(f"{action}-{name}-more"):
        said.append(book.text(f"{action}-{name}-more", count=len(rows) - SHOWN))
    return book.run(said)


def of_row(book: Book, row: Facts) -> Facts:
    """One row of a list of facts as arguments."""
    args = {
        name: book.argument(name, value)
        for name, value in row.items()
        if not isinstance(value, dict)
    }
    args["duration"] = book.duration(int(row.get("seconds", 0)))
    args["fresh"] = "yes" if int(row.get("seconds", 0)) < JUST_NOW else "no"
    if "ago" in row:
        args["when"] = when(book, int(row["ago"]))
    if row.get("port"):
        args["what"] = port(book, row["port"])
    if "why" in row:
        args["why"] = why(book, row["why"])
    if "site" in row:
        args["name"] = site.named(book, row, book.name(row["name"]))
    if "action" in row:
        args |= _about(book, row)
    if "drift" in row:
        args["drift_part"] = measures(book, row["drift"])
    return args


def _about(book: Book, row: Facts) -> Facts:
    """A run in a list of runs: what it is, on what, and its own sentence if it has ended."""
    over = row.get("ending") not in ("running", None)
    facts = {"seconds": row.get("seconds", 0), **row.get("facts", {})}
    return {
        "about": site.about(book, row["facts"], about(book, row["action"], _subject(book, row))),
        "sentence": ended(book, row["action"], row["ending"], facts) if over else "",
    }


def _subject(book: Book, row: Facts) -> str:
    """What a run is about: the instance that was named, or its targets."""
    names = [book.name(one) for one in row["names"]]
    return _named(book, row["facts"]) or book.join(names, total=row["targets"])


def _named(book: Book, facts: Facts) -> str:
    """The one thing that a run is about, if it is about one."""
    found = next((facts[name] for name in NAMED if facts.get(name)), "")
    return book.name(found) if found else ""


def _shared(book: Book, action: str, facts: Facts) -> Facts:
    """Arguments that any sentence may use, whatever the action."""
    problem = facts.get("error")
    isolated = facts.get("isolated") or []
    args: Facts = {
        "duration": book.duration(int(facts.get("seconds", 0))),
        "reason": told(book, problem["key"], problem["facts"]) if problem else "",
        "group_part": _on_group(book, facts.get("group", "")),
        "isolated_part": "",
    }
    if isinstance(isolated, list):
        args["isolated_count"] = len(isolated)
        if isolated:
            names = book.join([book.name(one) for one in isolated])
            args["isolated_part"] = book.text("isolated-names", names=names, count=len(isolated))
    if "missing" in facts and isinstance(facts["missing"], list):
        parts = [book.text(f"{action}-missing-{part}") for part in facts["missing"]]
        args["missing"] = book.join(parts, more="list-more-things")
    return args


def _on_group(book: Book, group: str) -> str:
    return book.gap + book.text("on-group", group=book.name(group)) if group else ""


def _special(book: Book, action: str, facts: Facts, start: int) -> Facts:
    extra = SPECIAL.get(action)
    return extra(book, facts, start, _items) if extra else {}


def _of_plan(book: Book, plan: Plan, args: Facts) -> Facts:
    """The parts that only a plan has: warnings, and what is left out and why."""
    return {"warnings": book.run(_warned(book, plan, args)), "left": left_out(book, plan)}


def _warned(book: Book, plan: Plan, args: Facts) -> list[str]:
    known = {**args, "count": len(plan.targets)}
    return [book.text(f"warning-{one}", **known) for one in plan.warnings]


def warnings(book: Book, plan: Plan, facts: Facts) -> list[str]:
    """What somebody must know before a yes, one sentence each."""
    return _warned(book, plan, arguments(book, plan.action, facts))


def radius(book: Book, plan: Plan) -> str:
    """The blast radius of a plan and its warnings, as a question would tell them; nothing for most
    actions.
    """
    if not book.has(f"{plan.action}-radius"):
        return ""
    args = arguments(book, plan.action, plan.facts)
    told = _of_plan(book, plan, args)["warnings"]
    return book.run([book.text(f"{plan.action}-radius", **args), told])


def left_out(book: Book, plan: Plan) -> str:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for one in plan.left_out:
        by_reason[one.reason].append(book.name(one.name))
    said = [
        book.text(f"left-out-{reason}", names=book.join(who, most=3), count=len(who))
        for reason, who in by_reason.items()
    ]
    if not said:
        return ""
    return book.text("left-out-intro", count=len(plan.left_out), reasons=book.run(said))
