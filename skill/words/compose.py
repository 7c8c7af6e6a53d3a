"""Plans, results and errors as sentences. What needs more than one message is put together here."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from skill.errors import TobanError
from skill.model import Kind, Outcome, Plan
from skill.words.book import Book
from skill.words.particulars import SHOWN, SPECIAL, about, action_word

__all__ = ["SHOWN", "action_word", "ended", "error", "greeting", "left_out", "outcome"]

Facts = dict[str, Any]
JUST_NOW = 20
FRESH = 3600


def outcome(book: Book, found: Outcome, start: int = 0) -> str:
    """What is said about an engine's outcome."""
    if found.kind is Kind.PROVE:
        return book.say("prove-alexa")
    moment = {Kind.ANSWER: "answer", Kind.CONFIRM: "confirm", Kind.STARTED: "started"}.get(
        found.kind, "nothing"
    )
    args = arguments(book, found.action, found.facts, start)
    if found.plan:
        args |= _of_plan(book, found.plan, found.facts)
    args["grew"] = book.text("grew") + " " if found.facts.get("grew") else ""
    return _opening(book.text(f"{found.action}-{moment}", **args))


def ended(book: Book, action: str, ending: str, facts: Facts) -> str:
    """What is said about a run that has ended."""
    args = arguments(book, action, facts)
    key = f"{action}-{facts.get('variant') or ending}"
    return _opening(book.text(key, **{"left": "", **args}))


def _opening(said: str) -> str:
    """A sentence that starts with a name starts with a capital all the same."""
    return said[:1].upper() + said[1:]


def error(book: Book, problem: TobanError) -> str:
    """A true sentence about what went wrong; unknown kinds have one too."""
    return _opening(_error(book, problem.key, problem.facts))


def _error(book: Book, key: str, facts: Mapping[str, Any]) -> str:
    if key == "badrequest" and "action" in facts:
        return book.text("error-unknown-action")
    name = f"error-{key}" if book.has(f"error-{key}") else "error-error"
    known = {"reason": "", "heard": "", "nearest": [], "operation": "", "code": "", **facts}
    args = {
        each: book.argument(each, value)
        for each, value in known.items()
        if not isinstance(value, dict)
    }
    args["nearest_count"] = len(known["nearest"])
    args["nearest"] = book.either([book.name(one) for one in known["nearest"]])
    args["operation"] = _words_of(known["operation"])
    args["action_word"] = about(book, str(facts.get("action", "")), str(args.get("names", "")))
    return book.text(name, **args)


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
        book.text(key, place=start + at + 1, **_row(book, row))
        for at, row in enumerate(rows[start : start + SHOWN])
    ]
    if len(rows) > SHOWN and book.has(f"{action}-{name}-more"):
        said.append(book.text(f"{action}-{name}-more", count=len(rows) - SHOWN))
    return " ".join(said)


def _row(book: Book, row: Facts) -> Facts:
    args = {
        name: book.argument(name, value)
        for name, value in row.items()
        if not isinstance(value, dict)
    }
    args["duration"] = book.duration(int(row.get("seconds", 0)))
    args["fresh"] = "yes" if int(row.get("seconds", 0)) < JUST_NOW else "no"
    if "ago" in row:
        args["when"] = _when(book, int(row["ago"]))
    if "action" in row:
        args |= _about(book, row)
    return args


def _when(book: Book, seconds: int) -> str:
    if seconds < JUST_NOW:
        return book.text("just-now")
    return book.text("ago", duration=book.duration(seconds))


def _about(book: Book, row: Facts) -> Facts:
    """A run in a list of runs: what it is, on what, and its own sentence if it has ended."""
    over = row.get("ending") not in ("running", None)
    facts = {"seconds": row.get("seconds", 0), **row.get("facts", {})}
    return {
        "about": about(book, row["action"], _subject(book, row)),
        "sentence": ended(book, row["action"], row["ending"], facts) if over else "",
    }


def _subject(book: Book, row: Facts) -> str:
    """What a run is about: the instance that was named, or its targets."""
    named = row["facts"].get("instance")
    names = [book.name(one) for one in row["names"]]
    return book.name(named) if named else book.join(names, total=row["targets"])


def _words_of(operation: str) -> str:
    """DescribeInstances as words, for the ear."""
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", operation).lower()


def greeting(book: Book, facts: Facts) -> str:
    """What somebody wants to hear first: what runs, what ended, what is wrong."""
    parts = [_some(book, "launch-running", facts["running_count"])]
    fresh = [row for row in facts["ended"] if row["ago"] < FRESH]
    parts += [_row(book, row)["sentence"] for row in fresh if not facts["running_count"]]
    for kind in ("suspicious", "isolated"):
        names = [book.name(one) for one in facts[kind]]
        key = f"{kind}-names"
        parts.append(book.text(key, names=book.join(names), count=len(names)) if names else "")
    news = " ".join(part for part in parts if part)
    return book.text("launch", news=news or book.text("launch-quiet"))


def _some(book: Book, key: str, count: int) -> str:
    return book.text(key, count=count) if count else ""


def _shared(book: Book, action: str, facts: Facts) -> Facts:
    """Arguments that any sentence may use, whatever the action."""
    problem = facts.get("error")
    isolated = facts.get("isolated") or []
    args: Facts = {
        "duration": book.duration(int(facts.get("seconds", 0))),
        "reason": _error(book, problem["key"], problem["facts"]) if problem else "",
        "group_part": _on_group(book, facts.get("group", "")),
        "isolated_part": "",
    }
    if isinstance(isolated, list):
        args["isolated_count"] = len(isolated)
        if isolated:
            names = book.join([book.name(one) for one in isolated])
            args["isolated_part"] = book.text("isolated-names", names=names, count=len(isolated))
    if "missing" in facts and isinstance(facts["missing"], list):
        args["missing"] = book.join(
            [book.text(f"{action}-missing-{part}") for part in facts["missing"]]
        )
    return args


def _on_group(book: Book, group: str) -> str:
    return " " + book.text("on-group", group=book.name(group)) if group else ""


def _special(book: Book, action: str, facts: Facts, start: int) -> Facts:
    extra = SPECIAL.get(action)
    return extra(book, facts, start, _items) if extra else {}


def _of_plan(book: Book, plan: Plan, facts: Facts) -> Facts:
    """The parts that only a plan has: warnings, and what is left out and why."""
    numbers = {name: value for name, value in facts.items() if isinstance(value, int)}
    numbers["count"] = len(plan.targets)
    warned = [book.text(f"warning-{one}", **numbers) for one in plan.warnings]
    return {"warnings": " ".join(warned), "left": left_out(book, plan)}


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
    return book.text("left-out-intro", count=len(plan.left_out), reasons=" ".join(said))
