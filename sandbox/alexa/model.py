"""An interaction model as read from its JSON: patterns, slots, slot types and dialogs."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sandbox.alexa.english import ENGLISH
from sandbox.alexa.language import Language

_PART = re.compile(r"\{(\w+)\}|([^{}]+)")


@dataclass(frozen=True)
class Slot:
    """A slot inside a pattern."""

    name: str
    type: str


Part = str | Slot


@dataclass(frozen=True)
class Pattern:
    """One sample utterance of an intent: words to be said, and slots to be filled."""

    intent: str
    parts: tuple[Part, ...]

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """The words of it that are said."""
        return tuple(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True)
class Model:
    """One locale's interaction model."""

    document: dict[str, Any]
    language: Language = ENGLISH

    @cached_property
    def invocation_name(self) -> str:
        """What the skill is called by."""
        return str(self._language["invocationName"])

    @cached_property
    def slots(self) -> dict[str, dict[str, str]]:
        """Slot name to slot type, for each intent."""
        return {
            intent["name"]: {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
            for intent in self._language["intents"]
        }

    @cached_property
    def values(self) -> dict[str, list[dict[str, Any]]]:
        """The static values of each custom slot type."""
        return {kind["name"]: kind["values"] for kind in self._language.get("types", [])}

    @cached_property
    def required(self) -> dict[str, list[str]]:
        """The intents that have a dialog, with the slots that a delegated one asks for."""
        return {
            intent["name"]: [
                slot["name"] for slot in intent.get("slots", []) if slot.get("elicitationRequired")
            ]
            for intent in self.document["interactionModel"].get("dialog", {}).get("intents", [])
        }

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every sample utterance of every intent."""
        return tuple(
            self._pattern(intent["name"], sample)
            for intent in self._language["intents"]
            for sample in intent.get("samples", [])
        )

    @cached_property
    def told(self) -> frozenset[str]:
        """The words of all samples that tell what is meant."""
        words = {word for pattern in self.patterns for word in pattern.literals}
        return frozenset(word for word in words if self.language.weight(word) >= 1)

    def answers(self, intent: str, slot: str) -> list[Pattern]:
        """How the question for a slot may be answered: its samples and its bare value."""
        declared = next(i for i in self._language["intents"] if i["name"] == intent)
        samples = next(s.get("samples", []) for s in declared["slots"] if s["name"] == slot)
        return [self._pattern(intent, sample) for sample in [f"{{{slot}}}", *samples]]

    def prompt(self, intent: str, slot: str) -> str:
        """The question that the model itself has for a slot (spoken when Alexa is delegated to)."""
        model = self.document["interactionModel"]
        dialog = next(i for i in model["dialog"]["intents"] if i["name"] == intent)
        asked = next(s["prompts"]["elicitation"] for s in dialog["slots"] if s["name"] == slot)
        prompt = next(p for p in model["prompts"] if p["id"] == asked)
        return str(prompt["variations"][0]["value"])

    @cached_property
    def _language(self) -> dict[str, Any]:
        language: dict[str, Any] = self.document["interactionModel"]["languageModel"]
        return language

    def _pattern(self, intent: str, sample: str) -> Pattern:
        parts: list[Part] = []
        for slot, text in _PART.findall(sample):
            if slot:
                parts.append(Slot(slot, self.slots[intent][slot]))
            else:
                said = self.language.clean(text)
                parts += [token.word for token in self.language.tokens(said)]
        return Pattern(intent, tuple(parts))


def models_from(folder: Path) -> Callable[[str], dict[str, Any]]:
    """`model_for` over a folder of `<locale>.json`; it raises ValueError for other locales."""

    def model_for(locale: str) -> dict[str, Any]:
        known = {path.stem: path for path in sorted(folder.glob("[a-z][a-z]-[A-Z][A-Z].json"))}
        if locale not in known:
            raise ValueError(f"no interaction model for {locale!r} (there are {', '.join(known)})")
        document: dict[str, Any] = json.loads(known[locale].read_text(encoding="utf-8"))
        return document

    return model_for
