"""Release after others had their hands in: what is gone, what was changed, what is new."""

import pytest

from tests.product.test_stories import groups_of_kind, isolate
from tests.world import Sandbox


def release(box: Sandbox) -> str:
    talk = box.talk()
    speech = talk.intent("ReleaseIntent", instance="batch three")
    talk.yes()
    box.idle()
    return speech


def test_a_group_that_was_deleted_meanwhile(box: Sandbox) -> None:
    vpc = box.instance("batch-3")["VpcId"]
    extra = box.ec2.create_security_group(GroupName="x", Description="x", VpcId=vpc)["GroupId"]
    before = box.groups("batch-3")
    first = next(iter(before))
    box.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=first, Groups=[*before[first], extra]
    )
    isolate(box.talk(), "batch three")
    box.idle()
    box.ec2.delete_security_group(GroupId=extra)
    release(box)
    assert box.groups("batch-3") == before
    assert box.runs()[-1]["ending"] == "partial"
    assert "no longer exists" in box.talk().intent("StatusIntent")


def test_groups_that_somebody_changed_meanwhile_are_told(box: Sandbox) -> None:
    before = box.groups("batch-3")
    isolate(box.talk(), "batch three")
    box.idle()
    first = next(iter(before))
    box.ec2.modify_network_interface_attribute(NetworkInterfaceId=first, Groups=before[first])
    assert "Somebody changed its security groups" in release(box)
    assert box.groups("batch-3") == before


def test_an_interface_that_was_attached_meanwhile_is_recorded_and_restored(box: Sandbox) -> None:
    box.faults(
        {
            "function": "workflow",
            "service": "ec2",
            "operation": "ModifyNetworkInterfaceAttribute",
            "nth": 1,
            "times": 1,
            "kind": "hang",
            "seconds": 3,
        }
    )
    instance = box.instance("batch-3")
    groups = box.groups("batch-3")
    isolate(box.talk(), "batch three")
    made = box.ec2.create_network_interface(
        SubnetId=instance["SubnetId"], Groups=next(iter(groups.values()))
    )["NetworkInterface"]["NetworkInterfaceId"]
    box.ec2.attach_network_interface(
        NetworkInterfaceId=made, InstanceId=instance["InstanceId"], DeviceIndex=5
    )
    before = groups | {made: next(iter(groups.values()))}
    box.let_go()
    box.idle()
    held = box.groups("batch-3")
    assert set(held) == set(before)
    assert {one for each in held.values() for one in each} == groups_of_kind(box, "isolation")
    release(box)
    assert box.groups("batch-3") == before


def test_what_was_never_isolated_has_nothing_to_release(box: Sandbox) -> None:
    assert "not isolated" in box.talk().intent("ReleaseIntent", instance="web one")


def test_releasing_while_it_is_being_isolated_is_refused(box: Sandbox) -> None:
    box.faults(
        {
            "function": "workflow",
            "service": "ec2",
            "operation": "ModifyNetworkInterfaceAttribute",
            "nth": 2,
            "times": 1,
            "kind": "hang",
            "seconds": 4,
        }
    )
    isolate(box.talk(), "batch three")
    assert "still going on" in box.talk().intent("ReleaseIntent", instance="batch three")
    box.let_go()
    box.idle()
    held = {group for groups in box.groups("batch-3").values() for group in groups}
    assert held == groups_of_kind(box, "isolation")


@pytest.mark.parametrize(
    "wish", [("batch-2", "patch"), ("database-1", "patch"), ("database-1", "isolate")]
)
def test_a_tag_that_leaves_nothing_to_do_is_heard_of(box: Sandbox, wish: tuple[str, str]) -> None:
    box.tag(*wish)
    box.idle()
    assert box.runs() == []
    assert any("refused" in str(one.get("subject")) for one in box.messages())
