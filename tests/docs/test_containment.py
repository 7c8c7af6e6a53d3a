"""docs/containment.md: every claim in Toban's column names a test that is there."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, spans, table, text

PAGE = "docs/containment.md"
CLAIMS = table(PAGE, "Containment, beside its peers")
PROOFS = {row[0]: row[1] for row in table(PAGE, "Where it is shown")}


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_claim_has_its_proof_and_every_proof_its_claim() -> None:
    numbers = [re.search(r"\[(\d+)\]$", row[1]) for row in CLAIMS]
    assert [found[1] for found in numbers if found] == list(PROOFS)
    assert len(CLAIMS) == len(PROOFS)


@pytest.mark.parametrize(
    "name", sorted({one for one in spans(PAGE) if one.startswith("tests/") and "::" in one})
)
def test_the_test_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert function in functions_of(ROOT / path), name


def test_the_peers_columns_are_those_of_the_legend() -> None:
    header = next(line for line in text(PAGE).splitlines() if line.startswith("| | Toban"))
    peers = [part.strip() for part in header.strip("|").split("|")][2:]
    assert all(f"{peer} =" in text(PAGE).replace("\n", " ") for peer in peers)
