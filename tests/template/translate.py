"""The template as CloudFormation gets it: expanded by the SAM translator, without AWS."""

import os
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
SKILL_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
FUNCTIONS = {
    "voice": "VoiceFunction",
    "events": "EventsFunction",
    "slack": "SlackFunction",
    "workflow": "WorkflowFunction",
}
Tree = dict[str, Any]


class _NoManagedPolicies:
    """Stands in for the IAM client that the translator lists AWS managed policies with."""

    def get_paginator(self, _operation: str) -> "_NoManagedPolicies":
        return self

    def paginate(self, **_options: Any) -> list[Tree]:
        return [{"Policies": []}]


@cache
def source() -> Tree:
    """template.yaml as it is written; not to be changed."""
    return _parsed()


def _parsed() -> Tree:
    template: Tree = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    return template


def translate(**parameters: str) -> Tree:
    """The expanded template, for these stack parameters (SkillId has a stand-in)."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # the translator asks for it
    template = _parsed()
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code.zip"
    loader = ManagedPolicyLoader(_NoManagedPolicies())
    expanded: Tree = transform(template, {"SkillId": SKILL_ID} | parameters, loader)
    return expanded


@cache
def resources() -> Tree:
    """Logical id to resource, with the parameters' defaults."""
    found: Tree = translate()["Resources"]
    return found


def of_type(kind: str) -> dict[str, Tree]:
    """Logical id to properties, of the resources of one type."""
    rows = resources().items()
    return {name: row.get("Properties", {}) for name, row in rows if row["Type"] == kind}


def properties(name: str) -> Tree:
    found: Tree = resources()[name]["Properties"]
    return found


@cache
def member() -> dict[str, Tree]:
    """Logical id to resource of template-member.yaml, which is plain CloudFormation."""
    parsed: Tree = yaml_parse((ROOT / "template-member.yaml").read_text(encoding="utf-8"))
    found: dict[str, Tree] = parsed["Resources"]
    return found


def statements(function: str) -> list[Tree]:
    """Every statement of one function's role, conditional ones and denials included."""
    return held(resources(), f"{FUNCTIONS[function]}Role")


def held(found: dict[str, Tree], role: str) -> list[Tree]:
    """Every statement of a role: of its inline policies and of the template's own managed ones."""
    rows = [row for each in documents(found, role) for row in listed(each["Statement"])]
    return [row["Fn::If"][1] if "Fn::If" in row else row for row in rows]


def documents(found: dict[str, Tree], role: str) -> list[Tree]:
    """The policy documents behind a role, those of AWS's managed policies apart."""
    row = found[role]["Properties"]
    attached = [arn["Ref"] for arn in row["ManagedPolicyArns"] if isinstance(arn, dict)]
    managed = [found[name]["Properties"] for name in attached]
    return [policy["PolicyDocument"] for policy in [*managed, *row.get("Policies", ())]]


def granted(function: str) -> set[str]:
    """Every action that one function's role allows."""
    return allowed(statements(function))


def allowed(rows: list[Tree]) -> set[str]:
    return {action for row in rows if row["Effect"] == "Allow" for action in listed(row["Action"])}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
