"""The system on its own events: what its own work causes starts nothing, for a thousand steps."""

import json
from collections import Counter
from itertools import cycle, islice

from tests.events_world import accounts, buried, invoke, renewed
from tests.world import Json, Sandbox

STEPS, BATCH = 1000, 50
ALL = {"source": [{"prefix": "aws."}]}


def listen(box: Sandbox) -> str:
    """A queue that gets every event on the bus."""
    sqs, events = box.aws("sqs"), box.aws("events")
    url = sqs.create_queue(QueueName="everything")["QueueUrl"]
    name = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=name)["Attributes"]["QueueArn"]
    rule = events.put_rule(Name="everything", EventPattern=json.dumps(ALL))["RuleArn"]
    may = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_targets(Rule="everything", Targets=[{"Id": "all", "Arn": arn}])
    return str(url)


def heard(box: Sandbox, url: str) -> list[Json]:
    client = box.aws("sqs")
    found: list[Json] = []
    while rows := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(row["Body"]) for row in rows]
        for row in rows:
            client.delete_message(QueueUrl=url, ReceiptHandle=row["ReceiptHandle"])
    return found


def is_own(event: Json) -> bool:
    """Whether the event tells of something that Toban itself has done."""
    detail = event["detail"]
    if event["source"] == "aws.tag":
        return "Toban" not in detail["changed-tag-keys"]
    who = detail.get("userIdentity", {})
    issuer = who.get("sessionContext", {}).get("sessionIssuer", {}).get("arn", "")
    return "-WorkflowFunctionRole" in issuer


def work(box: Sandbox) -> int:
    """A person's requests, of every kind, one after the other; how many they are."""
    asked = ["assess", "suspicious", "isolate", "release"]
    for value in asked:
        box.tag("batch-3", value)
        box.idle()
    return len(asked)


def test_a_thousand_steps_on_its_own_events_start_nothing(box: Sandbox) -> None:
    url = listen(box)
    asked = work(box)
    runs = len(box.runs())
    assert runs == asked
    own = [event for event in heard(box, url) if is_own(event)]
    assert {event["source"] for event in own} == {"aws.tag", "aws.ec2"}
    agents = {one["detail"]["userAgent"].split()[0] for one in own if one["source"] == "aws.ec2"}
    assert agents == {"toban"}
    before = Counter(row["outcome"] for row in accounts(box))
    steps = [renewed(event) for event in islice(cycle(own), STEPS)]
    for at in range(0, STEPS, BATCH):
        invoke(box, {"Records": steps[at : at + BATCH]})
    box.idle()
    after = Counter(row["outcome"] for row in accounts(box))
    assert after - before == {"ignored": STEPS}
    assert len(box.runs()) == runs
    assert [event for event in heard(box, url) if is_own(event)] == []
    assert buried(box) == []
    our_own_request(box, next(event for event in own if event["source"] == "aws.ec2"))


def our_own_request(box: Sandbox, call: Json) -> None:
    """Not even a request would be obeyed: a pattern that lists every role lists the workflow's."""
    event, runs = renewed(call), len(box.runs())
    event["detail"]["eventName"] = "CreateTags"
    event["detail"]["requestParameters"] = {
        "resourcesSet": {"items": [{"resourceId": box.instance("batch-3")["InstanceId"]}]},
        "tagSet": {"items": [{"key": "Toban", "value": "isolate"}]},
    }
    invoke(box, event)
    box.idle()
    assert [row["reason"] for row in accounts(box) if row["event"] == event["id"]] == ["own-call"]
    assert len(box.runs()) == runs
