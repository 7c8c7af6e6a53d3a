"""template.yaml as deployed: SAM to CloudFormation to moto, and what a deployer fills in."""

import base64
import copy
import hashlib
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from moto.awslambda.utils import get_backend
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from sandbox.ext.cfn import unknown_types
from sandbox.runtime import parameters as given_parameters
from sandbox.runtime import templates
from sandbox.runtime.calls import ACCOUNT, PRINCIPAL, REGION
from sandbox.runtime.pool import Function

STACK = "toban"
Client = Callable[[str], Any]
"""Gives a boto3 client of a service, pointed at the box."""


@dataclass(frozen=True)
class People:
    """The people of the box: the ids that the stack parameters name; they repeat with the seed."""

    skill_id: str
    responder_user: str
    responder_person: str
    viewer_user: str
    pin: str
    external_id: str
    member_external_id: str
    slack_signing_secret: str
    slack: dict[str, str]
    principal: str = PRINCIPAL


def people(seed: int) -> People:
    """The people of a seed."""
    source = random.Random(seed)  # noqa: S311 (ids that repeat, no secrets)

    def token(length: int) -> str:
        return "".join(source.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=length))

    skill = uuid.UUID(int=source.getrandbits(128), version=4)
    return People(
        skill_id=f"amzn1.ask.skill.{skill}",
        responder_user=f"amzn1.ask.account.{token(48)}",
        responder_person=f"amzn1.ask.person.{token(48)}",
        viewer_user=f"amzn1.ask.account.{token(48)}",
        pin=f"{source.randrange(1000, 10000)}",
        external_id=f"toban-{token(16).lower()}",
        member_external_id=f"member-{token(24).lower()}",
        slack_signing_secret=token(32).lower(),
        slack={name: f"U{token(10)}" for name in ("approver", "operator", "anonymous", "stranger")},
    )


def translate(path: Path, parameters: dict[str, str]) -> dict[str, Any]:
    """A SAM template as plain CloudFormation; LookupError for a type that the box would skip."""
    template = copy.deepcopy(templates.parsed(path))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource.setdefault("Properties", {})["CodeUri"] = "s3://sandbox/code"
    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name=REGION))
    result: dict[str, Any] = translator.translate(template, parameters, get_managed_policy_map=dict)
    if unknown := unknown_types(result):
        raise LookupError(
            f"the sandbox does not know {', '.join(sorted(unknown))}: see sandbox/ext/cfn.py"
        )
    return result


@dataclass(frozen=True)
class Wishes:
    """What a deployer sets beyond the people: parameters by name, and the member accounts."""

    values: dict[str, str] = field(default_factory=dict)
    accounts: tuple[str, ...] = ()


def parameters(path: Path, who: People, wishes: Wishes | None = None) -> dict[str, str]:
    """A value for every stack parameter: as wished, or the people, or the template's default.

    Raises ValueError for a wish that CloudFormation would refuse.
    """
    wishes = wishes or Wishes()
    ours = {
        "SkillId": who.skill_id,
        "ResponderPersonIds": who.responder_person,
        "ResponderUserIds": who.responder_user,
        "ViewerUserIds": f"{who.responder_user},{who.viewer_user}",
        "TagPrincipals": who.principal,
        "SlackApprovers": ",".join(_approvers(who)),
        "SpokenPin": "on",
        "AuditEmail": "security@example.com",
        "PlaybookUrl": "https://git.example.com/toban/docs/playbooks",
        "MemberAccounts": ",".join(wishes.accounts),
        "MemberExternalId": who.member_external_id,
    } | wishes.values
    declared = templates.parsed(path).get("Parameters", {})
    given_parameters.check(declared, wishes.values)
    return {name: str(ours.get(name, row.get("Default", ""))) for name, row in declared.items()}


def _approvers(who: People) -> list[str]:
    """Three who may answer proposals: the responder, an IAM user, and one of whom no more is
    known.
    """
    return [
        f"{who.slack['approver']}={who.responder_person}",
        f"{who.slack['operator']}=arn:aws:iam::{ACCOUNT}:user/operator",
        who.slack["anonymous"],
    ]


@dataclass(frozen=True)
class Stack:
    """What was deployed: physical ids by logical id, and the functions."""

    physical: dict[str, str]
    functions: list[Function]


