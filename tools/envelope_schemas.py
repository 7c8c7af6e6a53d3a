"""The schemas of Alexa's envelopes, from what ts-json-schema-generator makes of ask-sdk-model.

python -m tools.envelope_schemas FOLDER    FOLDER holds RequestEnvelope.json, ResponseEnvelope.json
"""

import json
import sys
from pathlib import Path
from typing import Any

TO = Path(__file__).parents[1] / "sandbox" / "alexa" / "schemas"
Schema = dict[str, Any]
# Of every union that a `type` tells apart, what reaches or leaves a custom skill of this kind.
KEPT = {
    "Directive": (
        "Alexa.Presentation.APL.ExecuteCommands",
        "Alexa.Presentation.APL.RenderDocument",
        "Connections.StartConnection",
        "Dialog.ConfirmIntent",
        "Dialog.ConfirmSlot",
        "Dialog.Delegate",
        "Dialog.ElicitSlot",
        "Dialog.UpdateDynamicEntities",
    ),
    "Request": (
        "Alexa.Presentation.APL.RuntimeError",
        "Alexa.Presentation.APL.UserEvent",
        "CanFulfillIntentRequest",
        "IntentRequest",
        "LaunchRequest",
        "SessionEndedRequest",
        "SessionResumedRequest",
    ),
}
_REF = "#/definitions/"


def made(raw: Schema) -> Schema:
    """The schema of one envelope: closed, told apart by type, only what can be reached."""
    bare = _undescribed(raw)
    definitions = bare["definitions"]
    for name, definition in list(definitions.items()):
        definitions[name] = _told_apart(name, definition, definitions)
    _corrected(definitions)
    used = _reached(bare["$ref"], definitions)
    return bare | {"definitions": {name: definitions[name] for name in sorted(used)}}


def _undescribed(node: Any) -> Any:
    """Without Amazon's prose, save where a property is called so."""
    if isinstance(node, list):
        return [_undescribed(each) for each in node]
    if not isinstance(node, dict):
        return node
    prose = isinstance(node.get("description"), str)
    return {k: _undescribed(v) for k, v in node.items() if not (prose and k == "description")}


def _told_apart(name: str, definition: Schema, definitions: Schema) -> Schema:
    """A union as a list of types, each with what must then hold: errors name the right place."""
    rows = {_kind(each, definitions): each for each in definition.get("anyOf", ())}
    if not rows or None in rows:
        return definition
    kinds = [kind for kind in rows if kind in KEPT.get(name, rows)]
    of_kind = {"required": ["type"], "properties": {"type": {"enum": sorted(map(str, kinds))}}}
    then = [{"if": {"properties": {"type": {"const": k}}}, "then": rows[k]} for k in kinds]
    return {"type": "object", **of_kind, "allOf": then}


def _kind(part: Schema, definitions: Schema) -> str | None:
    target = definitions.get(part.get("$ref", "").removeprefix(_REF), {})
    kind: str | None = target.get("properties", {}).get("type", {}).get("const")
    return kind


def _corrected(definitions: Schema) -> None:
    """Where Alexa's documents, or what it sends, differ from the types (see the README there)."""
    if "IntentRequest" in definitions:
        definitions["IntentRequest"]["required"].remove("dialogState")
        level = {
            "type": "object",
            "required": ["level"],
            "properties": {"level": {"type": "integer"}},
        }
        definitions["Person"]["properties"]["authenticationConfidenceLevel"] = level
        definitions["Slot"]["properties"]["source"] = {"type": "string"}
    if "ResponseEnvelope" in definitions:
        definitions["ResponseEnvelope"]["properties"]["version"] = {"const": "1.0"}
        definitions["interfaces.connections.V1.StartConnectionDirective"]["required"].append(
            "token"
        )


def _reached(ref: str, definitions: Schema) -> set[str]:
    """The names of all definitions that a reference leads to."""
    found: set[str] = set()
    left = [ref]
    while left:
        name = left.pop().removeprefix(_REF)
        if name not in found:
            found.add(name)
            left += _refs(definitions[name])
    return found


def _refs(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for each in node for ref in _refs(each)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [ref for each in node.values() for ref in _refs(each)]


def main(folder: str) -> None:
    for name in ("request", "response"):
        raw = json.loads((Path(folder) / f"{name.title()}Envelope.json").read_text("utf-8"))
        text = json.dumps(made(raw), indent=1, sort_keys=True) + "\n"
        (TO / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
