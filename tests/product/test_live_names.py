"""The names that Alexa is taught, and names of every kind said through the front door."""

import pytest

from skill.engine import live
from tests.product.dialogue_world import planned
from tests.product.test_stories import BOTH, ENGLISH, JAPANESE
from tests.world import Conversation, Json, Sandbox

KINDS = {"GROUP", "INSTANCE", "PRINCIPAL", "FUNCTION_NAME"}


def taught(talk: Conversation) -> dict[str, dict[str, str]]:
    """Slot type to names as AWS has them and as they are said, of the answer's one directive."""
    (one,) = talk.answer["directives"]
    assert one["type"] == "Dialog.UpdateDynamicEntities"
    assert one["updateBehavior"] == "REPLACE"
    return {
        kind["name"]: {value["id"]: value["name"]["value"] for value in kind["values"]}
        for kind in one["types"]
    }


def launched(box: Sandbox, **who: str) -> Conversation:
    """A launch of a process that has been up for a second: the first one leaves out some kinds."""
    for _ in range(20):
        talk = box.talk(**who)
        talk.launch()
        if talk.attributes.get("taught"):
            return talk
    raise AssertionError("names are never taught")


def peopled(box: Sandbox) -> Sandbox:
    """With a user and a function."""
    box.aws("iam").create_user(UserName="build-bot")
    role = box.aws("iam").get_role(RoleName="prod-app")["Role"]["Arn"]
    code = {"Handler": "x.y", "Runtime": "python3.13", "Code": {"ZipFile": b"x"}}
    box.aws("lambda").create_function(FunctionName="order-export", Role=role, **code)
    return box


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Sandbox:
    running.reset()
    return peopled(running)


def test_the_launch_teaches_every_kind_of_name(shared: Sandbox) -> None:
    found = taught(launched(shared))
    assert set(found) == KINDS
    assert found["GROUP"]["database"] == "database"
    assert found["INSTANCE"]["batch-3"] == "batch 3"
    assert found["PRINCIPAL"]["build-bot"] == "build bot"
    assert "prod-app" in found["PRINCIPAL"]
    assert found["FUNCTION_NAME"]["order-export"] == "order export"
    ours = [name for kind in found.values() for name in kind if "workflow" in name.casefold()]
    assert ours == []


@pytest.mark.parametrize("way", ["AMAZON.HelpIntent", "AMAZON.FallbackIntent"])
def test_who_is_lost_in_a_new_session_is_given_the_names(shared: Sandbox, way: str) -> None:
    launched(shared)
    talk = shared.talk()
    talk.intent(way)
    assert "batch-3" in taught(talk)["INSTANCE"]
    talk.intent(way)
    assert "directives" not in talk.answer, "Alexa knows them"


def test_a_stranger_is_taught_no_name(shared: Sandbox) -> None:
    talk = shared.talk(person=None, user="amzn1.ask.account.NOBODY")
    for turn in (talk.launch, lambda: talk.intent("AMAZON.HelpIntent")):
        turn()
        assert "directives" not in talk.answer


@pytest.mark.parametrize("kind", ["deny", "hang"])
@pytest.mark.parametrize("service", ["iam", "inspector2", "lambda"])
def test_what_cannot_be_read_silences_nothing(shared: Sandbox, service: str, kind: str) -> None:
    launched(shared)
    operation = {"iam": "ListUsers", "inspector2": "*", "lambda": "ListFunctions"}[service]
    fault = {"function": "voice", "service": service, "operation": operation, "kind": kind}
    shared.faults({**fault, "times": 4})
    talk = shared.talk()
    speech = talk.launch()
    shared.faults()
    assert "All quiet" in speech
    found = taught(talk)
    assert "batch-3" in found["INSTANCE"]
    assert ("build-bot" in found["PRINCIPAL"]) == (service != "iam")
    assert ("order-export" in found["FUNCTION_NAME"]) == (service != "lambda")


def test_the_state_that_cannot_be_read_keeps_no_name_back(shared: Sandbox) -> None:
    operation = {"operation": "DescribeInstances", "kind": "deny"}
    shared.faults({"function": "voice", "service": "ec2", **operation})
    talk = shared.talk()
    speech = talk.launch()
    shared.faults()
    assert speech == "Duty officer here. What do you need?"
    assert "batch-3" in taught(talk)["INSTANCE"]


