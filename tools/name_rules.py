"""Amazon's rules for the name by which a skill is called."""

import re
from collections.abc import Iterator
from typing import Any

# What Alexa itself listens for, what skills are started with, and marks of Amazon's.
_ENGLISH = set("launch ask tell load begin enable open start alexa amazon echo computer".split())
_ENGLISH |= {"skill", "app", "aws", "inspector"}
_TRIVIAL = set("a an the to for from by about in of on with at".split())
_JAPANESE = "起動して 開いて 聞いて 教えて 読み込んで 開始して 有効にして".split()
_JAPANESE += "アレクサ アマゾン エコー コンピューター スキル アプリ".split()
_SCRIPTS = re.compile(r"[ぁ-ゖ]+|[ァ-ヺー]+|[々一-龥]+|[a-z]+")


def invocation(model: dict[str, Any], locale: str) -> Iterator[str]:
    """What is wrong with the model's invocation name; one row for each rule."""
    name = model["languageModel"]["invocationName"]
    found = _japanese(name) if locale.startswith("ja") else _english(name)
    yield from (f"invocationName: {name!r} {wrong}" for wrong in found)


def _english(name: str) -> Iterator[str]:
    words = name.split()
    if not re.fullmatch(r"[a-z][a-z'.]*(?: [a-z][a-z'.]*)*", name):
        yield "must be lower-case words, numbers spelled"
    if len(words) < 2 or set(words) <= _TRIVIAL:
        yield "needs two words"
    if taken := sorted(_ENGLISH & set(words)):
        yield f"holds {', '.join(taken)}"


def _japanese(name: str) -> Iterator[str]:
    if not re.fullmatch(r"[ぁ-ゖァ-ヺー々一-龥a-z ]+", name):
        yield "must be kana, kanji, lower-case letters and spaces"
    # Words are not spaced in Japanese: a change of script parts them too.
    if len(_SCRIPTS.findall(name)) < 2:
        yield "needs two words"
    if taken := [word for word in _JAPANESE if word in name]:
        yield f"holds {', '.join(taken)}"
