"""A run as a Slack message (Block Kit) and a line for the audit mail."""

from dataclasses import dataclass
from typing import Any

from skill.model import Plan
from skill.words import compose
from skill.words.book import Book, book

_MARKS = {"started": "⏳", "done": "✅", "partial": "⚠️", "failed": "❌"}
# Block Kit: header 150, section text 3000 characters.
HEADER, SECTION = 150, 3000


@dataclass(frozen=True)
class Notice:
    title: str
    text: str
    blocks: list[dict[str, Any]]


def notice(locale: str, run: dict[str, Any], moment: str) -> Notice:
    """What is posted when a run starts ("started") or has ended (its ending)."""
    said = book(locale, ear=False)
    state = moment if moment == "started" else run["ending"]
    title = said.text(
        "slack-title",
        action_word=compose.action_word(said, run["action"]).strip(),
        moment=said.text(f"slack-{state}"),
    )
    body = _body(said, run, state)
    return Notice(
        title, f"{title}. {body}", [_header(state, title), _section(body), _context(said, run)]
    )


def bare(run: dict[str, Any], moment: str) -> Notice:
    """A notice without a book: action, moment and run."""
    title = f"Toban: {run['action']} {run['ending'] or moment}"
    return Notice(title, f"{title} ({run['id']})", [_section(f"{title}\n`{run['id']}`")])


def _body(said: Book, run: dict[str, Any], state: str) -> str:
    if state == "started":
        names = [said.name(target["name"]) for target in run["plan"]["targets"]]
        planned = said.text("slack-plan", count=len(names), names=said.join(names, most=20))
        return f"{planned} {compose.left_out(said, Plan.of(run['plan']))}".strip()
    return compose.ended(said, run["action"], state, run["result"]["facts"]) + _evidence(said, run)


def _evidence(said: Book, run: dict[str, Any]) -> str:
    """The sources of the evidence, for the eye only: addresses are not spoken."""
    rows = [
        f"\n• {said.safe(row['address'])}: {row['rejected']} REJECT, {row['accepted']} ACCEPT"
        f", ports {', '.join(row['ports'])}"
        for row in run["result"]["facts"].get("top", [])
    ]
    return "".join(rows)


def _header(state: str, title: str) -> dict[str, Any]:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": f"{_MARKS[state]} {title}"[:HEADER]},
    }


def _section(body: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": body[:SECTION] or "-"}}


def _context(said: Book, run: dict[str, Any]) -> dict[str, Any]:
    """Who and which run. A person's id stays in the ledger; a principal's ARN is known to the
    readers.
    """
    actor = run["actor"]
    who = said.safe(actor["id"])
    asked = said.text("slack-voice" if actor["door"] == "voice" else "slack-who", who=who)
    line = f"{asked} · {said.text('slack-run', run=run['id'])}"
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": line}]}
