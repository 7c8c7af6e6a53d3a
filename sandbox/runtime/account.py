"""The AWS accounts of the box: moto's state, from empty to deployed."""

import os
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from moto.moto_api._internal import mock_random

from sandbox import image
from sandbox.runtime import deploy, policies
from sandbox.runtime.access import Access
from sandbox.runtime.calls import ACCOUNT, MOTO, REGION, Caller
from sandbox.runtime.gateway import LOADER_KEY, MOTO_ACCOUNT
from sandbox.runtime.members import Members, accounts
from sandbox.runtime.pool import Function

Credentials = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Source:
    """What an account is made from: the templates, and the stack parameters that are set by name.

    `document` is the scenario, of which only `elsewhere` and `parameters` count here.
    """

    template: Path
    member_template: Path
    seed: int
    document: dict[str, Any]
    values: dict[str, str]


class Account:
    """The home account, deployed from a template, and the way into the others that a scenario has.

    The AWS server must be up for `load`.
    """

    def __init__(self, source: Source, aws_url: str, webhook: str) -> None:
        os.environ["VALIDATE_LAMBDA_S3"] = "false"  # the code is on disk, not in a bucket
        self.people = deploy.people(source.seed)
        self.stack = deploy.Stack({}, [])
        self._seed, self._aws_url, self._webhook = source.seed, aws_url, webhook
        given = {name: _text(each) for name, each in source.document.get("parameters", {}).items()}
        wishes = deploy.Wishes(given | source.values, accounts(source.document))
        self._parameters = deploy.parameters(source.template, self.people, wishes)
        self._template = deploy.translate(source.template, self._parameters)
        shared = {"MemberExternalId": self.people.member_external_id} | self._parameters
        self._members = Members(source.member_template, shared, source.document)
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, str], Any] = {}

    def client(self, service: str, account: str = ACCOUNT, region: str = REGION) -> Any:
        """A boto3 client of the box itself: it acts as the principal, without latency."""
        key = (service, account, region)
        with self._lock:  # making a client is not thread-safe
            if key not in self._clients:
                self._clients[key] = _client(service, self._aws_url, account, region)
            return self._clients[key]

    def load(self) -> Credentials:
        """From nothing to the stack and its secrets; gives the functions' credentials."""
        with MOTO:
            image.empty()
            mock_random.seed(self._seed)
        self.stack = deploy.create(self.client, self._template, self._parameters)
        pin = self._parameters.get("PinParameterName", "")
        deploy.fill_in(self.client, self.stack, self.people, self._webhook, pin)
        return deploy.credentials(self.client, self.stack.functions)

    def load_members(self) -> None:
        """The way into the other accounts; after the home scenario, whose ids stay the same."""
        self._members.load(self.client)

    def callers(self, credentials: Credentials) -> list[Caller]:
        """Who signs with the functions' access keys."""
        return [_caller(row, credentials[row.logical_id]) for row in self.stack.functions]

    def bury(self, function: Function, payload: str, error: dict[str, Any]) -> None:
        """Put the input of a failed execution into the function's dead-letter queue."""
        queue = function.dead_letter_arn
        if queue and role_may(function.role_arn, "sqs:SendMessage", queue):
            deploy.dead_letter(self.client("sqs"), queue, payload, error)


def _text(value: Any) -> str:
    """A parameter's value as CloudFormation takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _client(service: str, aws_url: str, account: str, region: str) -> Any:
    client = boto3.client(
        service,
        region_name=region,
        endpoint_url=aws_url,
        aws_access_key_id=LOADER_KEY,
        aws_secret_access_key="sandbox",  # noqa: S106 (nothing is secret in here)
        config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
    )
    client.meta.events.register("before-sign", partial(_mark, account))
    return client


def _mark(account: str, request: Any, **_: Any) -> None:
    request.headers[MOTO_ACCOUNT] = account


def _caller(function: Function, credentials: dict[str, str]) -> Caller:
    role = function.role_arn.rsplit("/", 1)[-1]
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{function.name}"
    key_id = credentials["AWS_ACCESS_KEY_ID"]
    return Caller(arn, key_id, function.short, role, function.role_arn)


def role_may(role_arn: str, action: str, resource: str) -> bool:
    """Whether a role's policies allow an action on a resource."""
    name, account = role_arn.rsplit("/", 1)[-1], role_arn.split(":")[4]
    with MOTO:
        return policies.allowed(name, [Access(action, resource)], account) is None
