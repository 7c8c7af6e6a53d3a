"""Messages: few are sent at once, many become one, and none is lost while Slack takes none."""

import json
import time
from typing import Any

import pytest

from skill.actions._outbox import AT_ONCE, OWN, PLAIN, URGENT, USUAL, WINDOW, WRONG, Bucket, Letter
from tests.world import Json, Sandbox

BATCH = ("batch-1", "batch-3", "api-1", "web-1")
MOMENTS = {"only partly done": "partial", "done": "done", "failed": "failed"}
TOLD = 2 * len(BATCH)  # each run tells its start and its end


def table(box: Sandbox) -> str:
    found: str = next(n for n in box.aws("dynamodb").list_tables()["TableNames"] if "Toban" in n)
    return found


def crowded(box: Sandbox, *lanes: str) -> None:
    """As many messages as are sent at once have been, in this window and the next ones."""
    now = int(time.time()) // WINDOW * WINDOW
    for lane in lanes:
        for window in range(now, now + 3 * WINDOW, WINDOW):
            key = {"pk": {"S": f"notices#{window}"}, "sk": {"S": lane}}
            seen = {"seen": {"N": str(AT_ONCE[lane])}, "doc": {"S": "{}"}}
            box.aws("dynamodb").put_item(TableName=table(box), Item=key | seen)


def mark(box: Sandbox, *names: str) -> None:
    """One event that asks for one run of each."""
    ids = [box.instance(name)["InstanceId"] for name in names]
    box.ec2.create_tags(Resources=ids, Tags=[{"Key": "Toban", "Value": "suspicious"}])
    box.idle()


def slack(box: Sandbox) -> list[Json]:
    return [one["body"] for one in box.messages() if one["channel"] == "slack"]


def mails(box: Sandbox) -> list[Json]:
    found = [json.loads(one["message"]) for one in box.messages() if one["channel"] == "mail"]
    return [one for one in found if "moment" in one]


def told(box: Sandbox) -> list[tuple[str, str]]:
    """(run, moment) of everything that the audit topic heard of, alone or among others."""
    rows: list[tuple[str, str]] = []
    for doc in mails(box):
        many = doc.get("messages", [])
        rows += [(one["run"], moment(one["title"])) for one in many]
        rows += [(doc["id"], doc["ending"] or doc["moment"])] if "id" in doc else []
    return sorted(rows)


def moment(title: str) -> str:
    return next((one for end, one in MOMENTS.items() if title.endswith(end)), "started")


def expected(box: Sandbox) -> list[tuple[str, str]]:
    runs = box.runs()
    return sorted([(r["id"], "started") for r in runs] + [(r["id"], r["ending"]) for r in runs])


def kept(box: Sandbox) -> list[Json]:
    rows = box.aws("dynamodb").scan(TableName=table(box))["Items"]
    return [row for row in rows if row["pk"]["S"].startswith("outbox#")]


def counted(message: Json) -> int:
    """How many messages one message in Slack stands for."""
    title = message["blocks"][0]["text"]["text"]
    return int(title.split()[2]) if "more" in title else 1


def test_what_comes_too_fast_is_kept_and_nothing_is_missing(box: Sandbox) -> None:
    crowded(box, PLAIN)
    mark(box, *BATCH)
    assert told(box) == expected(box)
    assert len(told(box)) == len(kept(box)) == TOLD
    assert sum(counted(one) for one in slack(box)) == TOLD


APPROVE = {"type": "plain_text", "text": "Approve"}
BUTTONS = [{"type": "actions", "elements": [{"type": "button", "text": APPROVE}]}]
HOSTILE = "<!channel> *x* `y` & <https://evil.example|z>"


def letters() -> list[Letter]:
    """What may wait in one bucket: what has buttons, what is wrong, and the rest, mixed."""
    made = [
        Letter(f"usual {n % 3}", f"usual {n}", [], {"moment": "started", "n": n}, USUAL)
        for n in range(30)
    ]
    wrong = [
        Letter("wrong", f"wrong {n}", [], {"moment": "ended"}, WRONG, (f"host-{n} {HOSTILE}",))
        for n in range(24)
    ]
    own = [Letter("asks", f"asks {n}", BUTTONS, {"moment": "proposed"}, OWN) for n in range(2)]
    return [one for group in zip(made, [*wrong, *made[:6]], strict=True) for one in group] + own


