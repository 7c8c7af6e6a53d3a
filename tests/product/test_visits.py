"""The launch: what ended since that person was here last comes first, in both languages."""

from datetime import UTC, datetime

import pytest

from tests.product.test_stories import BOTH, ENGLISH, JAPANESE
from tests.world import Sandbox

ENDED = {
    ENGLISH: ("Since your last visit, one job has ended. Batch 3 is marked", "All quiet"),
    JAPANESE: (
        "前回のあと、作業が1件終わりました。バッチ3を不審としてマークしました",
        "異常ありません",
    ),
}


@pytest.mark.parametrize("locale", BOTH)
def test_the_launch_tells_first_what_ended_since_the_last_visit(box: Sandbox, locale: str) -> None:
    ended, quiet = ENDED[locale]
    assert quiet in box.talk(locale=locale).launch()
    box.tag("batch-3", "suspicious")
    box.idle()
    speech = box.talk(locale=locale).launch()
    assert ended in speech
    assert ended not in box.talk(locale=locale).launch(), "it was told"


def test_everybody_has_visits_of_their_own(box: Sandbox) -> None:
    viewer = {"person": None, "user": box.ready["viewer"]["userId"]}
    box.talk(**viewer).launch()
    box.tag("batch-3", "suspicious")
    box.idle()
    box.talk().launch()
    assert ENDED[ENGLISH][0] in box.talk(**viewer).launch()


@pytest.mark.parametrize("kind", ["deny", "hang"])
def test_a_visit_that_cannot_be_noted_keeps_nobody_waiting(box: Sandbox, kind: str) -> None:
    fault = {"function": "voice", "service": "dynamodb", "operation": "PutItem", "kind": kind}
    box.faults({**fault, "times": 2})
    assert "All quiet" in box.talk().launch()
    box.faults()


def test_names_are_taught_as_the_language_says_them(box: Sandbox) -> None:
    for locale, said in ((ENGLISH, "batch 3"), (JAPANESE, "バッチ3")):
        talk = box.talk(locale=locale)
        talk.launch()
        (taught,) = talk.answer["directives"]
        values = [one for kind in taught["types"] for one in kind["values"]]
        taught_as = {one["id"]: one["name"]["value"] for one in values}
        assert taught_as["batch-3"] == said


def found(severity: str, number: int) -> dict[str, object]:
    """A finding that Inspector has just made, on one of the instances."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    account = "123456789012"
    return {
        "findingArn": f"arn:aws:inspector2:us-east-1:{account}:finding/new{number:029d}",
        "awsAccountId": account,
        "type": "PACKAGE_VULNERABILITY",
        "description": "new",
        "title": f"CVE-2026-{number:05d} - zlib",
        "severity": severity,
        "status": "ACTIVE",
        "firstObservedAt": now,
        "lastObservedAt": now,
        "remediation": {"recommendation": {"text": "None Provided"}},
        "resources": [{"type": "AWS_EC2_INSTANCE", "id": "i-0123456789abcdef0"}],
        "packageVulnerabilityDetails": {
            "vulnerabilityId": f"CVE-2026-{number:05d}",
            "source": "NVD",
        },
    }


NEW = {
    ENGLISH: ("New: 1 critical and 2 high findings.", "New: at least 100 serious findings."),
    JAPANESE: (
        "新しく、重大な検出が1件、危険度の高い検出が2件あります。",
        "新しく、深刻な検出が100件以上あります。",
    ),
}


@pytest.mark.parametrize("locale", BOTH)
def test_the_launch_tells_of_findings_that_are_new(box: Sandbox, locale: str) -> None:
    few, many = NEW[locale]
    assert "検出" not in (first := box.talk(locale=locale).launch())
    assert "findings" not in first
    some = [found(one, at) for at, one in enumerate(["CRITICAL", "HIGH", "HIGH", "LOW"])]
    box.control("PUT", "/world", {"findings": some})
    assert few in box.talk(locale=locale).launch()
    assert few not in box.talk(locale=locale).launch(), "it was told"
    box.control("PUT", "/world", {"findings": [found("HIGH", at) for at in range(150)]})
    fault = {"function": "voice", "service": "inspector2", "operation": "ListFindings"}
    box.faults({**fault, "kind": "deny", "times": 1})
    assert many not in box.talk(locale=locale).launch()
    box.control("PUT", "/world", {"findings": [found("HIGH", at) for at in range(150)]})
    assert many in box.talk(locale=locale).launch()
