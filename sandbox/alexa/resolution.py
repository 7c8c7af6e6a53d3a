"""Entity resolution: what a slot heard, matched with static and dynamic values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.alexa import words
from sandbox.alexa.english import stem
from sandbox.alexa.model import Model

_MOST_VALUES = 5
_ARTICLES = ("the", "my", "our")
Resolutions = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Catalog:
    """The values of slot types from one authority: type to what may be said to the value."""

    authority: str
    names: dict[str, dict[str, list[dict[str, str]]]] = field(default_factory=dict)

    def match(self, kind: str, spoken: str) -> list[dict[str, str]]:
        """The values that `spoken` names, none or several."""
        return self.names.get(kind, {}).get(spoken, [])[:_MOST_VALUES]


def static_catalog(skill_id: str, model: Model) -> Catalog:
    """The values that the interaction model itself holds."""
    return _catalog(f"amzn1.er-authority.echo-sdk.{skill_id}", model.values)


def dynamic_catalog(skill_id: str, types: Iterable[dict[str, Any]]) -> Catalog:
    """The values of an UpdateDynamicEntities directive."""
    named = {kind["name"]: kind.get("values", []) for kind in types}
    return _catalog(f"amzn1.er-authority.echo-sdk.dynamic.{skill_id}", named)


def spoken_key(spoken: Sequence[str]) -> str:
    """One key for all ways to say a name: "web-1", "web 01" and "the web one" are the same."""
    said = list(spoken)
    while len(said) > 1 and said[0] in _ARTICLES:
        said.pop(0)
    key = ""
    for word in map(stem, said):
        # "web 1 1" is not "web 11".
        key += "." + word if key[-1:].isdecimal() and word[:1].isdecimal() else word
    return key


def slot_entry(
    name: str, value: str | None, kind: str, catalogs: Sequence[Catalog]
) -> dict[str, Any]:
    """One slot of an intent as the request carries it."""
    entry: dict[str, Any] = {"name": name, "confirmationStatus": "NONE"}
    if value is None:
        return entry
    resolved = None if kind.startswith("AMAZON.") else _resolutions(value, kind, catalogs)
    found = {"resolutions": resolved} if resolved else {}
    simple = {"type": "Simple", "value": value, **found}
    return entry | {"value": value, **found, "source": "USER", "slotValue": simple}


def _resolutions(value: str, kind: str, catalogs: Sequence[Catalog]) -> Resolutions:
    key = spoken_key([token.word for token in words.tokens(words.clean(value))])
    asked = [catalog for catalog in catalogs if kind in catalog.names]
    return {"resolutionsPerAuthority": [_authority(catalog, kind, key) for catalog in asked]}


def _authority(catalog: Catalog, kind: str, key: str) -> dict[str, Any]:
    found = catalog.match(kind, key)
    answer: dict[str, Any] = {
        "authority": f"{catalog.authority}.{kind}",
        "status": {"code": "ER_SUCCESS_MATCH" if found else "ER_SUCCESS_NO_MATCH"},
    }
    return answer | ({"values": [{"value": value} for value in found]} if found else {})


def _catalog(authority: str, types: dict[str, list[dict[str, Any]]]) -> Catalog:
    return Catalog(authority, {kind: _names(values) for kind, values in types.items()})


def _names(values: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    names: dict[str, list[dict[str, str]]] = {}
    for value in values:
        name = value["name"]["value"]
        entry = {"name": name, "id": str(value.get("id") or name)}
        for spoken in [name, *(value["name"].get("synonyms") or [])]:
            key = spoken_key([token.word for token in words.tokens(words.clean(spoken))])
            listed = names.setdefault(key, [])
            if entry not in listed:
                listed.append(entry)
    return names
