"""The documents as the tests read them: code fences, code spans, tables, headings, links."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fences(name: str, language: str) -> list[str]:
    """The code blocks of one language, in order."""
    return [body for kind, body in _FENCE.findall(text(name)) if kind == language]


def prose(name: str) -> str:
    """All but the code blocks."""
    return _FENCE.sub("", text(name))


def spans(name: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"`([^`\n]+)`", prose(name))


def section(name: str, heading: str) -> str:
    """What stands under a heading, up to the next one of any level."""
    _, _, after = prose(name).partition(f"# {heading}\n")
    assert after, f"{name} has no heading {heading!r}"
    return re.split(r"^#+ ", after, maxsplit=1, flags=re.M)[0]


def table(name: str, heading: str) -> list[list[str]]:
    """The cells of every row of the tables under a heading, without the heads."""
    lines = section(name, heading).splitlines()
    rules = [at for at, line in enumerate(lines) if re.fullmatch(r"\|[-|]+\|", line)]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for at, line in enumerate(lines)
        if line.startswith("|") and at not in rules and at + 1 not in rules
    ]


def anchors(name: str) -> set[str]:
    """The fragments that a link may name: headings as GitHub slugs them."""
    found = re.findall(r"^#+ (.+)$", prose(name), re.M)
    return {re.sub(r"[^\w\- ]", "", one.casefold()).replace(" ", "-") for one in found}


def links(name: str) -> Iterator[tuple[str, str]]:
    """(file, fragment) of every link into the repository; the file is the page itself if empty."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(name)):
        if "://" not in target:
            path, _, fragment = target.partition("#")
            folder = (ROOT / name).parent
            where = (folder / path).resolve() if path else ROOT / name
            yield str(where.relative_to(ROOT)), fragment
