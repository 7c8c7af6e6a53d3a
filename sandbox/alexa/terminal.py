"""How a conversation looks in a terminal; plain text when it is not one."""

import os
import sys
from dataclasses import dataclass
from typing import Any

_CODES = {"you": "36", "alexa": "1", "dim": "2", "good": "32", "bad": "31", "title": "1;34"}


@dataclass(frozen=True)
class Paint:
    """Colours a text by its role, or leaves it as it is."""

    colour: bool

    def __call__(self, role: str, text: str) -> str:
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour else text


def paint() -> Paint:
    """Colour on a terminal that wants it (NO_COLOR is respected)."""
    return Paint(sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def lines(said: dict[str, Any], look: Paint) -> list[str]:
    """What one answer of the device shows: what was understood, the speech, card and screen."""
    speech = said["speech"] or "(says nothing)"
    shown = [look("dim", f"   {_understood(said)}"), look("alexa", f"Alexa: {speech}")]
    if card := said["card"]:
        text = card.get("text") or card.get("content") or ""
        shown += [
            look("dim", f"   | {row}") for row in (card.get("title") or "", *text.split("\n"))
        ]
    if said["screen"]:
        shown.append(look("dim", f"   [screen: {said['screen'].get('token', '')}]"))
    return shown


def _understood(said: dict[str, Any]) -> str:
    slots = [
        f"{name}={slot['value']}" + (f" ({', '.join(slot['ids'])})" if slot["ids"] else "")
        for name, slot in said["slots"].items()
    ]
    return " ".join([said["intent"] or "(nothing sent)", *slots])