def test_a_bucket_is_told_with_the_urgent_first_and_the_rest_in_one(box: Sandbox) -> None:
    """56 that were counted, of the two lanes of a minute that people see."""
    bucket = Bucket(1764000000, PLAIN, 0)
    rows = letters()
    counter = {"pk": {"S": bucket.counter[0]}, "sk": {"S": PLAIN}, "doc": {"S": "{}"}}
    seen = {"seen": {"N": str(AT_ONCE[PLAIN] + len(rows))}}
    box.aws("dynamodb").put_item(TableName=table(box), Item=counter | seen)
    for at, letter in enumerate(rows):
        key = {"pk": {"S": f"outbox#{bucket.name}"}, "sk": {"S": f"{letter.rank}#{at:04d}"}}
        doc = {"doc": {"S": json.dumps(letter.item(["audit", "slack"]))}}
        box.aws("dynamodb").put_item(TableName=table(box), Item=key | doc)
    box.aws("lambda").invoke(
        FunctionName=f"{workflow(box)}:live",
        InvocationType="Event",
        Payload=json.dumps({"flush": bucket.name, "after": 0}),
    )
    box.idle()

    texts = [one["text"] for one in slack(box)]
    assert texts[:2] == ["asks 0", "asks 1"]
    assert [one.get("blocks") for one in slack(box)[:2]] == [BUTTONS, BUTTONS]
    assert [text.split("\n")[0] for text in texts[2:]] == [
        "Toban: 20 more to look at",
        "Toban: 4 more to look at",
        "Toban: 36 more messages",
    ]
    named = " ".join(json.dumps(one) for one in slack(box)[2:4])
    assert all(f"host-{n} " in named for n in range(24))
    assert "<!channel>" not in named
    assert "https://evil.example|" not in named.replace("&lt;https://evil.example|z&gt;", "")
    assert "• 12 × usual 0" in json.dumps(slack(box)[4], ensure_ascii=False)
    assert [doc["moment"] for doc in mails(box)] == ["proposed"] * 2 + ["collapsed"] * 3
    assert mails(box)[4]["counts"] == {"usual 0": 12, "usual 1": 12, "usual 2": 12}


def workflow(box: Sandbox) -> str:
    rows = box.aws("lambda").list_functions()["Functions"]
    return next(
        str(row["FunctionName"]) for row in rows if row["FunctionName"].endswith("-workflow")
    )


def test_what_failed_is_named_and_never_only_counted(box: Sandbox) -> None:
    crowded(box, PLAIN, URGENT)
    box.faults({"function": "workflow", "service": "logs", "kind": "deny"})
    mark(box, *BATCH)
    box.faults()
    assert {run["ending"] for run in box.runs()} <= {"failed", "partial"}
    assert told(box) == expected(box)
    texts = json.dumps([one["blocks"] for one in slack(box) if "started" not in str(one)]).lower()
    assert [name for name in BATCH if name not in texts] == []


@pytest.mark.parametrize("kind", ["error", "throttle", "drop"])
def test_a_slack_that_was_down_gets_everything_later(box: Sandbox, kind: str) -> None:
    box.faults({"service": "slack", "kind": kind, "times": 7})
    mark(box, "batch-3")
    assert [counted(one) for one in slack(box)] == [1, 1]
    assert sorted("started" in str(one["text"]) for one in slack(box)) == [False, True]
    assert len(mails(box)) == 2
    assert [run["ending"] for run in box.runs()] == ["done"]


def test_slacks_rate_is_kept_to_and_nothing_is_lost(box: Sandbox) -> None:
    box.control("PUT", "/limits", {"slack": True})
    mark(box, *BATCH)
    assert sum(counted(one) for one in slack(box)) == TOLD


def test_a_killed_flush_goes_on_and_sends_one_message_twice_at_most(box: Sandbox) -> None:
    crowded(box, PLAIN)
    box.faults(
        {"service": "slack", "function": "workflow", "kind": "kill", "times": 1},
        {"service": "sns", "function": "workflow", "kind": "kill", "times": 1},
        {"function": "workflow", "service": "lambda", "kind": "kill", "nth": 20, "times": 1},
    )
    mark(box, *BATCH)
    runs = {run for run, _ in told(box)}
    assert runs == {run["id"] for run in box.runs()}
    assert set(expected(box)) == set(told(box))
    assert len(told(box)) <= TOLD + len(BATCH)


def test_a_slack_that_stays_down_is_given_up_loudly(box: Sandbox) -> None:
    box.faults({"service": "slack", "kind": "error"})
    mark(box, "batch-3")
    box.faults()
    lost = [doc for doc in mails(box) if doc["moment"] == "lost"]
    assert sum(doc["total"] for doc in lost) == 2
    assert {one["run"] for doc in lost for one in doc["messages"]} == {box.runs()[0]["id"]}
    assert '"MessagesLost":' in "".join(str(row["line"]) for row in logs(box))


def logs(box: Sandbox) -> list[Any]:
    rows: list[Any] = box.control("GET", "/logs")["logs"]
    return rows


def test_the_same_refusal_is_told_once_and_then_counted(box: Sandbox) -> None:
    arn = f"arn:aws:ec2:{box.ready['region']}:{box.ready['account']}:instance/i-0123456789abcdef0"
    given = {"Arn": arn, "ExternalId": "somebody's guess"}
    attributes = {k: {"DataType": "String", "StringValue": v} for k, v in given.items()}
    for _ in range(10):
        box.aws("sns").publish(
            TopicArn=box.ready["lockdown_topic"], Message="-", MessageAttributes=attributes
        )
    box.idle()
    rows = [doc for doc in mails(box) if doc["moment"] == "refused"]
    assert sum(doc.get("times", 1) for doc in rows) == 10
    assert len(rows) < 10
    assert slack(box) == []


def test_slack_that_is_off_is_not_waited_for(box: Sandbox) -> None:
    name = next(
        row["ARN"]
        for row in box.aws("secretsmanager").list_secrets()["SecretList"]
        if "Slack" in row["Name"]
    )
    box.aws("secretsmanager").put_secret_value(SecretId=name, SecretString="off")
    mark(box, "batch-3")
    assert (len(mails(box)), slack(box), kept(box)) == (2, [], [])
