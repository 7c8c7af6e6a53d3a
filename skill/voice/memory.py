"""What a session remembers, as it comes back: all of it, or nothing if it cannot be ours."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

# Session attributes count in the size of a response (alexa.md §1).
LARGEST, DEEPEST = 20_000, 8
_FOREIGN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# The elements that our sentences have.
_SPOKEN = ("speak", "break", "sub", "say-as", "s", "p")
Shape = Callable[[Any], bool]


def known(value: Any) -> dict[str, Any] | None:
    """The attributes if they can be ours. Nothing that could act is taken from others."""
    if not isinstance(value, dict) or not _plain(value, DEEPEST):
        return None
    fits = all(_KEPT[name](one) for name, one in value.items() if name in _KEPT)
    return value if fits and len(json.dumps(value)) <= LARGEST else None


def _plain(value: Any, deep: int) -> bool:
    """Not deeper than that, and of characters that can be spoken."""
    if isinstance(value, dict):
        return deep > 0 and all(_plain(one, deep - 1) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return deep > 0 and all(_plain(one, deep - 1) for one in value)
    return not (isinstance(value, str) and _FOREIGN.search(value))


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**7


def _time(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**11


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _some(value: Any) -> bool:
    return _text(value) or _texts(value)


def _each(shape: Shape) -> Shape:
    return lambda value: isinstance(value, dict) and all(map(shape, value.values()))


def _part(**shapes: Shape) -> Shape:
    return lambda value: (
        isinstance(value, dict)
        and all(name in value and shape(value[name]) for name, shape in shapes.items())
    )


def _or_none(shape: Shape) -> Shape:
    return lambda value: value is None or shape(value)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _speech(value: Any) -> bool:
    """Whether it can be said again as it is."""
    return isinstance(value, str) and _spoken(value)


def _spoken(text: str) -> bool:
    names = list[str]()
    reader = expat.ParserCreate()
    reader.StartElementHandler = lambda name, _: names.append(name)
    try:
        reader.Parse(f"<speak>{text}</speak>", True)
    except expat.ExpatError:
        return False
    return all(name in _SPOKEN for name in names) and names.count("speak") == 1


_KEPT: Mapping[str, Shape] = {
    "token": _text,
    "stage": _text,
    "in": _or_none(_text),
    "offer": _text,
    "listening": _text,
    "focus": _text,
    "cve": _text,
    "misses": _count,
    "items": _texts,
    "them": _texts,
    "shown": _texts,
    "listed": _texts,
    "taught": _time,
    "spoken": _flag,
    "hint": _part(action=_text, params=_each(_some), proof=_flag),
    "asked": _part(intent=_text, slots=_each(_text)),
    "choices": _or_none(_part(slot=_text, names=_texts)),
    "locked": _each(_text),
    "query": _part(instance=_text, query=_text),
    "found": _part(**dict.fromkeys(("count", "critical", "high", "from"), _count), items=_rows),
    "last": _part(text=_speech, reprompt=_speech),
}
