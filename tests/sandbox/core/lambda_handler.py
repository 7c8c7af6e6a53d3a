"""Handlers that do as they are told, for the tests of the box itself."""

import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python.config import Duration

Event = dict[str, Any]
CAST = random.random()


def _fail(event: Event, context: Any) -> None:
    raise ValueError(event["fail"])


def _call(event: Event, context: Any) -> Any:
    client = boto3.client(event["call"][0])
    answer = getattr(client, event["call"][1])(**event.get("with", {}))
    answer.pop("ResponseMetadata")
    return json.loads(json.dumps(answer, default=str))


def _start(event: Event, context: Any) -> Any:
    answer = boto3.client("lambda").invoke(
        FunctionName=os.environ["TOBAN_WORKFLOW_ARN"],
        InvocationType="Event",
        DurableExecutionName=event["start"],
        Payload=json.dumps(event.get("with", {})),
    )
    return answer["DurableExecutionArn"]


def _sleep(event: Event, context: Any) -> None:
    time.sleep(event["sleep"])


def _tell(event: Event, context: Any) -> dict[str, Any]:
    print(json.dumps({"told": event}))
    return {
        "pid": os.getpid(),
        "request_id": context.aws_request_id,
        "arn": context.invoked_function_arn,
        "left": context.get_remaining_time_in_millis(),
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "path": sys.path,
        "cast": CAST,
        "hash": hash("a text"),
    }


_COMMANDS = {"fail": _fail, "call": _call, "start": _start, "sleep": _sleep}


def voice(event: Event, context: Any) -> Any:
    """Do the first command that the event names; with none, tell where it runs."""
    names = [name for name in _COMMANDS if name in event]
    return _COMMANDS[names[0]](event, context) if names else _tell(event, context)


events = slack = voice


@durable_execution
def workflow(event: Event, context: DurableContext) -> Any:
    """Two steps with half an hour between them; `fail`, `die` and `hang` break it off."""
    if "fail" in event:
        raise ValueError(event["fail"])
    first = context.step(lambda _: _put("first"), name="first")
    if "die" in event and not _seen("died"):
        _put("died")
        os._exit(9)
    context.wait(Duration.from_minutes(30))
    return [first, context.step(lambda _: _put("second"), name="second")]


def _put(name: str) -> str:
    item = {"pk": {"S": f"run#{name}"}, "sk": {"S": "record"}}
    doc = {"S": json.dumps({"id": name, "started": str(time.time())})}
    table = os.environ["TOBAN_TABLE"]
    boto3.client("dynamodb").put_item(TableName=table, Item=item | {"doc": doc})
    return name


def _seen(name: str) -> bool:
    key = {"pk": {"S": f"run#{name}"}, "sk": {"S": "record"}}
    table = os.environ["TOBAN_TABLE"]
    return "Item" in boto3.client("dynamodb").get_item(TableName=table, Key=key)
