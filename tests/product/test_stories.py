"""The three stories of the product, through its front doors: raw Alexa envelopes and tags.

Each is told in both languages by the same test. `SAID` holds what the languages say differently.
"""

import re
from typing import Any

import pytest

from tests.world import Conversation, Sandbox

ENGLISH, JAPANESE = "en-US", "ja-JP"
BOTH = (ENGLISH, JAPANESE)
# Words, or characters, of three findings in a row.
BREATH = {ENGLISH: 38, JAPANESE: 120}
SAID = {
    ENGLISH: {
        "assessment started": "assessment",
        "findings": r"18 critical findings\. The worst: 1: ",
        "second": "2: ",
        "exploited": "exploited",
        "on instances": r"{count} instances",
        "on one": "one instance",
        "which ones": r"Which ones\?",
        "patch plan": "10 instances with 38 missing patches",
        "protected": "database 1 is protected",
        "unmanaged": "batch 2 isn't managed",
        "patched": "9 are patched",
        "failed": "web 3 failed",
        "isolated": "{name} is isolated",
        "block": "Block the address",
    },
    JAPANESE: {
        "assessment started": "評価を始めます",
        "findings": r"重大な検出は18件です。深刻な順に、1番、",
        "second": "2番、",
        "exploited": "悪用例あり",
        "on instances": r"対象は{count}台",
        "on one": "対象は1台",
        "which ones": r"どのサーバーですか？",
        "patch plan": "10台で、パッチは38件です",
        "protected": "データベース1は保護されています",
        "unmanaged": "バッチ2はシステムズマネージャーの管理外です",
        "patched": "9台にパッチが当たりました",
        "failed": "ウェブ3は失敗しました",
        "isolated": "{name}を隔離しました",
        "block": "バッチ3への拒否が",
    },
}
# How a name is said to Toban, and how Toban says it.
NAMED = {
    "batch-3": {ENGLISH: ("batch three", "batch 3"), JAPANESE: ("バッチ三", "バッチ3")},
    "api-2": {ENGLISH: ("api two", "api 2"), JAPANESE: ("エーピーアイ 二", "エーピーアイ2")},
    "web-1": {ENGLISH: ("web one", "web 1"), JAPANESE: ("ウェブ サーバー 一", "ウェブ1")},
    "web": {ENGLISH: ("web servers", "web"), JAPANESE: ("ウェブサーバー", "ウェブ")},
    "api": {ENGLISH: ("api servers", "api"), JAPANESE: ("エーピーアイ", "エーピーアイ")},
    "database": {
        ENGLISH: ("the databases", "database"),
        JAPANESE: ("データベース", "データベース"),
    },
}


def said(speech: str, locale: str, what: str, **facts: object) -> bool:
    """Whether that was said, in the words of that language."""
    pattern = SAID[locale][what]
    for name, value in facts.items():
        pattern = pattern.replace("{" + name + "}", str(value))
    return bool(re.search(pattern, speech, re.IGNORECASE))


def isolate(talk: Conversation, name: str) -> None:
    talk.intent("IsolateIntent", instance=name)
    assert talk.open, talk.speech
    talk.yes()
    talk.resume()


def groups_of_kind(box: Sandbox, kind: str) -> set[str]:
    found = box.ec2.describe_security_groups(Filters=[{"Name": "tag:TobanGroup", "Values": [kind]}])
    return {row["GroupId"] for row in found["SecurityGroups"]}


@pytest.mark.parametrize(
    ("locale", "group"),
    [(ENGLISH, "web"), (JAPANESE, "web"), (ENGLISH, "database"), (JAPANESE, "api")],
)
def test_assess_and_report(box: Sandbox, locale: str, group: str) -> None:
    talk = box.talk(locale=locale)
    started = talk.intent("RunAssessmentIntent", group=NAMED[group][locale][0])
    assert said(started, locale, "assessment started")
    box.idle()

    (run,) = box.runs()
    facts = run["result"]["facts"]
    answer = box.talk(locale=locale).intent("AssessmentStatusIntent")
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


