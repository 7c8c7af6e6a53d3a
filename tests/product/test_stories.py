"""The three stories of the product, through its front doors: raw Alexa envelopes and tags."""

from typing import Any

import pytest

from tests.world import Conversation, Sandbox


def isolate(talk: Conversation, name: str) -> None:
    talk.intent("IsolateIntent", instance=name)
    assert talk.open, talk.speech
    talk.yes()
    talk.resume()


def groups_of_kind(box: Sandbox, kind: str) -> set[str]:
    found = box.ec2.describe_security_groups(Filters=[{"Name": "tag:TobanGroup", "Values": [kind]}])
    return {row["GroupId"] for row in found["SecurityGroups"]}


@pytest.mark.parametrize("group", ["web", "database", "api"])
def test_assess_and_report(box: Sandbox, group: str) -> None:
    talk = box.talk()
    assert "assessment" in talk.intent("RunAssessmentIntent", group=f"{group} servers")
    box.idle()

    (run,) = box.runs()
    facts = run["result"]["facts"]
    answer = box.talk().intent("AssessmentStatusIntent")
    for number in (facts["critical"], facts["high"], facts["failed_checks"]):
        assert f"{number:,}" in answer
    assert facts["critical"] == counted(box, group, "critical")
    inspector = box.aws("inspector2")
    assert inspector.list_cis_scan_configurations()["scanConfigurations"] == []
    assert box.aws("ssm").get_ops_item(OpsItemId=facts["ticket"])["OpsItem"]["Status"] == "Open"
    tagged = {name for name in facts["vulnerable"] if box.instance(name)["Tags"]["TobanStatus"]}
    assert tagged == set(facts["vulnerable"])
    assert any(one["channel"] == "slack" and "assessment" in str(one) for one in box.messages())


def counted(box: Sandbox, group: str, severity: str) -> int:
    rows = box.aws("inspector2").list_finding_aggregations(
        aggregationType="AWS_EC2_INSTANCE",
        aggregationRequest={
            "ec2InstanceAggregation": {
                "instanceTags": [{"comparison": "EQUALS", "key": "Role", "value": group}]
            }
        },
    )["responses"]
    return sum(row["ec2InstanceAggregation"]["severityCounts"][severity] for row in rows)


def test_findings_worst_first_and_in_detail(box: Sandbox) -> None:
    talk = box.talk()
    speech = talk.intent("ReadFindingsIntent", severity="CRITICAL")
    assert speech.startswith("18 critical findings. The worst 3")
    assert "exploited in the wild" in speech.partition("2:")[0]
    second = talk.attributes["items"][1]
    detail = talk.intent("FindingDetailIntent", ordinal="2")
    found = box.aws("inspector2").list_findings(
        filterCriteria={"vulnerabilityId": [{"comparison": "EQUALS", "value": second}]}
    )["findings"]
    assert (f"{len(found)} instances" if len(found) > 1 else "one instance") in detail
    package = found[0]["packageVulnerabilityDetails"]["vulnerablePackages"][0]
    assert package["name"] in detail


def test_patch_all_of_them(box: Sandbox) -> None:
    talk = box.talk()
    assert talk.intent("PatchIntent").startswith("Which ones?")
    assert talk.answer["directives"][0]["type"] == "Dialog.ElicitSlot"
    plan = talk.intent("PatchIntent", group="ALL")
    assert "10 instances with 38 missing patches" in plan
    assert "database 1 is protected" in plan
    assert "batch 2 isn't managed" in plan
    talk.yes()
    box.idle()

    (run,) = box.runs()
    facts = run["result"]["facts"]
    assert facts["patched_count"] == 9
    assert [row["name"] for row in facts["failed"]] == ["web-3"]
    assert "dpkg" in facts["failed"][0]["why"]
    outcome = box.talk().intent("StatusIntent")
    assert "9 are patched" in outcome
    assert "web 3 failed" in outcome.lower()
    assert (
        sum("patching" in str(one["body"]) for one in box.messages() if one["channel"] == "slack")
        == 2
    )


@pytest.mark.parametrize("name", ["batch-3", "api-2", "web-1"])
def test_suspicion_isolation_release(box: Sandbox, name: str) -> None:
    before = box.groups(name)
    box.tag(name, "suspicious")
    box.idle()
    (run,) = box.runs()
    assert run["result"]["facts"]["rejected"] >= 0
    talk = box.talk()
    spoken = name.replace("-", " ")
    assert spoken in talk.intent("SuspiciousIntent")

    isolate(talk, spoken)
    box.idle()
    isolation = groups_of_kind(box, "isolation")
    held = box.groups(name)
    assert set(held) == set(before)
    assert all(set(groups) <= isolation for groups in held.values())
    assert box.instance(name)["Tags"]["TobanStatus"] == "isolated"
    assert f"{spoken} is isolated" in talk.intent("StatusIntent").lower()

    talk.intent("ReleaseIntent", instance=spoken)
    talk.yes()
    box.idle()
    assert box.groups(name) == before


def test_block_the_attacker_and_undo(box: Sandbox) -> None:
    box.tag("batch-3", "suspicious")
    box.idle()
    talk = box.talk()
    assert talk.intent("BlockSourceIntent").startswith("Block the address")
    talk.yes()
    box.idle()
    assert denied(box) == ["203.0.113.66/32"]
    talk.intent("UndoIntent")
    talk.yes()
    box.idle()
    assert denied(box) == []


def denied(box: Sandbox) -> list[str]:
    acls: list[dict[str, Any]] = box.ec2.describe_network_acls()["NetworkAcls"]
    entries = [entry for acl in acls for entry in acl["Entries"]]
    return [e["CidrBlock"] for e in entries if e["RuleAction"] == "deny" and e["RuleNumber"] < 100]


def test_tags_start_the_same_actions(box: Sandbox) -> None:
    before = box.groups("batch-1")
    for value in ("assess", "patch", "isolate"):
        box.tag("batch-1", value)
        box.idle()
    assert [run["action"] for run in box.runs()] == ["assess", "patch", "isolate"]
    assert {run["ending"] for run in box.runs()} <= {"done", "partial"}
    assert box.groups("batch-1") != before
    box.tag("batch-1", "release")
    box.idle()
    assert box.groups("batch-1") == before
