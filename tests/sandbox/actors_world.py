"""A box with a small stack of its own, whose functions make the calls that a test tells them."""

import json
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from sandbox.box import Box, Options
from tests.sandbox.core.client import http

HERE = Path(__file__).parent / "actors"
MEMBER, REGION = "222222222222", "eu-west-1"
ORGANIZATION = f"arn:aws:iam::{MEMBER}:role/OrganizationAccountAccessRole"
READ, CONTAIN = (f"arn:aws:iam::{MEMBER}:role/actors-{kind}" for kind in ("read", "contain"))
Json = dict[str, Any]
Told = tuple[str, str, Json]


class Actors:
    """The box, seen through HTTP and boto3."""

    def __init__(self) -> None:
        self.box = Box(Options(template=HERE / "template.yaml", code=HERE))
        self.urls = self.box.urls

    def start(self) -> "Actors":
        self.box.start()
        return self

    def stop(self) -> None:
        self.box.stop()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = http(method, f"{self.urls['control']}/{path}", body)
        assert status == 200, answer
        return answer

    def idle(self) -> None:
        assert self.control("POST", "idle") == {"idle": True}

    def voice(self, *calls: Told, **event: Any) -> Any:
        """What the voice function answers to these calls: answers, or error codes.

        Its process forgets the sessions it holds first, unless told otherwise. Not through the
        Alexa URL: what this function answers is no answer to Alexa.
        """
        payload = json.dumps({"forget": True} | event | {"do": calls}).encode()
        answer = self.aws("lambda").invoke(FunctionName="toban-voice:live", Payload=payload)
        return json.loads(answer["Payload"].read())

    def run(self, name: str, *calls: Told, **event: Any) -> str:
        """Start a durable execution; its ARN."""
        started = self.aws("lambda").invoke(
            FunctionName="toban-workflow:live",
            InvocationType="Event",
            DurableExecutionName=name,
            Payload=json.dumps(event | {"do": calls}).encode(),
        )
        return str(started["DurableExecutionArn"])

    def result(self, arn: str) -> Any:
        """What a durable execution that has succeeded gave."""
        made = self.aws("lambda").get_durable_execution(DurableExecutionArn=arn)
        return json.loads(made["Result"])

    def calls(self, **where: Any) -> list[Json]:
        rows = self.control("GET", "calls")["calls"]
        return [row for row in rows if all(row[name] == value for name, value in where.items())]

    def mail(self) -> list[Json]:
        """What the mail subscriber received, oldest first."""
        rows = self.control("GET", "messages")["messages"]
        return [row for row in rows if row["channel"] == "mail"]

    def aws(self, service: str, region: str = "us-east-1", keys: Json | None = None) -> Any:
        """A client with the keys that AssumeRole gave, or of the principal."""
        keys = keys or {"AccessKeyId": "AKIASOMEBODYUNKNOWN0", "SecretAccessKey": "any"}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.urls["aws"],
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            config=Config(retries={"total_max_attempts": 1}),
        )

    def assume(self, role: str = ORGANIZATION, **params: Any) -> Json:
        """The keys of a session that the principal begins."""
        made = self.aws("sts").assume_role(RoleArn=role, RoleSessionName="test", **params)
        return dict(made["Credentials"])

    def member(self, service: str, region: str = REGION) -> Any:
        """A client of the member account that may do everything."""
        return self.aws(service, region, self.assume())

    @property
    def external_id(self) -> str:
        return self.box.account.people.member_external_id


def names(ec2: Any) -> set[str]:
    """The Name tags of the instances that a client sees."""
    pages = ec2.describe_instances()["Reservations"]
    rows = [row for page in pages for row in page["Instances"]]
    return {tag["Value"] for row in rows for tag in row["Tags"] if tag["Key"] == "Name"}
