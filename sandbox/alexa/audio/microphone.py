"""Sound from a microphone, through whatever program or library can record here."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which
from typing import Any

from sandbox.alexa.audio.ear import RATE
from sandbox.alexa.audio.missing import Missing
from sandbox.alexa.audio.sound import FRAME_BYTES

_RECORDERS = (
    ["arecord", "-q", "-f", "S16_LE", "-r", str(RATE), "-c", "1", "-t", "raw"],
    ["rec", "-q", "-b", "16", "-e", "signed", "-r", str(RATE), "-c", "1", "-t", "raw", "-"],
)
_NONE = (
    "No microphone: {}. Install a recorder (apt-get install alsa-utils, or sox), or PortAudio "
    "(apt-get install libportaudio2), or give sound files: --audio-in FILE.wav"
)


@contextmanager
def frames() -> Iterator[Iterator[bytes]]:
    """Pieces of 30 ms as they are recorded, until left. Missing where nothing can record."""
    recorder = next((command for command in _RECORDERS if which(command[0])), None)
    with _recorded(recorder) if recorder else _library() as pieces:
        yield pieces


@contextmanager
def _recorded(command: list[str]) -> Iterator[Iterator[bytes]]:
    pipe = subprocess.PIPE
    # A fixed list of arguments.
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe)  # noqa: S603
    try:
        yield _read(process)
    finally:
        process.terminate()
        process.communicate()


def _read(process: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    assert process.stdout and process.stderr  # noqa: S101 (both are pipes)
    while len(piece := process.stdout.read(FRAME_BYTES)) == FRAME_BYTES:
        yield piece
    told = process.stderr.read().decode(errors="replace").strip()
    raise Missing(_NONE.format((told.splitlines() or ["the recorder ended"])[-1]))


@contextmanager
def _library() -> Iterator[Iterator[bytes]]:
    sounddevice = _sounddevice()
    try:
        stream = sounddevice.RawInputStream(RATE, channels=1, dtype="int16")
    except sounddevice.PortAudioError as error:
        raise Missing(_NONE.format(error)) from error
    with stream:
        yield (bytes(stream.read(FRAME_BYTES // 2)[0]) for _ in iter(int, 1))


def _sounddevice() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # OSError: there is no PortAudio
        raise Missing(_NONE.format(error)) from error
    return sounddevice
