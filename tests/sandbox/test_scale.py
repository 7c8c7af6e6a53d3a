"""Worlds made anew: the same seed makes the same one, and large ones are fast."""

import time

import pytest

from tests.sandbox.default_world import DefaultWorld, default_world, equals, tag


def test_the_same_seed_makes_the_same_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for _ in range(2):
        with default_world(monkeypatch) as world:
            seen.append([row["findingArn"] for row in world.findings()])
    assert seen[0] == seen[1]


def test_a_large_world_loads_and_answers_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.process_time()
    with default_world(monkeypatch, {"instances": 1000, "findings": 50000}) as world:
        assert time.process_time() - started < 30
        (row,) = world.inspector.list_finding_aggregations(aggregationType="ACCOUNT")["responses"]
        assert row["accountAggregation"]["severityCounts"]["all"] == 50000
        assert len(world.ids) == 1000
        criteria = {
            "severity": [equals("CRITICAL")],
            "findingStatus": [equals("ACTIVE")],
            "resourceTags": [tag("Role", "web")],
        }
        sort = {"field": "INSPECTOR_SCORE", "sortOrder": "DESC"}
        started = time.process_time()
        for _ in range(5):
            world.inspector.list_findings(filterCriteria=criteria, sortCriteria=sort, maxResults=10)
        assert (time.process_time() - started) / 5 < 0.1
        _patch_all(world)


def _patch_all(world: DefaultWorld) -> None:
    """Run Command reaches hundreds, within its limits, in a second of computing."""
    started = time.process_time()
    command_id = world.ssm.send_command(
        DocumentName="AWS-RunPatchBaseline",
        Parameters={"Operation": ["Install"]},
        Targets=[{"Key": "tag:Role", "Values": ["web"]}],
        MaxConcurrency="10%",
        MaxErrors="10%",
    )["Command"]["CommandId"]
    world.wait(6 * 3600)
    (row,) = world.ssm.list_commands(CommandId=command_id)["Commands"]
    assert (row["TargetCount"], row["CompletedCount"], row["ErrorCount"]) == (251, 251, 1)
    assert time.process_time() - started < 10
