"""What is shown of an outcome, on a screen and on a card: facts to a title, some rows and a hint.

Plain text. Whoever shows it makes it inert there; names are cut, and secrets left out, by the book.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from skill.model import Facts, Kind, Outcome, Plan
from skill.words import compose
from skill.words.parts import about, measures
from skill.words.sight import Sight, sight

MOST = 8
WARNING, GOOD, PLAIN = "warning", "good", "plain"
# How a measure stands that is not as it should be.
BAD = ("drifted", "unread", "open")


@dataclass(frozen=True)
class Row:
    """`name` is the instance that a tap on the row asks about."""

    text: str
    more: str = ""
    tone: str = PLAIN
    name: str = ""


@dataclass(frozen=True)
class View:
    """`kind` is findings, finding, plan, instance, status, overview or note."""

    kind: str
    title: str
    rows: tuple[Row, ...]
    subtitle: str = ""
    hint: str = ""


def view(locale: str, found: Outcome) -> View:
    """What is shown of an outcome, in the language of the locale."""
    from skill.words.answers import ANSWERS

    book = sight(locale)
    if found.kind is Kind.CONFIRM:
        return _plan(book, found)
    make = ANSWERS.get(found.action, note) if found.kind is Kind.ANSWER else note
    return make(book, found)


def note(book: Sight, found: Outcome) -> View:
    """An answer that is one thought: what was said, whom it is about, and the steps ahead."""
    ahead = _ahead(book, found.facts) if found.kind is Kind.STARTED else ()
    rows = (Row(compose.outcome(book, found)), *_targets(book, found.plan), *ahead)
    name = instance(found.facts)
    if name:
        return View("instance", book.name(name), rows, hint=book.text("screen-instance-hint"))
    return View("note", _title(book, found), rows)


def instance(facts: Facts) -> str:
    """The instance that some facts are about; facts of others have other things there."""
    found = facts.get("instance", "")
    return found if isinstance(found, str) else ""


def _title(book: Sight, found: Outcome) -> str:
    """ "Isolating batch-3", or what is being done if it is done to many."""
    targets = found.plan.targets if found.plan else ()
    subject = book.name(targets[0].name) if len(targets) == 1 else ""
    return book.opening(about(book, found.action, subject)) or "Toban"


def _targets(book: Sight, plan: Plan | None) -> Iterator[Row]:
    """Each target with its id, if that is one that may be shown."""
    targets = plan.targets if plan else ()
    for one in targets[:MOST]:
        yield Row(book.name(one.name), public(one.id, one.name))
    if len(targets) > MOST:
        yield Row(book.text("screen-more", count=len(targets) - MOST))


def public(id_: str, name: str) -> str:
    """An instance id may be shown; the keys of other entities are ARNs."""
    return id_ if id_.startswith("i-") and id_ != name else ""


def _ahead(book: Sight, facts: Facts, done: int = -1) -> Iterator[Row]:
    """The measures of a run of which `done` have run."""
    for at, (name, applies) in enumerate(facts.get("steps", ())):
        if applies:
            yield step(book, name, "ran" if at < done else "now" if at == done else "wait")


def step(book: Sight, name: str, state: str) -> Row:
    """How one measure of a containment stands."""
    tone = WARNING if state in BAD else GOOD if state == "held" else PLAIN
    told = book.text("screen-step", state=state)
    return Row(book.opening(book.text(f"measure-{name}")), told, tone)


def _plan(book: Sight, found: Outcome) -> View:
    """What a yes would do: to whom, what, and what to think of before. Nothing on it confirms."""
    plan = found.plan or Plan(found.action)
    bare = replace(found, plan=replace(plan, warnings=(), left_out=()))
    warned = [Row(text, tone=WARNING) for text in compose.warnings(book, plan, found.facts)]
    left = compose.left_out(book, plan)
    rows = [Row(compose.outcome(book, bare)), *warned, *_targets(book, plan)]
    rows += [*_changes(book, plan), *([Row(left)] if left else [])]
    told, hint = book.text("screen-plan"), book.text("screen-plan-hint")
    return View("plan", _title(book, found), tuple(rows), told, hint)


def _changes(book: Sight, plan: Plan) -> Iterator[Row]:
    """What would be changed, in people's words; the API's words are for the record."""
    steps = [name for name, applies in plan.facts.get("steps", ()) if applies]
    names = steps or list(dict.fromkeys(one.what for one in plan.changes))
    known = [name for name in names if book.has(f"measure-{name}")]
    said = [f"screen-change-{name}" for name in names if book.has(f"screen-change-{name}")]
    told = [measures(book, known)] if known else [book.text(key) for key in said]
    if told:
        parts = book.join(told, most=len(told), more="list-more-things")
        yield Row(book.text("screen-changes", list=parts))


def running(book: Sight, one: Facts) -> Iterator[Row]:
    """A run that is under way, with its steps if it has some."""
    yield run(book, "status-running", one)
    if one.get("of"):
        yield from _ahead(book, one["facts"], one["done"])


def ended(book: Sight, one: Facts) -> Iterator[Row]:
    """A run that has ended; a containment with what was read back of each measure."""
    yield run(book, "status-ended", one, PLAIN if one["ending"] == "done" else WARNING)
    missing = one["facts"].get("unfinished")
    for name, applies in one["facts"].get("steps", ()) if missing is not None else ():
        if applies:
            yield step(book, name, "open" if name in missing else "held")


def run(book: Sight, key: str, one: Facts, tone: str = PLAIN) -> Row:
    text = book.text(key, **compose.of_row(book, one))
    return Row(book.opening(text), tone=tone, name=instance(one["facts"]))


def sentence(book: Sight, key: str, one: Facts) -> str:
    return book.opening(book.text(key, **compose.of_row(book, one)))
