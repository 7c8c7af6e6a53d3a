"""What the stand-in for Alexa knows of a language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.alexa.words import Token

Spoken = tuple[Token, ...]


@dataclass(frozen=True)
class Language:
    """One language. A word that weighs 0.5 or more tells what is meant.

    `built_in`: what is said to the built-in intents, `this|that`; `exit` leaves the skill without
    asking it. `ask_pin`, `ask_pin_again`: Alexa's own questions; `pin_is`: a pattern of what may
    stand around the digits.
    """

    built_in: Mapping[str, str]
    exit: frozenset[str]
    ask_pin: str
    ask_pin_again: str
    pin_is: str
    # The text as Alexa would hear it, and its words.
    clean: Callable[[str], str]
    tokens: Callable[[str], Spoken]
    # Whether the skill was called by that name, and what it was asked.
    invocation: Callable[[str, str], tuple[bool, str]]
    # The command inside of its politeness.
    without_courtesy: Callable[[str], str]
    # How much a word says about what is meant, and whether it turns the meaning round.
    weight: Callable[[str], float]
    negates: Callable[[str], bool]
    # One word for all that are alike.
    root: Callable[[str], str]
    # Cost of taking the first word for the second: 0 the same, None not alike at all.
    distance: Callable[[str, str], float | None]
    # One key for all ways to say a name.
    key: Callable[[Sequence[str]], str]
    # What Alexa sends for a code of digits, a place in a row, a number; None if it is none.
    code: Callable[[Spoken], str | None]
    ordinal: Callable[[Spoken], str | None]
    number: Callable[[Spoken], str | None]
