"""Put into the world what no call creates; what Inspector covers as the world changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.scene import world as box_world
from tests.sandbox.default_world import DefaultWorld, code_of, default_world, equals, tag

ACTIVE = [equals("ACTIVE")]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[DefaultWorld]:
    with default_world(monkeypatch) as made:
        yield made


def test_a_finding_that_was_put_is_listed_counted_and_announced(world: DefaultWorld) -> None:
    arn = "arn:aws:inspector2:us-east-1:123456789012:finding/" + "a" * 32
    finding = {
        "findingArn": arn,
        "severity": "CRITICAL",
        "title": "CVE-2024-3094 - xz-utils",
        "firstObservedAt": "2026-01-02T03:04:05Z",
        "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2024-3094"},
        "resources": [{"id": world.ids["api-1"]}],
        "details": {"cisaData": {"action": "Downgrade"}},
    }
    counts = box_world.put({"findings": [finding]})
    assert counts == {"findings": 1, "coverage": 0, "patches": 0, "flow_logs": 0}
    (row,) = world.findings(
        vulnerabilityId=[equals("CVE-2024-3094")], resourceTags=[tag("Role", "api")]
    )
    assert row["firstObservedAt"].isoformat().startswith("2026-01-02")
    assert row["resources"][0]["details"]["awsEc2Instance"]["platform"] == "UBUNTU_22_04"
    details = world.inspector.batch_get_finding_details(findingArns=[arn])["findingDetails"]
    assert details[0]["cisaData"] == {"action": "Downgrade"}
    source, detail_type, detail, resources, *_ = world.events[-1]
    assert (source, detail_type, resources) == (
        "aws.inspector2",
        "Inspector2 Finding",
        [world.ids["api-1"]],
    )
    assert detail["firstObservedAt"] == "Fri Jan 02 03:04:05.000 UTC 2026"
    box_world.put({"findings": [finding | {"status": "CLOSED"}]})
    assert world.findings(vulnerabilityId=[equals("CVE-2024-3094")], findingStatus=ACTIVE) == []


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"finding": []}, "no such part"),
        ({"findings": {}}, "list of objects"),
        ({"findings": [{"title": "x"}]}, r"findings\[0\].*resources"),
        (
            {"findings": [{"title": "x", "severity": "BAD", "resources": [{"id": "i-1"}]}]},
            "severity",
        ),
        ({"findings": [{"title": "x", "colour": 1, "resources": [{"id": "i-1"}]}]}, "colour"),
        (
            {"coverage": [{"resourceId": "i-0123456789abcdef0", "scanType": "X"}]},
            "coverage.*scanType",
        ),
        ({"patches": {"i-1": [{"Title": "x", "State": "Lost"}]}}, "Lost"),
        ({"flow_logs": ["2 short"]}, "flow log line 1"),
    ],
)
def test_a_bad_world_is_refused_whole(
    world: DefaultWorld, document: dict[str, Any], words: str
) -> None:
    before = len(world.findings())
    good = {"title": "fine", "resources": [{"id": "i-1"}]}
    findings = [*document["findings"], good] if isinstance(document.get("findings"), list) else None
    with pytest.raises(ValueError, match=words):
        box_world.put(document | ({"findings": findings} if findings else {}))
    assert len(world.findings()) == before


def test_coverage_can_be_put(world: DefaultWorld) -> None:
    row = {
        "resourceId": world.ids["web-1"],
        "scanStatus": {"statusCode": "INACTIVE", "reason": "STALE_INVENTORY"},
    }
    box_world.put({"coverage": [row]})
    stale = {"scanStatusReason": [equals("STALE_INVENTORY")]}
    (found,) = world.inspector.list_coverage(filterCriteria=stale)["coveredResources"]
    assert found["resourceId"] == world.ids["web-1"]
    assert found["resourceMetadata"]["ec2"]["tags"]["Role"] == "web"


def test_coverage_says_why_not(world: DefaultWorld) -> None:
    world.ec2.stop_instances(InstanceIds=[world.ids["web-1"]])
    inactive = {"scanStatusCode": [equals("INACTIVE")], "scanType": [equals("PACKAGE")]}
    rows = world.inspector.list_coverage(filterCriteria=inactive)["coveredResources"]
    assert {row["resourceId"]: row["scanStatus"]["reason"] for row in rows} == {
        world.ids["web-1"]: "EC2_INSTANCE_STOPPED",
        world.ids["batch-2"]: "UNMANAGED_EC2_INSTANCE",
    }
    statistics = world.inspector.list_coverage_statistics(groupBy="SCAN_STATUS_REASON")
    assert statistics["totalCounts"] == 24
    assert sum(each["count"] for each in statistics["countsByGroup"]) == 24
    assert code_of(world.inspector.list_coverage, maxResults=201) == "ValidationException"
