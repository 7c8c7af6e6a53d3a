"""Which IAM actions on which resources an AWS call needs, and in what context."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.secretsmanager.models import secretsmanager_backends

from sandbox.runtime import access_ec2, access_identity, access_traffic
from sandbox.runtime.calls import Call


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
    return f"arn:aws:{service}:{call.region}:{call.account}:{rest}"


def _ec2(call: Call) -> Iterator[Access]:
    yield from (Access(*row) for row in access_ec2.ec2(call, _action(call)))


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
        yield Access(_action(call), name if name.startswith("arn:") else _secret(call, name))


def _secret(call: Call, name: str) -> str:
    """The ARN of a secret that is called by its name: with the six letters at its end."""
    found = secretsmanager_backends[call.account][call.region].secrets.get(name)
    return found.arn if found else _arn(call, "secretsmanager", f"secret:{name}")


def _lambda(call: Call) -> Iterator[Access]:
    yield from (Access(*row) for row in access_identity.functions(call, _action(call)))


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
            yield Access(_action(call), access_ec2.arn(call, name), _ssm_tags(call, name))


def _ssm_tags(call: Call, name: str) -> dict[str, list[str]]:
    tags = access_ec2.tags(call, name)
    return tags | {
        key.replace("aws:", "ssm:", 1): value
        for key, value in tags.items()
        if key.startswith("aws:")
    }


def _inspector2(call: Call) -> Iterator[Access]:
    if call.operation == "CreateCisScanConfiguration":
        new = _arn(call, "inspector2", f"owner/{call.account}/cis-configuration/*")
        yield Access(_action(call), new, access_ec2.requests(call.params.get("tags") or {}))
    elif arn := call.params.get("scanConfigurationArn"):
        yield Access(_action(call), arn)


def _iam(call: Call) -> Iterator[Access]:
    yield from (Access(*row) for row in access_identity.iam(call, _action(call)))


def _traffic(find: Callable[[Call], Iterator[access_traffic.Row]]) -> Callable[..., Any]:
    return lambda call: (Access(*row) for row in find(call))


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
    "autoscaling": _traffic(access_traffic.autoscaling),
    "elb": _traffic(access_traffic.balancers),
    "elbv2": _traffic(access_traffic.balancers),
    "s3": _traffic(access_traffic.s3),
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
