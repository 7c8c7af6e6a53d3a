"""Commands to instances that are out of reach: isolated, stopped, back again."""

from collections.abc import Iterator

import pytest

from tests.sandbox.command_world import command, counts, pings, send, statuses
from tests.sandbox.default_world import DefaultWorld, default_world


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[DefaultWorld]:
    with default_world(monkeypatch) as made:
        yield made


def test_who_is_isolated_gets_nothing_delivered(world: DefaultWorld) -> None:
    world.cut_off("web-1")
    command_id = send(
        world, "web-1", "web-2", TimeoutSeconds=120, Parameters={"Operation": ["Scan"]}
    )
    world.wait(60)
    assert statuses(world, command_id)["web-1"] == "Delayed"
    world.wait(61)
    assert statuses(world, command_id) == {"web-1": "DeliveryTimedOut", "web-2": "Success"}
    row = command(world, command_id)
    assert (row["Status"], row["DeliveryTimedOutCount"], row["ErrorCount"]) == ("TimedOut", 1, 0)


def test_who_is_isolated_midway_never_reports(world: DefaultWorld) -> None:
    command_id = send(world, "web-1")
    world.wait(20)
    assert statuses(world, command_id) == {"web-1": "InProgress"}
    world.cut_off("web-1")
    world.wait(3600)
    assert statuses(world, command_id) == {"web-1": "InProgress"}
    world.wait(3600)
    assert statuses(world, command_id) == {"web-1": "ExecutionTimedOut"}
    assert command(world, command_id)["Status"] == "Failed"
    assert counts(world, "web-1")["MissingCount"] > 0


def test_who_was_done_before_it_was_isolated_is_done(world: DefaultWorld) -> None:
    command_id = send(world, "web-1")
    world.wait(600)
    world.cut_off("web-1")
    assert statuses(world, command_id) == {"web-1": "Success"}


def test_who_comes_back_in_time_gets_it_late(world: DefaultWorld) -> None:
    world.ec2.stop_instances(InstanceIds=[world.ids["web-1"]])
    command_id = send(world, "web-1", Parameters={"Operation": ["Scan"]})
    world.wait(300)
    assert statuses(world, command_id) == {"web-1": "Delayed"}
    world.ec2.start_instances(InstanceIds=[world.ids["web-1"]])
    statuses(world, command_id)
    world.wait(120)
    assert statuses(world, command_id) == {"web-1": "Success"}


def test_who_is_cut_off_or_stopped_is_lost(world: DefaultWorld) -> None:
    world.cut_off("batch-3")
    world.ec2.stop_instances(InstanceIds=[world.ids["web-2"]])
    assert pings(world, ("PingStatus", "ConnectionLost")) == {
        "batch-3": "ConnectionLost",
        "web-2": "ConnectionLost",
    }
