"""Amazon's checklist, items 11 to 19: what must never happen by mistake."""

from collections.abc import Callable

import pytest

from tests.checklist.world import asked, ends, everything, proving, quiet_after, raw
from tests.product.mutation_world import resumption, spoken
from tests.world import Conversation, Sandbox

BREAKS: dict[str, Callable[[Conversation], object]] = {
    "no": lambda talk: talk.intent("AMAZON.NoIntent"),
    "stop": lambda talk: talk.intent("AMAZON.StopIntent"),
    "silence": lambda talk: talk.send(
        talk.envelope({"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"})
    ),
    "not understood": lambda talk: [talk.intent("AMAZON.FallbackIntent") for _ in range(3)],
    "another wish": lambda talk: talk.intent("StatusIntent"),
}
TEN = [*(f"web-{n}" for n in (2, 3, 4)), *(f"batch-{n}" for n in (1, 2, 3))]
TEN += ["api-1", "api-2", "bastion", "database-2"]
RESULTS = {
    "not achieved": ("NOT_ACHIEVED", "200", 400),
    "not enabled": ("NOT_ENABLED", "200", 400),
    "403": ("ACHIEVED", "403", 400),
    "only a known voice": ("ACHIEVED", "200", 300),
}


def test_11_patch_which_all_count_confirm_started(box: Sandbox) -> None:
    talk = box.talk()
    assert talk.intent("PatchIntent").startswith("Which ones?")
    assert "10 instances" in talk.intent("PatchIntent", group="ALL")
    assert talk.yes().startswith("Patching 10 instances")


def test_11_what_hurts_is_proved_by_a_pin_first(box: Sandbox) -> None:
    talk = proving(box)
    assert talk.resume().startswith("Isolating batch 3")
    assert ends(talk) or talk.open
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["done"]


@pytest.mark.parametrize("way", BREAKS)
@pytest.mark.parametrize("begin", [asked, proving], ids=["asked", "proving"])
def test_12_each_break_off_writes_nothing(
    quiet: Sandbox, begin: Callable[[Sandbox], Conversation], way: str
) -> None:
    talk = begin(quiet)
    quiet.forget_calls()
    kept, token = talk.attributes, talk.attributes["token"]
    BREAKS[way](talk)
    talk.attributes = kept
    talk.yes()
    talk.send(talk.envelope(resumption(token), level=400))
    assert quiet_after(quiet)


@pytest.mark.parametrize("result", RESULTS)
def test_12_a_check_that_failed_writes_nothing(quiet: Sandbox, result: str) -> None:
    talk = proving(quiet)
    quiet.forget_calls()
    status, code, level = RESULTS[result]
    talk.resume(status, code, level)
    assert quiet_after(quiet)


def test_13_a_token_of_another_person_or_of_nobody(quiet: Sandbox) -> None:
    for person in ("amzn1.ask.person.SOMEBODYELSE", None):
        talk = proving(quiet)
        quiet.forget_calls()
        talk.person = person
        talk.resume()
        assert quiet_after(quiet)
    talk = proving(quiet)
    quiet.forget_calls()
    talk.resume(token="invented")
    assert quiet_after(quiet)


def test_13_a_token_that_is_late(quiet: Sandbox) -> None:
    talk = proving(quiet)
    token = talk.token
    quiet.forget_calls()
    table = quiet.aws("dynamodb")
    (name,) = table.list_tables()["TableNames"]
    table.update_item(
        TableName=name,
        Key={"pk": {"S": f"question#{token}"}, "sk": {"S": "open"}},
        UpdateExpression="SET expires = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    assert "took too long" in talk.resume()
    assert quiet_after(quiet)


def test_13_a_token_that_comes_twice_starts_once(box: Sandbox) -> None:
    talk = proving(box)
    token, kept = talk.token, talk.attributes
    talk.resume()
    box.idle()
    talk.attributes = kept
    talk.resume(token=token)
    box.idle()
    assert len(box.runs()) == 1


def test_14_a_yes_in_a_new_session_does_nothing(quiet: Sandbox) -> None:
    asked(quiet)
    quiet.forget_calls()
    assert "nothing waiting" in quiet.talk().yes()
    assert quiet_after(quiet)


def test_15_targets_that_grew_are_asked_about_again(box: Sandbox) -> None:
    talk = box.talk()
    assert "10 instances" in talk.intent("PatchIntent", group="ALL")
    database = box.instance("database-1")["InstanceId"]
    box.ec2.delete_tags(Resources=[database], Tags=[{"Key": "TobanProtected"}])
    assert talk.yes().startswith("Since you asked, there are more") and talk.open
    assert box.runs() == []


def test_16_zero_and_one_target(quiet: Sandbox) -> None:
    assert "nothing that I can patch" in quiet.talk().intent("PatchIntent", instance="database one")
    assert "One instance, web 2" in quiet.talk().intent("PatchIntent", instance="web two")


def test_16_more_targets_than_the_cap(box: Sandbox) -> None:
    """Ten instances may be isolated an hour; the eleventh is refused, whoever asks."""
    ids = [box.instance(name)["InstanceId"] for name in TEN]
    asks_for = [{"Key": "Toban", "Value": "isolate"}]
    box.aws("ec2", "AKIASOMEBODYUNKNOWN0").create_tags(Resources=ids, Tags=asks_for)
    box.idle()
    talk = box.talk()
    assert "my limit of 10 an hour" in talk.intent("IsolateIntent", instance="web one")
    assert "token" not in talk.attributes


def test_17_the_same_request_twice_is_one_job(box: Sandbox) -> None:
    talk = box.talk()
    talk.intent("PatchIntent", group="database")
    yes = talk.envelope(spoken("AMAZON.YesIntent"))
    first, second = raw(box, yes)[1], raw(box, yes)[1]
    assert first["response"]["outputSpeech"] == second["response"]["outputSpeech"]
    box.idle()
    assert len(box.runs()) == 1


@pytest.mark.parametrize("who", ["unlisted", "absent", "viewer"])
def test_18_who_may_not_is_told_and_nothing_given_away(quiet: Sandbox, who: str) -> None:
    users = {"viewer": quiet.ready["viewer"]["userId"], "unlisted": "amzn1.ask.account.NOBODY"}
    user = users.get(who, quiet.ready["responder"]["userId"])
    talk = quiet.talk(person=None, user=user)
    quiet.forget_calls()
    speech = talk.intent("IsolateIntent", instance="batch three")
    assert "batch" not in speech and "amzn1" not in speech
    talk.yes()
    assert quiet_after(quiet)


def test_19_no_pin_token_or_id_is_in_a_log_a_card_or_on_a_screen(box: Sandbox) -> None:
    talk = proving(box)
    shown, token = str(talk.answer.get("card")), talk.token
    talk.intent("PinIntent", pin=box.ready["pin"])
    shown += str(talk.answer.get("card"))
    box.idle()
    seen = everything(box)
    ids = box.ready["responder"].values()
    for secret in (token, "secret-token", *ids):
        assert secret not in shown and secret not in seen, secret
    assert f'"{box.ready["pin"]}"' not in seen