def test_of_many_names_the_most_relevant_hundred_are_taught(box: Sandbox) -> None:
    iam = peopled(box).aws("iam")
    for number in range(120):
        iam.create_user(UserName=f"aa-{number:03d}")
    box.tag("batch-3", "suspicious")
    box.idle()
    found = taught(launched(box))
    assert sum(map(len, found.values())) == live.MOST
    assert next(iter(found["INSTANCE"])) == "batch-3"
    assert {"web", "database"} <= set(found["GROUP"])
    assert len(found["INSTANCE"]) == 12
    assert "order-export" in found["FUNCTION_NAME"], "no kind crowds out another"
    assert launched(box).answer["directives"] == launched(box).answer["directives"]


def known(**parts: list[Json] | list[str]) -> live.Known:
    none: Json = dict.fromkeys(live.Known.__dataclass_fields__, [])
    return live.Known(**{**none, "whole": True, **parts})  # type: ignore[arg-type]


def test_the_order_of_relevance() -> None:
    fleet = [f"web-{number:03d}" for number in range(300)]
    state = {
        "suspicious": ["web-299"],
        "isolated": ["web-298"],
        "recent": [["function", "zz-job"], ["instance", "web-297"]],
    }
    entity = {"entity": {"kind": "role"}, "name": "zz-role"}
    known_ = known(
        instances=fleet,
        groups=["web"],
        contained=[entity],
        critical=fleet[200:280],
        users=["alice"],
        functions=["zz-job", "aa-job"],
    )
    found = live.relevant(known_, state)
    assert sum(map(len, found.values())) == live.MOST
    assert found["instance"][:4] == ["web-299", "web-298", "web-297", "web-200"]
    assert set(fleet[200:280]) <= set(found["instance"])
    assert found["function"] == ["zz-job", "aa-job"]
    assert found["principal"] == ["zz-role", "alice"]
    assert found["group"] == ["web"]
    assert live.relevant(known(instances=[], groups=["a" * 141, "🔥", "ALL"]), {})["group"] == []


def test_groups_have_a_place_beside_any_number_of_relevant_instances() -> None:
    fleet = [f"web-{number:03d}" for number in range(300)]
    found = live.relevant(known(groups=[f"g-{n}" for n in range(40)], critical=fleet), {})
    assert (len(found["group"]), len(found["instance"])) == (live.GROUPS, 80)


# What an instance is called, what it is tagged, and how one says so.
ODD: dict[str, tuple[str, dict[str, str]]] = {
    "web-1": ("ip-10-0-3-7", {ENGLISH: "the one ending zero three seven", JAPANESE: "末尾0 3 7"}),
    "web-2": ("ip-10-1-3-7.ec2.internal", {ENGLISH: "the one ending one three seven"}),
    "web-3": ("web-prod-03", {ENGLISH: "web prod three", JAPANESE: "ウェブ本番三"}),
    "api-1": ("R&D 🔥-5", {ENGLISH: "r and d five"}),
    "api-2": ("Kasse <b>&quot;7", {ENGLISH: "kasse b and quot seven"}),
    "batch-1": ("決済-2", {ENGLISH: "決済二", JAPANESE: "決済二"}),
    "batch-2": ("Zoé" + "x" * 200, {}),
}


@pytest.fixture(scope="module")
def odd(running: Sandbox) -> Sandbox:
    """A fleet with odd names, of which one has none."""
    running.reset()
    for name, (other, _) in ODD.items():
        tag = {"Key": "Name", "Value": other}
        running.ec2.create_tags(Resources=[running.instance(name)["InstanceId"]], Tags=[tag])
    bare = [running.instance("web-4")["InstanceId"]]
    running.ec2.delete_tags(Resources=bare, Tags=[{"Key": "Name"}])
    return running


def nameless(box: Sandbox) -> str:
    """The id of the instance without a name."""
    pages = box.ec2.get_paginator("describe_instances").paginate().build_full_result()
    rows = [one for group in pages["Reservations"] for one in group["Instances"]]
    (bare,) = [one for one in rows if not {"Name"} & {tag["Key"] for tag in one["Tags"]}]
    return str(bare["InstanceId"])


def asked_of(box: Sandbox, said: str, locale: str, session: str | None = None) -> Json:
    """One sentence to the device: isolate, which only asks."""
    words = {ENGLISH: "ask duty officer to isolate {}", JAPANESE: "セキュリティ当番で{}を隔離して"}
    text = said if session else words[locale].format(said)
    body = {"text": text, "locale": locale, "session": session}
    answer: Json = box.control("POST", "/say", body)
    return answer


