"""The interaction models and the manifest as the tests read them, and their public names."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "interaction_model"
MODELS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["interactionModel"]
    for path in sorted(FOLDER.glob("*-*.json"))
}
MANIFEST = json.loads((FOLDER / "skill.json").read_text(encoding="utf-8"))["manifest"]

INTENTS = {
    "RunAssessmentIntent": ["group"],
    "AssessmentStatusIntent": ["group"],
    "ReadFindingsIntent": ["severity", "group"],
    "FindingDetailIntent": ["ordinal"],
    "FindingIdIntent": ["ordinal"],
    "PatchIntent": ["group", "instance"],
    "SuspiciousIntent": [],
    "TrafficIntent": ["instance"],
    "MarkSuspiciousIntent": ["instance"],
    "IsolateIntent": ["instance"],
    "ReleaseIntent": ["instance", "principal", "function"],
    "ApproveIntent": ["instance", "kind"],
    "DeclineIntent": ["instance", "kind"],
    "DigestIntent": [],
    "VerifyIntent": ["instance", "principal", "function"],
    "BlockSourceIntent": ["instance"],
    "LockPrincipalIntent": ["principal"],
    "LockFunctionIntent": ["function"],
    "StatusIntent": [],
    "UndoIntent": [],
    "CorrectIntent": ["severity", "group", "instance"],
    "PinIntent": ["pin"],
}
TYPES = {
    "group": "GROUP",
    "instance": "INSTANCE",
    "severity": "SEVERITY",
    "principal": "PRINCIPAL",
    "function": "FUNCTION_NAME",
    "ordinal": "AMAZON.Ordinal",
    "pin": "AMAZON.FOUR_DIGIT_NUMBER",
    "kind": "KIND",
}
BUILT_IN = "Yes No Next Previous Repeat Help Stop Cancel Fallback NavigateHome".split()
ASKED_FOR = {
    "RunAssessmentIntent": "group",
    "PatchIntent": "group",
    "FindingDetailIntent": "ordinal",
    "TrafficIntent": "instance",
    "MarkSuspiciousIntent": "instance",
    "IsolateIntent": "instance",
    "ReleaseIntent": "instance",
    "ApproveIntent": "instance",
    "DeclineIntent": "instance",
    "BlockSourceIntent": "instance",
    "LockPrincipalIntent": "principal",
    "LockFunctionIntent": "function",
    "PinIntent": "pin",
}
GROUPS = {"ALL", "web", "database", "batch", "api", "bastion"}
SAMPLE = {
    "en": re.compile(
        r"(?:[a-z]\.|[a-z][a-z'-]*|\{[a-z]+\}(?:'s)?)"
        r"(?: (?:[a-z]\.|[a-z][a-z'-]*|\{[a-z]+\}(?:'s)?))*"
    ),
    "ja": re.compile(
        r"(?:[ぁ-ゖァ-ヺー々一-龥]+|\{[a-z]+\})(?: (?:[ぁ-ゖァ-ヺー々一-龥]+|\{[a-z]+\}))*"
    ),
}
FORBIDDEN_IN_NAME = {
    "en": set(
        "launch ask tell load begin enable open start alexa amazon echo computer skill app".split()
    )
    | {"aws", "inspector"},
    "ja": set("起動して 開いて 聞いて 教えて 読み込んで 開始して 有効にして".split())
    | set("アレクサ アマゾン エコー コンピューター スキル アプリ".split()),
}

Model = dict[str, Any]
every_model = pytest.mark.parametrize("locale", MODELS)


def intents(model: Model) -> dict[str, Any]:
    return {intent["name"]: intent for intent in model["languageModel"]["intents"]}


def samples(model: Model) -> Iterator[tuple[str, str]]:
    """(intent, sample) for every sample utterance that starts something."""
    for name, intent in intents(model).items():
        yield from ((name, sample) for sample in intent.get("samples", []))


def slot_samples(model: Model) -> Iterator[tuple[str, str, str]]:
    """(intent, slot, sample) for every way to answer a question."""
    for name, intent in intents(model).items():
        for slot in intent.get("slots", []):
            yield from ((name, slot["name"], s) for s in slot.get("samples", []))


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def values(model: Model, kind: str) -> list[dict[str, Any]]:
    return next(t["values"] for t in model["languageModel"]["types"] if t["name"] == kind)
