"""The playbooks can be followed: they exist, are linked, and what they tell one to say is heard."""

import re

import pytest

from sandbox.alexa.model import Model, models_from
from sandbox.alexa.nlu import FALLBACK, Interpreter
from sandbox.alexa.resolution import static_catalog
from skill.playbooks import FOLDER, PAGES, address, of_finding
from skill.words.book import book, locales
from tests.docs.markdown import ROOT, prose

MODEL = Model(models_from(ROOT / "interaction_model")("en-US"))
INTERPRETER = Interpreter(MODEL)
STATIC = static_catalog("amzn1.ask.skill.00000000-0000-0000-0000-000000000000", MODEL)
# In quotes, and not said to the duty officer.
NOT_SAID = {"verified fixed", "have a quick look", "release"}
NAMES = sorted(PAGES.values())
EC2 = "AWS_EC2_INSTANCE"


@pytest.mark.parametrize("page", NAMES)
def test_a_playbook_says_what_to_do(page: str) -> None:
    text = prose(f"{FOLDER}/{page}")
    assert len(re.findall(r"^\d\. ", text, re.M)) >= 2 or text.count("\n|") >= 4
    assert all(len(line) <= 140 or line.strip().startswith("|") for line in text.splitlines())


@pytest.mark.parametrize("page", NAMES)
def test_what_one_is_told_to_say_is_understood(page: str) -> None:
    quoted = re.findall(r'"([^"]+)"', prose(f"{FOLDER}/{page}"))
    said = [" ".join(one.removeprefix("Alexa, ask duty officer to ").split()) for one in quoted]
    heard = {one: INTERPRETER.hear(one, [STATIC]).intent for one in said if one not in NOT_SAID}
    assert FALLBACK not in heard.values(), heard


def test_there_is_no_page_that_nothing_links_to() -> None:
    assert sorted(path.name for path in (ROOT / FOLDER).glob("*.md")) == NAMES
    for locale in locales():
        assert [row for row in PAGES if not book(locale).has(f"playbook-{row}")] == []


@pytest.mark.parametrize(
    ("finding", "row"),
    [
        (("PACKAGE_VULNERABILITY", EC2, False, True, {"OS"}), "package"),
        (("PACKAGE_VULNERABILITY", EC2, False, True, {"OS", "PIP"}), "manual"),
        (("PACKAGE_VULNERABILITY", EC2, False, False, {"OS"}), "no_fix"),
        (("PACKAGE_VULNERABILITY", EC2, True, False, {"OS"}), "kev"),
        (("NETWORK_REACHABILITY", EC2, True, False, set()), "network"),
        (("PACKAGE_VULNERABILITY", "AWS_LAMBDA_FUNCTION", True, True, {"PIP"}), "elsewhere"),
        (("CODE_VULNERABILITY", "CODE_REPOSITORY", False, False, set()), "elsewhere"),
    ],
)
def test_which_finding_links_to_which_page(
    finding: tuple[str, str, bool, bool, set[str]], row: str
) -> None:
    kind, resource, exploited, fix, managers = finding
    assert of_finding(kind, resource, exploited, fix, frozenset(managers)) == row
    assert address("https://example.com/p", row) == f"https://example.com/p/{PAGES[row]}"
    assert (ROOT / address("", row)).exists()
