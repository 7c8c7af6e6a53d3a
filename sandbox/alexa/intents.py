"""The intent of a request: as heard first, and as a dialog fills and confirms it."""

from collections.abc import Sequence
from typing import Any

from sandbox.alexa.conversation import Pending
from sandbox.alexa.model import Model
from sandbox.alexa.nlu import Heard
from sandbox.alexa.resolution import Catalog, slot_entry

YES, NO = "AMAZON.YesIntent", "AMAZON.NoIntent"
Intent = dict[str, Any]


def intent_of(heard: Heard, model: Model, catalogs: Sequence[Catalog]) -> Intent:
    """The intent with every slot that the model declares, filled or not."""
    kinds = model.slots.get(heard.intent, {})
    slots = {n: slot_entry(n, heard.slots.get(n), kind, catalogs) for n, kind in kinds.items()}
    intent = {"name": heard.intent, "confirmationStatus": "NONE"}
    return intent | ({"slots": slots} if slots else {})


def merged(before: Intent, now: Intent) -> Intent:
    """The intent of a dialog after one more answer: what was said now wins, the rest stays."""
    kept, said = before.get("slots") or {}, now["slots"]
    slots = {name: slot if "value" in slot else kept.get(name, slot) for name, slot in said.items()}
    return {**now, "confirmationStatus": before.get("confirmationStatus", "NONE"), "slots": slots}


def confirmed(pending: Pending, heard: Heard) -> Intent | None:
    """The intent with the yes or no to the question that was asked; None if it was neither."""
    status = {YES: "CONFIRMED", NO: "DENIED"}.get(heard.intent)
    if status is None:
        return None
    if pending.slot is None:
        return {**pending.intent, "confirmationStatus": status}
    slots = pending.intent["slots"]
    slot = {**slots[pending.slot], "confirmationStatus": status}
    return {**pending.intent, "slots": {**slots, pending.slot: slot}}


def missing(intent: Intent, model: Model) -> str | None:
    """The first slot that a delegated dialog still has to ask for."""
    slots = intent.get("slots") or {}
    required = model.required[intent["name"]]
    return next((name for name in required if "value" not in slots.get(name, {})), None)


def resolved(intent: Intent) -> dict[str, dict[str, Any]]:
    """What each filled slot heard, and the ids of the values that it may mean."""
    filled = {n: slot for n, slot in (intent.get("slots") or {}).items() if "value" in slot}
    return {n: {"value": slot["value"], "ids": _ids(slot)} for n, slot in filled.items()}


def _ids(slot: dict[str, Any]) -> list[str]:
    authorities = (slot.get("resolutions") or {}).get("resolutionsPerAuthority") or []
    values = [entry["value"] for authority in authorities for entry in authority.get("values", [])]
    return list(dict.fromkeys(value["id"] for value in values))


def pending_after(directive: dict[str, Any], asked: Intent | None) -> Pending:
    """What the skill waits for after a dialog directive; `asked` is the intent it answered."""
    slot = directive.get("slotToElicit") or directive.get("slotToConfirm")
    return Pending(directive["type"], directive.get("updatedIntent") or asked or {}, slot)
