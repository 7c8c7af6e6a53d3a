"""The other accounts of the box: how the home account gets into them, as a deployer sets it up.

Each account has the organisation's role, which trusts the home account, and the stack of
template-member.yaml. For its own other Regions the home account has that stack too.
"""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from moto.iam.models import iam_backends
from samtranslator.yaml_helper import yaml_parse

from sandbox.runtime import deploy
from sandbox.runtime.calls import ACCOUNT, MOTO

ORGANIZATION_ROLE = "OrganizationAccountAccessRole"
STACK = "toban-member"
Place = tuple[str, str]
"""Account and Region."""
_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def places(document: Mapping[str, Any]) -> list[Place]:
    """Where the scenario has something besides home, in its order."""
    rows = document.get("elsewhere", [])
    return list(dict.fromkeys((row["account"], row["region"]) for row in rows))


def accounts(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The accounts of `elsewhere`; home is one of them where another Region of it is named."""
    return tuple(dict.fromkeys(account for account, _ in places(document)))


def member(document: Mapping[str, Any]) -> dict[str, str] | None:
    """The first place of another account, as the ready line names it."""
    found = (place for place in places(document) if place[0] != ACCOUNT)
    return next(({"account": account, "region": region} for account, region in found), None)


class Members:
    """Sets the accounts of a scenario up, each time that the box is loaded anew."""

    def __init__(
        self, template: Path, values: Mapping[str, str], document: Mapping[str, Any]
    ) -> None:
        self._homes: dict[str, str] = {}
        for account, region in places(document):
            self._homes.setdefault(account, region)
        self._body = template.read_text(encoding="utf-8") if self._homes else ""
        self._values = _parameters(self._body, values) if self._homes else {}

    def load(self, client: Any) -> None:
        """`client(service, account, region)` gives the box's own clients."""
        for account, region in self._homes.items():
            if account != ACCOUNT:
                with MOTO:
                    _let_organization_in(account)
            there = partial(client, account=account, region=region)
            deploy.make_stack(there, STACK, self._body, self._values)


def _parameters(body: str, home: Mapping[str, str]) -> dict[str, str]:
    """A value for each parameter of the member template, in step with the home stack's."""
    ours = {
        "HomeAccountId": ACCOUNT,
        "HomeStackName": deploy.STACK,
        "ExternalId": home.get("MemberExternalId"),
        "RolePrefix": home.get("MemberRolePrefix"),
    }
    declared = yaml_parse(body).get("Parameters", {})
    return {name: str(ours.get(name) or row.get("Default", "")) for name, row in declared.items()}


def _let_organization_in(account: str) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    backend = iam_backends[account]["aws"]
    role = backend.create_role(
        role_name=ORGANIZATION_ROLE,
        assume_role_policy_document=_policy(trust),
        path="/",
        permissions_boundary=None,
        description="Lets the organisation's management account in",
        tags=[],
        max_session_duration="43200",
    )
    role.put_policy("AdministratorAccess", _policy(_EVERYTHING))


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
