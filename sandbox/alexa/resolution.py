"""Entity resolution: what a slot heard, matched with static and dynamic values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.alexa.english import ENGLISH
from sandbox.alexa.language import Language
from sandbox.alexa.model import Model

_MOST_VALUES = 5
Resolutions = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Catalog:
    """The values of slot types from one authority: type to what may be said to the value."""

    authority: str
    names: dict[str, dict[str, list[dict[str, str]]]] = field(default_factory=dict)
    language: Language = ENGLISH

    def key(self, said: str) -> str:
        """What `match` knows a name by."""
        return _key(said, self.language)

    def match(self, kind: str, spoken: str) -> list[dict[str, str]]:
        """The values that `spoken` names, none or several."""
        return self.names.get(kind, {}).get(spoken, [])[:_MOST_VALUES]


def static_catalog(skill_id: str, model: Model) -> Catalog:
    """The values that the interaction model itself holds."""
    return _catalog(f"amzn1.er-authority.echo-sdk.{skill_id}", model.values, model.language)


def dynamic_catalog(
    skill_id: str, types: Iterable[dict[str, Any]], language: Language = ENGLISH
) -> Catalog:
    """The values of an UpdateDynamicEntities directive."""
    named = {kind["name"]: kind.get("values", []) for kind in types}
    return _catalog(f"amzn1.er-authority.echo-sdk.dynamic.{skill_id}", named, language)


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
    asked = [catalog for catalog in catalogs if kind in catalog.names]
    return {"resolutionsPerAuthority": [_authority(catalog, kind, value) for catalog in asked]}


def _authority(catalog: Catalog, kind: str, value: str) -> dict[str, Any]:
    found = catalog.match(kind, catalog.key(value))
    answer: dict[str, Any] = {
        "authority": f"{catalog.authority}.{kind}",
        "status": {"code": "ER_SUCCESS_MATCH" if found else "ER_SUCCESS_NO_MATCH"},
    }
    return answer | ({"values": [{"value": value} for value in found]} if found else {})


def _catalog(authority: str, types: dict[str, list[dict[str, Any]]], language: Language) -> Catalog:
    names = {kind: _names(values, language) for kind, values in types.items()}
    return Catalog(authority, names, language)


def _key(said: str, language: Language) -> str:
    return language.key([token.word for token in language.tokens(language.clean(said))])


def _names(values: list[dict[str, Any]], language: Language) -> dict[str, list[dict[str, str]]]:
    names: dict[str, list[dict[str, str]]] = {}
    for value in values:
        name = value["name"]["value"]
        entry = {"name": name, "id": str(value.get("id") or name)}
        for spoken in [name, *(value["name"].get("synonyms") or [])]:
            listed = names.setdefault(_key(spoken, language), [])
            if entry not in listed:
                listed.append(entry)
    return names
