"""The languages that the stand-in for Alexa understands."""

from sandbox.alexa.english import ENGLISH
from sandbox.alexa.japanese import JAPANESE
from sandbox.alexa.language import Language

_LANGUAGES = {"en": ENGLISH, "ja": JAPANESE}


def language_of(locale: str) -> Language:
    """The language of a locale. Raises ValueError for one that the box does not understand."""
    if locale[:2] not in _LANGUAGES:
        raise ValueError(f"the box does not understand {locale!r}")
    return _LANGUAGES[locale[:2]]
