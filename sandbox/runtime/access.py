"""Which IAM actions on which resources an AWS call needs, and in what context."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models import ec2_backends

from sandbox.runtime.calls import ACCOUNT, Call


@dataclass(frozen=True)
class Access:
    """One question to IAM; `context` maps condition keys (lower case) to values.

    `resource` is "*" for an action that cannot be limited to a resource, None where the box does
    not know which resource it is: then any statement about the action counts.
    """

    action: str
    resource: str | None = None
    context: dict[str, list[str]] = field(default_factory=dict)


_ACTIONS = {("lambda", "Invoke"): "InvokeFunction", ("lambda", "InvokeAsync"): "InvokeFunction"}
_EC2_KINDS = {
    "i": "instance",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "eni": "network-interface",
    "acl": "network-acl",
    "vpc": "vpc",
    "subnet": "subnet",
    "vol": "volume",
    "snap": "snapshot",
    "fl": "vpc-flow-log",
    "rtb": "route-table",
}
_EC2_ID = re.compile(r"^(i|sg|sgr|eni|acl|vpc|subnet|vol|snap|fl|rtb)-[0-9a-f]+$")
_TAG = re.compile(r"^(?:TagSpecification\.\d+\.)?Tag\.(\d+)\.(Key|Value)$")
_TRANSACT = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def needed(call: Call) -> list[Access]:
    """Everything that must be allowed for this call."""
    finder = _FINDERS.get(call.service)
    found = list(finder(call)) if finder else []
    return found or [Access(_action(call), "*" if _is_listing(call) else None)]


def _is_listing(call: Call) -> bool:
    listing = call.operation.startswith(("Describe", "List", "BatchGet"))
    return listing and call.service in ("ec2", "inspector2", "ssm")


def _action(call: Call) -> str:
    return f"{call.service}:{_ACTIONS.get((call.service, call.operation), call.operation)}"


def _arn(call: Call, service: str, rest: str) -> str:
    return f"arn:aws:{service}:{call.region}:{ACCOUNT}:{rest}"


def _ec2(call: Call) -> Iterator[Access]:
    if call.operation.startswith(("Describe", "Get")):
        return
    requested = _requested_tags(call.params)
    context = _map_tags(requested) | {"ec2:region": [call.region]}
    ids = [
        value
        for key, value in call.params.items()
        if _EC2_ID.match(str(value)) and "Filter" not in key
    ]
    for name in dict.fromkeys(ids):
        yield Access(_action(call), _ec2_arn(call, name), context | _ec2_tags(call, name))
    if call.operation == "CreateSecurityGroup":
        yield Access(_action(call), _arn(call, "ec2", "security-group/*"), context)
        if requested:
            extra = {"ec2:createaction": [call.operation]}
            yield Access("ec2:CreateTags", _arn(call, "ec2", "security-group/*"), context | extra)


def _ec2_arn(call: Call, name: str) -> str:
    return _arn(call, "ec2", f"{_EC2_KINDS[name.split('-')[0]]}/{name}")


def _ec2_tags(call: Call, name: str) -> dict[str, list[str]]:
    tags = ec2_backends[ACCOUNT][call.region].describe_tags({"resource-id": [name]})
    return {
        f"{prefix}:resourcetag/{row['key'].lower()}": [row["value"]]
        for row in tags
        for prefix in ("aws", "ec2")
    }


def _requested_tags(params: dict[str, Any]) -> dict[str, str]:
    found: dict[str, dict[str, str]] = {}
    for name, value in params.items():
        if match := _TAG.match(name):
            found.setdefault(match[1], {})[match[2]] = value
    return {row["Key"]: row.get("Value", "") for row in found.values() if "Key" in row}


def _dynamodb(call: Call) -> Iterator[Access]:
    for item in call.params.get("TransactItems", []):
        for kind, row in item.items():
            yield Access(f"dynamodb:{_TRANSACT.get(kind, kind)}", _table(call, row["TableName"]))
    for table in call.params.get("RequestItems", {}):
        yield Access(_action(call), _table(call, table))
    if table := call.params.get("TableName"):
        index = call.params.get("IndexName")
        yield Access(_action(call), _table(call, table) + (f"/index/{index}" if index else ""))


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else _arn(call, "dynamodb", f"table/{name}")


def _sns(call: Call) -> Iterator[Access]:
    if arn := call.params.get("TopicArn") or call.params.get("TargetArn"):
        yield Access(_action(call), arn)


def _secrets(call: Call) -> Iterator[Access]:
    if name := call.params.get("SecretId"):
        yield Access(
            _action(call),
            name if name.startswith("arn:") else _arn(call, "secretsmanager", f"secret:{name}"),
        )


def _lambda(call: Call) -> Iterator[Access]:
    if arn := call.params.get("DurableExecutionArn"):
        yield Access(_action(call), arn)
    elif name := call.params.get("FunctionName"):
        arn = name if name.startswith("arn:") else _arn(call, "lambda", f"function:{name}")
        qualifier = call.params.get("Qualifier")
        yield Access(_action(call), f"{arn}:{qualifier}" if qualifier else arn)


def _ssm(call: Call) -> Iterator[Access]:
    params = call.params
    names = [*params.get("Names", []), *filter(None, [params.get("Name")])]
    if "Parameter" in call.operation:
        for name in names:
            yield Access(_action(call), _arn(call, "ssm", f"parameter/{name.lstrip('/')}"))
    if name := params.get("OpsItemId"):
        yield Access(_action(call), _arn(call, "ssm", f"opsitem/{name}"))
    if call.operation == "SendCommand":
        yield Access(
            _action(call), f"arn:aws:ssm:{call.region}::document/{params.get('DocumentName')}"
        )
        for name in params.get("InstanceIds", []):
            yield Access(_action(call), _ec2_arn(call, name), _ssm_tags(call, name))


def _ssm_tags(call: Call, name: str) -> dict[str, list[str]]:
    tags = _ec2_tags(call, name)
    return tags | {
        key.replace("aws:", "ssm:", 1): value
        for key, value in tags.items()
        if key.startswith("aws:")
    }


def _inspector2(call: Call) -> Iterator[Access]:
    if call.operation == "CreateCisScanConfiguration":
        new = _arn(call, "inspector2", f"owner/{ACCOUNT}/cis-configuration/*")
        yield Access(_action(call), new, _map_tags(call.params.get("tags") or {}))
    elif arn := call.params.get("scanConfigurationArn"):
        yield Access(_action(call), arn)


def _map_tags(tags: dict[str, str]) -> dict[str, list[str]]:
    found = {f"aws:requesttag/{key.lower()}": [value] for key, value in tags.items()}
    return found | {"aws:tagkeys": list(tags)}


def _iam(call: Call) -> Iterator[Access]:
    for key, kind in (
        ("RoleName", "role"),
        ("InstanceProfileName", "instance-profile"),
        ("UserName", "user"),
    ):
        if name := call.params.get(key):
            yield Access(_action(call), f"arn:aws:iam::{ACCOUNT}:{kind}/{name}")


def _logs(call: Call) -> Iterator[Access]:
    if call.operation in ("GetQueryResults", "StopQuery", "DescribeLogGroups", "DescribeQueries"):
        return
    names = [
        *call.params.get("logGroupNames", []),
        *filter(None, [call.params.get("logGroupName")]),
    ]
    for name in names:
        yield Access(_action(call), _arn(call, "logs", f"log-group:{name}:*"))


def _sts(call: Call) -> Iterator[Access]:
    if arn := call.params.get("RoleArn"):
        yield Access(_action(call), arn)


_FINDERS: dict[str, Callable[[Call], Iterator[Access]]] = {
    "ec2": _ec2,
    "dynamodb": _dynamodb,
    "sns": _sns,
    "secretsmanager": _secrets,
    "lambda": _lambda,
    "ssm": _ssm,
    "iam": _iam,
    "inspector2": _inspector2,
    "logs": _logs,
    "sts": _sts,
}
FREE = {("sts", "GetCallerIdentity")}
"""Calls that need no permission at all."""
