"""Text on a terminal: colour, width and boxes; plain and unwrapped where it is not one."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from wcwidth import clip, ljust, width, wrap

_CODES = {
    "you": "36",
    "alexa": "1",
    "dim": "2",
    "good": "32",
    "bad": "1;31",
    "title": "1;34",
    "listening": "1;36",
    "thinking": "34",
    "speaking": "36",
}
_NARROWEST, _WIDEST, _UNKNOWN = 24, 100, 80
# Joiners hold emoji and scripts together; they move nothing else.
_HARMLESS = {"\n", "\u200c", "\u200d"}
# No Japanese line begins with one of these.
_HANGING = "、。，．・」』）】！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"


@dataclass(frozen=True)
class Paint:
    """Colours a text by its role. `columns` is None where nothing shall be wrapped: a pipe."""

    colour: bool
    columns: int | None = None

    def __call__(self, role: str, text: str) -> str:
        return f"\x1b[{_CODES[role]}m{inert(text)}\x1b[0m" if self.colour else inert(text)

    def wrapped(self, text: str, first: str) -> list[str]:
        """The lines of a text that begins after `first` and stays to the right of it."""
        if self.columns is None:
            return [f"{first}{inert(text)}"]
        room = max(_NARROWEST, min(self.columns, _WIDEST)) - width(first)
        rows = _folded(inert(text), room)
        return [(" " * width(first) if at else first) + row for at, row in enumerate(rows)]

    def boxed(self, title: str, rows: Sequence[str], footer: str = "", corner: str = "") -> str:
        """A frame around rows of text, with a title, a word in its corner, and a line below."""
        room = max(_NARROWEST, min(self.columns or _UNKNOWN, _WIDEST)) - 4
        below = ["├" + "─" * (room + 2) + "┤", *_framed([footer], room)] if footer else []
        top, bottom = _top(title, corner, room), "╰" + "─" * (room + 2) + "╯"
        return "\n".join([top, *_framed(rows, room), *below, bottom])


def paint() -> Paint:
    """Colour on a terminal that wants it: NO_COLOR and TERM=dumb are respected."""
    if not sys.stdout.isatty():
        return Paint(False)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Paint(not plain, shutil.get_terminal_size().columns)


def inert(text: str) -> str:
    """The text without what could steer a terminal or turn the reading direction round."""
    return "".join(map(_harmless, text))


def _harmless(char: str) -> str:
    kind = unicodedata.category(char)
    if char in _HARMLESS or kind[0] != "C" and kind not in ("Zl", "Zp"):
        return char
    if char < " ":
        return " " if char in "\t\r" else chr(0x2400 + ord(char))
    return "" if kind == "Cf" else "\ufffd"


def _top(title: str, corner: str, room: int) -> str:
    """The upper edge: what does not fit of the title is cut."""
    right = f" {clip(_one_line(corner), 0, room // 2)} ─" if corner else ""
    left = clip(_one_line(title), 0, max(1, room - 1 - width(right)))
    edge = f"─ {left} " if left else ""
    return "╭" + edge + "─" * (room + 2 - width(edge) - width(right)) + right + "╮"


def _framed(rows: Sequence[str], room: int) -> list[str]:
    """The rows in lines of one width; a long one goes on indented."""
    folded = [
        line
        for text in rows
        for row in inert(text).split("\n")
        for line in _folded(row, room, "  ")
    ]
    return [f"│ {ljust(line, room)} │" for line in folded]


def _folded(text: str, room: int, indent: str = "") -> list[str]:
    """The text in lines; two columns are kept free for what may not begin the next one."""
    rows = wrap(text, room - 2, subsequent_indent=indent) or [""]
    for at in range(1, len(rows)):
        rest = rows[at].removeprefix(indent)
        while rest[:1] in set(_HANGING) and width(rows[at - 1] + rest[0]) <= room:
            rows[at - 1], rest = rows[at - 1] + rest[0], rest[1:]
        rows[at] = indent + rest
    return [row for at, row in enumerate(rows) if not at or row.strip()]


def _one_line(text: str) -> str:
    return " ".join(inert(text).split())
