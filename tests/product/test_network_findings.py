"""A finding without a CVE, a port that is open, is read like any other."""

import pytest

from tests.product.dialogue_world import asks, planned
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE, NAMED
from tests.world import Conversation, Json, Sandbox

PORT = {ENGLISH: "port 8080, reachable from outside", JAPANESE: "ポート8080が外から届く状態"}
NO_NUMBER = {ENGLISH: "no C V E number", JAPANESE: "識別番号がありません"}
NO_PATCH = {ENGLISH: "No patch closes that", JAPANESE: "パッチではなく"}
LONG = "Ports that no list of ports has ever had are reachable, " * 4


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world."""
    running.reset()
    return running


def listed(box: Sandbox, locale: str) -> Conversation:
    """The findings of high severity on the batch servers; the last of them is a port."""
    talk = box.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="HIGH", group=NAMED["batch-3"][locale][0][:-1])
    if not talk.attributes.get("items"):
        talk.yes()
    return talk


@pytest.mark.parametrize("locale", BOTH)
def test_its_detail_is_told(shared: Sandbox, locale: str) -> None:
    talk = listed(shared, locale)
    assert PORT[locale] in talk.intent("AMAZON.NextIntent")
    speech = talk.intent("FindingDetailIntent", ordinal="last")
    assert PORT[locale].casefold() in speech.casefold()
    assert NO_PATCH[locale] in speech
    assert NAMED["batch-3"][locale][1] in speech
    assert talk.attributes["them"] == [shared.instance("batch-3")["InstanceId"]]


@pytest.mark.parametrize("locale", BOTH)
def test_it_has_no_number_and_one_goes_back_from_it_to_the_list(
    shared: Sandbox, locale: str
) -> None:
    talk = listed(shared, locale)
    first = talk.speech
    assert NO_NUMBER[locale] in talk.intent("FindingIdIntent", ordinal="last")
    talk.intent("FindingDetailIntent", ordinal="last")
    assert NO_NUMBER[locale] in talk.intent("FindingIdIntent")
    assert talk.intent("AMAZON.PreviousIntent") == first


def test_its_instance_is_it(shared: Sandbox) -> None:
    talk = listed(shared, ENGLISH)
    talk.intent("FindingDetailIntent", ordinal="last")
    talk.intent("IsolateIntent")
    assert planned(talk)["params"] == {"instance": "batch-3"}


def reachable(box: Sandbox, title: str, begin: int, end: int) -> Json:
    resource = {"type": "AWS_EC2_INSTANCE", "id": box.instance("web-1")["InstanceId"]}
    ports = {"begin": begin, "end": end}
    step = {"componentType": "AWS::EC2::Instance", "componentId": resource["id"]}
    details = {"openPortRange": ports, "protocol": "TCP", "networkPath": {"steps": [step]}}
    return {
        "type": "NETWORK_REACHABILITY",
        "title": title,
        "severity": "LOW",
        "resources": [resource],
        "networkReachabilityDetails": details,
    }


@pytest.mark.parametrize("locale", BOTH)
def test_a_range_of_ports_under_a_title_longer_than_a_session_keeps(
    box: Sandbox, locale: str
) -> None:
    made = [reachable(box, LONG, 20, 25), reachable(box, "Port 9 is reachable", 9, 9)]
    box.control("PUT", "/world", {"findings": made})
    talk = box.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="LOW")
    at = next(n for n, one in enumerate(talk.attributes["items"], start=1) if "no list" in one)
    speech = talk.intent("FindingDetailIntent", ordinal=str(at))
    assert {ENGLISH: "ports 20 to 25", JAPANESE: "ポート20から25"}[locale] in speech
    assert {ENGLISH: "one instance: web 1", JAPANESE: "対象は1台、ウェブ1"}[locale] in speech


@pytest.mark.parametrize("locale", BOTH)
def test_a_place_beyond_the_list_is_told_where_the_list_ends(shared: Sandbox, locale: str) -> None:
    talk = listed(shared, locale)
    speech = talk.intent("FindingDetailIntent", ordinal="ninth")
    assert {ENGLISH: "ends at number 4", JAPANESE: "4番まで"}[locale] in speech
    assert asks(talk)
