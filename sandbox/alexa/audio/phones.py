"""How a word sounds that the recognizer's dictionary lacks: espeak-ng's IPA as ARPAbet phones."""

import re
import subprocess
from functools import lru_cache
from shutil import which

# Longest first; what espeak-ng's American English writes, and CMU's phones for it.
_ARPABET = {
    "aɪɚ": "AY ER",
    "aɪə": "AY AH",
    "əl": "AH L",
    "eɪ": "EY",
    "aɪ": "AY",
    "aʊ": "AW",
    "ɔɪ": "OY",
    "oʊ": "OW",
    "iə": "IY AH",
    "tʃ": "CH",
    "dʒ": "JH",
    **dict(
        zip(
            "iɪᵻɛeæaɑɒɔoʊuʌəɐ",
            "IY IH IH EH EH AE AA AA AA AO OW UH UW AH AH AH".split(),
            strict=True,
        )
    ),
    **dict(zip("ɚɜɝjwɹrlmnŋ", "ER ER ER Y W R R L M N NG".split(), strict=True)),
    **dict(
        zip(
            "pbtdkgɡfvszhɾʔxθðʃʒ", "P B T D K G G F V S Z HH D T K TH DH SH ZH".split(), strict=True
        )
    ),
}
_SOUND = re.compile("|".join(sorted(map(re.escape, _ARPABET), key=len, reverse=True)))
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "EY|B IY|S IY|D IY|IY|EH F|JH IY|EY CH|AY|JH EY|K EY|EH L|EH M|EH N|OW|P IY|K Y UW|AA R|"
        "EH S|T IY|Y UW|V IY|D AH B AH L Y UW|EH K S|W AY|Z IY".split("|"),
        strict=True,
    )
)


@lru_cache(4096)
def pronounced(word: str) -> tuple[str, ...]:
    """The ways to say an unknown word: spelled if nobody could read it, else as espeak-ng reads it.

    Without espeak-ng every unknown word is spelled.
    """
    spelled = " ".join(_LETTERS[letter] for letter in word if letter in _LETTERS)
    read = _read(word) if set(word) & set("aeiouy") else ""
    short = len(word) <= 4 or not read
    return tuple(dict.fromkeys(way for way in (read, spelled if short else "") if way))


def arpabet(ipa: str) -> str:
    """The phones of a word in IPA; what has no counterpart (stress, length) is left out."""
    return " ".join(_ARPABET[sound] for sound in _SOUND.findall(ipa))


def _read(word: str) -> str:
    if not which("espeak-ng"):
        return ""
    command = ["espeak-ng", "-q", "--ipa", "-v", "en-us", "--stdin"]
    # A list of arguments, and the word comes through a pipe.
    said = subprocess.run(command, input=word, capture_output=True, text=True, check=True)  # noqa: S603
    return arpabet(said.stdout)
