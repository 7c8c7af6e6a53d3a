"""Type to the box as you would speak to an Echo; also reads from a pipe, one sentence a line."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sandbox.alexa.response import InvalidResponse
from sandbox.alexa.terminal import Paint, lines, paint

_HELLO = """Say {}. An empty line is silence.
:person responder|viewer|stranger  who speaks    :idle  wait for the workflows    :quit"""

_EXAMPLES = {
    "en": '"open duty officer", or at once: "isolate batch three"',
    "ja": "「セキュリティ当番を開いて」, or at once: 「バッチ三を隔離して」",
}


@dataclass(frozen=True)
class _Talk:
    """Who speaks to the device, in which language and conversation."""

    box: Any
    locale: str
    person: str = "responder"
    session: str | None = None

    def says(self, text: str) -> dict[str, Any]:
        """The device's answer to one sentence."""
        said: dict[str, Any] = self.box.say(
            text, locale=self.locale, session=self.session, person=self.person
        )
        return said

    def help(self) -> str:
        """What may be typed."""
        return _HELLO.format(_EXAMPLES.get(self.locale[:2], _EXAMPLES["en"]))


def main(box: Any, args: Any) -> int:
    """Talk until the input ends."""
    look = paint()
    locale = os.environ.get("LOCALE") or getattr(args, "locale", None) or "en-US"
    talk = _Talk(box, locale)
    print(look("dim", f"{talk.help()}\nThe PIN of the responder is {box.ready()['pin']}."))
    for text in _input(look):
        if text in (":quit", ":q"):
            break
        talk = _order(talk, text, look) if text.startswith(":") else _sentence(talk, text, look)
    return 0


def _input(look: Paint) -> Iterator[str]:
    """Lines until the end; a piped line is shown as if it had been typed."""
    while True:
        print(look("you", "\nyou> "), end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            print()
            return
        if not sys.stdin.isatty():
            print(line.rstrip("\n"))
        yield line.strip()


def _sentence(talk: _Talk, text: str, look: Paint) -> _Talk:
    try:
        said = talk.says(text)
    except InvalidResponse as refused:
        print(look("bad", f"Alexa refuses the skill's answer: {refused}"))
        return talk
    except RuntimeError as failed:
        print(look("bad", f"The skill failed: {failed}"))
        return talk
    except ValueError as error:
        print(look("bad", str(error)))
        return talk
    print("\n".join(lines(said, look)))
    print(look("dim", f"   {'( listening )' if said['open'] else '( off )'}"))
    return replace(talk, session=said["session"])


def _order(talk: _Talk, text: str, look: Paint) -> _Talk:
    order, _, value = text[1:].partition(" ")
    if order == "person" and value in ("responder", "viewer", "stranger"):
        return replace(talk, person=value)
    if order == "idle":
        still_open = talk.box.idle(120)
        print(look("dim", f"   still open: {still_open}" if still_open else "   all quiet"))
    else:
        print(look("dim", f"   {talk.help()}"))
    return talk
