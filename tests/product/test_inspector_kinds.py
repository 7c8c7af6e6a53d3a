"""Findings of every kind that Inspector has, in the shapes in which it sends them."""

import uuid
from typing import Any

import pytest

from skill.playbooks import PAGES
from tests.events_world import accounts, buried, invoke, sample
from tests.findings_world import arn, later, part, told
from tests.findings_world import finding as listed
from tests.world import Json, Sandbox

# Since July 2024, and before that.
NOW, THEN = "Wed Sep 04 16:50:37.627 UTC 2024", "Sep 4, 2024, 4:50:37 PM"
HANDLER = {"filePath": "app/handler.py", "fileName": "handler.py", "startLine": 6, "endLine": 6}
CODE = {"cwes": ["CWE-798"], "detectorId": "python/x@v1.0", "detectorName": "X", "ruleId": "r"}
PORTS = {"openPortRange": {"begin": 0, "end": 65535}, "protocol": "TCP", "networkPath": {}}
FUNCTION = {"awsLambdaFunction": {"functionName": "resize", "version": "$LATEST", "runtime": "X"}}
IMAGE = {"awsEcrContainerImage": {"repositoryName": "shop", "imageTags": [], "inUseCount": 0}}
REPOSITORY = {"codeRepository": {"projectName": "team/api", "providerType": "GITHUB"}}
FIXED = {"name": "libssl3", "version": "3.0", "fixedInVersion": "0:3.1", "packageManager": "OS"}
OPEN = {"name": "openssl", "version": "3.0", "fixedInVersion": "NotAvailable"}


def finding(box: Sandbox, title: str, kind: str, details: Json, **detail: Any) -> Json:
    """A finding's event. None of what Inspector may leave out is in it."""
    made = sample(box, "inspector-finding", fresh=True)
    named = {"id": f"arn:aws:x:::{uuid.uuid4()}", "type": kind, "details": details}
    if kind == "AWS_EC2_INSTANCE":
        named["id"] = box.instance("web-1")["InstanceId"]
    made["detail"] = {
        "awsAccountId": box.ready["account"],
        "findingArn": arn(box, title),
        "title": title,
        "description": "Something.",
        "status": "ACTIVE",
        "firstObservedAt": NOW,
        "lastObservedAt": NOW,
        "updatedAt": NOW,
        "resources": [{**named, "partition": "aws", "region": box.ready["region"]}],
        **detail,
    }
    return made


def package(cve: str, *packages: Json, **more: Any) -> Json:
    found = {"cvss": [], "vulnerabilityId": cve, "vulnerablePackages": list(packages)}
    kind = "PACKAGE_VULNERABILITY"
    return {"type": kind, "packageVulnerabilityDetails": found, "fixAvailable": "YES", **more}


def code(path: Json) -> Json:
    found = {**CODE, "filePath": path}
    return {"type": "CODE_VULNERABILITY", "codeVulnerabilityDetails": found}


def port(**more: Any) -> Json:
    return {"type": "NETWORK_REACHABILITY", "networkReachabilityDetails": {**PORTS, **more}}


def sent(box: Sandbox) -> dict[str, tuple[Json, str, str]]:
    """By title: the event, what is said of it (nothing if it is not told), and its playbook."""
    ours, nulls = "AWS_EC2_INSTANCE", dict.fromkeys(("epss", "inspectorScore", "remediation"))
    rows: dict[str, tuple[str, Json, Json, str, str]] = {
        "CWE-798 - Hardcoded": (
            *("AWS_LAMBDA_FUNCTION", FUNCTION, {**code(HANDLER), "severity": "CRITICAL"}),
            *("It is in the code itself (app/handler.py:6): no patch mends that.", "elsewhere"),
        ),
        "CWE-89 - Injection": (
            *("CODE_REPOSITORY", REPOSITORY, {**code({"filePath": "a.py"}), "severity": "HIGH"}),
            *("On code repository team/api, which is not an instance.", "elsewhere"),
        ),
        "Port range 0-65535 is reachable": (
            *(ours, {}, {**port(), "severity": "HIGH", "updatedAt": THEN}),
            *("Reachable from the internet: tcp 0-65535.", "network"),
        ),
        "Port 22 is reachable": (ours, {}, {**port(), "severity": "MEDIUM"}, "", ""),
        "CVE-2099-1 - libssl3, openssl": (
            "AWS_ECR_CONTAINER_IMAGE",
            IMAGE,
            package("CVE-2099-1", FIXED, OPEN, severity="HIGH", fixAvailable="PARTIAL"),
            *("Only some of its packages have a fix yet.", "elsewhere"),
        ),
        "ALAS2-2099-2 - libssl3": (
            *(ours, {}, package("ALAS2-2099-2", FIXED, severity="HIGH", **nulls)),
            *("Fix: libssl3 0:3.1. Patch Manager installs it", "package"),
        ),
        "CVE-2099-3 - libssl3": (
            *(ours, {}, package("CVE-2099-3", FIXED, severity="UNTRIAGED", **nulls), "", ""),
        ),
    }
    return {
        title: (finding(box, title, kind, details, **detail), said, page)
        for title, (kind, details, detail, said, page) in rows.items()
    }


def test_each_kind_is_told_as_what_it_is(box: Sandbox) -> None:
    """Inspector gives no score to ports and code: their severity stands for it."""
    rows = sent(box)
    for event, _, _ in rows.values():
        invoke(box, event)
    box.idle()
    (report,) = told(box)
    assert "5 new findings" in report and buried(box) == []
    for title, (_, said, page) in rows.items():
        assert (title in report) == bool(said)
        if said:
            assert said in part(report, title)
            assert f"/{PAGES[page]}|" in part(report, title)
    silent = [row["reason"] for row in accounts(box) if row["outcome"] == "ignored"]
    assert silent == ["below-threshold"] * 2


def test_who_fixed_what_toban_never_patches_is_not_known(box: Sandbox) -> None:
    rows = sent(box)
    titles = ("CWE-798 - Hardcoded", "Port range 0-65535 is reachable", "ALAS2-2099-2 - libssl3")
    events = [finding_again(rows[title][0]) for title in titles]
    for event in events:
        invoke(box, event)
    box.idle()
    for event in events:
        invoke(box, later(event, 60, status="CLOSED"))
    box.idle()
    closing = " ".join(told(box, "✅⚠"))
    for title in titles[:2]:
        assert "Who fixed it is not known: Toban patches packages" in part(closing, title)
    assert "Who fixed it is not known" not in part(closing, titles[2])


def finding_again(event: Json) -> Json:
    event["detail"]["updatedAt"] = NOW
    return event


@pytest.mark.parametrize(("locale", "word"), [("en-US", "score"), ("ja-JP", "スコア")])
def test_what_has_no_score_is_told_without_one(box: Sandbox, locale: str, word: str) -> None:
    given = package("CVE-2099-7", FIXED)["packageVulnerabilityDetails"]
    row = listed(box, "web-1", severity="LOW", title="CVE-2099-7 - libssl3", exploitAvailable="NO")
    row["packageVulnerabilityDetails"] = given
    del row["inspectorScore"]
    box.control("PUT", "/world", {"findings": [row]})
    box.idle()
    talk = box.talk(locale=locale)
    talk.intent("ReadFindingsIntent", severity="LOW")
    rows = talk.attributes["items"]
    at = next(place for place, one in enumerate(rows, start=1) if "2099-7" in one)
    speech = talk.intent("FindingDetailIntent", ordinal=str(at))
    assert "libssl3" in speech and word not in speech
