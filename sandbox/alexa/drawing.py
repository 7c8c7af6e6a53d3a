"""The words of an APL document: its bindings filled in, its components read from top to bottom.

Only what puts words on a screen is known: layouts of headers, lists and hints, Text, and whatever
holds them. Colours, sizes and conditions on the viewport mean nothing here.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

Scope = dict[str, Any]
_BINDING = re.compile(r"\$\{([^}]*)\}")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_MARKUP = re.compile(r"</?[a-z]+[^<>]*>", re.IGNORECASE)
_TITLES, _HINTS = ("headerTitle",), ("hintText", "footerHint")
_TEXTS = ("primaryText", "secondaryText", "tertiaryText")


@dataclass
class Page:
    """`touches` holds, for each line, the arguments of the event that a tap on it sends."""

    title: str = ""
    lines: list[str] = field(default_factory=list)
    footer: str = ""
    touches: list[list[Any] | None] = field(default_factory=list)

    def write(self, text: str, touch: list[Any] | None = None) -> None:
        if text:
            self.lines.append(text)
            self.touches.append(touch)


def draw(document: dict[str, Any], sources: Scope) -> Page:
    """The document as it is read with these data sources."""
    main = document["mainTemplate"]
    names = main.get("parameters") or []
    scope = {name: sources if name == "payload" else sources.get(name, {}) for name in names}
    page = Page()
    _all(page, main, scope, None)
    return page


def _all(page: Page, holder: Any, scope: Scope, touch: list[Any] | None) -> None:
    """Everything that a component holds, once for each of its data if it has some."""
    for name in ("items", "item", "firstItem", "lastItem"):
        held = holder.get(name)
        rows = held if isinstance(held, list) else [held]
        for inner in _scopes(holder, scope) if name in ("items", "item") else [scope]:
            for one in rows:
                if isinstance(one, dict):
                    _component(page, one, inner, touch)


def _scopes(holder: dict[str, Any], scope: Scope) -> list[Scope]:
    data = value(holder.get("data"), scope)
    if not isinstance(data, list):
        return [scope]
    return [{**scope, "data": one, "index": at, "ordinal": at + 1} for at, one in enumerate(data)]


def _component(page: Page, one: dict[str, Any], scope: Scope, touch: list[Any] | None) -> None:
    for name in _TITLES:
        page.title = page.title or _text(one.get(name), scope)
    page.write(_text(one.get("headerSubtitle"), scope), touch)
    page.write(_text(one.get("text"), scope), touch)
    if value(one.get("disabled"), scope) not in (True, "true"):
        touch = _event(one.get("onPress"), scope) or touch
    for at, row in enumerate(_rows(one, scope)):
        _listed(page, one, {**scope, "data": row, "index": at, "ordinal": at + 1})
    _all(page, one, scope, touch)
    for name in _HINTS:
        page.footer = page.footer or _text(one.get(name), scope)


def _rows(one: dict[str, Any], scope: Scope) -> list[Scope]:
    rows = value(one.get("listItems"), scope)
    return rows if isinstance(rows, list) else []


def _listed(page: Page, layout: dict[str, Any], scope: Scope) -> None:
    """One item of a list: its number unless that is hidden, then its texts."""
    row = scope["data"] if isinstance(scope["data"], dict) else {}
    texts = [found for found in (_text(row.get(name), scope) for name in _TEXTS) if found]
    hidden = value(layout.get("hideOrdinal"), scope) in (True, "true")
    action = row.get("primaryAction") or layout.get("primaryAction")
    number = "" if hidden else f"{scope['ordinal']}. "
    page.write(number + " · ".join(texts), _event(action, scope))


def _event(action: Any, scope: Scope) -> list[Any] | None:
    """The arguments of the first SendEvent among some commands."""
    for one in action if isinstance(action, list) else [action]:
        if isinstance(one, dict) and one.get("type") == "SendEvent":
            return [value(each, scope) for each in one.get("arguments") or []]
    return None


def _text(raw: Any, scope: Scope) -> str:
    found = value(raw, scope)
    said = found if isinstance(found, str) else "" if found is None else str(found)
    return " ".join(html.unescape(_MARKUP.sub(" ", said)).split())


def value(raw: Any, scope: Scope) -> Any:
    """A property with its bindings filled in; a binding alone keeps its type."""
    if not isinstance(raw, str):
        return raw
    if whole := _BINDING.fullmatch(raw):
        return _expression(whole[1], scope)
    return _BINDING.sub(lambda found: _shown(_expression(found[1], scope)), raw)


def _shown(found: Any) -> str:
    return "" if found is None else str(found)


def _expression(text: str, scope: Scope) -> Any:
    """Paths, numbers and sums of them, and a path's opposite; anything else is not read."""
    if text.startswith("!"):
        return not _path(text[1:], scope)
    parts = [part.strip() for part in text.split("+")]
    found = [int(one) if one.isdigit() else _path(one, scope) for one in parts]
    if len(found) == 1:
        return found[0]
    numbers = [one for one in found if isinstance(one, int)]
    return sum(numbers) if len(numbers) == len(found) else "".join(map(_shown, found))


def _path(text: str, scope: Scope) -> Any:
    if not _PATH.fullmatch(text):
        return None
    found: Any = scope
    for name in text.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
