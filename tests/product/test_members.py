"""Member accounts: what happens there comes home, is acted on there, and is told with its place."""

import json
from collections import Counter
from typing import Any

import pytest

from skill.engine.policy import listed
from skill.settings import Settings
from tests.events_world import accounts, answered, asking, buried, invoke, raw, renewed
from tests.product.members_world import (
    AWAY,
    HOME,
    MEMBER,
    STRANGER,
    about,
    client,
    created,
    critical,
    ends,
    groups,
    instance,
    letters,
    put,
    runs,
    standing_members,
    tag,
    told,
)
from tests.world import Json, Sandbox

__all__ = ["standing_members"]
COPIES = 16
NAMED = "the account staging (222222222222), eu-west-1"


@pytest.fixture
def box(standing_members: Sandbox) -> Sandbox:
    """The accounts as the tests before left them: each test has instances of its own."""
    return standing_members


def test_a_tag_there_isolates_there_and_the_release_puts_back(box: Sandbox) -> None:
    ec2 = client(box, "ec2")
    before = groups(ec2, "mirror-1")
    tag(ec2, "mirror-1", "isolate")
    box.idle()
    assert groups(ec2, "mirror-1") == ["toban-isolation"]
    assert runs(box, "mirror-1") == [("isolate", "done")]
    assert ends(box) == [("created-tags", "run", ""), ("tag-change", "ignored", "twin")]
    assert all(NAMED in one for one in about(box, "mirror-1"))
    assert "In the account staging, E U west 1: mirror 1" in box.talk().intent("StatusIntent")
    tag(ec2, "mirror-1", "release")
    box.idle()
    assert groups(ec2, "mirror-1") == before
    assert runs(box, "mirror-1") == [("isolate", "done"), ("release", "done")]
    _changed_nothing_at_home(box.calls())


def _changed_nothing_at_home(calls: list[Json]) -> None:
    rows = [row for row in calls if row["service"] in ("ec2", "iam")]
    changes = [row for row in rows if not row["operation"].startswith(("Describe", "Get", "List"))]
    assert {(row["function"], row["account"]) for row in changes} == {("workflow", MEMBER)}


def test_copies_are_one_run(box: Sandbox) -> None:
    event = created(box, "mirror-2")
    for _ in range(COPIES):
        invoke(box, event)
    box.idle()
    assert runs(box, "mirror-2") == [("isolate", "done")]
    assert groups(client(box, "ec2"), "mirror-2") == ["toban-isolation"]
    assert buried(box) == []


def test_the_same_ids_in_two_places_are_two_runs(box: Sandbox) -> None:
    """An event's id is its account's and Region's own."""
    for name, region in (("mirror-3", AWAY), ("shadow-1", HOME)):
        event = asking(created(box, name, region=region), "suspicious")
        assert answered(box, event)["events"][0]["outcome"] == "run"
    box.idle()
    made = [[action for action, _ in runs(box, name)] for name in ("mirror-3", "shadow-1")]
    assert made == [["mark_suspicious"]] * 2


def test_an_account_that_is_not_listed_is_ignored_with_its_reason(box: Sandbox) -> None:
    """The bus lets the whole organisation in; the list says who is acted for."""
    ec2 = client(box, "ec2", STRANGER, HOME)
    before, known = groups(ec2, "lone-1"), ends(box)
    box.forget_calls()
    tag(ec2, "lone-1", "isolate")
    box.idle()
    assert Counter(ends(box)) - Counter(known) == {
        ("created-tags", "ignored", "foreign-account"): 1,
        ("tag-change", "ignored", "foreign-account"): 1,
    }
    assert (runs(box, "lone-1"), groups(ec2, "lone-1")) == ([], before)
    assert not [row for row in box.calls() if row["operation"] == "AssumeRole"]


