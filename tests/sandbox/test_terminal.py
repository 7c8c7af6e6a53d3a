"""How `talk` looks: on a terminal, in a pipe, in Japanese, with names that are hostile."""

import argparse
import io
import re
from typing import Any

import pytest
from wcwidth import width

from sandbox.alexa import talk
from sandbox.alexa.response import InvalidResponse
from sandbox.alexa.shown import answered, lines
from sandbox.alexa.terminal import Paint

ESCAPE = re.compile(r"\x1b\[[0-9;]*[mK]")
HOSTILE = "web\x1b]0;owned\x07\x1b[2J\x9b31m\u202e3-\u2066h\u2028ctab\x00 & <b>\r\n"
SCREEN = {
    "token": "findings-1",
    "title": "18 critical findings",
    "kind": "findings",
    "lines": ["1 log4j-core on api-1 and 1 more", "2 spring-beans on api-2"],
    "footer": "Try: the second one",
    "document": {"type": "APL"},
    "datasources": {},
}


def answer(**other: Any) -> dict[str, Any]:
    return {
        "intent": "StatusIntent",
        "slots": {"group": {"value": "web", "ids": ["web"]}},
        "heard": "status",
        "speech": "Nothing is running.",
        "reprompt": "Anything else?",
        "card": None,
        "screen": None,
        "session": "talk-1",
        "open": True,
        "verifying": False,
        **other,
    }


class Box:
    """Gives its answers one after the other, and keeps what was said."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers, self.heard = list(answers), list[tuple[str, str]]()

    def say(self, text: str, *, locale: str, **_: Any) -> dict[str, Any]:
        self.heard.append((text, locale))
        given = self.answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    def ready(self) -> dict[str, Any]:
        return {"pin": "1234"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Talks with a box: what is typed in, what is shown out."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")

    def talked(box: Box, text: str, to: io.StringIO | None = None, **environment: str) -> str:
        shown = Terminal() if to is None else to
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        monkeypatch.setattr("sys.stdout", shown)
        assert talk.main(box, argparse.Namespace(locale="en-US")) == 0
        return shown.getvalue()

    return talked


def test_a_terminal_gets_colour_and_a_ring_for_each_state(typed: Any) -> None:
    shown = typed(Box(answer(), RuntimeError("it broke"), answer(open=False)), "status\na\nb\n")
    states = ["idle", "thinking", "speaking", "listening", "thinking", "error", "thinking"]
    found = re.findall(r"[○◉◌●✖] (\w+)", shown)
    assert found == [*states, "speaking", "idle"]
    assert "\x1b[1;36m   ◉ listening\x1b[0m" in shown and "\x1b[1;31m   ✖ error" in shown
    assert "The skill failed: it broke" in shown


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(typed: Any, environment: Any) -> None:
    assert "\x1b" not in typed(Box(answer()), "status\n", **environment)


def test_a_pipe_gets_plain_text_that_is_not_wrapped(typed: Any) -> None:
    speech = "word " * 60
    shown = typed(Box(answer(speech=speech)), "status\n", io.StringIO(), FORCE_COLOR="1")
    assert "\x1b" not in shown and f"Alexa: {speech}\n" in shown
    assert "   heard status\n   StatusIntent group=web (web)\n   ● speaking\n" in shown


def test_silence_is_answered_by_the_reprompt_and_then_ends_the_session(typed: Any) -> None:
    box = Box(answer(), answer(intent="SessionEndedRequest", heard="", speech="", open=False))
    shown = typed(box, "status\n\n\n", io.StringIO())
    assert [text for text, _ in box.heard] == ["status", ""]
    first = shown.index("Alexa: Anything else?\n   ◉ listening")
    assert first < shown.index("SessionEndedRequest") and shown.count("Anything else?") == 1


def test_the_language_is_the_one_of_the_environment(typed: Any) -> None:
    box = Box(answer(speech="重大な検出は十八件です。続けますか？"))
    assert "Alexa: 重大な検出" in typed(box, "状況は\n", io.StringIO(), LOCALE="ja-JP")
    assert box.heard == [("状況は", "ja-JP")]


@pytest.mark.parametrize("columns", [30, 61, 200])
def test_everything_stays_within_the_width(columns: int) -> None:
    speech = "隔離すると、バッチ3の通信が切れます。同じロールの8台があります。" * 4
    kind = "findings" * 9
    rows = [f"{n}: ログフォージェイ コア、スコア10、エーピーアイ1、ほか1台" for n in range(3)]
    titled = SCREEN | {"title": "重大な検出" * 9, "kind": kind}
    screen = titled | {"lines": rows, "footer": "「二番目」と言えます"}
    shown = "\n".join(answered(answer(speech=speech, screen=screen), Paint(True, columns)))
    plain = ESCAPE.sub("", shown).split("\n")
    assert max(width(line) for line in plain) <= min(columns, 100)
    assert not [line for line in plain if line.strip(" │")[:1] in "、。" and line.strip(" │")]
    frame = [width(line) for line in plain if line[:1] in "╭│├╰"]
    assert len(frame) >= 7 and len(set(frame)) == 1


def test_a_screen_is_a_box_with_its_lines_and_footer() -> None:
    shown = "\n".join(answered(answer(screen=SCREEN), Paint(False, 60))).split("\n")
    assert shown[1].startswith("╭─ 18 critical findings ──") and "─ screen: findings ─╮" in shown[1]
    assert [row.strip("│ ") for row in shown[2:4]] == SCREEN["lines"]
    assert shown[4][0] == "├" and shown[5].strip("│ ") == SCREEN["footer"]


def test_a_card_is_shown_and_no_screen_is_nothing() -> None:
    card = {"type": "Simple", "title": "Toban", "content": "i-0123\ni-4567"}
    shown = "\n".join(answered(answer(card=card), Paint(False)))
    assert "Toban" in shown and "│ i-4567" in shown
    assert answered(answer(), Paint(False)) == ["Alexa: Nothing is running."]


def test_hostile_text_cannot_steer_the_terminal(typed: Any) -> None:
    hostile = answer(
        heard=HOSTILE,
        speech=HOSTILE,
        slots={"instance": {"value": HOSTILE, "ids": [HOSTILE]}},
        card={"type": "Standard", "title": HOSTILE, "text": HOSTILE},
        screen={"token": HOSTILE, "title": HOSTILE, "kind": HOSTILE, "lines": [HOSTILE] * 99},
    )
    for look in Paint(True, 60), Paint(False):
        shown = ESCAPE.sub("", "\n".join(lines(hostile, look)))
        assert not set(shown) & set("\x1b\x07\x9b\u202e\u2066\u2028\x00\r"), shown
        assert "& <b>" in shown and "more lines" in shown
    refused = typed(Box(InvalidResponse([HOSTILE]), ValueError(HOSTILE)), f"a\n{HOSTILE}")
    assert "owned" in refused and "\x07" not in refused and "\x9b" not in refused
