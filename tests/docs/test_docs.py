"""The documents say what the code says: actions, parameters, commands, paths, intents, links."""

import json
import re

import pytest

from sandbox.__main__ import COMMANDS, parser
from sandbox.control import ROUTES
from sandbox.runtime.faults import KINDS
from sandbox.scene.scenario_rules import check
from skill.actions import ACTIONS
from skill.events.tags import TAG_ACTIONS
from skill.model import Risk
from skill.voice.intents import INTENTS
from tests.docs.markdown import (
    NAMES,
    ROOT,
    anchors,
    fences,
    links,
    section,
    spans,
    table,
    text,
)
from tests.template.translate import source

every_page = pytest.mark.parametrize("page", NAMES)
SANDBOX = "docs/sandbox.md"
FOLDERS = ("skill", "sandbox", "tests", "docs", "interaction_model", "benchmarks", "tools", ".ci")
COUNTS = dict(
    enumerate("no one two three four five six seven eight nine ten eleven twelve".split())
)
# What the worked example makes.
NEW = {"skill/actions/unmark.py", "UnmarkIntent"}
MODEL = json.loads((ROOT / "interaction_model/en-US.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "sandbox/scenarios/schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        ("secret", "AWS::SecretsManager::Secret"),
        ("alarm", "AWS::CloudWatch::Alarm"),
        ("dashboard", "AWS::CloudWatch::Dashboard"),
    ],
)
def test_what_is_paid_for_by_the_piece_is_counted(thing: str, kind: str) -> None:
    made = [row for row in source()["Resources"].values() if row["Type"] == kind]
    (row,) = [row for row in table("README.md", "Cost per month") if thing in row[0]]
    assert row[0] == f"{COUNTS[len(made)]} {thing}{'s' * (len(made) > 1)}"


def test_every_action_has_its_row() -> None:
    rows = {row[0]: row[1:] for row in table("README.md", "Actions")}
    assert set(rows) == set(ACTIONS)
    for name, (summary, risk, undo, asked) in rows.items():
        action = ACTIONS[name]
        assert summary == action.summary
        assert risk.partition(",")[0] == action.risk
        assert ("no yes" in risk) == (action.risk is not Risk.READ and not action.asks)
        assert undo == ("-" if action.risk is Risk.READ else "yes" if action.undo else "no")
        intents = [one for one, row in INTENTS.items() if row.action == name]
        tags = [f"`Toban={tag}`" for tag, (asks, _) in TAG_ACTIONS.items() if asks == name]
        assert asked == ", ".join(intents + tags)


def test_every_parameter_is_in_the_configuration_table() -> None:
    rows = {row[0].strip("`"): row[1].strip("`") for row in table("README.md", "Configuration")}
    parameters = source()["Parameters"]
    words = {None: "none", "": "empty"}
    defaults = {name: row.get("Default") for name, row in parameters.items()}
    assert rows == {name: words.get(given, str(given)) for name, given in defaults.items()}


def test_every_output_named_exists() -> None:
    named = re.findall(r"\b(\w+(?:Arn|Url|Endpoint)|TableName)\b", text("README.md"))
    assert set(named) - set(source()["Parameters"]) <= set(source()["Outputs"])


def test_what_is_heard_in_the_troubleshooting_table_can_be_said() -> None:
    sentences = (
        text("skill/words/en-US.ftl") + "There was a problem with the requested skill's response"
    )
    for row in table("README.md", "Troubleshooting"):
        for quoted in re.findall(r'"([^"]+)"', row[0]):
            for part in quoted.split("…"):
                assert part.strip() in sentences, part


@every_page
def test_every_make_target_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    fenced = [line for body in fences(page, "") for line in body.splitlines()]
    named = [re.match(r"make ([a-z]+)", one) for one in [*fenced, *spans(page)]]
    assert {found[1] for found in named if found} <= targets


@every_page
def test_every_path_exists(page: str) -> None:
    shown = [one for one in spans(page) if re.fullmatch(r"[\w.-]+(/[\w.*-]+)*/?", one)]
    paths = [one for one in shown if "/" in one and one.split("/")[0] in FOLDERS]
    paths += [one for one in shown if re.fullmatch(r"\w+\.(md|py|yaml|toml|txt)", one)]
    assert [one for one in paths if one not in NEW and not list(ROOT.glob(one.rstrip("/")))] == []


@every_page
def test_every_intent_exists(page: str) -> None:
    known = {intent["name"] for intent in MODEL["interactionModel"]["languageModel"]["intents"]}
    named = set(re.findall(r"\b(?:AMAZON\.)?[A-Z]\w+Intent\b", text(page)))
    assert named - known - NEW == set()


@every_page
def test_every_link_into_the_repository_resolves(page: str) -> None:
    for path, fragment in links(page):
        assert (ROOT / path).exists(), path
        assert not fragment or fragment in anchors(path), f"{path}#{fragment}"


def test_the_control_calls_of_the_sandbox() -> None:
    calls = [row[0].strip("`").split() for row in table(SANDBOX, "The control URL")]
    assert {tuple(call) for call in calls} == set(ROUTES)


def test_the_faults_of_the_sandbox() -> None:
    assert {row[0].strip("`") for row in table(SANDBOX, "Faults")} == set(KINDS)


def test_the_commands_and_options_of_the_sandbox() -> None:
    commands = parser()._subparsers._group_actions[0].choices.values()  # type: ignore[union-attr]
    actions = [action for command in commands for action in command._actions]  # type: ignore[union-attr]
    options = {one for action in actions for one in action.option_strings} - {"-h", "--help"}
    assert {row[0].strip("`").split()[0] for row in table(SANDBOX, "Commands")} == options
    assert set(re.findall(r"python -m sandbox (\w+)", fences(SANDBOX, "")[0])) == set(COMMANDS)


def test_the_scenario_of_the_sandbox() -> None:
    parts = {row[0].strip("`") for row in table(SANDBOX, "A scenario")}
    assert parts == set(SCHEMA["properties"])
    check(json.loads(fences(SANDBOX, "json")[0]))


def test_what_serve_prints(box: object) -> None:
    named = set(re.findall(r"`(\w+)`", section(SANDBOX, "What `serve` prints")))
    assert set(box.ready) <= named  # type: ignore[attr-defined]
