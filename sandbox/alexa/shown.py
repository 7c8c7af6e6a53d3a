"""What an Echo shows: the light ring, what was heard and understood, speech, card and screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.alexa.terminal import Paint

_RING = {
    "idle": ("○", "dim"),
    "listening": ("◉", "listening"),
    "thinking": ("◌", "thinking"),
    "speaking": ("●", "speaking"),
    "error": ("✖", "bad"),
}
# A real screen has no more room either.
_ROWS = 40


def ring(state: str, look: Paint) -> str:
    """The light ring as one line: idle, listening, thinking, speaking or error."""
    glyph, role = _RING[state]
    return look(role, f"   {glyph} {state}")


@contextmanager
def lit(state: str, look: Paint) -> Iterator[None]:
    """The ring while something is done; on a terminal with colour it is gone afterwards."""
    print(ring(state, look), end="" if look.colour else "\n", flush=True)
    try:
        yield
    finally:
        if look.colour:
            print("\r\x1b[K", end="", flush=True)


def lines(said: dict[str, Any], look: Paint) -> list[str]:
    """One answer of the device: what was heard and understood, the speech, card and screen."""
    return [*understood(said, look), *answered(said, look)]


def understood(said: dict[str, Any], look: Paint) -> list[str]:
    """What was heard; the intent with its slots, each with the values that it may mean."""
    slots = [
        f"{name}={slot['value']}" + (f" ({', '.join(slot['ids'])})" if slot["ids"] else "")
        for name, slot in said["slots"].items()
    ]
    heard = [f"heard {said['heard']}"] if said["heard"] else []
    rows = [*heard, " ".join([said["intent"] or "(nothing sent)", *slots])]
    return [look("dim", line) for row in rows for line in look.wrapped(row, "   ")]


def answered(said: dict[str, Any], look: Paint) -> list[str]:
    """The speech, the card and the screen."""
    shown = spoken(said["speech"] or "(says nothing)", look)
    if card := said["card"]:
        shown.append(look("dim", _card(card, look)))
    if screen := said["screen"]:
        shown.append(look("speaking", _screen(screen, look)))
    return shown


def spoken(speech: str, look: Paint) -> list[str]:
    """What Alexa says, within the width of the terminal."""
    return [look("alexa", row) for row in look.wrapped(speech, "Alexa: ")]


def _card(card: dict[str, Any], look: Paint) -> str:
    text = str(card.get("text") or card.get("content") or card.get("type") or "")
    return look.boxed(str(card.get("title") or ""), _few(text.split("\n")), corner="card")


def _screen(screen: dict[str, Any], look: Paint) -> str:
    title = str(screen.get("title") or screen.get("token") or "")
    rows = _few([str(line) for line in screen.get("lines") or ()])
    kind = str(screen.get("kind") or "")
    corner = f"screen: {kind}" if kind else "screen"
    return look.boxed(title, rows, str(screen.get("footer") or ""), corner)


def _few(rows: list[str]) -> list[str]:
    more = len(rows) - _ROWS
    return [*rows[:_ROWS], f"(and {more} more lines)"] if more > 0 else rows
