"""Questions, answers and proof: what starts, what asks again, what locks."""

from tests.product.test_safety import nothing_happened, proving
from tests.world import Sandbox


def test_a_wrong_pin_is_counted_and_then_locks(box: Sandbox) -> None:
    talk = proving(box)
    wrong = "0000" if box.ready["pin"] != "0000" else "1111"
    assert "wrong" in talk.intent("PinIntent", pin=wrong)
    assert "wrong" in talk.intent("PinIntent", pin=wrong)
    assert "locked" in talk.intent("PinIntent", pin=wrong)
    again = proving(box)
    assert "locked" in again.intent("PinIntent", pin=box.ready["pin"])
    nothing_happened(box)


def test_the_right_pin_after_a_wrong_one_starts(box: Sandbox) -> None:
    talk = proving(box)
    talk.intent("PinIntent", pin="0000" if box.ready["pin"] != "0000" else "1111")
    assert talk.intent("PinIntent", pin=box.ready["pin"]).startswith("Isolating")
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["done"]


def test_a_yes_to_a_plan_that_grew_asks_again(box: Sandbox) -> None:
    talk = box.talk()
    assert "10 instances" in talk.intent("PatchIntent", group="ALL")
    box.ec2.delete_tags(
        Resources=[box.instance("database-1")["InstanceId"]], Tags=[{"Key": "TobanProtected"}]
    )
    answer = talk.yes()
    assert "11 instances" in answer
    assert "more" in answer
    assert box.runs() == []
    assert talk.yes().startswith("Patching 11")
