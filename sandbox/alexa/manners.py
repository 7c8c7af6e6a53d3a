"""What Alexa takes and certification does not: a microphone left open, two questions, a speech that
nobody can follow. The box keeps a list of such answers.
"""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.alexa import ssml

Json = dict[str, Any]
# An upper bound on one breath and a half, in words or, in Japanese, in characters.
WORDS, CHARACTERS, ITEMS = 75, 230, 5
_QUESTION = {"ja": re.compile(r"[?？]|か(?=。|$)"), "en": re.compile(r"[?？]")}
_NUMBERED = re.compile(r"(?<![\w.])\d+(?::|番、)")


def breaches(request: Json, answer: Any) -> list[Json]:
    """A row for an answer that Alexa has taken, if there is something wrong with it."""
    locale = str(request.get("locale"))
    wrong = _wrong(answer, locale) if answer else []
    if not wrong:
        return []
    intent = request.get("intent")
    name = intent.get("name") if isinstance(intent, dict) else request.get("type")
    speech = answer["response"].get("outputSpeech", {})
    return [{"request": name, "locale": locale, "why": wrong, **speech}]


def _wrong(answer: Mapping[str, Any], locale: str) -> list[str]:
    response = answer["response"]
    said, again = (_words(response, name) for name in ("", "reprompt"))
    if not said:
        return []
    wrong = [*_session(answer, again), *_speech(said, locale)]
    asked = len(_QUESTION.get(locale[:2], _QUESTION["en"]).findall(said))
    ends = response.get("shouldEndSession")
    if ends is not None and asked != (not ends):
        wrong.append(f"{asked} questions while the session {'ends' if ends else 'goes on'}")
    return wrong + (["the reprompt repeats the question"] if again == said else [])


def _session(answer: Mapping[str, Any], again: str) -> list[str]:
    """A question waits and has a reprompt; after anything else the microphone is off."""
    ends = answer["response"].get("shouldEndSession")
    if ends is None:
        return ["a reprompt while Alexa takes over"] if again else []
    wrong = [] if bool(again) is not ends else [f"ends {ends}, reprompt {again!r}"]
    return wrong + (["attributes of a session that ends"] if ends and _kept(answer) else [])


def _kept(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("sessionAttributes"))


def _speech(said: str, locale: str) -> list[str]:
    count, most = length(said, locale), CHARACTERS if locale[:2] == "ja" else WORDS
    wrong = [f"{count} words or characters, more than {most}"] if count > most else []
    items = len(_NUMBERED.findall(said))
    return wrong + ([f"{items} items, more than {ITEMS}"] if items > ITEMS else [])


def length(said: str, locale: str) -> int:
    """How long a speech is: in words, or in characters where there are no spaces."""
    return len(said) if locale[:2] == "ja" else len(said.split())


def _words(response: Mapping[str, Any], name: str) -> str:
    where = response.get(name) or {} if name else response
    speech = where.get("outputSpeech") or {}
    return ssml.plain(speech["ssml"]) if "ssml" in speech else str(speech.get("text", ""))
