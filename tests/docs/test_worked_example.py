"""docs/adding-an-action.md, done: its module is loaded, and planned, applied and undone."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fluent.runtime import FluentBundle, FluentResource

import skill.actions
from skill.actions import Action
from skill.aws import Aws
from skill.aws.client import PATIENT, Clients
from skill.model import Ending, Facts, document
from skill.settings import Settings
from tests.docs.markdown import ROOT, fences
from tests.template.translate import granted
from tests.world import Sandbox

PAGE = "docs/adding-an-action.md"
MODULE, ROW = fences(PAGE, "python")
INTENT, DIALOG, PROMPT = (json.loads(body) for body in fences(PAGE, "json"))


class Recording(Clients):
    """Remembers the IAM action of every call."""

    def __init__(self) -> None:
        super().__init__(PATIENT)
        self.seen: set[str] = set()

    def __call__(self, service: str) -> Any:
        client = super().__call__(service)
        client.meta.events.register("before-call", self._note, unique_id="recording")
        return client

    def _note(self, model: Any, **_: Any) -> None:
        self.seen.add(f"{model.service_model.service_name}:{model.name}")

    def taken(self) -> set[str]:
        """What was called since the last look."""
        found, self.seen = self.seen, set()
        return found


class Steps:
    """Runs each step at once; results must be JSON, as a checkpoint is."""

    run, waited = "r-docs", 0

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        return json.loads(json.dumps(work()))


@pytest.fixture
def action(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Action]:
    """The module of the page, found by the loader as if it lay in skill/actions."""
    (tmp_path / "unmark.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(skill.actions, "__path__", [*skill.actions.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield skill.actions.Actions()["unmark"]
    del sys.modules["skill.actions.unmark"]
    del skill.actions.unmark  # type: ignore[attr-defined]


@pytest.fixture
def aws(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Aws:
    settings = {"AWS_ENDPOINT_URL": box.ready["aws"], "AWS_DEFAULT_REGION": box.ready["region"]}
    keys = {"AWS_ACCESS_KEY_ID": "AKIASOMEBODYUNKNOWN0", "AWS_SECRET_ACCESS_KEY": "any"}
    for name, value in (settings | keys).items():
        monkeypatch.setenv(name, value)
    return Aws(Settings(table="", workflow_arn=""), Recording())


def test_the_module_is_an_action(action: Action) -> None:
    assert action.summary.endswith(".")
    assert action.asks
    assert action.undo
    needed = {one for kind in action.permissions.values() for one in kind}
    assert needed <= granted("workflow")
    assert set(action.permissions["plan"]) <= granted("voice") & granted("events")


def test_it_plans_applies_and_undoes(action: Action, aws: Aws, box: Sandbox) -> None:
    box.tag("batch-3", "suspicious")
    box.idle()
    plan = planned(action, aws)
    assert [change.what for change in plan.changes] == ["Toban", "TobanStatus"]
    calls_are_claimed(action, aws, "plan")

    assert action.apply
    done = action.apply(plan, aws, Steps())
    calls_are_claimed(action, aws, "apply")
    assert done.ending is Ending.DONE
    assert not {"Toban", "TobanStatus"} & set(box.instance("batch-3")["Tags"])
    assert planned(action, aws).targets == ()

    assert action.undo
    aws.clients.taken()  # type: ignore[attr-defined]
    record: Facts = {"plan": document(plan), "undo": done.undo}
    assert action.undo(record, aws, Steps()).ending is Ending.DONE
    calls_are_claimed(action, aws, "undo")
    assert box.instance("batch-3")["Tags"]["TobanStatus"] == "suspicious"
    assert planned(action, aws).targets == plan.targets


def planned(action: Action, aws: Aws) -> Any:
    return action.plan(action.read({"instance": "batch three"}), aws)


def calls_are_claimed(action: Action, aws: Aws, part: str) -> None:
    made = aws.clients.taken()  # type: ignore[attr-defined]
    assert made
    assert made <= set(action.permissions[part])


def test_every_moment_has_its_sentence() -> None:
    bundle = FluentBundle(["en-US"], use_isolating=False)
    bundle.add_resource(FluentResource(fences(PAGE, "ftl")[0]))
    facts = {"instance": "batch 3", "grew": "", "reason": "It is gone."}
    for moment in ("confirm", "started", "nothing", "done", "partial", "failed"):
        said, errors = bundle.format_pattern(bundle.get_message(f"unmark-{moment}").value, facts)
        assert "batch 3" in said
        assert not errors
    assert bundle.has_message("action-unmark")


def test_the_intent_fits_into_the_model() -> None:
    model = json.loads((ROOT / "interaction_model/en-US.json").read_text(encoding="utf-8"))
    parts = model["interactionModel"]
    said = {one for intent in parts["languageModel"]["intents"] for one in intent["samples"]}
    assert not said & set(INTENT["samples"])
    parts["languageModel"]["intents"].append(INTENT)
    parts["dialog"]["intents"].append(DIALOG)
    parts["prompts"].append(PROMPT)
    folder = ROOT / "interaction_model/schemas"
    schema = json.loads((folder / "interaction-model.json").read_text(encoding="utf-8"))
    jsonschema.validate(model, schema)
    assert ROW.strip().startswith(f'"{INTENT["name"]}": Intent("unmark",')
    assert DIALOG["slots"][0]["prompts"]["elicitation"] == PROMPT["id"]
