"""The names that the sandbox's world has at this moment, by slot type."""

from typing import Any

_GROUP_TAG = "TOBAN_GROUP_TAG_KEY"
_NOT_THERE = ("terminated", "shutting-down")


def names(box: Any) -> dict[str, set[str]]:
    """What is called by voice: groups, instances, users and roles, functions; not the skill's."""
    own = set(box.account.stack.physical.values())
    return {
        **_instances(box.account.client("ec2"), _group_tag(box)),
        "PRINCIPAL": _principals(box.account.client("iam")) - own,
        "FUNCTION_NAME": _functions(box.account.client("lambda")) - own,
    }


def _group_tag(box: Any) -> str:
    """The tag key that the deployed functions were given."""
    given = (row.environment.get(_GROUP_TAG) for row in box.account.stack.functions)
    return next(filter(None, given), "Role")


def _instances(ec2: Any, group_tag: str) -> dict[str, set[str]]:
    tags = [
        (tag["Key"], tag["Value"])
        for row in _rows(ec2, "describe_instances", "Reservations")
        for one in row["Instances"]
        for tag in one.get("Tags", [])
        if one["State"]["Name"] not in _NOT_THERE
    ]
    kinds = {"INSTANCE": "Name", "GROUP": group_tag}
    return {kind: {value for name, value in tags if name == key} for kind, key in kinds.items()}


def _principals(iam: Any) -> set[str]:
    users = {row["UserName"] for row in _rows(iam, "list_users", "Users")}
    roles = _rows(iam, "list_roles", "Roles")
    return users | {r["RoleName"] for r in roles if not r["Path"].startswith("/aws-service-role/")}


def _functions(client: Any) -> set[str]:
    return {row["FunctionName"] for row in _rows(client, "list_functions", "Functions")}


def _rows(client: Any, call: str, key: str) -> list[dict[str, Any]]:
    return [row for page in client.get_paginator(call).paginate() for row in page[key]]
