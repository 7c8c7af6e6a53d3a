"""Type to the box as you would speak to an Echo; also reads from a pipe, one sentence a line."""

import os
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from sandbox.alexa.audio.missing import Missing
from sandbox.alexa.audio.voice import Voice
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
    open: bool = False
    verifying: bool = False

    def says(self, text: str) -> dict[str, Any]:
        """The device's answer to one sentence."""
        said: dict[str, Any] = self.box.say(
            text, locale=self.locale, session=self.session, person=self.person
        )
        return said

    def after(self, said: dict[str, Any]) -> "_Talk":
        """The talk goes on from that answer."""
        return replace(
            self,
            session=said["session"],
            reprompt=said["reprompt"] if said["open"] else "",
            open=said["open"],
            verifying=said["verifying"],
        )

    def help(self) -> str:
        """What may be typed."""
        return _HELLO.format(_EXAMPLES.get(self.locale[:2], _EXAMPLES["en"]))


def main(box: Any, args: Any) -> int:
    """Talk until the input ends."""
    look = paint()
    locale = os.environ.get("LOCALE") or getattr(args, "locale", None) or "en-US"
    talk = _Talk(box, locale)
    try:
        voice = _voice(box, locale, args, look)
    except (Missing, ValueError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    print(look("dim", f"{talk.help()}\nThe PIN of the responder is {box.ready()['pin']}."))
    print(ring("idle", look))
    while (text := _next(talk, voice, look)) not in (None, ":quit", ":q"):
        if text.startswith(":"):
            talk = _order(talk, text, look)
        else:
            talk = _sentence(talk, text, look, voice)
    return 0


def _voice(box: Any, locale: str, args: Any, look: Paint) -> Voice | None:
    """Ears and a mouth, if they were asked for."""
    if not getattr(args, "audio", False):
        return None
    return Voice(box, locale, args, lambda told: print(look("dim", told)))


def _next(talk: _Talk, voice: Voice | None, look: Paint) -> str | None:
    """What is said or typed next, None at the end; what was not typed here is shown."""
    if voice and voice.hears:
        with lit("listening", look) if talk.open and look.colour else nullcontext():
            heard = voice.listen(talk.open, talk.verifying)
        if heard is not None or voice.hears:
            print(look("you", f"\nyou> {heard or ''}"))
            return heard
    print(look("you", "\nyou> "), end="", flush=True)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        print(inert(line.rstrip("\n")))
    return line.strip() if line else None


def _sentence(talk: _Talk, text: str, look: Paint, voice: Voice | None) -> _Talk:
    """Something was said, or nobody said anything: then the reprompt comes first."""
    if not text and talk.reprompt:
        print("\n".join(spoken(talk.reprompt, look)))
        _speak({"speech": talk.reprompt}, look, voice)
        print(ring("listening", look))
        return replace(talk, reprompt="")
    try:
        with lit("thinking", look):
            said = talk.says(text)
    except (InvalidResponse, RuntimeError, ValueError) as error:
        print("\n".join([look("bad", _failure(error)), ring("error", look)]))
        return replace(talk, reprompt="", open=False, verifying=False)
    speaking = [ring("speaking", look)] if said["speech"] else []
    early = [line for one in said.get("progressive", ()) for line in spoken(one, look)]
    print("\n".join([*understood(said, look), *early, *speaking, *answered(said, look)]))
    _speak(said, look, voice)
    print(ring("listening" if said["open"] else "idle", look))
    return talk.after(said)


def _speak(said: Mapping[str, Any], look: Paint, voice: Voice | None) -> None:
    if voice:
        with lit("speaking", look) if look.colour else nullcontext():
            voice.speak(said)


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
