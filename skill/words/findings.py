"""What is posted about findings: one message for many, worst first, each with its playbook."""

from collections.abc import Iterator
from typing import Any

from skill.words.book import Book, book
from skill.words.slack import SECTION, Notice

Facts = dict[str, Any]
Block = dict[str, Any]
HEADER = 150
# Names are foreign and may be long: twelve of them must leave room in a section of 3000.
NAME, TITLE = 40, 120
EPSS_SHOWN = 0.001
_NO_PACKAGE = {"NETWORK_REACHABILITY": "network", "CODE_VULNERABILITY": "code"}


def triage(locale: str, run: Facts) -> Notice:
    """New findings: the total, then one section a vulnerability."""
    said, facts = book(locale, ear=False), run["result"]["facts"]
    title = said.text("triage-title", count=facts["count"])
    total = said.run(_totals(said, facts))
    sections = [_line(said, line) for line in facts["lines"]]
    return notice(said, f"🔎 {title}", [total, *sections, *_rest(said, facts)], run["id"])


def notice(said: Book, title: str, sections: list[str], run: str) -> Notice:
    """A header, sections, and the run as context."""
    return message(said, title, title, sections, [said.text("slack-run", run=run)])


def message(said: Book, title: str, header: str, sections: list[str], context: list[str]) -> Notice:
    """The header is the title with a mark before it, perhaps; the context is small print."""
    head = {"type": "header", "text": {"type": "plain_text", "text": header[:HEADER]}}
    blocks: list[Block] = [head, *(_section(one) for one in sections)]
    small = [{"type": "mrkdwn", "text": one} for one in context]
    blocks += [{"type": "context", "elements": small}] if small else []
    stop = "。" if said.japanese else "."
    return Notice(title, said.run([f"{title}{stop}", *sections[:1]]), blocks)


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION] or "-"}}


def _totals(said: Book, facts: Facts) -> Iterator[str]:
    numbers = [
        said.text(f"triage-number-{name}", count=count)
        for name, count in facts["severities"].items()
        if count
    ]
    if numbers:
        counts = {"count": facts["count"], "resources": facts["resources"]}
        yield said.text("triage-total", numbers=said.join(numbers, most=9), **counts)
    if facts["more"]:
        yield said.text("triage-more")


def _line(said: Book, line: Facts) -> str:
    """What it is and how bad; what to do; where."""
    return "\n".join([_what(said, line), _fix(said, line), link(said, line), where(said, line)])


def _what(said: Book, line: Facts) -> str:
    marks = [said.text(f"triage-severity-{line['severity']}")] if _known(said, line) else []
    if line["score"]:
        marks.append(said.text("triage-score", score=f"{line['score']:.1f}"))
    if (line["epss"] or 0) >= EPSS_SHOWN:
        marks.append(said.text("triage-epss", percent=f"{line['epss'] * 100:.1f}"))
    if line["kev"]:
        marks.append(said.text("triage-kev"))
    elif line["exploit"]:
        marks.append(said.text("triage-exploit"))
    title = _title(said, line)
    return said.text("triage-what", title=title, marks=" · ".join(marks) or "-")


def _known(said: Book, line: Facts) -> bool:
    return said.has(f"triage-severity-{line['severity']}")


def _title(said: Book, line: Facts) -> str:
    """The title names the vulnerability, as a rule; if not, both are shown."""
    cve, title = line["cve"], line["title"][:TITLE]
    both = title if cve in title else f"{cve} - {title}".removesuffix(" - ")
    return said.safe(both)


def _fix(said: Book, line: Facts) -> str:
    """Whether a fix exists, and who installs it."""
    packages = [_package(said, one) for one in line["packages"] if one["fixed"]]
    managers = sorted({one["manager"] for one in line["packages"]})
    fix = said.text(
        f"triage-fix-{_way(line, managers)}",
        packages=said.join(packages) or said.text("triage-fix-unnamed"),
        managers=said.join([said.safe(one) for one in managers if one]),
        port=said.safe(line["port"] or "?"),
        files=said.join([said.safe(one) for one in line.get("files", [])]) or "?",
    )
    return said.run([fix, said.text("triage-fix-partial") if line["fix"] == "PARTIAL" else ""])


def _way(line: Facts, managers: list[str]) -> str:
    """How it is mended. For a port or a flaw in code Inspector has no word of a fix."""
    if line["type"] in _NO_PACKAGE:
        return _NO_PACKAGE[line["type"]]
    if line["fix"] == "NO":
        return "no_fix"
    if line["kind"] != "AWS_EC2_INSTANCE":
        return "elsewhere"
    if set(managers) - {"OS", ""}:
        return "manual"
    return "unsaid" if "" in managers else "package"


def _package(said: Book, one: Facts) -> str:
    return said.safe(f"{one['name'][:NAME]} {one['fixed'][:NAME]}")


def link(said: Book, line: Facts) -> str:
    """The playbook: a link where the operator's address is known, else the file in the
    repository.
    """
    title, page = said.text(f"playbook-{line['playbook']}"), line["page"]
    address = f"<{page}|{title}>" if page.startswith("https://") else f"{title} (`{page}`)"
    return said.text("triage-playbook", page=address)


def where(said: Book, line: Facts) -> str:
    """The resources by name, how many more there are, and the account if it is another."""
    names = [said.name(one[:NAME]) for one in sorted(line["names"])]
    listed = said.join(names, most=len(names) + 1, total=line["count"])
    kind = line["kind"]
    key = f"triage-kind-{kind}"
    called = said.text(key) if said.has(key) else said.safe(kind)
    places = said.join([said.safe(one) for one in line["where"]])
    elsewhere = said.text("triage-elsewhere", places=places) if places else ""
    on = "triage-on" if kind == "AWS_EC2_INSTANCE" else "triage-on-kind"
    return said.run([said.text(on, names=listed, kind=called), elsewhere])


def _rest(said: Book, facts: Facts) -> Iterator[str]:
    """What is not listed, and what could not be read."""
    if facts["other_count"] > 0:
        yield said.text("triage-others", count=facts["other_count"])
    if facts["unsure"]:
        yield said.text("triage-unsure", count=facts["unsure"])
    if facts.get("unread"):
        yield said.text("triage-unread")
