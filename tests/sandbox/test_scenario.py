"""Scenarios: the default world, what is no scenario, large worlds, and vulnerabilities as data."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.scene import scenario
from sandbox.scene.scenario_rules import check
from sandbox.systems import vulnerabilities
from tests.sandbox.default_world import DefaultWorld, client, default_world, equals


@pytest.fixture(scope="module")
def world() -> Iterator[DefaultWorld]:
    """Only read here."""
    with pytest.MonkeyPatch.context() as monkeypatch, default_world(monkeypatch) as made:
        yield made


def described(world: DefaultWorld, name: str) -> dict[str, Any]:
    answer = world.ec2.describe_instances(InstanceIds=[world.ids[name]])
    return dict(answer["Reservations"][0]["Instances"][0])


def interfaces(world: DefaultWorld, name: str) -> list[dict[str, Any]]:
    mine = [{"Name": "attachment.instance-id", "Values": [world.ids[name]]}]
    return list(world.ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"])


def test_the_default_fleet(world: DefaultWorld) -> None:
    assert Counter(name.split("-")[0] for name in world.ids) == {
        "web": 4,
        "database": 2,
        "batch": 3,
        "api": 2,
        "bastion": 1,
    }
    vpcs = {name: described(world, name)["VpcId"] for name in world.ids}
    assert len(set(vpcs.values())) == 2
    assert vpcs["web-1"] == vpcs["batch-3"] != vpcs["bastion"] == vpcs["api-2"]
    for name in world.ids:
        tags = {each["Key"]: each["Value"] for each in described(world, name)["Tags"]}
        assert tags["Role"] == name.split("-")[0]
        assert ("TobanProtected" in tags) == (name == "database-1")


def test_interfaces_groups_and_ipv6(world: DefaultWorld) -> None:
    assert [len(interfaces(world, name)) for name in ("web-1", "batch-3")] == [1, 2]
    for eni in interfaces(world, "batch-3"):
        assert len(eni["Groups"]) == 2
    assert len({eni["SubnetId"] for eni in interfaces(world, "batch-3")}) == 2
    for name in world.ids:
        assert all(1 <= len(eni["Groups"]) <= 3 for eni in interfaces(world, name))
        assert bool(interfaces(world, name)[0]["Ipv6Addresses"]) == (name == "api-2")


def test_one_profile_serves_web_database_and_batch(world: DefaultWorld) -> None:
    names = {name: described(world, name)["IamInstanceProfile"]["Arn"] for name in world.ids}
    shared = [name for name, arn in names.items() if arn == names["batch-3"]]
    assert len(shared) == 9
    profile = client("iam").get_instance_profile(InstanceProfileName="prod-app")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["prod-app"]


def test_flow_logs_of_both_vpcs(world: DefaultWorld) -> None:
    logs = world.ec2.describe_flow_logs()["FlowLogs"]
    assert {row["LogGroupName"] for row in logs} == {"/toban/flow-logs"}
    assert len({row["ResourceId"] for row in logs}) == 2


def test_patches_are_missing_exactly_where_a_system_package_has_a_fix(world: DefaultWorld) -> None:
    for name in set(world.ids) - {"batch-2"}:
        fixable = {
            row["packageVulnerabilityDetails"]["vulnerabilityId"]
            for row in world.findings(
                resourceId=[equals(world.ids[name])], fixAvailable=[equals("YES")]
            )
            for package in row["packageVulnerabilityDetails"]["vulnerablePackages"]
            if package["packageManager"] == "OS"
        }
        rows = world.ssm.describe_instance_patches(InstanceId=world.ids[name])["Patches"]
        mended = {cve for row in rows for cve in row.get("CVEIds", "").split(",") if cve}
        assert mended == fixable


def test_findings_have_the_models_shape_and_plausible_times(world: DefaultWorld) -> None:
    for row in world.findings():
        assert row["firstObservedAt"] < row["lastObservedAt"]
        assert len(row["findingArn"].rsplit("/", 1)[1]) == 32
        assert row["resources"][0]["details"]["awsEc2Instance"]["ipV4Addresses"]


@pytest.mark.parametrize(
    ("cve", "score", "severity", "exploited"),
    [
        ("CVE-2021-44228", 10.0, "CRITICAL", True),
        ("CVE-2022-22965", 9.8, "CRITICAL", True),
        ("CVE-2022-37434", 9.8, "CRITICAL", False),
        ("CVE-2023-38545", 9.8, "CRITICAL", False),
        ("CVE-2024-6387", 8.1, "HIGH", False),
        ("CVE-2023-4911", 7.8, "HIGH", True),
        ("CVE-2024-1086", 7.8, "HIGH", True),
        ("CVE-2021-3156", 7.8, "HIGH", True),
        ("CVE-2021-4034", 7.8, "HIGH", True),
        ("CVE-2022-0847", 7.8, "HIGH", True),
        ("CVE-2023-44487", 7.5, "HIGH", True),
        ("CVE-2022-3602", 7.5, "HIGH", False),
        ("CVE-2023-0286", 7.4, "HIGH", False),
        ("CVE-2016-2781", 6.5, "MEDIUM", False),
    ],
)
def test_scores_and_exploitation(cve: str, score: float, severity: str, exploited: bool) -> None:
    entry = vulnerabilities.catalogue()[cve]
    assert entry["score"] == score
    assert vulnerabilities.severity(entry["score"]) == severity
    assert ("kev" in entry) == exploited


def test_every_entry_is_of_some_platform() -> None:
    for cve, entry in vulnerabilities.catalogue().items():
        for platform in entry["packages"]:
            finding = vulnerabilities.describe(cve, entry, platform)
            assert finding["title"].startswith(cve)


def broken(path: str, value: Any) -> dict[str, Any]:
    document: Any = copy.deepcopy(scenario.read())
    place = document
    *parents, last = path.split("/")
    for part in parents:
        place = place[int(part) if part.isdigit() else part]
    place[last] = value
    return dict(document)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("vpcs/prod/cidr", 10, "vpcs/prod/cidr"),
        ("instances/0/subnet", "nowhere", "web-1: no subnet is named nowhere"),
        ("instances/0/groups", ["tools-api"], "no security group tools-api in its VPC"),
        ("instances/0/role", "king", "no role is named king"),
        ("instances/0/colour", "red", "colour"),
        ("instances/0/name", "web-2", "two are named web-2"),
        ("instances/0/groups", [], "instances/0/groups"),
        ("findings/0/on", ["nobody-*"], "no instance is named"),
        ("findings/0/cve", "CVE-1999-0001", "neither the catalogue"),
        ("findings/0/cve", "CVE-2021-3156", "no package on UBUNTU_22_04"),
        ("patches/nobody", [], "no instance is named nobody"),
        ("patches/web-1", [{"Title": "x", "State": "Lost"}], "patches/web-1"),
        ("flow_logs/vpcs", ["moon"], "no VPC is named moon"),
    ],
)
def test_what_is_wrong_is_said(path: str, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(broken(path, value))


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        scenario.read(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ValueError, match="not JSON"):
        scenario.read(tmp_path / "bad.json")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(ValueError, match="list.json: the document"):
        scenario.read(tmp_path / "list.json")


def test_another_file_is_read(tmp_path: Path) -> None:
    document = scenario.read()
    document["instances"][-1]["name"] = "smelter-9"
    document["findings"] = [row for row in document["findings"] if "bastion" not in row["on"]]
    (tmp_path / "other.json").write_text(json.dumps(document))
    assert scenario.read(tmp_path / "other.json")["instances"][-1]["name"] == "smelter-9"


def test_scaling_names_on_from_each_group() -> None:
    rows = scenario.read(None, {"instances": 40})["instances"]
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)) == 40
    assert {"web-5", "database-3", "batch-4", "api-3"} <= set(names)
    copies = rows[12:]
    assert all(set(row["tags"]) == {"Role"} and "secondary" not in row for row in copies)
    with pytest.raises(ValueError, match="has 12 already"):
        scenario.read(None, {"instances": 5})
