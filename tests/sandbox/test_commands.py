"""Run Command of the box, in modelled time."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clock import CLOCK
from sandbox.systems import progress
from tests.sandbox.command_world import command, counts, invocation, patches, send, statuses
from tests.sandbox.default_world import DefaultWorld, code_of, default_world, equals

RESCAN = {"commands": ["/opt/aws/inspector/bin/inspector-vm-scanner sbom --send-results telemetry"]}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[DefaultWorld]:
    with default_world(monkeypatch) as made:
        yield made


def test_patching_closes_what_it_fixes_at_the_next_inventory(world: DefaultWorld) -> None:
    before = world.open_cves("web-1")
    command_id = send(world, "web-1")
    assert command(world, command_id)["Status"] == "Pending"
    world.wait(5)
    assert statuses(world, command_id) == {"web-1": "InProgress"}
    world.wait(600 - 5 - 1)
    assert command(world, command_id)["StatusDetails"] == "Success"
    assert counts(world, "web-1")["MissingCount"] == 0
    assert counts(world, "web-1")["Operation"] == "Install"
    world.wait(300)
    left = world.open_cves("web-1")
    # npm packages stay, and so does what has no fix.
    assert left == {"CVE-2021-44906", "CVE-2022-25883", "CVE-2016-2781", "CVE-2022-3219"}
    closed = world.findings(
        resourceId=[equals(world.ids["web-1"])], findingStatus=[equals("CLOSED")]
    )
    assert {
        row["packageVulnerabilityDetails"]["vulnerabilityId"] for row in closed
    } == before - left
    told = [event for event in world.events if event[1] == "Inspector2 Finding"]
    assert {event[2]["status"] for event in told} == {"CLOSED"} and len(told) == len(closed)


def test_findings_are_stale_right_after_patching(world: DefaultWorld) -> None:
    command_id, before = send(world, "api-1"), world.open_cves("api-1")
    while command(world, command_id)["Status"] != "Success":
        world.wait(5)
    assert world.open_cves("api-1") == before
    rescan = send(world, "api-1", DocumentName="AWS-RunShellScript", Parameters=RESCAN)
    world.wait(70)
    assert command(world, rescan)["Status"] == "Success"
    assert world.open_cves("api-1") == {"CVE-2021-44228"}
    package = {"resourceId": [equals(world.ids["api-1"])], "scanType": [equals("PACKAGE")]}
    (row,) = world.inspector.list_coverage(filterCriteria=package)["coveredResources"]
    finished = command(world, rescan)["RequestedDateTime"]
    assert row["lastScannedAt"] > finished


def test_the_clock_can_be_wound_until_nothing_is_due(world: DefaultWorld) -> None:
    command_id, before = send(world, "api-1"), world.open_cves("api-1")
    rounds = 0
    while progress.skip():
        rounds += 1
    assert rounds == 3  # delivered, done, inventory
    assert command(world, command_id)["Status"] == "Success"
    assert world.open_cves("api-1") < before
    CLOCK.reset(real_time=True)
    send(world, "api-2")
    assert not progress.skip()


def test_a_patch_that_fails_says_why(world: DefaultWorld) -> None:
    command_id = send(world, "web-3", "web-2", MaxErrors="1")
    world.wait(1000)
    assert statuses(world, command_id) == {"web-3": "Failed", "web-2": "Success"}
    assert command(world, command_id)["StatusDetails"] == "Incomplete"
    detail = invocation(world, command_id, "web-3")
    assert detail["ResponseCode"] == 1 and "dpkg" in detail["StandardErrorContent"]
    assert detail["PluginName"] == "PatchLinux"
    assert patches(world, "web-3", "Failed") == {"curl": "Failed"}
    assert counts(world, "web-3")["FailedCount"] == 1
    assert "CVE-2023-38545" in world.open_cves("web-3")


def test_without_a_reboot_a_kernel_waits(world: DefaultWorld) -> None:
    install = {"Operation": ["Install"], "RebootOption": ["NoReboot"]}
    send(world, "database-2", Parameters=install)
    world.wait(1000)
    assert patches(world, "database-2", "InstalledPendingReboot") == {
        "linux-image-generic": "InstalledPendingReboot"
    }
    assert world.open_cves("database-2") == {"CVE-2024-1086", "CVE-2016-2781"}
    assert "LastNoRebootInstallOperationTime" in counts(world, "database-2")


def test_a_scan_changes_nothing(world: DefaultWorld) -> None:
    before = patches(world, "web-1")
    command_id = send(world, "web-1", Parameters={"Operation": ["Scan"]})
    world.wait(120)
    assert command(world, command_id)["Status"] == "Success"
    assert patches(world, "web-1") == before


def test_targets_by_tag_reach_the_managed_ones(world: DefaultWorld) -> None:
    batch = [{"Key": "tag:Role", "Values": ["batch"]}]
    command_id = send(world, Targets=batch, Parameters={"Operation": ["Scan"]})
    world.wait(120)
    assert statuses(world, command_id) == {"batch-1": "Success", "batch-3": "Success"}
    nobody = send(world, Targets=[{"Key": "tag:Role", "Values": ["nobody"]}])
    assert command(world, nobody)["TargetCount"] == 0
    assert command(world, nobody)["Status"] == "Success"


def test_max_concurrency_is_kept(world: DefaultWorld) -> None:
    names = ["web-1", "web-2", "web-4", "api-1"]
    command_id = send(world, *names, MaxConcurrency="1", Parameters={"Operation": ["Scan"]})
    most, rounds = 0, 0
    while command(world, command_id)["Status"] != "Success":
        most = max(most, list(statuses(world, command_id).values()).count("InProgress"))
        world.wait(10)
        rounds += 1
    assert most == 1 and rounds > 12
    assert command(world, command_id)["CompletedCount"] == 4


def test_max_errors_stops_the_rest(world: DefaultWorld) -> None:
    command_id = send(world, "web-3", "web-1", "web-2", MaxConcurrency="1", MaxErrors="0")
    world.wait(3600)
    assert statuses(world, command_id) == {
        "web-3": "Failed",
        "web-1": "Terminated",
        "web-2": "Terminated",
    }
    row = command(world, command_id)
    assert (row["Status"], row["ErrorCount"]) == ("Failed", 1)
    assert counts(world, "web-1")["MissingCount"] > 0


def test_cancel(world: DefaultWorld) -> None:
    command_id = send(world, "web-1", "web-2", "web-4", MaxConcurrency="2")
    world.wait(5)
    world.ssm.cancel_command(CommandId=command_id)
    assert set(statuses(world, command_id).values()) == {"Cancelled"}
    assert command(world, command_id)["Status"] == "Cancelled"
    assert counts(world, "web-1")["MissingCount"] > 0
    assert code_of(world.ssm.cancel_command, CommandId="x" * 36) == "InvalidCommandId"


def test_every_change_of_status_is_an_event(world: DefaultWorld) -> None:
    command_id = send(world, "web-1", Parameters={"Operation": ["Scan"]})
    world.wait(120)
    command(world, command_id)
    told = [event for event in world.events if event[0] == "aws.ssm"]
    assert [(event[1].split()[2], event[2]["status"]) for event in told] == [
        ("Invocation", "InProgress"),
        ("Invocation", "Success"),
        ("Status-change", "Success"),
    ]
    assert {event[2]["command-id"] for event in told} == {command_id}


def test_other_refusals(world: DefaultWorld) -> None:
    twice = [world.ids["web-1"]] * 2
    for ids, code in (
        (twice, "DuplicateInstanceId"),
        ([world.ids["batch-2"]], "InvalidInstanceId"),
    ):
        with pytest.raises(ClientError) as raised:
            send(world, InstanceIds=ids)
        assert raised.value.response["Error"]["Code"] == code
    command_id = send(world, "web-1")
    elsewhere = {"CommandId": command_id, "InstanceId": world.ids["web-2"]}
    assert code_of(world.ssm.get_command_invocation, **elsewhere) == "InvocationDoesNotExist"
    assert code_of(world.ssm.list_command_invocations, CommandId="x" * 36) == "InvalidCommandId"


def test_lists_can_be_filtered_and_detailed(world: DefaultWorld) -> None:
    first, second = send(world, "web-1"), send(world, "web-2", Parameters={"Operation": ["Scan"]})
    world.wait(90)
    running = [{"key": "Status", "value": "InProgress"}]
    assert [row["CommandId"] for row in world.ssm.list_commands(Filters=running)["Commands"]] == [
        first
    ]
    both = world.ssm.list_commands()["Commands"]
    assert [row["CommandId"] for row in both] == [second, first]
    rows = world.ssm.list_command_invocations(InstanceId=world.ids["web-2"], Details=True)
    (plugin,) = rows["CommandInvocations"][0]["CommandPlugins"]
    assert plugin["Name"] == "PatchLinux" and "MissingCount=" in plugin["Output"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"DocumentName": "AWS-NoSuchDocument"}, "InvalidDocument"),
        ({"Parameters": {}}, "InvalidParameters"),
        ({"Parameters": {"Operation": ["Update"]}}, "InvalidParameters"),
        ({"Parameters": {"Operation": ["Scan"], "Colour": ["x"]}}, "InvalidParameters"),
        ({"MaxConcurrency": "0"}, "ValidationException"),
        ({"MaxErrors": "101%"}, "ValidationException"),
        ({"TimeoutSeconds": 29}, "ValidationException"),
        ({"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceId"),
        ({"InstanceIds": [f"i-{number:017x}" for number in range(51)]}, "ValidationException"),
        ({"Targets": [{"Key": "Colour", "Values": ["x"]}]}, "ValidationException"),
    ],
)
def test_bad_commands_are_refused(world: DefaultWorld, params: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as raised:
        send(world, *(() if {"InstanceIds", "Targets"} & set(params) else ("web-1",)), **params)
    assert raised.value.response["Error"]["Code"] == code
