"""Everything that can go wrong, as facts that a door can say.

TobanError
├── BadRequest      the parameters make no sense
├── NoMatch         nothing live has that name
├── Ambiguous       several live things have that name
├── Refused         policy says no; `reason` says why
├── Expired         the confirmation is no longer valid; `reason` says why
├── Denied          AWS refused the call
├── Gone            the thing no longer exists
├── Conflict        AWS says that the state forbids it
└── Transient       worth another try
    ├── Throttled   AWS is limiting us
    ├── Unavailable AWS did not answer in time
    └── Unsure      a start was sent and not confirmed: run `run` may be under way
"""

from collections.abc import Callable
from typing import Any

_BY_KEY: dict[str, type["TobanError"]] = {}


class TobanError(Exception):
    """Base of all. `key` names the sentence, `facts` fill it; neither holds a secret."""

    key = "error"

    def __init_subclass__(cls) -> None:
        cls.key = cls.__name__.lower()
        _BY_KEY[cls.key] = cls

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{name}={value}" for name, value in facts.items()))
        self.facts = facts

    def document(self) -> dict[str, Any]:
        return {"key": self.key, "facts": self.facts}

    @classmethod
    def of(cls, doc: dict[str, Any]) -> "TobanError":
        return _BY_KEY.get(doc["key"], TobanError)(**doc["facts"])


class BadRequest(TobanError):
    """The parameters make no sense."""


class NoMatch(TobanError):
    """Nothing live is called `heard`; `nearest` are the closest names."""


class Ambiguous(TobanError):
    """Several live things are called `heard`: `matches`."""


class Refused(TobanError):
    """Policy refuses, for `reason`."""


class Expired(TobanError):
    """The question is no longer open, for `reason`."""


class Denied(TobanError):
    """AWS refused `operation` for lack of permission."""


class Gone(TobanError):
    """What `operation` asked for does not exist."""


class Conflict(TobanError):
    """AWS refused `operation` with `code` because of the state or the input."""


class Transient(TobanError):
    """Worth another try."""


class Throttled(Transient):
    """AWS is limiting our calls."""


class Unavailable(Transient):
    """AWS did not answer `operation` in time."""


class Unsure(Transient):
    """A start was sent and AWS has not confirmed it."""


def bug(error: Exception) -> dict[str, Any]:
    """A fault of ours as a document: its text may hold anything, so only its type is kept."""
    return {"key": TobanError.key, "facts": {"type": type(error).__name__}}


def caught(work: Callable[[], Any]) -> Any:
    """A result, or the error as a value: the one that matters is raised by who asked."""
    try:
        return work()
    except TobanError as error:
        return error


__all__ = [name for name in dir() if name[0].isupper() and name not in ("Any", "Callable")]
