"""Ids for the ear: letter by letter, digit by digit, with a pause between (alexa.md §8)."""

import re

_PAUSE = ' <break time="100ms"/> '
_PARTS = re.compile(r"[A-Za-z]+|\d+")
# An id is not longer; a title would be no id.
_ID = re.compile(r"[A-Za-z0-9]+(?:[-:][A-Za-z0-9]+)+")


def spelled(found: str) -> str:
    """SSML of "CVE-2024-6387" or another advisory's id; empty for what is none."""
    if len(found) > 40 or not _ID.fullmatch(found):
        return ""
    return _PAUSE.join(_part(part) for part in _PARTS.findall(found))


def _part(part: str) -> str:
    how = "digits" if part.isdecimal() else "spell-out"
    return f'<say-as interpret-as="{how}">{part}</say-as>'
