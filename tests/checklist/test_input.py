"""Amazon's checklist, items 20 to 25: what comes in, and what AWS does meanwhile."""

import copy

import pytest

from tests.checklist.world import asks, ends, quiet_after, raw, sent
from tests.product.budget_world import ALEXA_WAITS, fault
from tests.product.mutation_world import spoken
from tests.product.test_cold_start import HEAVY, fresh
from tests.product.test_envelopes import BREAKS, valid
from tests.world import Conversation, Json, Sandbox

AUTHORITY = "amzn1.er-authority.echo-sdk"
HOSTILE = "R&D <b>\"prod\"</b> 'x' 😀 本番 " * 9
EMPTY: dict[str, Json] = {
    "missing": {},
    "null": {"value": None},
    "empty": {"value": ""},
    "blank": {"value": "   "},
    "question mark": {"value": "?"},
}


def resolved(kind: str, *found: tuple[str, str], code: str = "ER_SUCCESS_MATCH") -> Json:
    """One authority of entity resolution: static, or dynamic with names of ours."""
    rows = [{"value": {"name": name, "id": one}} for name, one in found]
    status = {"code": code}
    return {"authority": f"{AUTHORITY}.{kind}.x.INSTANCE", "status": status, "values": rows}


def slot(value: str, *authorities: Json) -> Json:
    return {"value": value, "resolutions": {"resolutionsPerAuthority": list(authorities)}}


@pytest.mark.parametrize("how", EMPTY)
def test_20_a_slot_without_a_value_is_asked_for(quiet: Sandbox, how: str) -> None:
    talk = quiet.talk()
    answer = sent(talk, "TrafficIntent", instance=EMPTY[how])
    assert asks(talk) and answer["directives"][0]["slotToElicit"] == "instance"


def test_20_no_match_offers_the_nearest_and_two_matches_ask_which(quiet: Sandbox) -> None:
    talk = quiet.talk()
    sent(
        talk,
        "IsolateIntent",
        instance=slot("patch tree", resolved("s", code="ER_SUCCESS_NO_MATCH")),
    )
    assert "Do you mean" in talk.speech and asks(talk)
    both = resolved("dynamic", ("web 1", "web-1"), ("web 2", "web-2"))
    sent(talk, "IsolateIntent", instance=slot("web", both))
    assert "Which one?" in talk.speech and "web 2" in talk.speech and asks(talk)


def test_20_static_and_dynamic_names_of_one_instance_are_one(quiet: Sandbox) -> None:
    talk = quiet.talk()
    matches = resolved("s", ("batch 3", "batch-3")), resolved("dynamic", ("batch-3", "batch-3"))
    sent(talk, "IsolateIntent", instance=slot("batch three", *matches))
    assert talk.speech.startswith("Isolate batch 3?")


def test_21_another_skill_is_refused_and_no_context_apologised_to(quiet: Sandbox) -> None:
    quiet.forget_calls()
    talk = quiet.talk()
    talk.skill = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
    status, answer = raw(quiet, talk.envelope(spoken("StatusIntent")))
    assert status == 500 and answer["errorType"]
    whole = quiet.talk().envelope(spoken("StatusIntent"))
    del whole["context"]
    status, answer = raw(quiet, whole)
    assert status == 200 and answer["response"]["shouldEndSession"]
    assert quiet.calls(function="voice") == []


@pytest.mark.parametrize("way", [way for way in BREAKS if "unknown" in way])
def test_22_what_is_unknown_is_answered(quiet: Sandbox, way: str) -> None:
    envelope = copy.deepcopy(valid(quiet.talk()))
    BREAKS[way](envelope)
    status, answer = raw(quiet, envelope)
    assert status == 200 and answer["response"]["outputSpeech"]["ssml"]


def test_23_hostile_names_are_spoken_taught_and_shown_as_text(box: Sandbox) -> None:
    ids = [box.instance("batch-3")["InstanceId"]]
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "Name", "Value": HOSTILE[:256]}])
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "Role", "Value": "a&b <c>"}])
    opened = box.talk()
    opened.launch()
    assert "went wrong" not in opened.speech
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "Toban", "Value": "suspicious"}])
    box.idle()
    talk = box.talk()
    talk.intent("SuspiciousIntent")
    assert "R and D b prod" in talk.speech and len(talk.speech) < 700
    assert not {"<", "&", "😀"} & set(talk.speech)
    talk.intent("ReadFindingsIntent", severity="CRITICAL", group="a&b <c>")
    assert "went wrong" not in talk.speech


@pytest.mark.parametrize("kind", ["deny", "throttle", "drop", "hang"])
def test_24_aws_that_fails_is_called_so_in_time(quiet: Sandbox, kind: str) -> None:
    quiet.faults(fault(kind, service="inspector2"))
    talk = quiet.talk()
    talk.patience = ALEXA_WAITS
    speech = talk.intent("ReadFindingsIntent", severity="CRITICAL")
    quiet.faults()
    assert speech.startswith("A W S") and ends(talk)


def test_24_an_empty_page_and_a_region_without_inspector(quiet: Sandbox) -> None:
    assert quiet.talk().intent("ReadFindingsIntent", group="nobody").startswith(("No ", "I don't"))
    off = fault("error", service="inspector2", code="AccessDeniedException")
    quiet.faults(off)
    speech = quiet.talk().intent("ReadFindingsIntent", severity="HIGH")
    quiet.faults()
    assert speech.startswith("A W S")


def test_24_more_than_a_thousand_findings(box: Sandbox) -> None:
    arn = box.instance("web-1")["InstanceId"]
    box.control("PUT", "/world", {"findings": [finding(n, arn) for n in range(1050)]})
    talk: Conversation = box.talk()
    talk.patience = ALEXA_WAITS
    speech = talk.intent("ReadFindingsIntent", severity="LOW")
    assert "1,0" in speech and "The worst: 1:" in speech, speech


def finding(number: int, instance: str) -> Json:
    """One of very many findings that hardly matter."""
    cve = f"CVE-2099-{number:05d}"
    package = {"name": f"package{number}", "version": "1"}
    details = {"vulnerabilityId": cve, "source": "NVD", "vulnerablePackages": [package]}
    row = {"type": "PACKAGE_VULNERABILITY", "severity": "LOW", "title": f"{cve} - many"}
    resources = [{"id": instance, "type": "AWS_EC2_INSTANCE"}]
    return {**row, "resources": resources, "packageVulnerabilityDetails": details}


def test_24_a_partial_failure_is_not_called_done(box: Sandbox) -> None:
    """A patch that fails on one of several: the run ends in part, and says which."""
    talk = box.talk()
    talk.intent("PatchIntent", group="web")
    talk.yes()
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["partial"]
    assert "failed" in box.talk().intent("StatusIntent")
    assert not quiet_after(box)


def test_25_a_cold_start_imports_nothing_heavy() -> None:
    """How long it takes is measured by `make bench`; what makes it long is looked for here."""
    loaded = fresh(
        "import json, sys, lambda_handler\n"
        "lambda_handler._voice()\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    assert "ask_sdk_core" in loaded and HEAVY.isdisjoint(loaded)
