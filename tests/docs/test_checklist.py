"""The checklist in docs/voice.md and the tests that it names are the same."""

import re

from tests.docs.markdown import ROOT, table

ITEMS = range(1, 34)


def test_every_item_of_the_checklist_names_its_tests() -> None:
    files = sorted((ROOT / "tests" / "checklist").glob("test_*.py"))
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    there = re.findall(r"^def (test_(\d\d)_\w+)", source, re.M)
    rows = table("docs/voice.md", "The checklist")
    told = {(name, row[0].zfill(2)) for row in rows for name in re.findall(r"`(\w+)`", row[2])}
    assert told == set(there)
    assert [int(row[0]) for row in rows] == list(ITEMS)
    assert {int(number) for _, number in there} == set(ITEMS)
