"""A run that waits for a person: one answer counts, and without one nothing is done."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.events_world import accounts, invoke
from tests.product.proposal_world import (
    OPERATOR,
    endings,
    finding,
    posted,
    press,
    propose,
    put,
    run_of,
    shown,
    subjects,
)
from tests.world import Sandbox


def isolated(box: Sandbox, name: str) -> bool:
    groups = {group for one in box.groups(name).values() for group in one}
    rows = box.ec2.describe_security_groups(GroupIds=sorted(groups))["SecurityGroups"]
    tags = [tag["Value"] for row in rows for tag in row.get("Tags", []) if "Group" in tag["Key"]]
    return tags == ["isolation"] * len(rows)


def test_it_waits_and_is_in_nobody_s_way(box: Sandbox) -> None:
    made = propose(box, "batch-3")
    invoke(box, made.event)
    box.idle()
    assert sorted(row["reason"] for row in accounts(box)) == ["", "duplicate"]
    run = run_of(box, made.run)
    assert (run["approval"]["how"], run["ending"], run["proposed"]) == ("awaiting", None, True)
    assert "One proposal waits for an answer: isolating batch 3" in box.talk().intent(
        "StatusIntent"
    )
    assert "One proposal waits for an answer." in box.talk().launch()
    assert not isolated(box, "batch-3")
    assert box.talk().intent("IsolateIntent", instance="batch three").startswith("Isolate batch 3?")
    assert "no change" in box.talk().intent("UndoIntent")
    (message,) = posted(box)
    assert message["text"].startswith("Toban: isolating waits for an answer. batch-3.")
    buttons = [one["action_id"] for one in message["blocks"][-1]["elements"]]
    assert buttons == ["approve", "decline"]


def test_a_press_of_approve_isolates(box: Sandbox) -> None:
    made = propose(box, "batch-3")
    pressed = press(box, made.run)
    assert pressed["ms"] < 3000
    (change,) = pressed["shown"]
    assert change["replaces"]
    assert "actions" not in {one["type"] for one in change["body"]["blocks"]}
    box.idle()
    assert endings(box) == [("approve", "done"), ("isolate", "done")]
    assert isolated(box, "batch-3")
    run = run_of(box, made.run)
    approver = box.ready["slack_users"]["approver"]
    assert run["approval"]["verdict"] == "approved"
    assert run["approval"]["answered_by"]["id"] == approver
    assert run["started"] > run["asked"]
    context = posted(box)[-1]["blocks"][-1]["elements"][0]["text"]
    assert f"approved by <@{approver}>" in context
    assert shown(press(box, made.run, "decline")).startswith("That was approved already.")
    box.idle()
    assert endings(box) == [("approve", "done"), ("isolate", "done")]


def test_a_voice_approves_with_proof(box: Sandbox) -> None:
    made = propose(box, "batch-3")
    talk = box.talk()
    question = talk.intent("ApproveIntent")
    assert question.startswith("A new proposal: Isolate batch 3? It has 2 interfaces")
    talk.yes()
    assert talk.resume().startswith("I'm passing on your yes to isolating batch 3.")
    box.idle()
    assert run_of(box, made.run)["ending"] == "done"
    assert isolated(box, "batch-3")
    assert "Batch 3 is isolated" in box.talk().intent("StatusIntent")
    assert box.talk().intent("ApproveIntent") == "No proposal is waiting for an answer."


def test_a_voice_declines_the_one_that_it_names_in_japanese(box: Sandbox) -> None:
    first, second = propose(box, "web-1"), propose(box, "web-2")
    talk = box.talk(locale="ja-JP")
    assert talk.intent("DeclineIntent", instance="ウェブ一").startswith("いま提案された")
    assert "却下を伝えています" in talk.yes()
    box.idle()
    assert run_of(box, first.run)["ending"] == "declined"
    assert run_of(box, second.run)["ending"] is None
    assert "提案が1件" in box.talk(locale="ja-JP").intent("StatusIntent")
    assert "新しい提案です" in box.talk(locale="ja-JP").intent("ApproveIntent")


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("approve", "arking batch 3 as suspicious has just started"),
        ("decline", "batch 3 as suspicious was declined"),
    ],
)
def test_what_was_answered_a_moment_ago_waits_no_more(box: Sandbox, button: str, told: str) -> None:
    made = propose(box, "batch-3", "mark_suspicious")
    answer = {"operation": "PutItem", "params": '"answer"', "kind": "hang", "seconds": 30}
    box.faults({"function": "workflow", "times": 1, **answer})
    press(box, made.run, button)
    said = box.talk().intent("StatusIntent")
    assert "waits for an answer" not in said
    assert told in said
    assert "waits for an answer" not in box.talk().launch()
    assert run_of(box, made.run)["approval"]["how"] == "awaiting"
    box.let_go()
    box.idle()


def test_nobody_answers(box: Sandbox) -> None:
    made = propose(box, "batch-3")
    assert box.control("POST", "/expire") == {"expired": 1}
    box.idle()
    assert run_of(box, made.run)["ending"] == "expired"
    assert posted(box)[-1]["text"].endswith("Nothing was changed.")
    assert shown(press(box, made.run)).startswith("That is too late")
    box.idle()
    assert endings(box) == [("isolate", "expired")]
    assert not isolated(box, "batch-3")


def test_of_twenty_answers_at_once_one_counts(box: Sandbox) -> None:
    made = propose(box, "batch-3")
    buttons = ["approve", "decline"] * 10
    with ThreadPoolExecutor(20) as people:
        pressed = list(people.map(lambda button: press(box, made.run, button), buttons))
    assert len(pressed) == 20
    box.idle()
    run = run_of(box, made.run)
    answers = [row for row in box.runs() if row["action"] != "isolate"]
    (first,) = [row for row in answers if row["ending"] == "done"]
    assert first["id"] == run["approval"]["run"]
    assert {"approve": "approved", "decline": "declined"}[first["action"]] == run["approval"][
        "verdict"
    ]
    assert isolated(box, "batch-3") == (first["action"] == "approve")
    late = {
        row["result"]["facts"]["error"]["facts"]["reason"] for row in answers if row is not first
    }
    assert late <= {"answered"}
    assert len([one for one in posted(box) if "approving" in one["text"]]) == 0


WHO_MAY_NOT = {
    "operator": "You asked for that yourself",
    "anonymous": "I don't know that you are somebody else",
    "stranger": "I don't take orders",
}


def test_who_asked_does_not_approve_it(box: Sandbox) -> None:
    made = propose(box, "batch-3", who=OPERATOR)
    for user, sentence in WHO_MAY_NOT.items():
        pressed = press(box, made.run, user=user)
        assert shown(pressed).startswith(sentence), user
        assert not pressed["shown"][0]["replaces"]
    assert shown(press(box, made.run, "decline", "stranger")).startswith("I don't take orders")
    refused = [one for one in subjects(box) if one.startswith("Toban refused")]
    assert len(refused) >= 2
    box.idle()
    assert endings(box) == [("isolate", None)]
    press(box, made.run, "decline", "operator")
    box.idle()
    assert run_of(box, made.run)["ending"] == "declined"


def test_who_asked_for_what_can_be_undone_may_approve_it(box: Sandbox) -> None:
    made = propose(box, "batch-3", "mark_suspicious", who=OPERATOR)
    press(box, made.run, user="operator")
    box.idle()
    assert run_of(box, made.run)["ending"] == "done"


def test_slack_is_dead_and_a_voice_still_approves(box: Sandbox) -> None:
    box.faults({"service": "slack", "kind": "error"})
    made = propose(box, "batch-3", "mark_suspicious")
    assert posted(box) == []
    talk = box.talk()
    talk.intent("ApproveIntent", instance="batch three")
    talk.yes()
    box.idle()
    assert run_of(box, made.run)["ending"] == "done"
    box.faults({"service": "slack", "kind": "error", "times": 2})
    propose(box, "web-1", "mark_suspicious")
    assert posted(box)[-1]["blocks"][-1]["type"] == "actions"


KILLED = {
    "web-1": ("PutItem", '"callback"'),
    "web-2": ("PutItem", '"answer"'),
    "web-3": ("SendDurableExecutionCallbackSuccess", ""),
    "web-4": ("UpdateItem", "answered_by"),
}


def test_killed_at_one_step(box: Sandbox) -> None:
    for name, (operation, part) in KILLED.items():
        fault = {"function": "workflow", "operation": operation, "kind": "kill", "times": 1}
        box.forget_calls()
        box.faults(fault | ({"params": part} if part else {}))
        made = propose(box, name, "mark_suspicious")
        press(box, made.run)
        box.idle()
        assert [row["error"] for row in box.calls(operation=operation) if row["error"]], name
        assert run_of(box, made.run)["ending"] == "done", name
    assert len([one for one in posted(box) if "waits for an answer" in one["text"]]) == len(KILLED)
    assert len(box.runs()) == 2 * len(KILLED)


def test_a_callback_that_cannot_be_answered_gives_the_answer_back(box: Sandbox) -> None:
    made = propose(box, "batch-3", "mark_suspicious")
    denied = {"function": "workflow", "kind": "deny"}
    box.faults(denied | {"operation": "SendDurableExecutionCallbackSuccess"})
    press(box, made.run)
    box.idle()
    assert endings(box) == [("approve", "failed"), ("mark_suspicious", None)]
    box.control("DELETE", "/faults")
    press(box, made.run)
    box.idle()
    assert run_of(box, made.run)["ending"] == "done"


HOSTILE = "<!channel> *all* <https://evil.example|x> & `y`"


def test_hostile_names_and_reasons_are_inert(box: Sandbox) -> None:
    ids = [box.instance("batch-3")["InstanceId"]]
    event = finding(box, "batch-3")
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "Name", "Value": HOSTILE}])
    event["detail"] |= {"title": HOSTILE, "type": HOSTILE}
    event["detail"]["service"]["eventLastSeen"] = HOSTILE
    put(box, event)
    (message,) = posted(box)
    text = str(message)
    assert "<!channel>" not in text
    assert "<https" not in text
    assert "&lt;!channel&gt;" in text
    assert box.control("GET", "/slack") == {"refused": []}
