"""Listening: pocketsphinx with a grammar of its own for commands and for the PIN."""

import math
from typing import Any

from sandbox.alexa.audio.missing import Missing
from sandbox.alexa.audio.network import Network
from sandbox.alexa.audio.phones import pronounced

RATE = 16000
_STEP = 3200
# Words and sentences that were said stay below 7; what a grammar is forced to take is above 7.8.
_FAR, _BASE = 7.5, 1.0001
_ANYTHING, _PASSES = "anything", 5
_PHONES = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH"
).split()


class Ear:
    """Turns sound (16 kHz, mono, 16 bits) into one of the sentences that a grammar allows."""

    def __init__(self) -> None:
        try:
            from pocketsphinx import Decoder
        except ImportError as error:
            raise Missing("Listening needs pocketsphinx: make audio") from error
        # Its best path would leave the grammar; the model of American English is in the package. It
        # scores a frame against the best of the sounds that it looks at: against all of them, so
        # that how far off a sentence is does not hang on what else the grammar has.
        self._decoder: Any = Decoder(
            lm=None, bestpath=False, compallsen=True, samprate=RATE, loglevel="FATAL"
        )
        self._warm = False
        self._learn_phones()

    def learn(self, name: str, net: Network) -> None:
        """Take the grammar under that name, instead of what was there."""
        for word in sorted(net.words):
            self._pronounce(word)
        arcs = [(a, b, 1.0, word) if word else (a, b, 1.0) for a, b, word in net.arcs]
        made = self._decoder.create_fsg(name, 0, 1, arcs)
        self._decoder.add_fsg(name, made)

    def hear(self, name: str, sound: bytes) -> str:
        """The sentence of that grammar; empty if it was none, or if it does not sound like it."""
        if not self._warm:  # the mean of the features is learned while listening, and slowly
            self._warm = all(self._follow(_ANYTHING, sound) for _ in range(_PASSES))
        before = self._decoder.get_cmn(False)
        found = self._follow(name, sound)
        after = self._decoder.get_cmn(False)
        self._decoder.set_cmn(before)
        phones = self._follow(_ANYTHING, sound)
        self._decoder.set_cmn(after)
        likely = found and phones and self._distance(found.score, phones.score) <= _FAR
        return str(found.hypstr) if likely else ""

    def _follow(self, name: str, sound: bytes) -> Any:
        self._decoder.activate_search(name)
        self._decoder.start_utt()
        for at in range(0, len(sound), _STEP):
            self._decoder.process_raw(sound[at : at + _STEP])
        self._decoder.end_utt()
        return self._decoder.hyp()

    def _distance(self, sentence: float, phones: float) -> float:
        """How much worse the sentence explains a frame than a free row of phones does."""
        if not sentence or not phones:
            return math.inf
        return math.log(phones / sentence, _BASE) / float(self._decoder.n_frames())

    def _learn_phones(self) -> None:
        words = [f"+{phone.lower()}+" for phone in _PHONES]
        for word, phone in zip(words, _PHONES, strict=True):
            self._decoder.add_word(word, phone, False)
        arcs = [(0, 0, 1.0, word) for word in words]
        self._decoder.add_fsg(
            _ANYTHING, self._decoder.create_fsg(_ANYTHING, 0, 1, [*arcs, (0, 1, 1.0)])
        )

    def _pronounce(self, word: str) -> None:
        if self._decoder.lookup_word(word) is not None:
            return
        for number, phones in enumerate(pronounced(word), 1):
            self._decoder.add_word(word if number == 1 else f"{word}({number})", phones, False)
