"""A small AWS account in moto with a `Delivery` attached and functions that do what a test says."""

import io
import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import boto3
from moto import mock_aws

from sandbox.clock import ModelledClock
from sandbox.delivery.service import Delivery
from sandbox.ext import async_settings, events, sns_delivery, sqs_sources

REGION, ACCOUNT = "us-east-1", "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"


@dataclass(frozen=True)
class Done:
    """What a fake function answers."""

    payload: Any = None
    error: dict[str, Any] | None = None


FAILED = Done(error={"errorType": "ValueError", "errorMessage": "no luck"})


@lru_cache
def _client(service: str) -> Any:
    """Clients take long to make, and moto also serves those made before the mock began."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.Session(region_name=REGION, **keys).client(service)


class Client:
    """A boto3 client whose calls hold the moto lock, as calls over HTTP do in the box."""

    def __init__(self, service: str, lock: threading.RLock, client: Any = None) -> None:
        self._client, self._lock = client or _client(service), lock

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            with self._lock:
                return getattr(self._client, name)(**parameters)

        return call


class World:
    """The account. `answers[name]` is what a function does; it succeeds by default."""

    def __init__(self, *, role: bool = True, **options: Any) -> None:
        self.lock, self.clock = threading.RLock(), ModelledClock()
        self.answers: dict[str, Callable[[Any], Done]] = {}
        self.calls: list[tuple[str, Any, str]] = []
        self.delivery = Delivery(self.invoke, self.lock, clock=self.clock, **options)
        self.events, self.sqs = Client("events", self.lock), Client("sqs", self.lock)
        self.sns, self.functions = Client("sns", self.lock), Client("lambda", self.lock)
        self.logs = Client("logs", self.lock)
        if role:
            Client("iam", self.lock).create_role(RoleName="worker", AssumeRolePolicyDocument="{}")

    def invoke(self, arn: str, event: Any, request_id: str) -> Done:
        # A lock held here would stall every AWS call of the function.
        assert not self.lock._is_owned()  # type: ignore[attr-defined]
        self.calls.append((arn, event, request_id))
        return self.answers.get(arn.split(":")[6], lambda event: Done("ok"))(event)

    def received(self, name: str) -> list[Any]:
        return [event for arn, event, _ in self.calls if arn.split(":")[6] == name]

    def function(self, name: str, *, allow: tuple[str, str] | None = None, **options: Any) -> str:
        """Create a function; `allow` is (service, source ARN pattern) of one permission."""
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("index.py", "")
        arn = self.functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=ROLE,
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            **options,
        )["FunctionArn"]
        if allow:
            self.functions.add_permission(
                FunctionName=name,
                StatementId="s",
                Action="lambda:InvokeFunction",
                Principal=allow[0],
                SourceArn=allow[1],
            )
        return str(arn)

    def sender(self) -> str:
        """The ARN of a new role that EventBridge may assume."""
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = Client("iam", self.lock).create_role(
            RoleName="sender", AssumeRolePolicyDocument=document
        )
        return str(made["Role"]["Arn"])

    def queue(self, name: str, *services: str, **attributes: str) -> str:
        """Create a queue that these services may send to; gives its ARN."""
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": list(services)},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = {"Policy": json.dumps({"Statement": [statement]})} if services else {}
        self.sqs.create_queue(QueueName=name, Attributes=policy | attributes)
        return arn

    def messages(self, name: str) -> list[tuple[Any, dict[str, str]]]:
        """Bodies and attributes of what a queue holds (it is emptied)."""
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        rows: list[tuple[Any, dict[str, str]]] = []
        while batch := self._batch(url):
            for message in batch:
                attributes = message.get("MessageAttributes", {})
                values = {key: value["StringValue"] for key, value in attributes.items()}
                rows.append((message["Body"], values))
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return rows

    def _batch(self, url: str) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))

    def rule(self, *targets: dict[str, Any], pattern: Any = None, **options: Any) -> str:
        """Create a rule for source `demo`; gives its ARN."""
        wanted = json.dumps(pattern or {"source": ["demo"]})
        arn = self.events.put_rule(Name="rule", EventPattern=wanted, **options)["RuleArn"]
        rows = [{"Id": str(index)} | target for index, target in enumerate(targets)]
        self.events.put_targets(Rule="rule", Targets=rows)
        return str(arn)

    def put(self, **detail: Any) -> dict[str, Any]:
        entry = {"Source": "demo", "DetailType": "Thing", "Detail": json.dumps(detail)}
        return dict(self.events.put_events(Entries=[entry]))

    def settle(self) -> None:
        assert self.delivery.wait_idle(20)
        assert self.delivery.broken == []


def fresh_world() -> Iterator[World]:
    """The fixture: `world = pytest.fixture(fresh_world)`."""
    for module in (async_settings, events, sns_delivery, sqs_sources):
        module.install()
        module.install()
    with mock_aws():
        made = World()
        yield made
        assert made.delivery.stop(20)


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
