"""The demo's teller and the terminal talk, on a box that only remembers what was said to it."""

import argparse
import io
from typing import Any

import pytest

from sandbox.alexa import demo, talk, truth
from sandbox.alexa.stories import STORIES, Approve, Check, Say, Step, Story, Tag, Wait
from sandbox.alexa.terminal import Paint

PLAIN = Paint(False)


class FakeBox:
    """Answers "yes" by asking for the PIN and ends after it; all else it answers and listens."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str | None]] = []
        self.waited = 0

    def say(self, text: str, session: str | None = None, **_: Any) -> dict[str, Any]:
        self.heard.append((text, session))
        return {
            "intent": "StatusIntent",
            "heard": "(a PIN)" if text == "1234" else text,
            "reprompt": "",
            "slots": {"group": {"value": "web", "ids": ["web"]}},
            "speech": "Fine.",
            "card": {"title": "Toban", "content": "Fine."},
            "screen": None,
            "session": "talk-1",
            "open": text != "1234",
            "verifying": text == "yes",
        }

    def ready(self) -> dict[str, Any]:
        return {"pin": "1234"}

    def messages(self) -> list[dict[str, Any]]:
        return []

    def idle(self, _: float) -> dict[str, Any] | None:
        self.waited += 1
        return None


def tell(box: FakeBox, *steps: Step) -> tuple[list[str], list[str]]:
    """(what was wrong, what was shown)"""
    shown: list[str] = []
    return demo.tell(Story("A story", steps), box, shown.append, PLAIN), shown


def test_a_story_is_told_in_one_conversation_and_the_pin_is_not_shown() -> None:
    box = FakeBox()
    steps = Say("status", "StatusIntent"), Approve(), Say("status", "StatusIntent"), Wait()
    wrong, shown = tell(box, *steps)
    assert wrong == [] and box.waited == 1
    assert box.heard == [
        ("Alexa, ask duty officer, status", None),
        ("yes", "talk-1"),
        ("1234", "talk-1"),
        ("Alexa, ask duty officer, status", "talk-1"),
    ]
    assert "1234" not in "\n".join(shown)


def test_what_is_wrong_is_shown_and_the_story_goes_on() -> None:
    wrong, shown = tell(FakeBox(), Say("status", "UndoIntent"), Check("named", "batch-3"))
    assert wrong == ["understood as StatusIntent", "batch-3 was not named: fine"]
    assert sum("WRONG" in line for line in shown) == 2


def test_a_step_that_breaks_is_wrong() -> None:
    wrong, _ = tell(FakeBox(), Tag("web-1", "isolate"), Say("status", "StatusIntent"))
    assert len(wrong) == 1


def test_every_check_of_the_stories_exists() -> None:
    used = {s.what for story in STORIES for s in story.steps if isinstance(s, Check)}
    assert used == set(truth.CHECKS)


def test_the_last_line_counts_the_stories(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = Story("Good", (Wait(),)), Story("Bad", (Say("status", "UndoIntent"),))
    monkeypatch.setattr(demo, "STORIES", (good, bad))
    assert demo.main(FakeBox(), argparse.Namespace()) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 2 stories passed"
    monkeypatch.setattr(demo, "STORIES", (good,))
    assert demo.main(FakeBox(), argparse.Namespace()) == 0


def test_talk_reads_a_pipe_to_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open duty officer\n:person viewer\n:idle\nyes\n"))
    box = FakeBox()
    assert talk.main(box, argparse.Namespace(locale="en-US")) == 0
    assert box.heard == [("open duty officer", None), ("yes", "talk-1")] and box.waited == 1
    shown = capsys.readouterr().out
    assert "StatusIntent group=web (web)" in shown and "Alexa: Fine." in shown


@pytest.mark.parametrize(
    ("speech", "number", "expected"),
    [
        ("There are twelve instances.", 12, True),
        ("There are 12 instances.", 12, True),
        ("There are 12 instances.", 2, False),
        ("No critical ones.", 0, True),
    ],
)
def test_numbers_are_recognised_in_speech(speech: str, number: int, expected: bool) -> None:
    scene = truth.Scene(FakeBox(), {"speech": speech})
    assert truth.was_said(scene, number) is expected
