"""Inspector2 of the box: findings, counts, details, coverage, CIS scans."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.runtime.calls import REGION
from sandbox.scene.world import put
from tests.sandbox.default_world import DefaultWorld, code_of, default_world, equals, tag

ACTIVE = [equals("ACTIVE")]


@pytest.fixture(scope="module")
def world() -> Iterator[DefaultWorld]:
    """One for all: nothing here changes what another test reads."""
    with pytest.MonkeyPatch.context() as monkeypatch, default_world(monkeypatch) as made:
        yield made


def titles(rows: list[dict[str, Any]]) -> set[str]:
    return {row["title"] for row in rows}


def test_fields_are_joined_by_and_entries_by_or(world: DefaultWorld) -> None:
    rows = world.findings(
        severity=[equals("CRITICAL"), equals("LOW")], resourceTags=[tag("Role", "bastion")]
    )
    assert titles(rows) == {"CVE-2023-45853 - zlib1g"}
    rows = world.findings(resourceTags=[tag("Role", "bastion"), tag("Name", "api-2")])
    assert {row["resources"][0]["id"] for row in rows} == {
        world.ids["bastion"],
        world.ids["api-2"],
    }


@pytest.mark.parametrize(
    ("criteria", "count"),
    [
        ({"vulnerabilityId": [{"comparison": "PREFIX", "value": "CVE-2021-44228"}]}, 2),
        ({"vulnerabilityId": [equals("CVE-2024-1086")], "fixAvailable": [equals("YES")]}, 4),
        ({"fixAvailable": [equals("NO")], "severity": [equals("CRITICAL")]}, 1),
        ({"inspectorScore": [{"lowerInclusive": 10}]}, 2),
        ({"epssScore": [{"upperInclusive": 0.001}], "severity": [equals("MEDIUM")]}, 9),
        ({"findingType": [equals("NETWORK_REACHABILITY")]}, 3),
        ({"portRange": [{"beginInclusive": 8000, "endInclusive": 9000}]}, 1),
        (
            {
                "vulnerablePackages": [
                    {"name": equals("curl"), "version": equals("7.81.0-1ubuntu1.13")}
                ]
            },
            5,
        ),
        ({"vulnerablePackages": [{"name": equals("curl"), "version": equals("1")}]}, 0),
        ({"findingStatus": [equals("CLOSED")]}, 0),
        ({"ecrImageRegistry": [equals("x")]}, 0),
    ],
)
def test_filters(world: DefaultWorld, criteria: dict[str, Any], count: int) -> None:
    assert len(world.findings(**criteria)) == count


def test_not_equals_leaves_out(world: DefaultWorld) -> None:
    all_of = world.findings(findingStatus=ACTIVE)
    mild = [{"comparison": "NOT_EQUALS", "value": name} for name in ("CRITICAL", "HIGH")]
    rest = world.findings(findingStatus=ACTIVE, severity=mild)
    assert {row["severity"] for row in rest} == {"MEDIUM", "LOW"}
    assert 0 < len(rest) < len(all_of)


def test_order_and_pages(world: DefaultWorld) -> None:
    seen: list[float] = []
    token: dict[str, str] = {}
    sort = {"field": "INSPECTOR_SCORE", "sortOrder": "DESC"}
    while True:
        page = world.inspector.list_findings(sortCriteria=sort, maxResults=20, **token)
        assert len(page["findings"]) <= 20
        seen += [row.get("inspectorScore", -1) for row in page["findings"]]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert seen == sorted(seen, reverse=True) and seen[0] == 10.0
    assert len(seen) == 85


def test_every_order_of_the_model_is_answered(world: DefaultWorld) -> None:
    shape = world.inspector.meta.service_model.shape_for("SortField")
    for field in shape.enum:
        sort = {"field": field, "sortOrder": "ASC"}
        assert world.inspector.list_findings(sortCriteria=sort)["findings"]


@pytest.mark.parametrize(
    "params",
    [
        {"maxResults": 101},
        {"filterCriteria": {"severity": [{"comparison": "LIKE", "value": "x"}]}},
        {"filterCriteria": {"severity": [equals("HIGH")] * 11}},
        {"sortCriteria": {"field": "COLOUR", "sortOrder": "ASC"}},
        {"nextToken": "nonsense"},
    ],
)
def test_bad_questions_are_refused(world: DefaultWorld, params: dict[str, Any]) -> None:
    assert code_of(world.inspector.list_findings, **params) == "ValidationException"


def test_a_token_belongs_to_its_question(world: DefaultWorld) -> None:
    token = world.inspector.list_findings(maxResults=5)["nextToken"]
    other = {"severity": [equals("HIGH")]}
    answer = code_of(world.inspector.list_findings, filterCriteria=other, nextToken=token)
    assert answer == "ValidationException"


def instances(world: DefaultWorld, **request: Any) -> list[dict[str, Any]]:
    rows = world.inspector.list_finding_aggregations(
        aggregationType="AWS_EC2_INSTANCE", aggregationRequest={"ec2InstanceAggregation": request}
    )["responses"]
    return [row["ec2InstanceAggregation"] for row in rows]


def test_counts_per_instance_agree_with_the_findings(world: DefaultWorld) -> None:
    rows = instances(world, instanceTags=[tag("Role", "web")], sortBy="HIGH", sortOrder="ASC")
    assert [row["instanceTags"]["Role"] for row in rows] == ["web"] * 4
    highs = [row["severityCounts"]["high"] for row in rows]
    assert highs == sorted(highs)
    for row in rows:
        listed = world.findings(resourceId=[equals(row["instanceId"])], findingStatus=ACTIVE)
        assert row["severityCounts"]["all"] == len(listed)
        critical = [each for each in listed if each["severity"] == "CRITICAL"]
        assert row["severityCounts"]["critical"] == len(critical)


def test_counts_follow_tags_and_platforms(world: DefaultWorld) -> None:
    network = instances(world, sortBy="NETWORK_FINDINGS")[0]
    assert (network["instanceId"], network["networkFindings"]) == (world.ids["batch-3"], 2)
    (debian,) = instances(world, operatingSystems=[equals("DEBIAN_12")])
    assert debian["instanceId"] == world.ids["bastion"]
    world.ec2.create_tags(
        Resources=[world.ids["api-1"]], Tags=[{"Key": "TobanStatus", "Value": "vulnerable"}]
    )
    (tagged,) = instances(world, instanceTags=[tag("TobanStatus", "vulnerable")])
    assert tagged["instanceId"] == world.ids["api-1"]


@pytest.mark.parametrize("kind", ["TITLE", "PACKAGE", "ACCOUNT", "FINDING_TYPE", "AMI"])
def test_other_counts(world: DefaultWorld, kind: str) -> None:
    rows = world.inspector.list_finding_aggregations(aggregationType=kind)["responses"]
    (member, first), *_ = rows[0].items()
    assert first["severityCounts"]["critical"] > 0
    if kind == "ACCOUNT":
        assert first["fixAvailableCount"] == len(
            world.findings(fixAvailable=[equals("YES")], findingStatus=ACTIVE)
        )
    assert member.endswith("Aggregation")


def test_a_request_must_fit_its_type(world: DefaultWorld) -> None:
    request: dict[str, Any] = {"titleAggregation": {}}
    answer = code_of(
        world.inspector.list_finding_aggregations,
        aggregationType="PACKAGE",
        aggregationRequest=request,
    )
    assert answer == "ValidationException"


def test_details_tell_what_is_exploited(world: DefaultWorld) -> None:
    log4j = world.findings(vulnerabilityId=[equals("CVE-2021-44228")])[0]
    plain = world.findings(vulnerabilityId=[equals("CVE-2016-2781")])[0]
    unknown = log4j["findingArn"][:-4] + "0000"
    arns = [log4j["findingArn"], plain["findingArn"], unknown]
    answer = world.inspector.batch_get_finding_details(findingArns=arns)
    told = {each["findingArn"]: each for each in answer["findingDetails"]}
    assert told[arns[0]]["cisaData"]["dateAdded"].date().isoformat() == "2021-12-10"
    assert told[arns[0]]["epssScore"] > 0.9
    assert "cisaData" not in told[arns[1]]
    assert [each["errorCode"] for each in answer["errors"]] == ["FINDING_DETAILS_NOT_FOUND"]
    too_many = code_of(world.inspector.batch_get_finding_details, findingArns=arns * 4)
    assert too_many == "ValidationException"


def test_account(world: DefaultWorld) -> None:
    (account,) = world.inspector.batch_get_account_status()["accounts"]
    assert account["resourceState"]["ec2"]["status"] == "ENABLED"
    state = world.inspector.get_configuration()["ec2Configuration"]["vmScannerState"]
    assert state == {"activated": True, "status": "SUCCESS"}


def test_the_delegated_administrator_sees_its_members_in_its_region(world: DefaultWorld) -> None:
    """Lists, counts and details; a member that leaves is seen no more."""
    member = "444444444444"
    before = len(world.findings(findingStatus=ACTIVE))
    seen = len(world.events)
    world.inspector.associate_member(accountId=member)
    row = {
        "severity": "CRITICAL",
        "title": "theirs",
        "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2024-1086"},
        "resources": [{"id": "i-0123456789abcdef0", "type": "AWS_EC2_INSTANCE"}],
    }
    put({"findings": [row]}, account=member)
    put({"findings": [row]}, account=member, region="eu-west-1")
    told = [(event[1], *event[4:]) for event in world.events[seen:]]
    everywhere = [(member, REGION), ("123456789012", REGION), (member, "eu-west-1")]
    assert told == [("Inspector2 Finding", *place) for place in everywhere]
    (theirs,) = world.findings(awsAccountId=[equals(member)])
    assert len(world.findings(findingStatus=ACTIVE)) == before + 1
    counts = world.inspector.list_finding_aggregations(
        aggregationType="ACCOUNT", accountIds=[equals(member)]
    )["responses"]
    assert [row["accountAggregation"]["severityCounts"]["all"] for row in counts] == [1]
    found = world.inspector.batch_get_finding_details(findingArns=[theirs["findingArn"]])
    assert found["errors"] == []
    world.inspector.disassociate_member(accountId=member)
    assert world.findings(awsAccountId=[equals(member)]) == []
