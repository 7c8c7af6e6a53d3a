"""Echo Show: which documents a device reads, and a view as the directive that shows it.

The documents are in `screens/`, without a word; what is shown goes beside them as data. A document
is read when it is first shown.
"""

import functools
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skill.words.view import Row, View

APL = "Alexa.Presentation.APL"
RENDER = f"{APL}.RenderDocument"
FOLDER = Path(__file__).parent / "screens"
# The document that shows a kind of view, if it is not the plain page.
DOCUMENTS = {"findings": "findings", "status": "instances", "overview": "instances"}
LONGEST = 400
ROWS, NAME = 16, 200
# Nothing may be shown beside these.
ALONE = ("Dialog.UpdateDynamicEntities", "Connections.StartConnection")


@dataclass(frozen=True)
class Render:
    """RenderDocument as the SDK's serializer takes it; the SDK's own class brings 70 modules."""

    token: str
    document: dict[str, Any]
    datasources: dict[str, Any]
    type: str = RENDER
    object_type: str = RENDER
    attribute_map: dict[str, str] = field(default_factory=dict)

    @property
    def deserialized_types(self) -> dict[str, str]:
        names = ("type", "token", "document", "datasources")
        return dict.fromkeys(names, "object")


def render(view: View, newest: str, room: int) -> Render | None:
    """The directive for a device that reads documents of version `newest` and older, in so many
    bytes; None if it cannot be shown there. What is too long loses its last rows.
    """
    document = load(DOCUMENTS.get(view.kind, "page"))
    if not reads(newest, document["version"]):
        return None
    for count in range(min(len(view.rows), ROWS), 0, -1):
        made = Render(f"toban-{view.kind}", document, {"toban": _data(view, count)})
        if size([made.token, made.document, made.datasources]) <= room:
            return made
    return None


@functools.cache
def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document


def size(content: Any) -> int:
    """Bytes as JSON, at the most: a serializer may escape whatever is not ASCII."""
    return len(json.dumps(content))


def cut(text: str) -> str:
    """As much of a text as the session carries."""
    while size(text) > NAME:
        text = text[: len(text) * 3 // 4]
    return text


def reads(newest: str, version: str) -> bool:
    """Whether a device of version `newest` reads a document; what is no version reads none."""
    able, needed = _parts(newest), _parts(version)
    return bool(able and needed and able >= needed)


def _parts(version: str) -> tuple[int, ...]:
    """2023.3 as numbers."""
    return (
        tuple(map(int, version.split("."))) if re.fullmatch(r"\d{1,6}(\.\d{1,6})*", version) else ()
    )


def _data(view: View, count: int) -> dict[str, Any]:
    texts = {"title": view.title, "subtitle": view.subtitle, "hint": view.hint}
    rows = [*map(_row, view.rows[:count]), *_last(view)]
    return {"kind": view.kind, **{name: inert(text) for name, text in texts.items()}, "rows": rows}


def _row(one: Row) -> dict[str, Any]:
    texts = {"primaryText": inert(one.text), "secondaryText": inert(one.more)}
    return {**texts, "tone": one.tone, "touch": bool(_touchable(one))}


def _last(view: View) -> Iterator[dict[str, Any]]:
    """Alexa's list of texts has no place for a hint but its end."""
    if view.kind == "findings" and view.hint:
        yield _row(Row(view.hint))


def inert(text: str) -> str:
    """Text without meaning: no mark-up, no data binding, and of bearable length."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return html.escape(short.replace("${", "$ {"), quote=False)


def names(view: View) -> list[str]:
    """What a tap on each row asks about, as the session keeps it."""
    shown = [_touchable(one) for one in view.rows[:ROWS]]
    return shown if any(shown) else []


def _touchable(one: Row) -> str:
    """The name that a tap asks about; one too long for the session must be said."""
    return one.name if size(one.name) <= NAME else ""


def supported(device: Any) -> str:
    """The newest version that a device reads, as `touch.known` left it; empty without a screen."""
    interfaces = getattr(device, "supported_interfaces", None)
    newest = getattr(interfaces, "screen", "")
    return newest if isinstance(newest, str) else ""
