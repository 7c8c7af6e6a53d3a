"""A run as a Slack message (Block Kit) and a line for the audit mail."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from skill.errors import TobanError
from skill.model import Outcome, Plan
from skill.words import compose, proposal, site
from skill.words.book import Book, book

_MARKS = {
    "started": "⏳",
    "done": "✅",
    "partial": "⚠️",
    "failed": "❌",
    "proposed": "❓",
    "declined": "🚫",
    "expired": "⌛",
}
# Block Kit: header 150, section text 3000 characters.
HEADER, SECTION = 150, 3000
# Moments before a run has ended.
OPENING = ("started", "proposed")


@dataclass(frozen=True)
class Notice:
    title: str
    text: str
    blocks: list[dict[str, Any]]


def notice(locale: str, run: dict[str, Any], moment: str) -> Notice:
    """What is posted when a run starts ("started") or has ended (its ending)."""
    said = book(locale, ear=False)
    state = moment if moment in OPENING else run["ending"]
    title = said.text(
        "slack-title",
        action_word=compose.action_word(said, run["action"]).strip(),
        moment=said.text(f"slack-{state}"),
    )
    body = _body(said, run, state)
    blocks = [header(state, title), section(body), _context(said, run)]
    if moment == "proposed":
        blocks += proposal.buttons(said, run)
    return Notice(title, line(said, title, body), blocks)


def bare(run: dict[str, Any], moment: str) -> Notice:
    """A notice without a book: action, moment and run."""
    title = f"Toban: {run['action']} {run['ending'] or moment}"
    return Notice(title, f"{title} ({run['id']})", [section(f"{title}\n`{run['id']}`")])


def drift(locale: str, found: Outcome) -> Notice:
    """What is posted when something that was contained is not, or could not be read."""
    said = book(locale, ear=False)
    title, body = said.text("slack-drift"), compose.outcome(said, found)
    return Notice(title, line(said, title, body), [header("partial", title), section(body)])


def unhandled(locale: str, why: dict[str, Any], error: TobanError) -> Notice:
    """What is posted about a finding that nothing can be done about, with the reason."""
    said = book(locale, ear=False)
    title = said.text("slack-unhandled")
    told = {name: said.safe(why[name]) for name in ("title", "severity")}
    body = said.text("unhandled-body", reason=compose.error(said, error), **told)
    return Notice(title, line(said, title, body), [header("partial", title), section(body)])


def line(said: Book, title: str, body: str) -> str:
    return said.run([f"{title}。" if said.japanese else f"{title}.", body])


def _body(said: Book, run: dict[str, Any], state: str) -> str:
    if state in OPENING:
        names = [said.name(target["name"]) for target in run["plan"]["targets"]]
        planned = said.text("slack-plan", count=len(names), names=said.join(names, most=20))
        plan = Plan.of(run["plan"])
        parts = [planned, compose.radius(said, plan), compose.left_out(said, plan)]
        told = site.placed(said, run["plan"]["facts"], said.run(parts))
        return told + (_reasons(said, run) if state == "proposed" else "")
    return compose.ended(said, run["action"], state, run["result"]["facts"]) + _evidence(said, run)


def _reasons(said: Book, run: dict[str, Any]) -> str:
    """Why it is proposed, and the sources of the evidence."""
    lines = [*proposal.reasons(said, run), *map(partial(_source, said), proposal.sources(run))]
    return "".join(f"\n• {line}" for line in lines)


def _evidence(said: Book, run: dict[str, Any]) -> str:
    """The sources of the evidence, for the eye only: addresses are not spoken."""
    return "".join(f"\n• {_source(said, row)}" for row in run["result"]["facts"].get("top", []))


def _source(said: Book, row: dict[str, Any]) -> str:
    numbers = {name: row[name] for name in ("rejected", "accepted")}
    ports = said.comma.join(row["ports"])
    return said.text("slack-source", address=said.safe(row["address"]), ports=ports, **numbers)


def header(state: str, title: str) -> dict[str, Any]:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": f"{_MARKS[state]} {title}"[:HEADER]},
    }


def section(body: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": body[:SECTION] or "-"}}


def _context(said: Book, run: dict[str, Any]) -> dict[str, Any]:
    """Who and which run. A person's id stays in the ledger; a principal's ARN is known to the
    readers. Of a tag that changed without a name, nobody is known.
    """
    actor = run["actor"]
    who = said.safe(actor["id"])
    asked = said.text("slack-voice" if actor["door"] == "voice" else "slack-who", who=who)
    asked = asked if who or actor["door"] == "voice" else ""
    parts = [asked, proposal.answered(said, run), said.text("slack-run", run=run["id"])]
    line = " · ".join(part for part in parts if part)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": line}]}
