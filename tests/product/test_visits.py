"""The launch: what ended since that person was here last comes first, in both languages."""

import pytest

from tests.product.test_stories import BOTH, ENGLISH, JAPANESE
from tests.world import Sandbox

ENDED = {
    ENGLISH: ("Since your last visit, one job has ended. Batch 3 is marked", "All quiet"),
    JAPANESE: (
        "前回のあと、作業が1件終わりました。バッチ3を不審としてマークしました",
        "異常ありません",
    ),
}


@pytest.mark.parametrize("locale", BOTH)
def test_the_launch_tells_first_what_ended_since_the_last_visit(box: Sandbox, locale: str) -> None:
    ended, quiet = ENDED[locale]
    assert quiet in box.talk(locale=locale).launch()
    box.tag("batch-3", "suspicious")
    box.idle()
    speech = box.talk(locale=locale).launch()
    assert ended in speech
    assert ended not in box.talk(locale=locale).launch(), "it was told"


def test_everybody_has_visits_of_their_own(box: Sandbox) -> None:
    viewer = {"person": None, "user": box.ready["viewer"]["userId"]}
    box.talk(**viewer).launch()
    box.tag("batch-3", "suspicious")
    box.idle()
    box.talk().launch()
    assert ENDED[ENGLISH][0] in box.talk(**viewer).launch()


def test_a_visit_that_cannot_be_read_keeps_nobody_waiting(box: Sandbox) -> None:
    fault = {"function": "voice", "service": "dynamodb", "kind": "deny"}
    box.faults({**fault, "operation": "GetItem"})
    assert "All quiet" in box.talk().launch()
    box.faults()


def test_names_are_taught_as_the_language_says_them(box: Sandbox) -> None:
    for locale, said in ((ENGLISH, "batch 3"), (JAPANESE, "バッチ3")):
        talk = box.talk(locale=locale)
        talk.launch()
        (taught,) = talk.answer["directives"]
        values = [one for kind in taught["types"] for one in kind["values"]]
        taught_as = {one["id"]: one["name"]["value"] for one in values}
        assert taught_as["batch-3"] == said
