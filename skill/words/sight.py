"""A book for screens and cards: plain text, names as they are, nothing that would give us away."""

import functools
import re

from skill.words.book import Book, best

# Whoever stands in front of a screen need not know accounts, addresses or ARNs.
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
_SECRET = re.compile(
    r"arn:aws[\w-]*:[^\s,;]*"
    r"|(?<![\w-])\d{12}(?![\w-])"
    r"|(?<![\w:])(?:[0-9a-f]{1,4}:){1,7}(?::[0-9a-f]{1,4}){1,7}(?![\w:])"
    r"|(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)(?![\w:])",
    re.IGNORECASE,
)
# A version may look like an address.
_VERSION = re.compile(r"\d[\w.+:~-]*")
HIDDEN = "…"


class Sight(Book):
    """Sentences for the eye. What is shown is made inert where it is put: by the screen."""

    def __init__(self, locale: str) -> None:
        super().__init__(locale, ear=False)
        self._escape = str
        self.discreet = True

    def name(self, name: str) -> str:
        return super().safe(_ADDRESS.sub(HIDDEN, _SECRET.sub(HIDDEN, name)))

    def safe(self, text: str) -> str:
        return super().safe(text) if _VERSION.fullmatch(text) else self.name(text)


@functools.cache
def sight(locale: str) -> Sight:
    return Sight(best(locale))