@pytest.mark.parametrize("locale", BOTH)
def test_findings_worst_first_and_in_detail(box: Sandbox, locale: str) -> None:
    talk = box.talk(locale=locale)
    speech = talk.intent("ReadFindingsIntent", severity="CRITICAL")
    assert said(speech, locale, "findings")
    assert said(speech.partition(SAID[locale]["second"])[0], locale, "exploited")
    second = talk.attributes["items"][1]
    detail = talk.intent("FindingDetailIntent", ordinal="2")
    found = box.aws("inspector2").list_findings(
        filterCriteria={"vulnerabilityId": [{"comparison": "EQUALS", "value": second}]}
    )["findings"]
    count = "on instances" if len(found) > 1 else "on one"
    assert said(detail, locale, count, count=len(found))
    package = found[0]["packageVulnerabilityDetails"]["vulnerablePackages"][0]
    assert package["name"] == "org.springframework:spring-beans"
    assert {ENGLISH: "spring beans 5.3.17", JAPANESE: "スプリング ビーンズの5.3.17"}[
        locale
    ] in detail


@pytest.mark.parametrize("severity", ["CRITICAL", "HIGH", ""])
@pytest.mark.parametrize("locale", BOTH)
def test_findings_are_read_in_one_breath(box: Sandbox, locale: str, severity: str) -> None:
    talk, asked = box.talk(locale=locale), {"severity": severity} if severity else {}
    of_web = {**asked, "group": NAMED["web"][locale][0]}
    spoken = [talk.intent("ReadFindingsIntent", **asked), talk.yes()]
    spoken.append(box.talk(locale=locale).intent("ReadFindingsIntent", **of_web))
    for one in spoken:
        length = len(one) if locale == JAPANESE else len(one.split())
        assert length <= BREATH[locale], one


@pytest.mark.parametrize("locale", BOTH)
def test_patch_all_of_them(box: Sandbox, locale: str) -> None:
    talk = box.talk(locale=locale)
    assert said(talk.intent("PatchIntent"), locale, "which ones")
    assert talk.answer["directives"][0]["type"] == "Dialog.ElicitSlot"
    plan = talk.intent("PatchIntent", group={ENGLISH: "ALL", JAPANESE: "全部"}[locale])
    assert all(said(plan, locale, one) for one in ("patch plan", "protected", "unmanaged"))
    talk.yes()
    box.idle()

    (run,) = box.runs()
    facts = run["result"]["facts"]
    assert facts["patched_count"] == 9
    assert [row["name"] for row in facts["failed"]] == ["web-3"]
    assert "dpkg" in facts["failed"][0]["why"]
    outcome = box.talk(locale=locale).intent("StatusIntent")
    assert said(outcome, locale, "patched")
    assert said(outcome, locale, "failed")
    assert (
        sum("patching" in str(one["body"]) for one in box.messages() if one["channel"] == "slack")
        == 2
    )


@pytest.mark.parametrize(
    ("locale", "name"),
    [(ENGLISH, "batch-3"), (JAPANESE, "batch-3"), (ENGLISH, "api-2"), (JAPANESE, "web-1")],
)
def test_suspicion_isolation_release(box: Sandbox, locale: str, name: str) -> None:
    told, spoken = NAMED[name][locale]
    before = box.groups(name)
    box.tag(name, "suspicious")
    box.idle()
    (run,) = box.runs()
    assert run["result"]["facts"]["rejected"] >= 0
    talk = box.talk(locale=locale)
    assert spoken in talk.intent("SuspiciousIntent")

    isolate(talk, told)
    box.idle()
    isolation = groups_of_kind(box, "isolation")
    held = box.groups(name)
    assert set(held) == set(before)
    assert all(set(groups) <= isolation for groups in held.values())
    assert box.instance(name)["Tags"]["TobanStatus"] == "isolated"
    assert said(talk.intent("StatusIntent"), locale, "isolated", name=spoken)

    talk.intent("ReleaseIntent", instance=told)
    talk.yes()
    box.idle()
    assert box.groups(name) == before


@pytest.mark.parametrize("locale", BOTH)
def test_block_the_attacker_and_undo(box: Sandbox, locale: str) -> None:
    box.tag("batch-3", "suspicious")
    box.idle()
    talk = box.talk(locale=locale)
    assert said(talk.intent("BlockSourceIntent"), locale, "block")
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
