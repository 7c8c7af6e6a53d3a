"""What is said to somebody who comes: what ended, what is new, what runs, what is wrong."""

from skill.model import Facts
from skill.words import site
from skill.words.book import Book
from skill.words.compose import SHOWN, of_row

MARKED = "mark_suspicious"
LONG = ("patch", "assess")
FRESH = 3600


def greeting(book: Book, facts: Facts, news: Facts) -> str:
    """What somebody wants to hear first: what ended and what is new, what runs, what is wrong.

    `news` is {"known": whether that person was here before, "ended": rows of runs since then,
    "findings": how many serious ones are new, or None, "digest": how much of a new one needs
    somebody, or None}.
    """
    told = _told(facts, news)
    marked = [one for one in facts["suspicious"] if one not in _about(told, MARKED)]
    new = [one for one in marked if one in _about(news["ended"], MARKED)]
    about = _about(told, "isolate")
    held = [one for one in facts["isolated"] if one not in about]
    parts = [
        _waiting(book, facts["waiting_count"]),
        _finished(book, told, len(news["ended"]), bool(news.get("capped"))),
        _listed(book, "launch-new", new),
        _findings(book, news.get("findings")),
        _digest(book, news.get("digest")),
        _running(book, facts),
        _listed(book, "suspicious-names", [one for one in marked if one not in new]),
        _isolated(book, held, [one for one in facts["away"] if one["name"] not in about]),
    ]
    said = book.run([part for part in parts if part][:SHOWN])
    return book.text("launch", news=said or book.text("launch-quiet"))


def _told(facts: Facts, news: Facts) -> list[Facts]:
    """The one run whose end is told: the last since the last visit, or of the last hour."""
    if news["known"]:
        return list(news["ended"][:1])
    return [row for row in facts["ended"] if row["ago"] < FRESH and not facts["running_count"]]


def _about(rows: list[Facts], action: str) -> list[str]:
    """The instances that runs of an action were about."""
    return [row["facts"].get("instance", "") for row in rows if row["action"] == action]


def _finished(book: Book, told: list[Facts], count: int, capped: bool) -> str:
    said = book.run(_brief(book, row) for row in told)
    more = book.argument("capped", capped)
    return book.text("launch-ended", count=count, sentence=said, capped=more) if count else said


def _brief(book: Book, row: Facts) -> str:
    """How a run ended, in one breath. The long story of many instances is for who asks for it;
    what became of a containment is told whole.
    """
    args = of_row(book, row)
    if row["action"] not in LONG or len(args["sentence"]) <= book.breath:
        return str(args["sentence"])
    brief = book.text("launch-brief", about=args["about"], ending=row["ending"])
    return book.opening(brief)


def _findings(book: Book, found: Facts | None) -> str:
    if not found:
        return ""
    numbers = {name: found[name] for name in ("critical", "high")}
    more = book.argument("more", found["more"])
    return book.text("launch-findings", count=sum(numbers.values()), more=more, **numbers)


def _digest(book: Book, count: int | None) -> str:
    """That there is a new one, and how much of it needs somebody."""
    return "" if count is None else book.text("launch-digest", count=count)


def _listed(book: Book, key: str, names: list[str]) -> str:
    said = book.join([book.name(one) for one in names])
    return book.text(key, names=said, count=len(names)) if names else ""


def _isolated(book: Book, names: list[str], away: list[Facts]) -> str:
    """Instances at home, and those elsewhere with where they are."""
    said = [book.name(one) for one in names]
    said += [site.named(book, one, book.name(one["name"])) for one in away]
    return book.text("isolated-names", names=book.join(said), count=len(said)) if said else ""


def _waiting(book: Book, count: int) -> str:
    return book.text("launch-waiting", count=count) if count else ""


def _running(book: Book, facts: Facts) -> str:
    count = facts["running_count"]
    return book.say("launch-running", count=count, capped=facts["capped"]) if count else ""
