"""Screens: shown where a device has one that is new enough, readable, inert, and gone in time."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from skill.voice.screen import FOLDER
from tests.voice.screens import RENDER, Show, critical
from tests.world import Json, Sandbox

JAPANESE = "ja-JP"


def test_the_findings_are_listed_from_the_one_that_is_being_read(quiet: Sandbox) -> None:
    """28: the numbers on the screen are those that are spoken, page by page."""
    talk = critical(Show(quiet))
    assert talk.screen and talk.screen["token"] == "toban-findings"
    first = [row["primaryText"] for row in talk.shown["rows"]]
    assert first[0].startswith("1. CVE-")
    assert talk.shown["title"] == "Critical findings"
    talk.yes()
    second = [row["primaryText"] for row in talk.shown["rows"]]
    assert second == first[3:]
    talk.intent("AMAZON.PreviousIntent")
    assert [row["primaryText"] for row in talk.shown["rows"]] == first


@pytest.mark.parametrize(
    ("newest", "shown"),
    [("2024.3", True), ("2023.3", True), ("2023.2", False), ("1.9", False), ("", False)]
    + [
        ("?", False),
        (None, False),
        (2024.2, False),
        ({}, False),
        ("²", False),
        ("9" * 5000, False),
    ],
)
def test_an_old_or_strange_screen_gets_no_document(
    quiet: Sandbox, newest: Any, shown: bool
) -> None:
    talk = critical(Show(quiet, newest))
    assert bool(talk.screen) is shown
    assert "critical findings" in talk.speech


def test_without_a_screen_nothing_is_sent_and_the_card_tells(quiet: Sandbox) -> None:
    talk = quiet.talk()
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    assert "directives" not in talk.answer
    assert len(re.findall(r"CVE-\d+-\d+", talk.answer["card"]["content"])) >= 5


def test_a_question_leaves_no_card(quiet: Sandbox) -> None:
    """1: a card only on an answer."""
    talk = Show(quiet)
    talk.intent("IsolateIntent")
    assert "card" not in talk.answer and not talk.screen
    talk.intent("IsolateIntent", instance="batch three")
    assert "card" not in talk.answer and talk.screen
    for turn in ("AMAZON.HelpIntent", "AMAZON.FallbackIntent", "AMAZON.StopIntent"):
        talk.intent(turn)
        assert "card" not in talk.answer and not talk.screen


def test_the_plan_tells_all_and_has_nothing_to_confirm_with(quiet: Sandbox) -> None:
    talk = Show(quiet)
    talk.intent("IsolateIntent", instance="batch three")
    assert talk.screen and talk.screen["token"] == "toban-plan"
    assert talk.shown["title"] == "Isolating batch-3"
    assert quiet.instance("batch-3")["InstanceId"] in talk.texts
    assert "DNS lookups will still get out." in talk.texts
    assert "its security groups" in talk.texts
    assert [row["tone"] for row in talk.shown["rows"]].count("warning") == 1
    document = json.dumps(talk.screen["document"])
    assert "SendEvent" not in document and "TouchWrapper" not in document
    talk.intent("PatchIntent", group="web")
    assert talk.shown["title"] == "Patching"
    assert {"web-1", "web-4"} <= {row["primaryText"] for row in talk.shown["rows"]}


def test_the_screen_stays_away_where_it_must(quiet: Sandbox) -> None:
    """27: live names go alone, and the end of a session is silent."""
    talk = Show(quiet)
    talk.launch()
    kinds = [one["type"] for one in talk.answer["directives"]]
    assert kinds == ["Dialog.UpdateDynamicEntities"]
    answer = talk.send(talk.envelope({"type": "SessionEndedRequest", "reason": "ERROR"}))
    assert not answer.get("directives") and "card" not in answer


def test_in_japanese(quiet: Sandbox) -> None:
    talk = critical(Show(quiet, locale=JAPANESE))
    assert talk.shown["title"] == "重大な検出"
    talk.touch("finding", 1)
    assert "対象は" in talk.speech
    assert re.fullmatch(r"CVE-\d+-\d+", talk.shown["title"])
    talk.intent("IsolateIntent", instance="バッチ三")
    assert talk.shown["title"] == "batch-3の隔離"
    assert "いいえ" in talk.shown["hint"]
    assert not [text for text in strings(talk.shown) if "<" in text]
    assert "声で" in talk.touch("yes")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def test_an_instance_with_its_steps(box: Sandbox) -> None:
    """After isolate, in a status, when it is verified, and under a finger."""
    talk = Show(box)
    talk.intent("IsolateIntent", instance="batch three")
    talk.yes()
    talk.resume()
    assert talk.screen and talk.screen["token"] == "toban-instance"
    assert talk.shown["title"] == "batch-3"
    assert steps(talk)["Its security groups"] == "still to come"
    assert box.instance("batch-3")["InstanceId"] in talk.answer["card"]["content"]
    box.idle()
    talk.intent("StatusIntent")
    assert talk.screen["token"] == "toban-status"
    held = steps(talk)
    assert held["Its security groups"] == "read back as contained"
    assert talk.shown["rows"][0]["touch"] and not talk.shown["rows"][1]["touch"]
    talk.attributes["focus"] = ""
    said = talk.touch("instance", 1)
    assert "still contained" in said
    assert steps(talk) == held and talk.shown["title"] == "batch-3"
    assert talk.shown["subtitle"] == box.instance("batch-3")["InstanceId"]
    assert "traffic" in talk.shown["hint"] and talk.attributes["focus"] == "batch-3"
    assert "can't act" in talk.touch("instance", 2)
    talk.intent("SuspiciousIntent")
    assert talk.touch("instance", 1) == said
    alone = Show(box)
    alone.intent("StatusIntent")
    assert not alone.open and alone.screen, "a screen stays when the session has ended"


def steps(talk: Show) -> dict[str, str]:
    rows = talk.shown["rows"]
    return {
        r["primaryText"]: r["secondaryText"] for r in rows if r["primaryText"].startswith("Its")
    }


NASTY = ("<b>&\"'${payload}" * 20)[:200] + "\u202e" + "😀" * 55


def test_a_hundred_long_hostile_names_are_inert_and_fit(box: Sandbox) -> None:
    """24 KB with all that the session keeps; no mark-up, no binding, no address."""
    hostile(box)
    talk = Show(box)
    for wish in (
        lambda: talk.intent("ReadFindingsIntent", severity="CRITICAL"),
        lambda: talk.intent("FindingDetailIntent", ordinal="1"),
        lambda: talk.intent("SuspiciousIntent"),
        lambda: talk.intent("StatusIntent"),
        lambda: talk.intent("PatchIntent", group="ALL"),
    ):
        wish()
        assert talk.screen, talk.speech
        whole = {"response": talk.answer, "sessionAttributes": talk.attributes}
        assert len(json.dumps(whole, ensure_ascii=False).encode()) < 24 * 1024
        for text in strings(talk.screen["datasources"]):
            assert not re.search(r"[<>\u202e]|\$\{|&(?!amp;|lt;|gt;)", text)
            assert "10.9.8.7" not in text and box.ready["account"] not in text
        assert "arn:aws" not in talk.texts and "10.9.8.7" not in json.dumps(talk.answer)
    # Names of a hundred characters each are long to hear.
    box.control("DELETE", "/breaches")


def hostile(box: Sandbox) -> None:
    ids = [
        one["InstanceId"]
        for row in box.ec2.describe_instances()["Reservations"]
        for one in row["Instances"]
    ]
    for at, one in enumerate(ids):
        name = f"10.9.8.7 arn:aws:iam::{box.ready['account']}:role/x {at} {NASTY}"[:256]
        tags = {"Name": name, "TobanStatus": "isolated" if at % 2 else "suspicious"}
        rows = [{"Key": key, "Value": value} for key, value in tags.items()]
        box.ec2.create_tags(Resources=[one], Tags=rows)
    found = [finding(box, ids[at % len(ids)], at) for at in range(100)]
    box.control("PUT", "/world", {"findings": found})


def finding(box: Sandbox, instance: str, at: int) -> Json:
    (known,) = box.aws("inspector2").list_findings(maxResults=1)["findings"]
    return json.loads(json.dumps(known, default=str)) | {
        "findingArn": f"arn:aws:inspector2:us-east-1:{box.ready['account']}:finding/{at:032d}",
        "severity": "CRITICAL",
        "title": f"{at} {NASTY}",
    }


def test_every_document_says_what_it_is_shown() -> None:
    """A binding that leads nowhere shows nothing, and nobody would notice."""
    known = {"title", "subtitle", "hint", "rows", "primaryText", "secondaryText", "tone", "touch"}
    for path in FOLDER.glob("*.json"):
        names = re.findall(r"(?:payload\.toban|data)\.(\w+)", path.read_text(encoding="utf-8"))
        assert names and set(names) <= known, path
        assert path.stat().st_size < 4000 and RENDER not in path.read_text(encoding="utf-8")
