"""The documented sample events, made those of a box; how they are sent, and what became of them."""

import json
import uuid
from typing import Any

from tests.world import ROOT, Json, Sandbox

SAMPLES = {path.stem: path for path in sorted((ROOT / "tests/events").glob("*.json"))}
INSTANCE, ACCOUNT, REGION = "i-0a1b2c3d4e5f60718", "111122223333", "eu-west-1"


def sample(box: Sandbox, route: str, instance: str = "batch-1", fresh: bool = False) -> Json:
    """A documented sample about an instance of the box; `fresh` makes it another event."""
    text = SAMPLES[route].read_text(encoding="utf-8")
    for there, here in {
        "arn:aws:iam::111122223333:user/operator": box.ready["principal"],
        "arn:aws:sns:eu-west-1:111122223333:toban-lockdown": box.ready["lockdown_topic"],
        "the-external-id": box.ready["external_id"],
        INSTANCE: box.instance(instance)["InstanceId"],
        ACCOUNT: box.ready["account"],
        REGION: box.ready["region"],
    }.items():
        text = text.replace(there, here)
    made: Json = json.loads(text)
    return renewed(made) if fresh else made


def asking(event: Json, value: str) -> Json:
    """The same event with another value of the request tag: either of the two that tell of one."""
    detail = event["detail"]
    if "tags" in detail:
        detail["tags"]["Toban"] = value
    else:
        detail["requestParameters"]["tagSet"]["items"][0]["value"] = value
    return event


def name_of(event: Json) -> str:
    """What an event is called in the ledger."""
    found = event["Records"][0]["Sns"]["MessageId"] if "Records" in event else event["id"]
    return str(found)


def raw(route: str) -> Json:
    """A documented sample as it is in the file."""
    found: Json = json.loads(SAMPLES[route].read_text(encoding="utf-8"))
    return found


def renewed(event: Json) -> Json:
    """The same happening once more: every id of it is new."""
    event = json.loads(json.dumps(event))
    if "Records" in event:
        event["Records"][0]["Sns"]["MessageId"] = str(uuid.uuid4())
        return event
    event["id"] = str(uuid.uuid4())
    if "eventID" in event["detail"]:
        event["detail"]["eventID"] = str(uuid.uuid4())
    return event


def invoke(box: Sandbox, event: Any) -> None:
    """As a rule's target: asynchronously, past the rule's pattern."""
    box.aws("lambda").invoke(
        FunctionName=function(box), InvocationType="Event", Payload=json.dumps(event)
    )


def answered(box: Sandbox, event: Any) -> Json:
    """The events function's own answer, or its error."""
    answer = box.aws("lambda").invoke(FunctionName=function(box), Payload=json.dumps(event))
    found: Json = json.loads(answer["Payload"].read())
    return found


def function(box: Sandbox) -> str:
    rows = box.aws("lambda").list_functions()["Functions"]
    (name,) = [row["FunctionName"] for row in rows if row["FunctionName"].endswith("-events")]
    return f"{name}:live"


def accounts(box: Sandbox) -> list[Json]:
    """The ledger's items of events: one for each that ended as anything but a dead letter."""
    return [json.loads(item["doc"]["S"]) for item in items(box, "event")]


def items(box: Sandbox, kind: str) -> list[Json]:
    """The ledger's items of one kind, as DynamoDB has them."""
    client = box.aws("dynamodb")
    query: Json = {
        "TableName": table(client),
        "IndexName": "by-time",
        "KeyConditionExpression": "kind = :kind",
        "ExpressionAttributeValues": {":kind": {"S": kind}},
    }
    found: list[Json] = []
    for page in client.get_paginator("query").paginate(**query):
        found += page["Items"]
    return found


def item(box: Sandbox, pk: str, sk: str) -> Json:
    """One item of the ledger, as DynamoDB has it; empty if there is none."""
    client = box.aws("dynamodb")
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    found: Json = client.get_item(TableName=table(client), Key=key).get("Item", {})
    return found


def table(client: Any) -> str:
    (name,) = [one for one in client.list_tables()["TableNames"] if "TobanTable" in one]
    return str(name)


def buried(box: Sandbox) -> list[Json]:
    """The events in the dead-letter queue, taken out of it."""
    client = box.aws("sqs")
    (url,) = [one for one in client.list_queues()["QueueUrls"] if "EventsDlq" in one]
    found: list[Json] = []
    while rows := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for row in rows:
            client.delete_message(QueueUrl=url, ReceiptHandle=row["ReceiptHandle"])
            body = json.loads(row["Body"])
            found.append(body.get("requestPayload", body))
    return found
