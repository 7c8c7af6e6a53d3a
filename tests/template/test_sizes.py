"""The policies fit into IAM's quotas, which count characters without white space."""

import json
import re

import pytest

from tests.template.names import filled, of_stack
from tests.template.translate import FUNCTIONS, Tree, member, properties, resources

MANAGED, INLINE = 6144, 10240
ATTACHED = 10
# Longer than what a stack will be given: the longest Region's and partition's names, our limits.
ARN = f"arn:aws-us-gov:elasticloadbalancing:ap-southeast-2:{'1' * 12}:{'x' * 100}"
GENEROUS = {
    "AWS::Partition": "aws-us-gov",
    "AWS::Region": "ap-southeast-2",
    "AWS::AccountId": "1" * 12,
    "AWS::StackName": "s" * 28,
    "HomeAccountId": "1" * 12,
    "HomeStackName": "s" * 28,
    "MemberRolePrefix": "m" * 48,
    "RolePrefix": "m" * 48,
    "FlowLogGroup": "f" * 256,
    "PinParameterName": "p" * 128,
}
ROLES = [(resources, f"{name}Role") for name in FUNCTIONS.values()]
ROLES += [(member, "ReadRole"), (member, "ContainRole")]
every_role = pytest.mark.parametrize(("template", "role"), ROLES, ids=lambda one: str(one)[:20])


def _size(document: Tree) -> int:
    shown = json.dumps(filled(document, GENEROUS))
    return len(re.sub(r"<[\w.]+>", ARN, re.sub(r"\s", "", shown)))


@pytest.mark.parametrize("template", [resources, member])
def test_managed_policies_fit(template: object) -> None:
    rows = template()  # type: ignore[operator]
    managed = [one for one in rows.values() if one["Type"] == "AWS::IAM::ManagedPolicy"]
    assert all(0 < _size(one["Properties"]["PolicyDocument"]) <= MANAGED for one in managed)
    assert managed


@every_role
def test_a_roles_inline_policies_fit_together(template: object, role: str) -> None:
    rows = template()[role]["Properties"]  # type: ignore[operator]
    sizes = [_size(policy["PolicyDocument"]) for policy in rows.get("Policies", ())]
    assert sum(sizes) <= INLINE
    assert len(rows["ManagedPolicyArns"]) <= ATTACHED


def test_every_name_is_generous() -> None:
    """The figures above would be too small if a name were shorter there than in a stack."""
    known = of_stack() | {"FlowLogGroup": properties("VoiceFunction")["FunctionName"]["Fn::Sub"]}
    assert all(len(GENEROUS[name]) >= len(known[name]) for name in GENEROUS.keys() & known.keys())
