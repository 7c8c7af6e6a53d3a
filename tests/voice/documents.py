"""What is wrong with an APL document, without Node: Amazon's rules for components, and layouts.

The validator of `tools/apl` knows neither Alexa's layouts nor that a component does not exist.
"""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema

from tests.world import ROOT, Json

SCHEMAS: Json = json.loads((ROOT / "interaction_model/schemas/apl.json").read_text("utf-8"))
# Parameters of the layouts of alexa-layouts 1.7.0 that may be used here, from their documentation.
HEADER = {"headerTitle", "headerSubtitle", "headerDivider", "headerBackButton", "theme"}
LAYOUTS = {
    "AlexaTextList": HEADER
    | {"backgroundColor", "hideOrdinal", "touchForward", "primaryAction", "listItems", "listId"},
    "AlexaHeader": HEADER | {"headerBackgroundColor"},
    "AlexaFooter": {"hintText", "theme", "lang"},
    "AlexaBackground": {"backgroundColor", "colorOverlay", "overlayGradient"},
}
# What a document may hold of each: the layouts that are imported, and the version of the package.
IMPORTS = [{"name": "alexa-layouts", "version": "1.7.0"}]
HOLDS = ("items", "item", "firstItem", "lastItem")
CHILD = {"Container": "ContainerChild", "Sequence": "SequenceChild"}


def wrong(document: Json) -> list[str]:
    """Everything that is wrong with a document, with its place."""
    main = document.get("mainTemplate")
    said = list(_refused(document, SCHEMAS["document"], ""))
    if document.get("import") != IMPORTS:
        said.append("import")
    held = _held(main, "mainTemplate") if isinstance(main, dict) else ()
    return said + [text for where, one in held for text in _component(one, where, "")]


def _held(holder: Json, where: str) -> Iterator[tuple[str, Any]]:
    for name in HOLDS:
        rows = holder.get(name, [])
        for at, one in enumerate(rows if isinstance(rows, list) else [rows]):
            yield f"{where}.{name}[{at}]", one


def _component(one: Any, where: str, parent: str) -> Iterator[str]:
    kind = one.get("type") if isinstance(one, dict) else None
    if kind in LAYOUTS:
        yield from (f"{where}.{name}" for name in set(one) - LAYOUTS[kind] - {"type"})
    elif kind in SCHEMAS["components"] and kind not in CHILD.values():
        yield from _primitive(one, where, parent)
    else:
        yield f"{where}: no component {kind}"
        return
    for event in ("primaryAction", "onPress"):
        commands = one.get(event, [])
        for command in commands if isinstance(commands, list) else [commands]:
            yield from _command(command, f"{where}.{event}")
    for place, held in _held(one, where):
        yield from _component(held, place, kind)


def _primitive(one: Json, where: str, parent: str) -> Iterator[str]:
    """A component of APL itself; where it stands adds properties to it."""
    placed = SCHEMAS["components"].get(CHILD.get(parent, ""), {}).get("properties", {})
    own = {name: value for name, value in one.items() if name not in (*placed, *HOLDS)}
    yield from _refused(own, SCHEMAS["components"][one["type"]], where)


def _command(command: Any, where: str) -> Iterator[str]:
    kind = command.get("type") if isinstance(command, dict) else None
    if kind not in SCHEMAS["commands"]:
        yield f"{where}: no command {kind}"
    else:
        yield from _refused(command, SCHEMAS["commands"][kind], where)


def _refused(one: Json, schema: Json, where: str) -> Iterator[str]:
    """What the validator's schema refuses, but for values that are known on the device only."""
    for error in jsonschema.Draft7Validator(schema).iter_errors(one):
        bound = isinstance(error.instance, str) and error.instance[:2] in ("${", "@m", "@s")
        missing = error.validator == "required" and set(error.validator_value) & set(HOLDS)
        if not (bound or missing):
            yield f"{where}{list(error.path)}: {error.message:.120}"
