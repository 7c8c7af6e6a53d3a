"""Type to the box as you would speak to an Echo; also reads from a pipe, one sentence a line."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sandbox.alexa.response import InvalidResponse
from sandbox.alexa.shown import answered, lit, ring, spoken, understood
from sandbox.alexa.terminal import Paint, inert, paint

_HELLO = """Say {}. An empty line is silence.
:person responder|viewer|stranger  who speaks    :idle  wait for the workflows    :quit"""

_EXAMPLES = {
    "en": '"open duty officer", or at once: "isolate batch three"',
    "ja": "「セキュリティ当番を開いて」, or at once: 「バッチ三を隔離して」",
}


@dataclass(frozen=True)
class _Talk:
    """Who speaks to the device, in which language and conversation; `reprompt` is still to be
    spoken if nobody answers."""

    box: Any
    locale: str
    person: str = "responder"
    session: str | None = None
    reprompt: str = ""

    def says(self, text: str) -> dict[str, Any]:
        """The device's answer to one sentence."""
        said: dict[str, Any] = self.box.say(
            text, locale=self.locale, session=self.session, person=self.person
        )
        return said

    def after(self, said: dict[str, Any]) -> "_Talk":
        """The talk goes on from that answer."""
        reprompt = said["reprompt"] if said["open"] else ""
        return replace(self, session=said["session"], reprompt=reprompt)

    def help(self) -> str:
        """What may be typed."""
        return _HELLO.format(_EXAMPLES.get(self.locale[:2], _EXAMPLES["en"]))


def main(box: Any, args: Any) -> int:
    """Talk until the input ends."""
    look = paint()
    locale = os.environ.get("LOCALE") or getattr(args, "locale", None) or "en-US"
    talk = _Talk(box, locale)
    print(look("dim", f"{talk.help()}\nThe PIN of the responder is {box.ready()['pin']}."))
    print(ring("idle", look))
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
            print(inert(line.rstrip("\n")))
        yield line.strip()


def _sentence(talk: _Talk, text: str, look: Paint) -> _Talk:
    """Something was said, or nobody said anything: then the reprompt comes first."""
    if not text and talk.reprompt:
        print("\n".join([*spoken(talk.reprompt, look), ring("listening", look)]))
        return replace(talk, reprompt="")
    try:
        with lit("thinking", look):
            said = talk.says(text)
    except (InvalidResponse, RuntimeError, ValueError) as error:
        print("\n".join([look("bad", _failure(error)), ring("error", look)]))
        return replace(talk, reprompt="")
    speaking = [ring("speaking", look)] if said["speech"] else []
    print("\n".join([*understood(said, look), *speaking, *answered(said, look)]))
    print(ring("listening" if said["open"] else "idle", look))
    return talk.after(said)


def _failure(error: Exception) -> str:
    if isinstance(error, InvalidResponse):
        return f"Alexa refuses the skill's answer: {error}"
    return f"The skill failed: {error}" if isinstance(error, RuntimeError) else str(error)


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
