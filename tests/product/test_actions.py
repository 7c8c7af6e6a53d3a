"""The table of actions: what every row must have, and that nothing is said of it that no book
can say.
"""

import ast
import inspect
import re
from pathlib import Path

import pytest

from skill.actions import ACTIONS, Action
from skill.model import Risk
from skill.voice.intents import INTENTS
from skill.words.book import book, locales

ROOT = Path(__file__).parents[2]
ROWS = sorted(ACTIONS.values(), key=lambda row: row.name)
NAMES = [row.name for row in ROWS]


def test_the_actions_of_the_main_job_are_there() -> None:
    assert {
        "assess",
        "assessment_status",
        "findings",
        "finding_detail",
        "patch",
        "suspicious",
        "traffic",
        "mark_suspicious",
        "isolate",
        "release",
        "block_source",
        "status",
        "undo",
    } <= set(ACTIONS)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_row_is_whole(row: Action) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{20,110}\.", row.summary), row.summary
    assert row.permissions["plan"]
    assert (row.apply is None) == (row.risk is Risk.READ)
    if row.apply:
        assert row.undo or len(row.irreversible) > 20
        assert {"plan", "apply"} <= set(row.permissions)


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_every_moment_has_its_sentence(row: Action, locale: str) -> None:
    moments = (
        ["answer"] if row.risk is Risk.READ else ["started", "nothing", "done", "partial", "failed"]
    )
    if row.asks:
        moments.append("confirm")
    missing = [one for one in moments if not book(locale).has(f"{row.name}-{one}")]
    assert missing in ([], ["partial"]) if row.name == "undo" else missing == []


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_plan_permits_itself_only_reads(row: Action) -> None:
    reads = re.compile(r"[a-z0-9]+:(Describe|Get|List|Query|BatchGet|StartQuery|StopQuery)")
    assert [one for one in row.permissions["plan"] if not reads.match(one)] == []


# What happens when nobody is speaking: asked for by events alone.
UNSPOKEN = {"triage", "verify_fix", "digest"}


def test_every_action_can_be_asked_for_by_voice() -> None:
    assert set(ACTIONS) - {intent.action for intent in INTENTS.values()} == UNSPOKEN


FLOORS = ["model", "words", "aws", "actions", "engine", "events", "voice", "slack"]
# A package may import those before it, but for words and aws, which know nothing of each other.
APART = {
    ("words", "aws"),
    ("aws", "words"),
    ("actions", "words"),
    ("events", "voice"),
    ("slack", "voice"),
    ("slack", "events"),
    ("voice", "events"),
}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("path", sorted(ROOT.glob("skill/**/*.py")), ids=str)
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT / "skill").parts[0]
    for name in imported(path):
        parts = name.split(".")
        if parts[0].startswith("ask_sdk"):
            assert package == "voice", name
        if parts[0] in ("boto3", "botocore"):
            assert package == "aws", name
        if parts[0] == "skill" and len(parts) > 1 and parts[1] in FLOORS and package in FLOORS:
            assert FLOORS.index(parts[1]) <= FLOORS.index(package), name
            assert (package, parts[1]) not in APART, name
        assert parts[0] not in ("sandbox", "tests", "moto"), name


def test_actions_take_no_clients_of_their_own() -> None:
    for row in ROWS:
        assert "create_client" not in inspect.getsource(inspect.getmodule(row.plan) or row.plan)
