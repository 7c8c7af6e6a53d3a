"""The webhook's stand-in refuses what Slack refuses: Block Kit's rules, sizes, and the rate."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.clock import CLOCK
from sandbox.runtime.blockkit import problem
from sandbox.runtime.faults import Faults
from sandbox.runtime.servers import Request
from sandbox.runtime.webhook import Webhook

Json = dict[str, Any]


class Gate:
    """As much of the gateway as a webhook needs."""

    faults = Faults()


def plain(size: int = 5) -> Json:
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size: int = 5) -> Json:
    return {"type": "mrkdwn", "text": "x" * size}


def section(**members: Any) -> Json:
    return {"type": "section", **members}


def button(**members: Any) -> Json:
    return {"type": "button", "text": plain(), **members}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


IMAGE = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "x"}
CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}
GOOD: list[list[Json]] = [
    [{"type": "header", "text": plain(150)}],
    [section(text=mrkdwn(3000)), section(fields=[mrkdwn(1000)] * 10)],
    [section(text=plain(), accessory=button(style="danger", confirm=CONFIRM))],
    [section(text=plain(), accessory=IMAGE), {"type": "divider"}, IMAGE],
    [{"type": "context", "elements": [mrkdwn(), plain(), IMAGE] * 3 + [plain()]}],
    [actions(*[button(action_id=f"a{n}", value="v" * 2000) for n in range(25)])],
    [{"type": "divider"}] * 50,
    [{"type": "rich_text", "elements": []}],
]
BAD: list[tuple[list[Any], str]] = [
    ([{"type": "header", "text": plain(151)}], "too long"),
    ([{"type": "header", "text": mrkdwn()}], "plain_text"),
    ([{"type": "header"}], "'text' is a required"),
    ([section()], "not valid under any"),
    ([section(text=mrkdwn(0))], "non-empty"),
    ([section(text=mrkdwn(3001))], "too long"),
    ([section(text="words")], "not of type 'object'"),
    ([section(text={"type": "markdown", "text": "x"})], "mrkdwn"),
    ([section(text=mrkdwn() | {"emoji": True})], "emoji"),
    ([section(fields=[mrkdwn()] * 11)], "too long"),
    ([section(fields=[mrkdwn(2001)])], "too long"),
    ([section(text=mrkdwn(), colour="red")], "colour"),
    ([{"type": "context", "elements": [mrkdwn()] * 11}], "too long"),
    ([{"type": "context", "elements": []}], "non-empty"),
    ([actions(*[button()] * 26)], "too long"),
    ([actions(button(text=plain(76)))], "too long"),
    ([actions(button(text=mrkdwn()))], "plain_text"),
    ([actions(button(value="v" * 2001))], "too long"),
    ([actions(button(url="u" * 3001))], "too long"),
    ([actions(button(style="green"))], "green"),
    ([actions(button(action_id="a" * 256))], "too long"),
    ([actions(button(action_id="a"), button(action_id="a"))], "action_id is not unique"),
    ([section(text=plain(), block_id="b")] * 2, "block_id is not unique"),
    ([section(text=plain(), block_id="b" * 256)], "too long"),
    ([section(text=plain(), accessory=button(confirm=CONFIRM | {"text": plain(301)}))], "too long"),
    ([{"type": "image", "image_url": "https://example.com/x.png"}], "alt_text"),
    ([{"type": "divider"}] * 51, "too long"),
    ([{"type": "banner"}], "unknown type banner"),
    ([{"type": "markdown", "text": "x" * 12_001}], "12000"),
    ([{"text": plain()}], "'type' is a required"),
    (["words"], "not of type 'object'"),
]


@pytest.mark.parametrize("blocks", GOOD)
def test_what_block_kit_allows_is_taken(blocks: list[Json]) -> None:
    assert problem({"text": "x", "blocks": blocks}) is None


@pytest.mark.parametrize(("blocks", "why"), BAD)
def test_what_block_kit_forbids_is_refused(blocks: list[Any], why: str) -> None:
    code, said = problem({"text": "x", "blocks": blocks}) or ("", "")
    assert (code, why in said) == ("invalid_blocks", True), said


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ([], "invalid_payload"),
        ({"text": 5}, "invalid_payload"),
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": {}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section(text=plain(3000))] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
    ],
)
def test_a_message_as_a_whole_is_refused(message: Any, code: str) -> None:
    assert (problem(message) or ("",))[0] == code


def test_the_webhook_answers_with_slacks_code_and_keeps_nothing() -> None:
    webhook = Webhook(Gate())  # type: ignore[arg-type]
    answer = webhook.take(Request("POST", "/slack", "", {}, b"{"))
    assert answer and (answer.status, answer.body) == (400, b"invalid_payload")
    answer = webhook.post({"text": "x", "blocks": [{"type": "banner"}]})
    assert answer and (answer.status, answer.body) == (400, b"invalid_blocks")
    assert [row["code"] for row in webhook.refused] == ["invalid_payload", "invalid_blocks"]
    assert webhook.rows == []


def test_what_comes_too_fast_is_refused_until_time_has_passed() -> None:
    CLOCK.reset(real_time=False)
    webhook = Webhook(Gate())  # type: ignore[arg-type]
    webhook.limit(on=True)
    answers = [webhook.post({"text": "x"}) for _ in range(7)]
    assert [one.status for one in answers if one] == [200] * 5 + [429] * 2
    assert answers[-1] and answers[-1].headers["Retry-After"] == "1"
    CLOCK.arm(CLOCK.now() + timedelta(seconds=2))
    assert [one.status for one in map(webhook.post, [{"text": "x"}] * 3) if one] == [200, 200, 429]
    assert (len(webhook.rows), webhook.throttled) == (7, 3)
    CLOCK.reset(real_time=False)
