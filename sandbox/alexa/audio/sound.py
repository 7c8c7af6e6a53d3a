"""Sound as the ear needs it: 16 kHz, mono, 16 bits; and the sentences in it."""

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sandbox.alexa.audio.ear import RATE
from sandbox.alexa.audio.missing import Missing

_FRAME = 0.03
FRAME_BYTES = int(RATE * _FRAME) * 2
_BEFORE, _ONSET, _PAUSE, _LONGEST = 12, 4, 27, 500
# What a quiet room sounds like, 61 dB below the loudest: features of pure zeros mean nothing.
_HUSH = 30


def read(path: Path) -> bytes:
    """A WAV file of any rate, 16 bits, any number of channels. ValueError says what is wrong."""
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ValueError(f"{path}: {str(error) or 'not a WAV file'}") from error
    if width != 2 or not 8000 <= rate <= 192000:
        raise ValueError(
            f"{path}: {8 * width} bits at {rate} Hz; needed are 16 bits, 8 kHz or more"
        )
    return resampled(raw[: len(raw) // (2 * channels) * 2 * channels], channels, rate)


def resampled(raw: bytes, channels: int, rate: int) -> bytes:
    """The sound at 16 kHz and mono, with a hush under it."""
    try:
        import numpy as np
        from scipy.signal import resample_poly
    except ImportError as error:
        raise Missing("Listening needs scipy: make audio") from error
    mono = np.frombuffer(raw, dtype="<i2").reshape(-1, channels).mean(axis=1)
    heard = resample_poly(mono, RATE, rate) if rate != RATE and len(mono) else mono
    hush = np.random.default_rng(0).normal(0, _HUSH, len(heard))
    return bytes((heard + hush).clip(-32768, 32767).astype("<i2").tobytes())


def frames(sound: bytes) -> Iterator[bytes]:
    """The sound in pieces of 30 ms."""
    for at in range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES):
        yield sound[at : at + FRAME_BYTES]


def utterances(pieces: Iterable[bytes], patience: float = 0.0) -> Iterator[bytes]:
    """The sentences in a stream of frames, parted by 0.8 s of silence; an empty one when nobody
    has said anything for `patience` seconds (0: never).
    """
    said: list[bytes] = []
    speech: list[bool] = []
    started, vad = False, _vad()
    for piece in pieces:
        said.append(piece)
        speech.append(vad.is_speech(piece))
        started = started or sum(speech[-2 * _ONSET :]) >= _ONSET
        if started and (not any(speech[-_PAUSE:]) or len(said) >= _LONGEST):
            yield b"".join(said)
            said, speech, started = [], [], False
        elif not started and patience and len(speech) * _FRAME >= patience:
            yield b""
            said, speech = [], []
        if not started:
            said = said[-_BEFORE - 2 * _ONSET :]
    if started:
        yield b"".join(said)


def _vad() -> Any:
    try:
        from pocketsphinx import Vad
    except ImportError as error:
        raise Missing("Listening needs pocketsphinx: make audio") from error
    return Vad(Vad.STRICT, RATE, _FRAME)
