"""Plans, results and errors as sentences. What needs more than one message is put together here."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from skill.errors import TobanError
from skill.model import Kind, Outcome, Plan
from skill.words.book import Book

Facts = dict[str, Any]
SHOWN = 3
JUST_NOW = 20


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
    return book.text(f"{found.action}-{moment}", **args)


def ended(book: Book, action: str, ending: str, facts: Facts) -> str:
    """What is said about a run that has ended."""
    args = arguments(book, action, facts)
    return book.text(f"{action}-{ending}", **{"left": "", **args})


def error(book: Book, problem: TobanError) -> str:
    """A true sentence about what went wrong; unknown kinds have one too."""
    return _error(book, problem.key, problem.facts)


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
    args["action_word"] = action_word(book, str(facts.get("action", "")))
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
        "action_word": action_word(book, row["action"]),
        "subject": _subject(book, row),
        "sentence": ended(book, row["action"], row["ending"], facts) if over else "",
    }


def _subject(book: Book, row: Facts) -> str:
    """What a run is about: the instance that was named, or its targets."""
    named = row["facts"].get("instance")
    return book.name(named) if named else book.join([book.name(one) for one in row["names"]])


def action_word(book: Book, action: str) -> str:
    return book.text(f"action-{action}") if book.has(f"action-{action}") else ""


def _shared(book: Book, action: str, facts: Facts) -> Facts:
    """Arguments that any sentence may use, whatever the action."""
    problem = facts.get("error")
    isolated = facts.get("isolated") or []
    args: Facts = {
        "duration": book.duration(int(facts.get("seconds", 0))),
        "reason": _error(book, problem["key"], problem["facts"]) if problem else "",
        "group_part": f" ({book.safe(facts['group'])})" if facts.get("group") else "",
        "isolated_part": "",
    }
    if isinstance(isolated, list):
        args["isolated_count"] = len(isolated)
        if isolated:
            names = book.join([book.name(one) for one in isolated])
            args["isolated_part"] = book.text(
                "suspicious-isolated", names=names, count=len(isolated)
            )
    if "missing" in facts and isinstance(facts["missing"], list):
        args["missing"] = book.join(
            [book.text(f"{action}-missing-{part}") for part in facts["missing"]]
        )
    return args


def _special(book: Book, action: str, facts: Facts, start: int) -> Facts:
    extra = _SPECIAL.get(action)
    return extra(book, facts, start) if extra else {}


def _findings(book: Book, facts: Facts, start: int) -> Facts:
    items = facts.get("items", [])
    shown = len(items[start : start + SHOWN])
    more = len(items) > start + SHOWN
    lead = (
        book.text("findings-lead", shown=shown) if start == 0 else book.text("findings-lead-next")
    )
    offer = "" if not items else book.text("findings-more" if more else "findings-end")
    return {
        "severity_word": severity(book, facts.get("severity", "")),
        "lead": lead,
        "offer": offer,
    }


def _detail(book: Book, facts: Facts, start: int) -> Facts:
    return {"severity_word": severity(book, facts.get("severity", ""))}


def severity(book: Book, value: str) -> str:
    return book.text(f"severity-{value}") if value else ""


def _patch(book: Book, facts: Facts, start: int) -> Facts:
    reboot = facts.get("reboot", [])
    names = book.join([book.name(one) for one in reboot])
    return {
        "reboot_part": book.text("patch-reboot", names=names, count=len(reboot)) if reboot else "",
        "still_part": _items(book, "patch", "still", facts.get("still", []), 0),
        "failed": _items(book, "patch", "failed", facts.get("failed", []), 0),
        "patched_count": facts.get("patched_count", 0),
        "patched": book.join([book.name(one) for one in facts.get("patched", [])]),
    }


def _undo(book: Book, facts: Facts, start: int) -> Facts:
    subject = book.name(facts["subject"]) if facts.get("subject") else ""
    return {"action_word": action_word(book, facts.get("undone", "")), "subject": subject}


def _traffic(book: Book, facts: Facts, start: int) -> Facts:
    """Only the busiest source is spoken; Slack and the card have the others."""
    top = [row for row in facts.get("top", []) if row["rejected"] or row["accepted"]]
    return {"top": _items(book, "traffic", "top", top[:1], 0)}


def _status(book: Book, facts: Facts, start: int) -> Facts:
    """Isolated instances, but not the one that the last run's own sentence has just named."""
    told = {row["facts"].get("instance") for row in facts.get("ended", [])}
    names = [book.name(one) for one in facts["isolated"] if one not in told]
    said = book.text("suspicious-isolated", names=book.join(names), count=len(names))
    return {"isolated_part": said if names else ""}


def _release(book: Book, facts: Facts, start: int) -> Facts:
    return {"not_restored_count": len(facts.get("not_restored", []))}


def _assess(book: Book, facts: Facts, start: int) -> Facts:
    return {"left": ""}


_SPECIAL: dict[str, Callable[[Book, Facts, int], Facts]] = {
    "findings": _findings,
    "finding_detail": _detail,
    "patch": _patch,
    "undo": _undo,
    "release": _release,
    "status": _status,
    "traffic": _traffic,
    "assess": _assess,
}


def _of_plan(book: Book, plan: Plan, facts: Facts) -> Facts:
    """The parts that only a plan has: warnings, and what is left out and why."""
    numbers = {name: value for name, value in facts.items() if isinstance(value, int)}
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
