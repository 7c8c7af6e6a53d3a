"""The templates as deployed in the sandbox: the marks are there, and the denial of IAM bites."""

import pytest

from tests.world import Sandbox

PROTECTED = {"Key": "TobanProtected", "Value": "yes"}


@pytest.mark.parametrize("name", ["voice", "events", "slack", "workflow"])
def test_the_functions_roles_bear_the_mark(box: Sandbox, name: str) -> None:
    found = box.aws("lambda").get_function_configuration(FunctionName=f"toban-{name}")
    role = found["Role"].rpartition("/")[2]
    assert PROTECTED in box.aws("iam").list_role_tags(RoleName=role)["Tags"]


def test_a_protected_role_is_not_denied_although_its_instance_is_isolated(box: Sandbox) -> None:
    """Nothing in the code looks at this tag of an instance's role: IAM alone refuses."""
    role = _role(box, "batch-3")
    box.aws("iam").tag_role(RoleName=role, Tags=[PROTECTED])
    box.tag("batch-3", "isolate")
    box.idle()
    (run,) = [one for one in box.runs() if one["action"] == "isolate"]
    assert run["ending"] == "partial"
    refused = box.calls(function="workflow", operation="PutRolePolicy")
    assert {row["error"] for row in refused} == {"AccessDenied"}
    assert _denials(box, role) == []


def test_a_role_without_the_mark_is_denied(box: Sandbox) -> None:
    role = _role(box, "batch-3")
    box.tag("batch-3", "isolate")
    box.idle()
    written = box.calls(function="workflow", operation="PutRolePolicy")
    assert {row["error"] for row in written} == {None}
    assert len(_denials(box, role)) == 1


def _role(box: Sandbox, instance: str) -> str:
    profile = box.instance(instance)["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    iam = box.aws("iam")
    found = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]
    return str(found["Roles"][0]["RoleName"])


def _denials(box: Sandbox, role: str) -> list[str]:
    names = box.aws("iam").list_role_policies(RoleName=role)["PolicyNames"]
    return [name for name in names if name.startswith("TobanDeny")]
