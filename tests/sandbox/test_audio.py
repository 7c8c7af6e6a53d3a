"""Twenty commands as sound: espeak-ng, pocketsphinx with the grammar, the sandbox, the answer."""

import argparse
import importlib.util
import re
import shutil
import subprocess
import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.alexa import talk
from tests.world import Sandbox

_LACKING = [
    name
    for name, there in {
        "espeak-ng": shutil.which("espeak-ng"),
        "pocketsphinx": importlib.util.find_spec("pocketsphinx"),
        "scipy": importlib.util.find_spec("scipy"),
    }.items()
    if not there
]
pytestmark = pytest.mark.skipif(
    bool(_LACKING), reason=f"NOTHING IS HEARD: no {', '.join(_LACKING)} here; run `make audio`"
)
# What is said, the intent that it must reach, and the value of each slot.
COMMANDS = [
    ("Alexa, open duty officer", "LaunchRequest", {}),
    ("run an assessment on the web servers", "RunAssessmentIntent", {"group": "web"}),
    ("is the assessment done", "AssessmentStatusIntent", {}),
    ("read me the critical findings", "ReadFindingsIntent", {"severity": "CRITICAL"}),
    ("the second one", "FindingDetailIntent", {"ordinal": "2"}),
    ("patch the database servers", "PatchIntent", {"group": "database"}),
    ("anything suspicious", "SuspiciousIntent", {}),
    ("who is attacking batch three", "TrafficIntent", {"instance": "batch-3"}),
    ("mark api one as suspicious", "MarkSuspiciousIntent", {"instance": "api-1"}),
    ("isolate batch three", "IsolateIntent", {"instance": "batch-3"}),
    ("yes", "AMAZON.YesIntent", {}),
    ("(the PIN)", "SessionResumedRequest", {}),
    ("is batch three still isolated", "VerifyIntent", {"instance": "batch-3"}),
    ("block the attacker", "BlockSourceIntent", {}),
    ("lock the user alice", "LockPrincipalIntent", {"principal": "alice"}),
    ("lock the function order export", "LockFunctionIntent", {"function": "order-export"}),
    ("release batch three", "ReleaseIntent", {"instance": "batch-3"}),
    ("what is the status", "StatusIntent", {}),
    ("undo that", "UndoIntent", {}),
    ("stop", "AMAZON.StopIntent", {}),
]


class Remote:
    """The running sandbox as `talk` sees a box, over HTTP."""

    def __init__(self, box: Sandbox) -> None:
        stack = SimpleNamespace(functions=[], physical={})
        self._box, self.account = box, SimpleNamespace(client=box.aws, stack=stack)

    def say(self, text: str, **who: Any) -> Any:
        return self._box.control("POST", "/say", {"text": text, **who})

    def ready(self) -> Any:
        return self._box.ready


def spoken(text: str, to: Path) -> Path:
    command = ["espeak-ng", "-v", "en-us+f2", "-s", "150", "-w", str(to), text]
    subprocess.run(command, check=True)  # noqa: S603
    return to


def turns(shown: str) -> list[tuple[str, dict[str, str]]]:
    """(intent, slots) of each turn: an entity by its id, other values as they were heard."""
    found = []
    for intent, slots in re.findall(r"^   heard .*\n   (\S+)(.*)$", shown, re.MULTILINE):
        pairs = re.findall(r"(\w+)=(.*?)(?: \((\S+)\))?(?= \w+=|$)", slots)
        found.append((intent, {name: id_ or value for name, value, id_ in pairs}))
    return found


def test_twenty_spoken_commands(
    box: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [" ".join(box.ready["pin"]) if text == "(the PIN)" else text for text, *_ in COMMANDS]
    files = [spoken(text, tmp_path / f"{at}.wav") for at, text in enumerate(said)]
    out = tmp_path / "answers"
    args = argparse.Namespace(locale="en-US", audio=True, audio_in=files, audio_out=out)
    assert talk.main(Remote(box), args) == 0
    shown = capsys.readouterr().out
    assert turns(shown) == [(intent, slots) for _, intent, slots in COMMANDS], shown
    assert "Alexa: Isolating batch 3." in shown and "Alexa: 18 critical findings." in shown
    answers = sorted(out.glob("*.wav"))
    # A turn that is slow here says "one moment" first, which is no answer.
    assert len(answers) == shown.count("speaking\nAlexa: ")
    for path in answers:
        with wave.open(str(path)) as file:
            assert file.getnframes() > file.getframerate() // 2
