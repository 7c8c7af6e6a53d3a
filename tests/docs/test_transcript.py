"""The README's conversation, had again with the sandbox: same words, other numbers."""

import re
from collections.abc import Iterator

from tests.docs.markdown import fences
from tests.world import Sandbox


def turns(transcript: str) -> Iterator[tuple[str, str]]:
    """(who, words) of each turn; a line in brackets is something that happens meanwhile."""
    whole = re.sub(r"\n {7}", " ", transcript)
    for line in filter(None, whole.splitlines()):
        who, _, words = line.partition(":") if line[0] != "(" else ("", "", line)
        yield who, words.strip()


def masked(speech: str) -> str:
    """Without numbers: flow logs depend on the time of day."""
    return re.sub(r"\d[\d,.]*\d|\d", "0", speech)


def test_the_conversation_of_the_readme(box: Sandbox) -> None:
    answer = {"session": None, "open": False}
    for who, words in turns(fences("README.md", "text")[0]):
        if who == "You":
            said = box.ready["pin"] if words == "(the PIN)" else words
            assert answer["open"] or words.startswith("Alexa,"), words
            body = {"text": said, "session": answer["session"]}
            answer = box.control("POST", "/say", body)
        elif who == "Alexa":
            assert masked(str(answer["speech"])) == masked(words)
        else:
            for name, value in re.findall(r"tags (\S+) Toban=(\w+)", words):
                box.tag(name, value)
            box.idle()
