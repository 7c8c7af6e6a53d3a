"""Other accounts and Regions: a message's ARN names them, and the member roles reach them."""

from typing import Any

import pytest

from tests.product.members_world import client
from tests.product.test_lockdown import publish, refusals
from tests.world import Sandbox

STRANGER = "333333333333"


def member(box: Sandbox, service: str) -> Any:
    """A client in the member account, as its own administrator."""
    there = box.ready["member"]
    return client(box, service, there["account"], there["region"])


def mirror(box: Sandbox, name: str = "mirror-1") -> str:
    """The ARN of an instance of the member account."""
    wanted = [{"Name": "tag:Name", "Values": [name]}]
    found = member(box, "ec2").describe_instances(Filters=wanted)["Reservations"]
    place = f"{box.ready['member']['region']}:{box.ready['member']['account']}"
    return f"arn:aws:ec2:{place}:instance/{found[0]['Instances'][0]['InstanceId']}"


def groups(box: Sandbox, arn: str) -> dict[str, list[str]]:
    wanted = [{"Name": "attachment.instance-id", "Values": [arn.rpartition("/")[2]]}]
    rows = member(box, "ec2").describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    return {row["NetworkInterfaceId"]: [g["GroupName"] for g in row["Groups"]] for row in rows}


def policies(box: Sandbox) -> list[str]:
    found: list[str] = member(box, "iam").list_role_policies(RoleName="mirror")["PolicyNames"]
    return found


def test_a_message_contains_an_instance_of_another_account(box: Sandbox) -> None:
    arn, secret = mirror(box), box.ready["external_id"]
    before, allowed = groups(box, arn), policies(box)
    publish(box, Arn=arn, ExternalId=secret)
    assert set(map(tuple, groups(box, arn).values())) == {("toban-isolation",)}
    assert len(policies(box)) == len(allowed) + 1
    assert [(run["action"], run["ending"]) for run in box.runs()] == [("isolate", "done")]
    publish(box, Arn=arn, ExternalId=secret, Action="release")
    assert groups(box, arn) == before
    assert policies(box) == allowed
    assert [run["ending"] for run in box.runs()] == ["done", "done"]


def test_only_the_workflow_changes_anything_there(box: Sandbox) -> None:
    publish(box, Arn=mirror(box), ExternalId=box.ready["external_id"])
    away = [row for row in box.calls() if row["account"] == box.ready["member"]["account"]]
    assert {row["function"] for row in away} == {"events", "workflow"}
    roles = {(row["function"], str(row["role"]).rpartition("-")[2]) for row in away}
    assert roles == {("events", "read"), ("workflow", "contain")}
    reads = ("Describe", "Get", "List")
    assert all(row["operation"].startswith(reads) for row in away if row["function"] == "events")


def test_a_role_of_another_account_is_locked_and_released(box: Sandbox) -> None:
    arn = f"arn:aws:iam::{box.ready['member']['account']}:role/mirror"
    iam, secret = member(box, "iam"), box.ready["external_id"]
    publish(box, Arn=arn, ExternalId=secret)
    attached = iam.list_attached_role_policies(RoleName="mirror")["AttachedPolicies"]
    assert [row["PolicyName"] for row in attached] == ["AWSDenyAll"]
    publish(box, Arn=arn, ExternalId=secret, Action="release")
    assert iam.list_attached_role_policies(RoleName="mirror")["AttachedPolicies"] == []


def test_what_changed_there_is_found_by_the_clock(box: Sandbox) -> None:
    arn = mirror(box)
    before = {
        row["NetworkInterfaceId"]: [one["GroupId"] for one in row["Groups"]]
        for row in member(box, "ec2").describe_network_interfaces()["NetworkInterfaces"]
    }
    publish(box, Arn=arn, ExternalId=box.ready["external_id"])
    for interface in groups(box, arn):
        member(box, "ec2").modify_network_interface_attribute(
            NetworkInterfaceId=interface, Groups=before[interface]
        )
    box.control("POST", "/schedule", {})
    box.idle()
    assert any("containment changed" in str(one.get("subject")) for one in box.messages())


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:ec2:eu-west-1:{STRANGER}:instance/i-0123456789abcdef0",
        f"arn:aws:iam::{STRANGER}:user/alice",
        f"arn:aws:lambda:eu-west-1:{STRANGER}:function:export",
    ],
)
def test_an_account_that_is_not_listed_is_refused_and_heard_of(box: Sandbox, arn: str) -> None:
    publish(box, Arn=arn, ExternalId=box.ready["external_id"])
    assert box.runs() == []
    (mail,) = refusals(box)
    assert "foreign_account" in str(mail)
    assert not [row for row in box.calls() if row["operation"] == "AssumeRole"]