def create(client: Client, template: dict[str, Any], values: dict[str, str]) -> Stack:
    """Create the stack; raises RuntimeError unless it completes."""
    make_stack(client, STACK, json.dumps(template, default=str), values)
    resources = client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    physical = {
        row["LogicalResourceId"]: row["PhysicalResourceId"]
        for row in resources
        if "PhysicalResourceId" in row
    }
    return Stack(physical, _functions(template["Resources"], physical))


def make_stack(client: Client, name: str, body: str, values: dict[str, str]) -> None:
    """Create a stack of a template that CloudFormation can read; RuntimeError if it does not
    complete.
    """
    rows = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
    cloudformation = client("cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=body, Parameters=rows, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        reason = stack.get("StackStatusReason", "")
        raise RuntimeError(f"stack {name}: {stack['StackStatus']} {reason}")


def _functions(resources: dict[str, Any], physical: dict[str, str]) -> list[Function]:
    aliases = {
        row["Properties"]["FunctionName"]["Ref"]: row["Properties"]["Name"]
        for row in resources.values()
        if row["Type"] == "AWS::Lambda::Alias"
    }
    functions = [name for name, row in resources.items() if row["Type"] == "AWS::Lambda::Function"]
    names = [name for name in functions if name in physical]  # others' condition does not hold
    return [_function(name, physical[name], aliases.get(name)) for name in names]


def _function(logical_id: str, name: str, alias: str | None) -> Function:
    made: Any = get_backend(ACCOUNT, REGION).get_function(name)
    properties = made.deployed_properties
    return Function(
        logical_id=logical_id,
        short=properties["Handler"].rpartition(".")[2],
        name=name,
        arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        handler=properties["Handler"],
        timeout=float(properties.get("Timeout", 3)),
        memory=int(properties.get("MemorySize", 128)),
        environment={key: str(value) for key, value in made.environment_vars.items()},
        role_arn=made.role,
        alias=alias,
        version="1" if alias else "$LATEST",
        durable=properties.get("DurableConfig"),
        dead_letter_arn=properties.get("DeadLetterConfig", {}).get("TargetArn"),
    )


def credentials(client: Client, functions: list[Function]) -> dict[str, dict[str, str]]:
    """Temporary credentials of each function's role, as Lambda mints them."""
    sts = client("sts")
    return {function.logical_id: _assume(sts, function) for function in functions}


def _assume(sts: Any, function: Function) -> dict[str, str]:
    made = sts.assume_role(RoleArn=function.role_arn, RoleSessionName=function.name[:64])[
        "Credentials"
    ]
    return {
        "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
        "AWS_SESSION_TOKEN": f"sandbox.{made['AccessKeyId']}",  # moto's own differ from run to run
    }


def pin_hash(pin: str) -> str:
    """A PIN as the skill keeps it: scrypt$n$r$p$salt$hash. The salt repeats, so that resets do."""
    salt = hashlib.sha256(b"toban sandbox").digest()[:16]
    digest = hashlib.scrypt(pin.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    encoded = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join(("scrypt", "16384", "8", "1", *encoded))


def fill_in(client: Client, stack: Stack, who: People, webhook: str, pin_parameter: str) -> None:
    """The secrets and the PIN, which no template holds."""
    secrets = client("secretsmanager")
    values = {
        "SlackSecret": webhook,
        "SlackSigningSecret": who.slack_signing_secret,
        "LockdownSecret": who.external_id,
    }
    for name, value in values.items():
        if name in stack.physical:
            secrets.put_secret_value(SecretId=stack.physical[name], SecretString=value)
    if pin_parameter:
        value = pin_hash(who.pin)
        client("ssm").put_parameter(
            Name=pin_parameter, Value=value, Type="SecureString", Overwrite=True
        )


def dead_letter(sqs: Any, queue_arn: str, payload: str, error: dict[str, Any]) -> None:
    """Put the input of a failed execution into the dead-letter queue, as Lambda does."""
    url = sqs.get_queue_url(QueueName=queue_arn.rsplit(":", 1)[-1])["QueueUrl"]
    message = str(error.get("ErrorMessage") or error.get("ErrorType") or "failed")[:1024]
    attributes = {
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": message},
    }
    sqs.send_message(QueueUrl=url, MessageBody=payload, MessageAttributes=attributes)
