"""What a template leaves open, filled in: references become the names that they would have."""

import re
from collections.abc import Mapping
from typing import Any

from tests.template.translate import Tree, held, member, resources, source

ACCOUNT = "123456789012"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": "toban",
}
MEMBER = {
    "HomeAccountId": ACCOUNT,
    "HomeStackName": "toban",
    "HomeRegion": "us-east-1",
    "RolePrefix": "toban-member",
    "FlowLogGroup": "/toban/flow-logs",
}


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """A part of a template with these names; what has none of them is shown as <Name>."""
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (known := _CALLS.get(next(iter(value)))):
        return known(next(iter(value.values())), names)
    return {key: filled(one, names) for key, one in value.items()}


def _named(name: str, names: Mapping[str, str]) -> str:
    return names.get(name, f"<{name}>")


def _sub(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\$\{([\w:.]+)\}", lambda found: _named(found[1], names), text)


_CALLS = {
    "Ref": _named,
    "Fn::GetAtt": lambda value, names: _named(".".join(value), names),
    "Fn::Sub": _sub,
    "Fn::If": lambda value, names: filled(value[1], names),
}


def of_stack() -> dict[str, str]:
    """The names in the home stack: as AWS gives them, and the parameters' defaults."""
    rows = source()["Parameters"].items()
    return {name: str(row["Default"]) for name, row in rows if row.get("Default")} | PSEUDO


def of_function(function: str) -> list[Tree]:
    """The statements of one function's role with names."""
    rows: list[Tree] = filled(held(resources(), f"{function.title()}FunctionRole"), of_stack())
    return rows


def of_member(kind: str) -> list[Tree]:
    """The statements of a member role, `read` or `contain`, with names."""
    rows: list[Tree] = filled(held(member(), f"{kind.title()}Role"), PSEUDO | MEMBER)
    return rows
