"""From a finding's event to the message about it, and from its closing to the verified fix."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from skill.playbooks import PAGES
from tests.events_world import accounts, buried, invoke, items
from tests.findings_world import PATCHED, event, finding, later, part, told
from tests.world import ROOT, Json, Sandbox


def test_from_a_finding_to_its_verified_fix(box: Sandbox) -> None:
    """The person says "patch all of them" and "yes"; the rest happens by itself."""
    rows = [finding(box, name) for name in ("web-1", "batch-1")]
    box.control("PUT", "/world", {"findings": rows})
    box.idle()
    (report,) = told(box)
    assert "2 new findings on 2 resources: 2 critical." in report
    assert "On batch-1 and web-1." in part(report, PATCHED)
    assert "/docs/playbooks/package-with-fix.md|" in part(report, PATCHED)
    asked = box.control("POST", "/say", {"text": "patch all of them"})
    box.control("POST", "/say", {"text": "yes", "session": asked["session"]})
    box.idle()
    closings = [part(one, PATCHED) for one in told(box, "✅")]
    # One, unless one instance closed so much later that it is a window of its own.
    assert sorted(" ".join(closings).count(name) for name in ("batch-1", "web-1")) == [1, 1]
    for fixed in closings:
        assert "is verified fixed" in fixed
        assert "Fixed by a responder by voice, 20" in fixed
        assert "Found 20" in fixed and "Time taken: " in fixed
    ended = [(run["action"], run["ending"]) for run in box.runs()]
    assert {one for one in ended if one[0] != "patch"} == {
        ("triage", "done"),
        ("verify_fix", "done"),
    }
    assert len(items(box, "finding-ended")) == 2
    assert '"TimeToFix"' in str(box.control("GET", "/logs")).replace("\\", "")


LIBRARY = [{"name": "log4j", "version": "2.14", "fixedInVersion": "2.17", "packageManager": "JAR"}]
UNSAID = [{"name": "zlib", "version": "1.2", "fixedInVersion": "1.3"}]
IMAGE = {
    "type": "AWS_ECR_CONTAINER_IMAGE",
    "id": "arn:aws:ecr:us-east-1:111122223333:repository/shop/sha256:1",
    "details": {"awsEcrContainerImage": {"repositoryName": "shop", "imageTags": ["3"]}},
}
FUNCTION = {
    "type": "AWS_LAMBDA_FUNCTION",
    "id": "arn:aws:lambda:us-east-1:111122223333:function:resize:$LATEST",
    "details": {"awsLambdaFunction": {"functionName": "resize"}},
}
OPEN = {"networkPath": {}, "openPortRange": {"begin": 22, "end": 22}, "protocol": "TCP"}
# What makes each of them grave, what is said of it, and its playbook.
REPORTED: dict[str, tuple[Json, str, str]] = {
    "CVE-2099-1001": ({"severity": "CRITICAL", "fixAvailable": "NO"}, "No fix exists", "no_fix"),
    "CVE-2099-1002": (
        {"packages": LIBRARY},
        "Patch Manager never installs it (JAR)",
        "manual",
    ),
    "CVE-2099-1003": ({"resources": [IMAGE]}, "On container image shop, which is not", "elsewhere"),
    "CVE-2099-1004": ({"resources": [FUNCTION]}, "On Lambda function resize", "elsewhere"),
    "CVE-2099-1005": ({"severity": "LOW", "inspectorScore": 3.0}, "exploit available", "package"),
    "CVE-2099-1006": ({"packages": UNSAID}, "doesn't say how it was installed", "manual"),
    "Port 22 is reachable": (
        {"type": "NETWORK_REACHABILITY", "networkReachabilityDetails": OPEN},
        "Reachable from the internet: tcp 22.",
        "network",
    ),
}


def graver(box: Sandbox, name: str, change: Json) -> Json:
    made = event(box, name if name.startswith("CVE") else "", **{**change, "title": name})
    if packages := made["detail"].pop("packages", None):
        made["detail"]["packageVulnerabilityDetails"]["vulnerablePackages"] = packages
    if change.get("type") == "NETWORK_REACHABILITY":
        del made["detail"]["packageVulnerabilityDetails"]
    return made


def light(box: Sandbox, cve: str, **more: Any) -> Json:
    """Below the threshold in all that the event tells."""
    made = event(box, cve, severity="MEDIUM", inspectorScore=6.9, exploitAvailable="NO", **more)
    made["detail"]["packageVulnerabilityDetails"]["cvss"] = []
    return made


def test_what_is_reported_and_what_not(box: Sandbox) -> None:
    """One message for all; what it says of each, and the playbook; the rest has its reason."""
    known = finding(box, "web-1", severity="MEDIUM", inspectorScore=5.0, exploitAvailable="NO")
    known["details"] = {"cisaData": {"dateAdded": 1700000000}}
    box.control("PUT", "/world", {"findings": [known]})
    for name, (change, _, _) in REPORTED.items():
        invoke(box, graver(box, name, change))
    invoke(box, light(box, "CVE-2099-1008"))
    box.idle()
    (report,) = told(box)
    assert f"{len(REPORTED) + 1} new findings" in report and "CVE-2099-1008" not in report
    for name, (_, said, playbook) in REPORTED.items():
        assert said in part(report, name), name
        assert f"/{PAGES[playbook]}|" in part(report, name), name
    assert "known to be exploited (KEV)" in part(report, PATCHED)
    assert f"/{PAGES['kev']}|" in part(report, PATCHED)
    ignored = [one["reason"] for one in accounts(box) if one["outcome"] == "ignored"]
    assert ignored == ["below-threshold"]
    assert all((ROOT / "docs/playbooks" / page).exists() for page in PAGES.values())


def test_copies_and_late_news_make_one_message(box: Sandbox) -> None:
    """Fifty copies at once; after that the same again, older news, and news without weight."""
    first = event(box, "CVE-2099-1")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: box.control("POST", "/events", first), range(50)))
    box.idle()
    again = {**first, "id": "another-delivery"}
    copies = [again, later(first, -5), later(first, 5), later(first, 5)]
    for copy in copies:
        invoke(box, copy)
        box.idle()
    assert len(told(box)) == len(box.runs()) == 1
    found = [(one["outcome"], one["reason"]) for one in accounts(box)]
    assert len(found) == 54 and found.count(("run", "")) == 1
    reasons = [reason for _, reason in found if reason]
    assert reasons.count("stale") == 1 and reasons.count("unchanged") == 1
    invoke(box, later(first, 9, severity="CRITICAL"))
    box.idle()
    assert "1 critical" in told(box)[1]
    closed = later(first, 20, status="CLOSED")
    for one in (closed, later(first, 15), closed):
        invoke(box, one)
        box.idle()
    assert len(told(box)) == 3
    invoke(box, later(closed, 30, status="ACTIVE"))
    box.idle()
    assert len(told(box)) == 4 and buried(box) == []


def test_what_closed_is_not_called_fixed_without_proof(box: Sandbox) -> None:
    """Suppressed; gone with its instance; a patch still missing; still active; not reported."""
    gone = box.instance("batch-3")["InstanceId"]
    missing = event(box, PATCHED, "web-1")
    package = missing["detail"]["packageVulnerabilityDetails"]["vulnerablePackages"][0]
    package["name"] = "zlib1g"
    open_ones = [
        event(box, "CVE-2099-2001"),
        event(box, "CVE-2099-2002", "batch-3"),
        missing,
        event(box, "CVE-2099-2004", "batch-2"),
    ]
    box.control("PUT", "/world", {"findings": [finding(box, "web-2")]})
    for one in open_ones:
        invoke(box, one)
    box.idle()
    (report,) = told(box)
    assert "5 new findings" in report
    box.ec2.terminate_instances(InstanceIds=[gone])
    closings = [later(one, 60, status="CLOSED") for one in open_ones]
    closings[0]["detail"]["status"] = "SUPPRESSED"
    for one in [*closings, later(event(box, "CVE-2099-2009"), 60, status="CLOSED")]:
        invoke(box, one)
    box.idle()
    _, closing = told(box)
    assert "was suppressed in Inspector. It is not fixed." in part(closing, "CVE-2099-2001")
    assert "is gone with its instance" in part(closing, "CVE-2099-2002")
    assert "Patch Manager still lists its patch" in part(closing, PATCHED)
    assert "never scanned" in part(closing, "CVE-2099-2004")
    assert "CVE-2099-2009" not in closing and "is verified fixed" not in closing
    assert "not-reported" in [one["reason"] for one in accounts(box)]


def test_a_scan_is_one_message_and_foreign_text_is_inert(box: Sandbox) -> None:
    wild = "<!channel> *a* <https://evil.example|x> " + "&" * 200
    rows = [event(box, f"CVE-2099-{at % 100:04}", "batch-1") for at in range(160)]
    for row in rows:
        row["detail"]["findingArn"] += row["id"]
    rows[0]["detail"] |= {"title": wild, "severity": "CRITICAL"}
    rows[0]["detail"]["resources"][0]["tags"]["Name"] = wild
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda row: box.control("POST", "/events", row), rows))
    box.idle()
    (report,) = told(box)
    assert "160 new findings" in report and "more findings that are less grave" in report
    assert "<!channel>" not in report and "<https://evil" not in report
    assert len(box.runs()) == 1
    assert {one["outcome"] for one in accounts(box)} == {"run"}
