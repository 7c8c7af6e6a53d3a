"""Handlers that make the calls they are told to make, also in a role that they assume first."""

import json
from typing import Any

import boto3
from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python.config import Duration
from botocore.config import Config
from botocore.exceptions import ClientError

Event = dict[str, Any]
ONCE = Config(retries={"total_max_attempts": 1})
HELD: dict[str, dict[str, str]] = {}


def _keys(role: Event) -> dict[str, str]:
    """The keys of a session, kept for the life of this process."""
    if role["RoleArn"] not in HELD:
        made = boto3.client("sts").assume_role(RoleSessionName="actor", **role)["Credentials"]
        HELD[role["RoleArn"]] = {
            "aws_access_key_id": made["AccessKeyId"],
            "aws_secret_access_key": made["SecretAccessKey"],
            "aws_session_token": made["SessionToken"],
        }
    return HELD[role["RoleArn"]]


def _call(event: Event, service: str, operation: str, params: Event) -> Any:
    try:
        keys = _keys(event["as"]) if "as" in event else {}
        client = boto3.client(service, event.get("region"), config=ONCE, **keys)
        answer = getattr(client, operation)(**params)
    except ClientError as error:
        return error.response["Error"]["Code"]
    answer.pop("ResponseMetadata")
    return json.loads(json.dumps(answer, default=str))


def voice(event: Event, context: Any) -> Any:
    """The answers, or the error codes, of the calls in `do`; `print` and `fail` come first."""
    for row in event.get("print", []):
        print(json.dumps(row))
    if "fail" in event:
        raise ValueError(event["fail"])
    if event.get("forget"):
        HELD.clear()
    return [_call(event, *call) for call in event.get("do", [])]


def events(event: Event, context: Any) -> None:
    """Write what came into the log."""
    print(json.dumps({"got": event}))


@durable_execution
def workflow(event: Event, context: DurableContext) -> Any:
    """The same, each call a step of its own with a minute between them."""
    if "fail" in event:
        raise ValueError(event["fail"])
    found = []
    for index, call in enumerate(event["do"]):
        found.append(context.step(lambda _, call=call: _call(event, *call), name=f"{index}"))
        context.wait(Duration.from_minutes(1))
    return found
