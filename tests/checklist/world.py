"""What the checklist looks at in answers, and the conversations that it begins with."""

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.alexa.manners import length
from tests.product.mutation_world import asked, proving, spoken, writes
from tests.world import Conversation, Json, Sandbox, http

__all__ = ["PLACES", "asked", "asks", "ends", "quiet_after", "raw", "sent", "words", "writes"]
BREATH = {"en-US": 45, "ja-JP": 130}


def asks(talk: Conversation) -> bool:
    """An open microphone, and a reprompt that says it in other words."""
    again = talk.answer.get("reprompt", {}).get("outputSpeech", {}).get("ssml", "")
    return talk.open and bool(again) and again != talk.answer["outputSpeech"]["ssml"]


def ends(talk: Conversation) -> bool:
    return talk.answer.get("shouldEndSession") is True and "reprompt" not in talk.answer


def words(talk: Conversation) -> int:
    """How long the last answer was, as its language counts."""
    return length(re.sub(r"<[^>]+>", "", talk.speech), talk.locale)


def reading(box: Sandbox) -> Conversation:
    talk = box.talk()
    talk.launch()
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    return talk


def choosing(box: Sandbox) -> Conversation:
    """The skill asks for a slot."""
    talk = box.talk()
    talk.launch()
    talk.intent("PatchIntent")
    return talk


def opened(box: Sandbox) -> Conversation:
    talk = box.talk()
    talk.launch()
    return talk


# Wherever a conversation can be when somebody says something else.
PLACES: dict[str, Callable[[Sandbox], Conversation]] = {
    "out of the blue": lambda box: box.talk(),
    "after the launch": opened,
    "after findings": reading,
    "asked which": choosing,
    "asked for a yes": asked,
    "asked for the PIN": proving,
}


def raw(box: Sandbox, envelope: Json) -> tuple[int, Json]:
    return http("POST", box.ready["alexa"], envelope)


def sent(talk: Conversation, name: str, **slots: Any) -> Json:
    """The answer to an intent whose slots may be anything."""
    request = spoken(name)
    request["intent"]["slots"] = {key: {"name": key, **value} for key, value in slots.items()}
    return talk.send(talk.envelope(request))


def quiet_after(box: Sandbox) -> bool:
    """Whether nothing but our own table was changed, since the calls were forgotten."""
    box.idle()
    return writes(box) == []


def everything(box: Sandbox) -> str:
    """All that a log reader or the channel could see."""
    slack = [one for one in box.messages() if one["channel"] == "slack"]
    return json.dumps([box.control("GET", "/logs"), slack])
