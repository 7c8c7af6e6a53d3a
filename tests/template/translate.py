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
FUNCTIONS = {"voice": "VoiceFunction", "events": "EventsFunction", "workflow": "WorkflowFunction"}
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


def statements(function: str) -> list[Tree]:
    """The inline statements of one function's role, conditional ones included."""
    policies = properties(f"{FUNCTIONS[function]}Role")["Policies"]
    rows = [row for policy in policies for row in listed(policy["PolicyDocument"]["Statement"])]
    return [row["Fn::If"][1] if "Fn::If" in row else row for row in rows]


def granted(function: str) -> set[str]:
    """Every action that one function's role allows."""
    return {action for row in statements(function) for action in listed(row["Action"])}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