def test_who_is_not_listed_there_is_only_proposed(box: Sandbox) -> None:
    event = renewed(created(box, "mirror-4"))
    name = f"arn:aws:iam::{MEMBER}:user/security-lead"  # who is listed, but of home
    event["detail"]["userIdentity"] = {"type": "IAMUser", "arn": name, "accountId": MEMBER}
    invoke(box, event)
    box.idle()
    (run,) = [one for one in box.runs() if one["proposed"]]
    assert run["ended"] is None
    (posted,) = about(box, "mirror-4")
    assert NAMED in posted
    assert "isolating mirror 4 in the account staging" in box.talk().intent("StatusIntent")
    box.control("POST", "/press", {"run": run["id"], "button": "approve", "user": "approver"})
    box.idle()
    assert groups(client(box, "ec2"), "mirror-4") == ["toban-isolation"]


def test_evidence_of_a_suspect_is_gathered_there(box: Sandbox) -> None:
    ec2 = client(box, "ec2")
    client(box, "logs").create_log_group(logGroupName="/toban/flow-logs")
    tag(ec2, "mirror-5", "suspicious")
    box.idle()
    assert runs(box, "mirror-5") == [("mark_suspicious", "done")]
    wanted = [{"Name": "resource-id", "Values": [instance(ec2, "mirror-5")]}]
    tags = {row["Key"]: row["Value"] for row in ec2.describe_tags(Filters=wanted)["Tags"]}
    assert tags["TobanStatus"] == "suspicious"


def test_what_changed_there_is_found_and_told_with_its_place(box: Sandbox) -> None:
    """It was isolated by a test before this one."""
    ec2 = client(box, "ec2")
    wanted = [{"Name": "attachment.instance-id", "Values": [instance(ec2, "mirror-2")]}]
    (row,) = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    named = [{"Name": "group-name", "Values": ["mirror"]}]
    (first,) = ec2.describe_security_groups(Filters=named)["SecurityGroups"]
    ec2.modify_network_interface_attribute(
        NetworkInterfaceId=row["NetworkInterfaceId"], Groups=[first["GroupId"]]
    )
    assert "mirror 2 in the account staging, E U west 1" in box.talk().launch()
    box.control("POST", "/schedule", {"rule": "VerifySchedule"})
    box.idle()
    drift = [one for one in about(box, "mirror-2") if "containment changed" in one]
    assert drift and f"mirror-2 in {NAMED}" in drift[0]


def test_a_finding_of_a_member_is_contained_there_once(box: Sandbox) -> None:
    """Forwarded, and told by GuardDuty's administrator too: one run."""
    text = json.dumps(raw("guardduty")).replace("111122223333", MEMBER)
    text = text.replace("i-0a1b2c3d4e5f60718", instance(client(box, "ec2"), "mirror-6"))
    forwarded = json.loads(text)
    forwarded["detail"]["severity"] = 9
    for event in (forwarded, renewed(forwarded) | {"account": box.ready["account"]}):
        invoke(box, event)
    box.idle()
    assert runs(box, "mirror-6") == [("isolate", "done")]
    assert groups(client(box, "ec2"), "mirror-6") == ["toban-isolation"]


def test_a_patch_run_is_made_there_and_woken_by_its_commands_event(box: Sandbox) -> None:
    ssm, ec2 = client(box, "ssm"), client(box, "ec2")
    box.forget_calls()
    tag(ec2, "mirror-7", "patch")
    box.idle()
    assert runs(box, "mirror-7") == [("patch", "done")]
    (command,) = ssm.list_commands()["Commands"]
    assert command["DocumentName"] == "AWS-RunPatchBaseline"
    assert [row for row in accounts(box) if row["route"] == "command-status" and row["runs"]]
    assert f"In {NAMED}: " in about(box, "mirror-7")[-1]


def test_an_assessment_there_is_refused_and_heard_of(box: Sandbox) -> None:
    event = asking(renewed(created(box, "mirror-7")), "assess")
    (row,) = answered(box, event)["events"]
    assert (row["outcome"], row["reason"]) == ("ignored", "refused:only_at_home")
    assert any("only_at_home" in one and "assess" in one for one in told(box, "mail"))


