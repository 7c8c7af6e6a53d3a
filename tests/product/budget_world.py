"""Turns of every kind while AWS fails: how each conversation gets there, and what may be said."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.product.mutation_world import INTENTS, asked, proving, spoken
from tests.world import Conversation, Json, Sandbox

# Alexa's own limit (alexa.md §1); the function ends at 7 s and the voice speaks before.
ALEXA_WAITS = 8
Begin = Callable[[Sandbox], Conversation]
Move = Callable[[Conversation], object]


@dataclass(frozen=True)
class Turn:
    """One kind of turn: a conversation while AWS is well, and what is done when it is not."""

    begin: Begin
    move: Move
    # What else than a sentence about AWS is true then.
    also: str = ""


def fresh(box: Sandbox) -> Conversation:
    return box.talk()


def japanese(box: Sandbox) -> Conversation:
    return box.talk(locale="ja-JP")


def patching(box: Sandbox) -> Conversation:
    """Patching waits for its yes, which starts it without further proof."""
    talk = box.talk()
    assert "patch" in talk.intent("PatchIntent", group="ALL")
    return talk


def pinning(box: Sandbox) -> Conversation:
    """Isolating waits for a spoken PIN."""
    talk = proving(box)
    talk.resume("NOT_ACHIEVED", reason="VERIFICATION_METHOD_NOT_SETUP", level=300)
    assert "PIN" in talk.speech, talk.speech
    return talk


def reading(box: Sandbox) -> Conversation:
    talk = box.talk()
    talk.launch()
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    return talk


def saying(name: str, **slots: str) -> Move:
    return lambda talk: talk.send(talk.envelope(spoken(name, **slots)))


def ending(talk: Conversation) -> None:
    talk.send(talk.envelope({"type": "SessionEndedRequest", "reason": "ERROR"}))


READS = {
    name: Turn(fresh, saying(name, **slots))
    for name, slots in INTENTS.items()
    if name not in ("PinIntent", "CorrectIntent", "FindingDetailIntent")
    and not name.startswith("AMAZON.")
}
DIALOGUE = {
    "launch": Turn(fresh, lambda talk: talk.launch(), "Duty officer here"),
    "launch in Japanese": Turn(japanese, lambda talk: talk.launch(), "セキュリティ当番"),
    "findings in Japanese": Turn(japanese, saying("ReadFindingsIntent", severity="CRITICAL")),
    "isolate in Japanese": Turn(japanese, saying("IsolateIntent", instance="batch three")),
    "detail": Turn(reading, saying("FindingDetailIntent", ordinal="1")),
    "correction": Turn(reading, saying("CorrectIntent", group="web")),
    "next": Turn(reading, saying("AMAZON.NextIntent"), "18 critical findings|read you no list"),
    "yes to start": Turn(patching, saying("AMAZON.YesIntent")),
    "yes to prove": Turn(asked, saying("AMAZON.YesIntent")),
    "no": Turn(asked, saying("AMAZON.NoIntent"), "Okay, I did nothing"),
    "stop": Turn(asked, saying("AMAZON.StopIntent"), "Okay, I did nothing"),
    "help": Turn(asked, saying("AMAZON.HelpIntent"), "I dropped my question"),
    "another wish": Turn(asked, saying("StatusIntent")),
    "resume": Turn(proving, lambda talk: talk.resume()),
    "resume refused": Turn(proving, lambda talk: talk.resume("NOT_ACHIEVED", level=300)),
    "pin": Turn(pinning, lambda talk: talk.intent("PinIntent", pin=talk.box.ready["pin"])),
    "the end": Turn(asked, ending),
}
TURNS = READS | DIALOGUE
FAILED = (
    "A W S (doesn't|is|refused)|I asked for it, but A W S|.*I could not look at"
    "|.*AWSが|.*AWSに|AWSの応答|.*確認できませんでした"
)
CLAIMS = re.compile(r"^(Isolating|Patching|Starting|Marking|Releasing|Locking|Blocking|Undoing)\b")


def held(name: str, speech: str) -> bool:
    """Whether this may be said while no AWS call is answered."""
    said = f"{FAILED}|{TURNS[name].also}" if TURNS[name].also else FAILED
    return name == "the end" or bool(re.match(said, speech))


def fault(kind: str, **where: str) -> Json:
    return {
        "function": "voice",
        "kind": kind,
        **where,
        **({"seconds": 12} if kind == "hang" else {}),
    }
