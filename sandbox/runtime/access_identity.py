"""The resources of IAM and Lambda calls, as the Service Authorization Reference lists them.

Each finder yields rows of (action, resource ARN, context) for `access.needed`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from aws_durable_execution_sdk_python_testing.token import CallbackToken
from moto.awslambda.models import lambda_backends
from moto.iam.models import iam_backends

from sandbox.runtime.calls import Call

Context = dict[str, list[str]]
Row = tuple[str, str | None, Context]

_NAME = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?"
    r"([a-zA-Z0-9-_]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?"
)
_WHOLE = ("ListFunctions", "ListEventSourceMappings", "GetAccountSettings")


def iam(call: Call, action: str) -> Iterator[Row]:
    """Users, roles and profiles with their paths; a listing is about the path that it lists."""
    params, backend = call.params, iam_backends[call.account]["aws"]
    policy = {"iam:policyarn": [params["PolicyArn"]]} if "PolicyArn" in params else {}
    if name := params.get("InstanceProfileName"):
        yield action, _iam_arn(call, "instance-profile", _named(backend, "profile", name), name), {}
    elif name := params.get("RoleName"):
        found = _named(backend, "role", name)
        yield action, _iam_arn(call, "role", found, name), policy | _tags(found, "iam")
    elif name := params.get("UserName") or _owner(backend, params.get("AccessKeyId")):
        found = backend.users.get(name)
        yield action, _iam_arn(call, "user", found, name), policy | _tags(found, "iam")
    elif policy:
        yield action, params["PolicyArn"], {}
    elif call.operation in ("ListUsers", "ListRoles"):
        kind = call.operation.removeprefix("List").removesuffix("s").lower()
        yield action, f"arn:aws:iam::{call.account}:{kind}{params.get('PathPrefix', '/')}", {}


def _named(backend: Any, kind: str, name: str) -> Any:
    rows = backend.roles if kind == "role" else backend.instance_profiles
    return next((row for row in rows.values() if row.name == name), None)


def _owner(backend: Any, key_id: str | None) -> str | None:
    key = backend.access_keys.get(key_id)
    return key.user_name if key else None


def _iam_arn(call: Call, kind: str, found: Any, name: str) -> str:
    return found.arn if found else f"arn:aws:iam::{call.account}:{kind}/{name}"


def _tags(found: Any, service: str) -> Context:
    """The tags of a resource, as condition keys of AWS and of the service."""
    tags = (found.tags if found else None) or []
    pairs: Iterable[tuple[str, str]] = (
        tags.items() if isinstance(tags, dict) else ((row["Key"], row["Value"]) for row in tags)
    )
    return {
        f"{prefix}:resourcetag/{key.lower()}": [value]
        for key, value in pairs
        for prefix in ("aws", service)
    }


def functions(call: Call, action: str) -> Iterator[Row]:
    """Functions (with the qualifier asked for), event source mappings, durable executions."""
    params = call.params
    if arn := params.get("DurableExecutionArn"):
        yield action, arn, {}
    elif callback := params.get("CallbackId"):
        yield action, _execution(callback), {}
    elif call.operation in _WHOLE:
        yield action, "*", {}
    elif uuid := params.get("UUID"):
        yield action, _lambda_arn(call, f"event-source-mapping:{uuid}"), _mapped(call, uuid)
    elif name := params.get("FunctionName") or params.get("Resource"):
        yield _function(call, action, name)


def _execution(callback: str) -> str | None:
    """The durable execution that a callback is of; None for what is no callback's id."""
    try:
        return CallbackToken.from_str(callback).execution_arn
    except (ValueError, KeyError):
        return None


def _lambda_arn(call: Call, rest: str) -> str:
    return f"arn:aws:lambda:{call.region}:{call.account}:{rest}"


def _function(call: Call, action: str, name: str) -> Row:
    match = _NAME.fullmatch(name)
    if match is None:  # an event source mapping, or nothing that could be there
        return action, name if name.startswith("arn:") else None, {}
    qualifier = match[2] or call.params.get("Qualifier")
    arn = name if name.startswith("arn:") else _lambda_arn(call, f"function:{match[1]}")
    if qualifier and not (match[2] and name.startswith("arn:")):
        arn = f"{arn}:{qualifier}"
    found = lambda_backends[call.account][call.region]._lambdas._functions.get(match[1])
    tags = _tags(found["latest"], "lambda") if found else {}
    return action, arn, {key: value for key, value in tags.items() if key.startswith("aws:")}


def _mapped(call: Call, uuid: str) -> Context:
    """The function that an event source mapping is for."""
    mapping = lambda_backends[call.account][call.region].get_event_source_mapping(uuid)
    if mapping is None:
        return {}
    match = _NAME.fullmatch(str(mapping.function_name))
    named = ":".join(filter(None, match.groups())) if match else str(mapping.function_name)
    return {"lambda:functionarn": [_lambda_arn(call, f"function:{named}")]}