def test_findings_of_members_are_told_and_spoken_with_their_place(box: Sandbox) -> None:
    """In home's own Region the administrator gets it too: forwarded or not, it is told once."""
    put(box, HOME, "shadow-1")
    (posted,) = [one for one in about(box, "shadow-1") if "zlib1g" in one]
    assert f"staging ({MEMBER}) {HOME}" in posted
    box.control("PUT", "/world", {"findings": [critical(box.ec2, "till-1")]})
    box.idle()
    talk = box.talk()
    said = talk.intent("ReadFindingsIntent", severity="CRITICAL")
    assert said.startswith("2 critical findings")
    detail = talk.intent("FindingDetailIntent", ordinal="1")
    assert "the account staging, U S east 1" in detail
    assert "till 1" in detail and "shadow 1" in detail
    only = box.talk().intent("ReadFindingsIntent", severity="CRITICAL", group="staging")
    assert only.startswith("One critical finding in staging")
    assert "on shadow 1." in only
    talk = box.talk(locale="ja-JP")
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    assert "リージョンU S east 1にもあります" in talk.intent("FindingDetailIntent", ordinal="1")


def test_a_finding_of_another_region_is_told_and_its_fix_is_verified_there(box: Sandbox) -> None:
    put(box, AWAY, "mirror-1")
    assert any(f"staging ({MEMBER}) {AWAY}" in one for one in about(box, "zlib1g on mirror-1"))
    box.forget_calls()
    put(box, AWAY, "mirror-1", status="CLOSED")
    assert box.runs()[-1]["action"] == "verify_fix"
    there = [row for row in box.calls(function="workflow") if row["region"] == AWAY]
    assert {row["error"] for row in there} == {None}
    read = {(row["operation"], row["account"]) for row in there}
    assert ("ListFindings", box.ready["account"]) in read
    assert ("DescribeInstances", MEMBER) in read


def test_at_home_no_place_is_named(box: Sandbox) -> None:
    box.tag("till-1", "isolate")
    box.idle()
    assert "Just now: Till 1 is isolated" in box.talk().intent("StatusIntent")
    assert not [one for one in about(box, "till-1 is isolated") if "the account" in one]


def test_what_may_not_be_forwarded_waits_in_the_members_queue(box: Sandbox) -> None:
    known = runs(box, "mirror-5")
    bus = box.aws("events")
    bus.remove_permission(EventBusName="toban-members", RemoveAllPermissions=True)
    tag(client(box, "ec2"), "mirror-5", "isolate")
    box.idle()
    found = letters(client(box, "sqs"))
    assert {one["code"] for one in found} == {"NO_PERMISSIONS"}
    kinds = {"AWS API Call via CloudTrail", "Tag Change on Resource"}
    assert {one["event"]["detail-type"] for one in found} == kinds
    assert runs(box, "mirror-5") == known
    assert any("could not be forwarded" in one for one in told(box, "mail"))


PATTERNS = ("arn:aws:iam::222222222222:role/ops", "arn:aws:iam::*:role/team/*")


@pytest.mark.parametrize(
    ("principal", "account", "known"),
    [
        (f"arn:aws:iam::{MEMBER}:role/ops", MEMBER, True),
        (f"arn:aws:iam::{STRANGER}:role/ops", STRANGER, False),
        (f"arn:aws:iam::{MEMBER}:role/ops", STRANGER, False),
        (f"arn:aws:iam::{STRANGER}:role/team/lead", STRANGER, True),
        (f"arn:aws:iam::{STRANGER}:user/x:role/team/lead", STRANGER, False),
        ("", MEMBER, False),
        (f"arn:aws:iam::{MEMBER}:root", MEMBER, False),
    ],
)
def test_a_principal_is_matched_with_its_account(principal: str, account: str, known: Any) -> None:
    """Part by part: what stands for an account reaches into nothing else."""
    settings = Settings("t", "arn:aws:lambda:r:1:function:t-workflow:live", tag_principals=PATTERNS)
    assert listed(settings, principal, account) is known
