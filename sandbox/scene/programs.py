"""The Lambda functions of a scenario: they do nothing, and answer null."""

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import lambda_backends

from sandbox.ext import functions_sources
from sandbox.runtime.calls import MOTO

Spec = dict[str, Any]
Client = Callable[[str], Any]


def make(client: Client, functions: dict[str, Spec], account: str, region: str) -> None:
    """All functions with versions, aliases, concurrency and queues, settled."""
    for name, spec in functions.items():
        role = client("iam").get_role(RoleName=spec["role"])["Role"]["Arn"]
        _make_function(client("lambda"), name, role, spec)
        _reserve(client("lambda"), name, spec)
        for queue in spec.get("queues", []):
            _feed(client, name, queue)
    with MOTO:
        functions_sources.settle(lambda_backends[account][region])


def _make_function(api: Any, name: str, role: str, spec: Spec) -> None:
    api.create_function(
        FunctionName=name,
        Role=role,
        Runtime=spec.get("runtime", "python3.13"),
        Handler="app.handler",
        Code={"ZipFile": f"the code of {name}".encode()},
        Tags=spec.get("tags", {}),
    )
    for number in range(1, spec.get("versions", 0) + 1):
        # A version is published only of what has changed since the last one.
        api.update_function_configuration(FunctionName=name, Description=f"release {number}")
        api.publish_version(FunctionName=name)
    for alias, version in spec.get("aliases", {}).items():
        api.create_alias(FunctionName=name, Name=alias, FunctionVersion=str(version))


def _reserve(api: Any, name: str, spec: Spec) -> None:
    if "concurrency" in spec:
        reserved = spec["concurrency"]
        api.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    for qualifier, wanted in spec.get("provisioned", {}).items():
        api.put_provisioned_concurrency_config(
            FunctionName=name, Qualifier=qualifier, ProvisionedConcurrentExecutions=wanted
        )


def _feed(client: Client, name: str, queue: str) -> None:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    client("lambda").create_event_source_mapping(
        EventSourceArn=attributes["QueueArn"], FunctionName=name, BatchSize=10
    )
