"""What Alexa itself knows of English: built-in intents, invocations, which words carry meaning."""

import re
from functools import lru_cache

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
    "thanks again actually really and also".split()
)
LIGHT = frozenset(
    "a an the of on in at to for from by with off up me my our us i we you your it that this those "
    "these them they is are was be am do does did has have can could would will shall should want "
    "like need there what which who how when any some all been being if".split()
)
NEGATIONS = frozenset("not don't never doesn't isn't won't can't no without nothing un".split())
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
_THANKS = re.compile(r"(?<=\w)\W+(?:for me|please|right away|at once|thanks|thank you)\W*$")
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
