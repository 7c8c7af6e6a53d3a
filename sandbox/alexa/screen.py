"""A screen in the box: whether Alexa would take a document, and what somebody reads on it."""

from typing import Any

from sandbox.alexa.drawing import draw

RENDER = "Alexa.Presentation.APL.RenderDocument"
EXECUTE = "Alexa.Presentation.APL.ExecuteCommands"
USER_EVENT = "Alexa.Presentation.APL.UserEvent"
RUNTIME_ERROR = "Alexa.Presentation.APL.RuntimeError"
MAX_VERSION = "2024.2"
Directive = dict[str, Any]


def wrong(directives: list[Directive], newest: str | None, beside: list[str]) -> list[str]:
    """What is wrong with the directives for a screen. `newest` is the newest version of a document
    that the device reads, None without a screen; `beside` are the other directives' types.
    """
    mine = [one for one in directives if one.get("type") in (RENDER, EXECUTE)]
    if mine and newest is None:
        return [f"{one['type']} to a device without a screen" for one in mine]
    shown = [one for one in mine if one["type"] == RENDER]
    said = [f"{RENDER} beside {kind}" for kind in beside if shown]
    said += [f"{len(shown)} documents at once"] if len(shown) > 1 else []
    for one in mine:
        said += _document(one, newest or "") if one["type"] == RENDER else _commands(one)
    return said


def newest(envelope: Any) -> str | None:
    """The newest APL that the device of a raw envelope reads; None if it has no screen."""
    found = envelope
    for name in ("context", "System", "device", "supportedInterfaces", "Alexa.Presentation.APL"):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return None
    runtime = found.get("runtime")
    told = runtime.get("maxVersion") if isinstance(runtime, dict) else None
    return told if isinstance(told, str) else MAX_VERSION


def picture(directive: Directive) -> dict[str, Any]:
    """What is shown: the words of the document with its data, and both as they came."""
    sources = directive.get("datasources") or {}
    page = draw(directive["document"], sources)
    kinds = [one["kind"] for one in sources.values() if isinstance(one, dict) and "kind" in one]
    return {
        "token": directive["token"],
        "title": page.title,
        "kind": str(kinds[0]) if kinds else directive["token"],
        "lines": page.lines,
        "footer": page.footer,
        "touches": page.touches,
        "document": directive["document"],
        "datasources": sources,
    }


def _document(directive: Directive, newest: str) -> list[str]:
    said = _token(directive)
    document = directive.get("document")
    for name in ("datasources", "sources"):
        if not isinstance(directive.get(name, {}), dict):
            said.append(f"{RENDER}: {name} is not an object")
    if not isinstance(document, dict) or document.get("type") != "APL":
        return [*said, f"{RENDER}: not a document of type APL"]
    made = document.get("version")
    if _parts(made) is None:
        said.append(f"{RENDER}: version {made!r}")
    elif (_parts(made) or ()) > (_parts(newest) or ()):
        said.append(f"{RENDER}: version {made}, and the device reads {newest} at most")
    return said + _template(document)


def _template(document: dict[str, Any]) -> list[str]:
    main = document.get("mainTemplate")
    if not isinstance(main, dict) or not (main.get("items") or main.get("item")):
        return [f"{RENDER}: the mainTemplate has no item"]
    rows = document.get("import", [])
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and {"name", "version"} <= set(row) for row in rows
    ):
        return [f"{RENDER}: an import without name and version"]
    return []


def _token(directive: Directive) -> list[str]:
    token = directive.get("token")
    told = isinstance(token, str) and bool(token)
    return [] if told else [f"{directive['type']}: the token is {token!r}, not a text"]


def _commands(directive: Directive) -> list[str]:
    commands = directive.get("commands")
    listed = isinstance(commands, list) and bool(commands)
    return _token(directive) + ([] if listed else [f"{EXECUTE} without commands"])


def _parts(version: Any) -> tuple[int, ...] | None:
    """2023.3 as numbers; None for what is no version."""
    parts = version.split(".") if isinstance(version, str) else []
    return tuple(map(int, parts)) if parts and all(part.isdigit() for part in parts) else None
