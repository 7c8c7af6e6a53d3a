"""The documents are what Amazon's validator and Alexa's layouts take; spoilt ones are not."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from skill.voice.screen import FOLDER
from tests.voice.documents import wrong
from tests.voice.models import MANIFEST
from tests.world import ROOT, Json

DOCUMENTS = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid(name: str) -> None:
    assert wrong(DOCUMENTS[name]) == []


def container(document: Json) -> Json:
    found: Json = document["mainTemplate"]["items"][0]
    return found


def touch(document: Json) -> Json:
    found: Json = container(document)["items"][2]["item"]
    return found


SPOILT: dict[str, Callable[[Json], Any]] = {
    "another version": lambda d: d.update(version="2029.1"),
    "no version": lambda d: d.pop("version"),
    "an unknown part": lambda d: d.update(surprise=1),
    "no template": lambda d: d.pop("mainTemplate"),
    "parameters that are a number": lambda d: d["mainTemplate"].update(parameters=3),
    "no layouts imported": lambda d: d.pop("import"),
    "an unknown component": lambda d: container(d).update(type="Kontainer"),
    "an unknown layout": lambda d: container(d)["items"][1].update(type="AlexaHeading"),
    "an unknown parameter": lambda d: container(d)["items"][1].update(title="x"),
    "an unknown property": lambda d: container(d).update(colour="red"),
    "a property of the wrong place": lambda d: touch(d)["item"].update(grow=1),
    "a property of the wrong type": lambda d: container(d).update(direction="up"),
    "an unknown command": lambda d: touch(d)["onPress"][0].update(type="SendMail"),
    "an unknown property of a command": lambda d: touch(d)["onPress"][0].update(to="x"),
    "a text of a wrong colour": lambda d: touch(d)["item"]["items"][0].update(maxLines="two"),
}


@pytest.mark.parametrize("why", SPOILT)
def test_a_spoilt_document_is_refused(why: str) -> None:
    document = copy.deepcopy(DOCUMENTS["instances"])
    SPOILT[why](document)
    assert wrong(document) != []


def test_the_manifest_names_the_interfaces_that_are_used() -> None:
    """33: the screen is the only one; a connection and dialogs need none."""
    source = "".join(path.read_text("utf-8") for path in (ROOT / "skill/voice").rglob("*.py"))
    used = {"ALEXA_PRESENTATION_APL"} if "Alexa.Presentation.APL" in source else set()
    named = {one["type"] for one in MANIFEST["apis"]["custom"]["interfaces"]}
    assert named == used != set()
    assert not [one for one in ("AudioPlayer.Play", "VideoApp.", "GameEngine.") if one in source]


def test_the_lock_of_the_validator_is_whole_and_names_no_mirror() -> None:
    lock = json.loads((ROOT / "tools/apl/package-lock.json").read_text("utf-8"))
    rows = [row for name, row in lock["packages"].items() if name]
    assert lock["packages"]["node_modules/apl-suggester"]["version"] == "2024.2.0"
    assert all(row["integrity"].startswith("sha512-") for row in rows)
    told = {row.get("resolved", "https://registry.npmjs.org/").split("/")[2] for row in rows}
    assert told == {"registry.npmjs.org"}