@pytest.mark.parametrize("locale", BOTH)
@pytest.mark.parametrize("name", [name for name, (_, said) in ODD.items() if said])
def test_an_odd_name_is_understood_at_the_front_door(odd: Sandbox, name: str, locale: str) -> None:
    tag, ways = ODD[name]
    talk = odd.talk(locale=locale)
    talk.intent("IsolateIntent", instance=ways.get(locale, ways[ENGLISH]))
    assert planned(talk).get("params"), talk.speech
    assert tag in (talk.attributes["focus"], planned(talk)["params"]["instance"])


def test_what_is_taught_comes_back_as_the_name_that_was_meant(odd: Sandbox) -> None:
    """Every live name, typed as it is said, plans for that instance and no other."""
    for locale in BOTH:
        said = taught(launched(odd, locale=locale))["INSTANCE"]
        assert len(said) >= len(ODD)
        opened = {"text": "open duty officer" if locale == ENGLISH else "セキュリティ当番を開いて"}
        odd.control("POST", "/say", {**opened, "locale": locale})
        twice = [how for how in said.values() if list(said.values()).count(how) > 1]
        for tag, how in said.items():
            answer = asked_of(odd, how, locale)
            assert answer["intent"] == "IsolateIntent", (how, answer)
            if how not in twice:
                assert answer["slots"]["instance"]["ids"] == [tag]
                assert not {"know", "several"} & set(answer["speech"].split()), how
                assert "見つかりません" not in answer["speech"]


@pytest.mark.parametrize(
    ("locale", "said", "more"),
    [
        (ENGLISH, "the one ending three seven", "the one ending 0 3 7 and the one ending 1 3 7"),
        (JAPANESE, "末尾3 7", "末尾0 3 7と末尾1 3 7"),
    ],
)
def test_two_that_end_alike_are_asked_about(
    odd: Sandbox, locale: str, said: str, more: str
) -> None:
    talk = odd.talk(locale=locale)
    assert more in talk.intent("IsolateIntent", instance=said)
    talk.intent("IsolateIntent", instance={ENGLISH: "one three seven", JAPANESE: "1 3 7"}[locale])
    assert planned(talk)["params"] == {"instance": "ip-10-1-3-7.ec2.internal"}


@pytest.mark.parametrize("locale", BOTH)
def test_an_instance_without_a_name_is_called_by_its_end(odd: Sandbox, locale: str) -> None:
    end = " ".join(nameless(odd)[-4:])
    said = {ENGLISH: f"the one ending {end}", JAPANESE: f"末尾{end}"}[locale]
    talk = odd.talk(locale=locale)
    speech = talk.intent("IsolateIntent", instance=said)
    assert talk.attributes["focus"] == nameless(odd)
    assert {ENGLISH: f"ending {end}", JAPANESE: "末尾"}[locale] in speech
    assert nameless(odd) not in speech


def test_two_of_one_name_are_told_apart_by_their_ids(box: Sandbox) -> None:
    ids = [box.instance(name)["InstanceId"] for name in ("web-1", "web-2")]
    for one, name in zip(ids, ("twin-1", "twin-01"), strict=True):
        box.ec2.create_tags(Resources=[one], Tags=[{"Key": "Name", "Value": name}])
    talk = box.talk()
    speech = talk.intent("IsolateIntent", instance="twin one")
    ends = [" ".join(one[-4:]) for one in ids]
    assert all(f"twin 1 ending {end}" in speech for end in ends)
    talk.intent("IsolateIntent", instance=f"ending {ends[1]}")
    assert talk.attributes["focus"] == "twin-01"


def test_number_two_is_the_second_that_was_told(box: Sandbox) -> None:
    for name in ("batch-3", "web-1"):
        box.tag(name, "suspicious")
    box.idle()
    talk = box.talk()
    talk.launch()
    talk.intent("SuspiciousIntent")
    second = talk.attributes["listed"][1]
    for said in ("number two", "the second one"):
        talk.intent("IsolateIntent", instance=said)
        assert planned(talk)["params"] == {"instance": second}
        talk.intent("SuspiciousIntent")
    assert "only 2" in talk.intent("IsolateIntent", instance="number nine")
    assert planned(talk) == {}
