"""The grammar that the recognizer follows, and what `talk --audio` says where something lacks."""

import argparse
import shutil
import wave
from pathlib import Path
from typing import Any

import pytest

from sandbox.alexa import talk
from sandbox.alexa.audio import microphone, network, sentences, sound
from sandbox.alexa.audio.missing import Missing
from sandbox.alexa.audio.phones import arpabet, pronounced
from sandbox.alexa.languages import language_of
from sandbox.alexa.model import Model, models_from
from tests.world import ROOT

MODEL = Model(models_from(ROOT / "interaction_model")("en-US"), language_of("en-US"))
HOSTILE = ["'; rm -rf / #", "<speak>&\x1b[31m", "\u202eteb", "バッチ", "🔥", "", "x" * 300, "[[_]]"]
LIVE = {"INSTANCE": ["web-prod-03", "ip-10-0-3-7", "till-21", *HOSTILE], "PRINCIPAL": ["ci_bot"]}
NAME = ["duty", "officer"]


def grammar(said: set[sentences.Sentence], woken: bool = True) -> network.Network:
    net = network.network(said, sentences.fillings(MODEL, LIVE))
    return network.called(net, NAME, woken)


@pytest.fixture(scope="module")
def whole() -> network.Network:
    return grammar(sentences.commands(MODEL) | sentences.answers(MODEL))


def test_every_kind_of_sample_may_be_said(whole: network.Network) -> None:
    filled = sentences.fillings(MODEL, LIVE)
    known = sorted(sentences.commands(MODEL) | sentences.answers(MODEL))
    for said in known[::25]:
        words = [
            word for part in said for word in (min(filled[part]) if part[0] == "<" else [part])
        ]
        assert network.accepts(whole, words), words


@pytest.mark.parametrize(
    "said",
    [
        "isolate web prod three",
        "isolate web prod zero three",
        "isolate ip ten zero three seven",
        "is till twenty one still isolated",
        "is till two one still isolated",
        "alexa open duty officer",
        "alexa ask duty officer to lock the user ci bot",
        "yes",
        "two oh four one",
        "the twentieth one",
        "a p i one",
    ],
)
def test_live_names_numbers_and_the_skills_name_may_be_said(
    whole: network.Network, said: str
) -> None:
    assert network.accepts(whole, said.split())


@pytest.mark.parametrize("said", ["isolate", "isolate the kitchen", "two oh four", "", "alexa"])
def test_nothing_else_is_known(whole: network.Network, said: str) -> None:
    assert not network.accepts(whole, said.split())


def test_a_room_is_not_obeyed_without_the_name_of_the_device() -> None:
    asleep = grammar(sentences.commands(MODEL), woken=False)
    for said in "isolate batch three", "open duty officer", "yes", "alexa yes":
        assert not network.accepts(asleep, said.split())
    assert network.accepts(asleep, "alexa isolate batch three".split())
    assert network.accepts(asleep, "alexa ask duty officer to isolate batch three".split())


def test_a_pin_is_four_digits_or_a_way_out() -> None:
    net = network.network(sentences.pins(), sentences.fillings(MODEL, LIVE))
    for said in "one two three four", "my pin is nine oh zero one", "cancel", "no":
        assert network.accepts(net, said.split())
    assert not network.accepts(net, ["one", "two", "three"])


def test_the_network_is_one_that_pocketsphinx_follows(whole: network.Network) -> None:
    """It passes at most one arc without a word at a time, and hears letters only."""
    silent = {(start, end) for start, end, word in whole.arcs if word is None}
    assert not {end for _, end in silent} & {start for start, _ in silent}
    assert all(word.replace("'", "").isascii() and word.isprintable() for word in whole.words)
    assert len(whole.arcs) < 30_000


def test_words_sound_as_espeak_reads_them() -> None:
    assert arpabet("dᵻplˈɔɪɚ") == "D IH P L OY ER"
    assert arpabet("ʌŋkwˈɔːɹəntˌiːn") == "AH NG K W AO R AH N T IY N"


def test_what_nobody_could_read_is_spelled(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pronounced("db") == ("D IY B IY",)
    monkeypatch.setenv("PATH", "")
    assert pronounced("zvq") == ("Z IY V IY K Y UW",)


@pytest.mark.parametrize(
    ("made", "why"),
    [(b"", "not a WAV"), (b"RIFF....WAVE", ""), ((1, 8000), "8 bits"), ((2, 4000), "4000 Hz")],
)
def test_a_file_that_cannot_be_heard_says_why(tmp_path: Path, made: Any, why: str) -> None:
    path = tmp_path / "said.wav"
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        with wave.open(str(path), "wb") as file:
            file.setparams((1, made[0], made[1], 0, "NONE", ""))
            file.writeframes(bytes(99))
    with pytest.raises(ValueError, match=rf"said\.wav: .*{why}"):
        sound.read(path)
    with pytest.raises(ValueError, match="No such file"):
        sound.read(tmp_path / "nothing.wav")


def test_a_machine_without_a_voice_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    args = argparse.Namespace(locale="ja-JP", audio=True, audio_in=[], audio_out=None)
    assert talk.main(None, args) == 1
    assert "apt-get install espeak-ng" in capsys.readouterr().err


def test_a_machine_without_a_recorder_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="--audio-in FILE.wav"), microphone.frames() as pieces:
        next(pieces)


def test_a_recorder_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recorder = tmp_path / "arecord"
    recorder.write_text(f"#!{shutil.which('sh')}\necho 'no soundcards found' >&2\nexit 1\n")
    recorder.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="no soundcards found"), microphone.frames() as pieces:
        next(pieces)


def test_a_recorder_is_heard_in_frames_and_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorder = tmp_path / "rec"
    recorder.write_text(f"#!{shutil.which('sh')}\nexec {shutil.which('cat')} /dev/zero\n")
    recorder.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    with microphone.frames() as pieces:
        assert [next(pieces) for _ in range(3)] == [bytes(sound.FRAME_BYTES)] * 3
