"""The last digest: its numbers in one breath, all of it on the screen, and news of it at launch."""

import pytest

from tests.product.test_stories import BOTH, ENGLISH, JAPANESE
from tests.world import Sandbox

ASKED = {ENGLISH: "what's the digest", JAPANESE: "今日のまとめは"}
NONE = {ENGLISH: "There is no digest yet.", JAPANESE: "まとめはまだありません。"}
FRESH = {ENGLISH: "A new digest: ", JAPANESE: "新しいまとめです。"}
NEWS = {ENGLISH: "There is a new digest, and ", JAPANESE: "新しいまとめがあります。"}


def digested(box: Sandbox) -> None:
    box.control("POST", "/schedule", {"rule": "DigestSchedule"})
    box.idle()


@pytest.mark.parametrize("locale", BOTH)
def test_it_is_read_in_one_breath_with_one_question_at_most(box: Sandbox, locale: str) -> None:
    ask = {"text": ASKED[locale], "locale": locale}
    assert NONE[locale] in box.control("POST", "/say", ask)["speech"]
    digested(box)
    box.forget_calls()
    told = box.control("POST", "/say", ask)
    assert FRESH[locale] in told["speech"]
    assert told["speech"].count("?") + told["speech"].count("？") <= 1
    assert len(told["speech"]) < 330
    assert "digest" in str(told["card"]).lower() or "まとめ" in str(told["card"])
    assert [row["operation"] for row in box.calls(function="voice")] == ["Query"]


def test_its_numbers_are_those_that_slack_was_told(box: Sandbox) -> None:
    box.tag("batch-3", "isolate")
    box.idle()
    digested(box)
    posts = [str(one["body"]) for one in box.messages() if one["channel"] == "slack"]
    (posted,) = [one for one in posts if "day's digest" in one]
    speech = box.talk().intent("DigestIntent")
    overdue = int(speech.split(" findings are overdue")[0].split()[-1])
    assert overdue > 0
    total = int(speech.split(" things need you")[0].split()[-1])
    assert total >= overdue and "Overdue: " in posted


@pytest.mark.parametrize("locale", BOTH)
def test_the_launch_tells_of_a_new_one_once(box: Sandbox, locale: str) -> None:
    assert NEWS[locale] not in box.talk(locale=locale).launch()
    digested(box)
    assert NEWS[locale] in box.talk(locale=locale).launch()
    assert NEWS[locale] not in box.talk(locale=locale).launch(), "it was told"


def test_nobody_else_hears_it(box: Sandbox) -> None:
    stranger = box.talk(person=None, user="amzn1.ask.account.STRANGER")
    assert "I don't take orders" in stranger.intent("DigestIntent")
