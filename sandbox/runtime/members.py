"""The other accounts of the box: how the home account gets into them, as a deployer sets it up.

Each account has the organisation's role, which trusts the home account, and in each of its Regions
the stack of template-member.yaml, the first of which makes the roles. For its own other Regions the
home account has these stacks too. In every Region home is Inspector's delegated administrator.
"""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from moto.iam.models import iam_backends

from sandbox.runtime import deploy, organization, templates
from sandbox.runtime.calls import ACCOUNT, MOTO, REGION

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
        self._places = places(document)
        # As JSON: moto's own reader does not know !Condition.
        read = templates.parsed(template) if self._places else {}
        self._body = json.dumps(read, default=str)
        self._values = _parameters(read, values)

    def load(self, client: Any) -> None:
        """`client(service, account, region)` gives the box's own clients."""
        first: dict[str, str] = {}
        for account, region in self._places:
            if account not in first and account != ACCOUNT:
                with MOTO:
                    _let_organization_in(account)
            there = partial(client, account=account, region=region)
            values = {"RolesRegion": first.setdefault(account, region)}
            ours = {name: value for name, value in values.items() if name in self._values}
            deploy.make_stack(there, STACK, self._body, self._values | ours)
            if account != ACCOUNT:
                home = client("inspector2", account=ACCOUNT, region=region)
                home.associate_member(accountId=account)


def _parameters(template: Mapping[str, Any], home: Mapping[str, str]) -> dict[str, str]:
    """A value for each parameter of the member template, in step with the home stack's."""
    ours = {
        "HomeAccountId": ACCOUNT,
        "HomeStackName": deploy.STACK,
        "ExternalId": home.get("MemberExternalId"),
        "RolePrefix": home.get("MemberRolePrefix"),
        "HomeRegion": REGION,
        "AlarmEmail": home.get("AuditEmail"),
        "FlowLogGroup": home.get("FlowLogGroup"),
    }
    declared = template.get("Parameters", {})
    return {name: str(ours.get(name) or row.get("Default", "")) for name, row in declared.items()}


def _let_organization_in(account: str) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    backend = iam_backends[account]["aws"]
    role = backend.create_role(
        role_name=organization.ROLE,
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
