"""What was said: from a microphone or from WAV files, by the grammar of what may be said now."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sandbox.alexa.audio import live, microphone, network, sentences, sound
from sandbox.alexa.audio.ear import Ear
from sandbox.alexa.model import Model

# How long an Echo waits for an answer.
_PATIENCE = 8.0
_CLOSED, _OPEN, _PIN = "closed", "open", "pin"


class Listener:
    """Hears one sentence after the other. `files` stand for the microphone, in their order."""

    def __init__(self, box: Any, model: Model, files: Sequence[Path] = ()) -> None:
        self._box, self._model, self._ear = box, model, Ear()
        self._recorded = _recorded(files) if files else None
        self._names: dict[str, set[str]] = {}
        self._known: set[str] = set()

    def listen(self, open_: bool = True, verifying: bool = False) -> str | None:
        """The next sentence: empty for silence in an open session, None when no file is left."""
        grammar = _PIN if verifying else _OPEN if open_ else _CLOSED
        self._learn(grammar)
        while (said := self._sound(open_)) is not None:
            heard = self._ear.hear(grammar, said) if said else ""
            if heard or not said:
                return heard
        return None

    def _learn(self, grammar: str) -> None:
        """The grammar with the names of this moment, if it is not known so."""
        names = live.names(self._box)
        if names != self._names:
            self._names, self._known = names, set()
        if grammar not in self._known:
            self._ear.learn(grammar, self._network(grammar))
            self._known.add(grammar)

    def _network(self, grammar: str) -> network.Network:
        """In a room with a microphone, an Echo hears what is said to it by name only."""
        filled = sentences.fillings(self._model, self._names)
        if grammar == _PIN:
            return network.network(sentences.pins(), filled)
        said = sentences.commands(self._model)
        said |= sentences.answers(self._model) if grammar == _OPEN else set()
        woken = grammar == _OPEN or self._recorded is not None
        name = sentences.spoken(self._model.invocation_name)
        return network.called(network.network(said, filled), name, woken)

    def _sound(self, open_: bool) -> bytes | None:
        if self._recorded:
            return next(self._recorded, None)
        with microphone.frames() as pieces:
            return next(sound.utterances(pieces, _PATIENCE if open_ else 0.0), None)


def _recorded(files: Sequence[Path]) -> Iterator[bytes]:
    """Each sentence in each file; a file without one is silence."""
    for path in files:
        found = False
        for said in sound.utterances(sound.frames(sound.read(path))):
            found = True
            yield said
        if not found:
            yield b""
