""" "It" is what was spoken of last, whatever that is and wherever in a sentence it stands."""

import pytest

from tests.product.dialogue_world import asks, planned
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE, NAMED
from tests.world import Json, Sandbox

# What is said of "it", and the intent that Alexa makes of it.
OF_IT = {
    "TrafficIntent": ("show me its traffic", "それのトラフィックを見せて"),
    "VerifyIntent": ("is it still isolated", "それはまだ隔離されている"),
    "PatchIntent": ("patch it", "それにパッチを当てて"),
    "MarkSuspiciousIntent": ("mark it as suspicious", "それを不審とマークして"),
}


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    """Nothing in here changes the world."""
    running.reset()
    return running


def said(box: Sandbox, locale: str, *sentences: str) -> Json:
    """What comes of the last of some sentences in a row."""
    answer: Json = {"session": None}
    for text in sentences:
        body = {"text": text, "locale": locale, "session": answer["session"]}
        answer = box.control("POST", "/say", body)
    return answer


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("intent", OF_IT)
def test_it_is_the_instance_wherever_it_stands(shared: Sandbox, intent: str, locale: str) -> None:
    opened = {ENGLISH: "open duty officer", JAPANESE: "セキュリティ当番を開いて"}[locale]
    about = {ENGLISH: "show me the traffic on batch three", JAPANESE: "バッチ三の通信を見せて"}
    sentence = OF_IT[intent][0 if locale == ENGLISH else 1]
    answer = said(shared, locale, opened, about[locale], sentence)
    assert answer["intent"] == intent
    assert NAMED["batch-3"][locale][1].casefold() in answer["speech"].casefold()


@pytest.mark.parametrize("locale", BOTH)
def test_it_is_the_one_instance_that_a_finding_is_on(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.launch()
    talk.intent("TrafficIntent", instance=NAMED["batch-3"][locale][0])
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    talk.intent("FindingDetailIntent", ordinal="2")
    (one,) = talk.attributes["them"]
    talk.intent("IsolateIntent", instance="IT")
    assert shared.instance(planned(talk)["params"]["instance"])["InstanceId"] == one


@pytest.mark.parametrize("heard", ["it", "それ", "this one"])
def test_a_pronoun_that_alexa_did_not_resolve_is_one_all_the_same(
    shared: Sandbox, heard: str
) -> None:
    talk = shared.talk()
    talk.launch()
    talk.intent("TrafficIntent", instance="web one")
    talk.intent("IsolateIntent", instance=heard)
    assert planned(talk)["params"] == {"instance": "web-1"}


@pytest.mark.parametrize("locale", BOTH)
def test_it_is_nothing_before_anything_was_spoken_of(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.launch()
    talk.intent("IsolateIntent", instance="IT")
    assert asks(talk)
    assert planned(talk) == {}


def test_what_it_is_can_be_corrected(shared: Sandbox) -> None:
    talk = shared.talk()
    talk.launch()
    talk.intent("TrafficIntent", instance="web one")
    talk.intent("PatchIntent", instance="IT")
    assert "web 2" in talk.intent("CorrectIntent", instance="web two")
    assert planned(talk)["action"] == "patch"


def test_them_are_the_findings_of_which_it_is_one(shared: Sandbox) -> None:
    """Findings that were read after an instance are what there is to patch."""
    talk = shared.talk()
    talk.launch()
    talk.intent("TrafficIntent", instance="web one")
    talk.intent("ReadFindingsIntent", severity="CRITICAL", group="api")
    talk.intent("PatchIntent", instance="IT")
    assert planned(talk)["params"]["instances"] == sorted(
        shared.instance(name)["InstanceId"] for name in ("api-1", "api-2")
    )


def test_a_user_who_is_locked_is_it_too(box: Sandbox) -> None:
    box.aws("iam").create_user(UserName="mallory")
    talk = box.talk()
    talk.launch()
    talk.intent("TrafficIntent", instance="web one")
    talk.intent("LockPrincipalIntent", principal="mallory")
    assert "allory" in talk.intent("ReleaseIntent")
    assert "allory" in talk.intent("VerifyIntent", instance="IT")
    talk.intent("TrafficIntent", instance="web two")
    assert "eb 2" in talk.intent("ReleaseIntent")


@pytest.mark.parametrize("locale", BOTH)
def test_a_user_is_released_whatever_alexa_takes_the_name_for(box: Sandbox, locale: str) -> None:
    box.aws("iam").create_user(UserName="mallory")
    talk = box.talk(locale=locale)
    talk.launch()
    talk.intent("LockPrincipalIntent", principal="mallory")
    talk.yes()
    talk.resume()
    box.idle()
    talk.intent("VerifyIntent", instance="mallory")
    assert talk.attributes["locked"] == {"principal": "mallory"}
    talk.intent("ReleaseIntent", instance="mallory")
    assert planned(talk)["action"] == "release"


@pytest.mark.parametrize("locale", BOTH)
def test_a_user_who_is_not_locked_is_not_called_unknown(box: Sandbox, locale: str) -> None:
    talk = box.talk(locale=locale)
    talk.launch()
    speech = talk.intent("VerifyIntent", principal="mallory")
    assert {ENGLISH: "Nothing that I contained", JAPANESE: "封じ込めたものに"}[locale] in speech
    assert {ENGLISH: "Which user or role?", JAPANESE: "ユーザー、またはロール"}[locale] in speech


@pytest.mark.parametrize("locale", BOTH)
def test_more_about_it_is_about_the_finding_just_told(shared: Sandbox, locale: str) -> None:
    talk = shared.talk(locale=locale)
    talk.launch()
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    told = talk.intent("FindingDetailIntent", ordinal="2")
    assert talk.intent("FindingDetailIntent") == told


@pytest.mark.parametrize("locale, heard", [(ENGLISH, "all"), (JAPANESE, "全部")])
def test_all_is_a_severity_too(shared: Sandbox, locale: str, heard: str) -> None:
    talk = shared.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity=heard)
    assert talk.attributes["found"]["severity"] == ""
