"""What sounds nearly like what was heard: "batch tree" for "batch three", ザン for さん."""

import unicodedata
from collections.abc import Iterator

# Words that are offered as numbers; those that are taken for one at once are in `numerals`.
_NUMBERS = {"tree": "three", "free": "three", "fore": "four", "fife": "five", "sicks": "six"}
_VOICED = ("\u3099", "\u309a")


def alike(text: str) -> Iterator[str]:
    """The same with words that sound like numbers as numbers, or with one voiced kana unvoiced."""
    words = text.casefold().split()
    if any(word in _NUMBERS for word in words):
        yield " ".join(_NUMBERS.get(word, word) for word in words)
    for at, character in enumerate(text):
        bare = unicodedata.normalize("NFD", character)
        if bare[1:] in _VOICED:
            yield f"{text[:at]}{bare[0]}{text[at + 1 :]}"
