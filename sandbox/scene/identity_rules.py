"""What names what among the roles, users and functions of a scenario."""

from collections.abc import Iterator
from typing import Any

from sandbox.ext.iam_base import is_aws_policy

Document = dict[str, Any]


def wrong(document: Document) -> Iterator[str]:
    """Every name that means nothing, and every number that cannot be, with its place."""
    for name, spec in document.get("roles", {}).items():
        yield from _wrong_policies(f"roles/{name}", spec.get("managed", []))
    for name, spec in document.get("users", {}).items():
        yield from _wrong_policies(f"users/{name}", spec.get("policies", []))
        if spec.get("keys", 0) + spec.get("inactive_keys", 0) > 2:
            yield f"users/{name}: a user has two access keys at most"
    for name, spec in document.get("functions", {}).items():
        yield from (f"functions/{name}: {why}" for why in _wrong_function(document, spec))


def _wrong_policies(place: str, policies: list[str]) -> Iterator[str]:
    for each in policies:
        if not is_aws_policy(each):
            yield f"{place}: AWS has no managed policy {each}"


def _wrong_function(document: Document, spec: Document) -> Iterator[str]:
    role = document.get("roles", {}).get(spec["role"])
    if role is None:
        yield f"no role is named {spec['role']}"
    elif role.get("service") != "lambda.amazonaws.com":
        yield f"the role {spec['role']} is not for lambda.amazonaws.com"
    versions = {str(number) for number in range(1, spec.get("versions", 0) + 1)}
    for alias, version in spec.get("aliases", {}).items():
        if str(version) not in versions | {"$LATEST"}:
            yield f"the alias {alias} is of version {version}, which there is not"
    for qualifier in spec.get("provisioned", {}):
        if qualifier not in versions | set(spec.get("aliases", {})):
            yield f"provisioned: there is no version or alias {qualifier}"
