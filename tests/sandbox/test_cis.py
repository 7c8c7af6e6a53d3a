"""CIS scans of the box: configurations, modelled time, results."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.default_world import DefaultWorld, code_of, default_world, equals


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[DefaultWorld]:
    with default_world(monkeypatch) as made:
        yield made


def scan(world: DefaultWorld, role: str, **changes: Any) -> str:
    params = {
        "scanName": f"toban-{role}",
        "securityLevel": "LEVEL_1",
        "schedule": {"oneTime": {}},
        "targets": {"accountIds": ["SELF"], "targetResourceTags": {"Role": [role]}},
    }
    made = world.inspector.create_cis_scan_configuration(**params | changes)
    return str(made["scanConfigurationArn"])


def scan_of(world: DefaultWorld, arn: str) -> dict[str, Any]:
    criteria = {"scanConfigurationArnFilters": [equals(arn)]}
    (row,) = world.inspector.list_cis_scans(filterCriteria=criteria)["scans"]
    return dict(row)


def test_a_one_time_scan_takes_modelled_minutes(world: DefaultWorld) -> None:
    arn = scan(world, "web")
    assert scan_of(world, arn)["status"] == "IN_PROGRESS"
    assert "failedChecks" not in scan_of(world, arn)
    world.wait(10 * 60)
    assert scan_of(world, arn)["status"] == "IN_PROGRESS"
    world.wait(61)
    done = scan_of(world, arn)
    assert done["status"] == "COMPLETED"
    assert 0 < done["failedChecks"] < done["totalChecks"]
    assert done["targets"]["accountIds"] == ["123456789012"]


def targets(world: DefaultWorld, scan_arn: str) -> dict[str, dict[str, Any]]:
    answer = world.inspector.list_cis_scan_results_aggregated_by_target_resource(scanArn=scan_arn)
    return {row["targetResourceId"]: row for row in answer["targetResourceAggregations"]}


def test_results_add_up_and_name_what_was_not_scanned(world: DefaultWorld) -> None:
    arn = scan(world, "batch")
    scan_arn = scan_of(world, arn)["scanArn"]
    assert (
        targets(world, scan_arn)[world.ids["batch-1"]]["targetStatusReason"] == "SCAN_IN_PROGRESS"
    )
    world.cut_off("batch-3")
    world.inspector.delete_cis_scan_configuration(scanConfigurationArn=arn)
    world.wait(11 * 60)
    rows = targets(world, scan_arn)
    assert rows[world.ids["batch-2"]]["targetStatusReason"] == "SSM_UNMANAGED"
    assert rows[world.ids["batch-3"]]["targetStatus"] == "TIMED_OUT"
    one = rows[world.ids["batch-1"]]
    assert one["targetStatus"] == "COMPLETED"
    done = scan_of(world, arn)
    assert one["statusCounts"]["failed"] == done["failedChecks"]
    assert sum(one["statusCounts"].values()) == done["totalChecks"]
    checks = world.inspector.list_cis_scan_results_aggregated_by_checks(
        scanArn=scan_arn, filterCriteria={"failedResourcesFilters": [{"lowerInclusive": 1}]}
    )["checkAggregations"]
    assert len(checks) == done["failedChecks"]


def test_level_2_includes_level_1(world: DefaultWorld) -> None:
    arns = [scan(world, "web"), scan(world, "web", securityLevel="LEVEL_2")]
    world.wait(11 * 60)
    first, second = (scan_of(world, arn)["totalChecks"] for arn in arns)
    assert second > first


def test_configurations(world: DefaultWorld) -> None:
    arn = scan(world, "web")
    listing = world.inspector.list_cis_scan_configurations
    prefix = {"scanNameFilters": [{"comparison": "PREFIX", "value": "toban-"}]}
    (row,) = listing(filterCriteria=prefix)["scanConfigurations"]
    assert row["targets"]["targetResourceTags"] == {"Role": ["web"]}
    world.inspector.update_cis_scan_configuration(scanConfigurationArn=arn, scanName="renamed")
    assert listing()["scanConfigurations"][0]["scanName"] == "renamed"
    world.inspector.delete_cis_scan_configuration(scanConfigurationArn=arn)
    assert listing()["scanConfigurations"] == []
    assert scan_of(world, arn)["status"] == "IN_PROGRESS"
    gone = code_of(world.inspector.delete_cis_scan_configuration, scanConfigurationArn=arn)
    assert gone == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"securityLevel": "LEVEL_3"}, "ValidationException"),
        ({"scanName": "x" * 129}, "ValidationException"),
        ({"schedule": {}}, "ValidationException"),
        ({"targets": {"accountIds": ["SELF"], "targetResourceTags": {}}}, "ValidationException"),
        (
            {"targets": {"accountIds": ["999999999999"], "targetResourceTags": {"a": ["b"]}}},
            "AccessDeniedException",
        ),
    ],
)
def test_bad_configurations_are_refused(
    world: DefaultWorld, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as raised:
        scan(world, "web", **changes)
    assert raised.value.response["Error"]["Code"] == code


def test_there_are_500_configurations_at_most(world: DefaultWorld) -> None:
    daily = {"daily": {"startTime": {"timeOfDay": "04:00", "timezone": "UTC"}}}
    for _ in range(500):
        scan(world, "web", schedule=daily)
    with pytest.raises(ClientError) as raised:
        scan(world, "web", schedule=daily)
    assert raised.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
