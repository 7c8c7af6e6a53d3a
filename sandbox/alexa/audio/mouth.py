"""Speaking: SSML through espeak-ng, to the loudspeaker or into WAV files."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which
from xml.sax.saxutils import escape

from sandbox.alexa import ssml
from sandbox.alexa.audio.missing import Missing

_WORDS_A_MINUTE = "150"
_VOICES = {"en-US": "en-us", "en": "en-gb", "ja": "ja"}
_NO_SOUND = "espeak-ng could not speak ({}); with --audio-out DIR it writes WAV files instead"


class Mouth:
    """A voice in one language; with `folder` it says nothing aloud but writes files there."""

    def __init__(self, locale: str, folder: Path | None = None) -> None:
        if not which("espeak-ng"):
            raise Missing("Speaking needs espeak-ng: apt-get install espeak-ng, or make audio")
        self._voice = _VOICES.get(locale) or _VOICES[locale[:2]]
        self._folder, self._spoken = folder, 0
        self._kana = _readings() if locale.startswith("ja") else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def speak(self, said: Mapping[str, str]) -> None:
        """What a device's answer says; Missing if the machine cannot make a sound."""
        if said["speech"]:
            self._spoken += 1
            to = self._folder / f"{self._spoken:03}.wav" if self._folder else None
            self.utter(self._document(said), to)

    def utter(self, document: str, to: Path | None = None) -> None:
        """One SSML document, aloud or into a WAV file."""
        command = ["espeak-ng", "-m", "-v", self._voice, "-s", _WORDS_A_MINUTE, "--stdin"]
        # A list of arguments; what is said comes through a pipe. Double brackets are phonemes.
        done = subprocess.run(  # noqa: S603
            [*command, *(["-w", str(to)] if to else [])],
            input=document.replace("[[", "[ ["),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or "error:" in done.stderr.lower():
            raise Missing(_NO_SOUND.format((done.stderr.strip().splitlines() or ["?"])[-1]))

    def _document(self, said: Mapping[str, str]) -> str:
        """The skill's own SSML, unless Alexa added something to it or the voice cannot read it."""
        own = said.get("ssml") or ""
        if own and not self._kana and ssml.plain(own) == said["speech"]:
            return own
        text = self._kana(said["speech"]) if self._kana else said["speech"]
        return f"<speak>{escape(text)}</speak>"


def _readings() -> Callable[[str], str]:
    """Japanese as kana: espeak-ng knows no kanji."""
    try:
        from janome.tokenizer import Tokenizer
    except ImportError as error:
        raise Missing("Speaking Japanese needs Janome: make audio") from error
    cut = Tokenizer()

    def kana(text: str) -> str:
        return "".join(t.surface if t.reading == "*" else t.reading for t in cut.tokenize(text))

    return kana
