"""What Alexa itself knows of English: built-in intents, invocations, which words carry meaning."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sandbox.alexa import words
from sandbox.alexa.language import Language
from sandbox.alexa.words import Token

BUILT_IN = {
    "AMAZON.YesIntent": "yes|yeah|yep|yup|sure|okay|ok|of course|right|correct|affirmative|confirm",
    "AMAZON.NoIntent": "no|nope|nah|no thanks|no way|negative|absolutely not",
    "AMAZON.NextIntent": "next|next one|skip|skip forward|continue|the next one",
    "AMAZON.PreviousIntent": "previous|go back|skip back|back|the previous one",
    "AMAZON.RepeatIntent": "repeat|repeat that|say that again|again|pardon|what",
    "AMAZON.HelpIntent": "help|help me|can you help me|i need help",
    "AMAZON.StopIntent": "stop|off|shut up|be quiet|enough|bye|good bye",
    "AMAZON.CancelIntent": "cancel|cancel that|never mind|forget it|nevermind",
    "AMAZON.NavigateHomeIntent": "go home|home|go to the home screen|take me home",
}
# Ends the session without asking the skill.
EXIT = frozenset({"exit", "quit"})
FILLERS = frozenset(
    "please now just hey um uh er well so then kindly quickly immediately quick maybe okay ok "
    "thanks again actually really and also currently presently already very rather quite fully "
    "completely definitely straight away".split()
)
LIGHT = frozenset(
    "a an the of on in at to for from by with off up me my our us i we you your it that this those "
    "these them they is are was be am do does did has have can could would will shall should want "
    "like need there what which who how when any some all been being if s".split()
)
NEGATIONS = frozenset(
    "not nobody don't never doesn't isn't won't can't no without nothing un".split()
)
_ARTICLES = ("the", "my", "our")
_ALIKE = (
    "server machine instance box host node computer vm",
    "assessment scan",
    "finding vulnerability issue problem weakness",
    "show read list give tell",
    "run start begin launch",
    "done finished complete completed ready over",
    "suspicious strange odd weird fishy dodgy",
    "a an",
    "who what",
    "attacker intruder",
    "attacking hammering hitting",
    "on of for in at to",
    "traffic flow",
)
_CLASS = {word: group for group in _ALIKE for word in group.split()}
_CALL = r"(?:open|launch|start|begin|resume|load|run|use|talk to|play|wake up)"
_ASK = r"(?:ask|tell|have|get|talk to|open|launch|start|use)"
_COURTESY = re.compile(
    r"^\W*(?:please\W+)?(?:(?:can|could|would|will) you\s+(?:please\s+)?|i (?:want|need) you to\s+|"
    r"i'd like (?:you )?to\s+|go ahead and\s+|let's\s+|please\s+)(?=\w+\s+\w)"
)
_THANKS = re.compile(
    r"(?<=\w)\W+(?:for me|please|right away|right now|at once|at the moment|will you|would you|"
    r"if you (?:can|could|would)|thanks|thank you)\W*$"
)
_JOIN = r"(?:to|for|about|if|whether|that|and)"


def invocation(text: str, name: str) -> tuple[bool, str]:
    """(whether the skill was called by its name, what it was asked): "" is a plain opening."""
    bare = re.sub(r"^\W*(?:hey\s+)?alexa\b\W*", "", text)
    called = re.match(rf"(?:please\s+)?(?:{_CALL}\s+)?{re.escape(name)}\W*$", bare)
    asked = re.match(rf"(?:please\s+)?{_ASK}\s+{re.escape(name)}\b\W*(?:{_JOIN}\b\s*)?(.+)$", bare)
    after = re.match(rf"(.+?)\W+(?:with|using|via|from|through)\s+{re.escape(name)}\W*$", bare)
    if called:
        return True, ""
    found = asked or after
    return (True, found[1]) if found else (False, bare)


def without_courtesy(text: str) -> str:
    """The command inside "could you please .. for me"."""
    command = _COURTESY.sub("", text)
    return _THANKS.sub("", command) or text


@lru_cache(maxsize=4096)
def weight(word: str) -> float:
    """How much a word says about what is meant."""
    if word in NEGATIONS:
        return 2.5
    if word in FILLERS:
        return 0.05
    return 0.2 if word in LIGHT else 1.0


@lru_cache(maxsize=65536)
def distance(said: str, expected: str) -> float | None:
    """Cost of taking one word for another: 0 the same, None not alike at all."""
    if said == expected:
        return 0.0
    first, second = stem(said), stem(expected)
    if first == second:
        return 0.08 * weight(expected)
    if first in _CLASS and _CLASS[first] == _CLASS.get(second):
        return 0.12 * weight(expected)
    return 0.35 if _misspelled(said, expected) else None


def root(word: str) -> str:
    """One word for all that are alike."""
    bare = stem(word)
    return _CLASS[bare].split()[0] if bare in _CLASS else bare


def negates(word: str) -> bool:
    """Whether the word turns the meaning round."""
    return word in NEGATIONS


def key(said: Sequence[str]) -> str:
    """One key for all ways to say a name: "web-1", "web 01" and "the web one" are the same."""
    kept = list(said)
    while len(kept) > 1 and kept[0] in _ARTICLES:
        kept.pop(0)
    found = ""
    for word in map(stem, kept):
        # "web 1 1" is not "web 11".
        found += "." + word if found[-1:].isdecimal() and word[:1].isdecimal() else word
    return found


def code(spoken: tuple[Token, ...]) -> str | None:
    """The digits of a code, said one by one, in pairs or at once; None if anything else is said."""
    return words.digits_of(spoken)


def ordinal(spoken: tuple[Token, ...]) -> str | None:
    """The place that one word names; the last one has no number."""
    if len(spoken) != 1:
        return None
    if spoken[0].word == "last":
        return "last"
    place = words.ordinal_of(spoken[0])
    return None if place is None else str(place)


def number(spoken: tuple[Token, ...]) -> str | None:
    """The whole number that one word is."""
    value = words.number_of(spoken[0]) if len(spoken) == 1 else None
    return None if value is None else str(value)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without the plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "xes", "sses", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _misspelled(said: str, expected: str) -> bool:
    """One slip of the finger: a letter too many, missing, wrong, or two letters swapped."""
    if min(len(said), len(expected)) < 6 or abs(len(said) - len(expected)) > 1:
        return False
    if said.isdecimal() or expected.isdecimal():
        return False
    head = next((i for i, (a, b) in enumerate(zip(said, expected, strict=False)) if a != b), None)
    if head is None:
        return True
    a, b = said[head:], expected[head:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


ENGLISH = Language(
    built_in=BUILT_IN,
    exit=EXIT,
    ask_pin="What's your PIN?",
    ask_pin_again="That's not right. What's your PIN?",
    pin_is="my pin is",
    clean=words.clean,
    tokens=words.tokens,
    invocation=invocation,
    without_courtesy=without_courtesy,
    weight=weight,
    negates=negates,
    root=root,
    distance=distance,
    key=key,
    code=code,
    ordinal=ordinal,
    number=number,
)
