"""Inspector's findings: one event each, when a finding opens, changes, closes or is suppressed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from skill import sites
from skill.errors import BadRequest
from skill.events.reading import Event, Mode, Wish
from skill.model import Facts
from skill.settings import Settings

ACTIVE = "ACTIVE"
SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL")
STATUSES = (ACTIVE, "CLOSED", "SUPPRESSED")
# "Wed Sep 04 17:00:36.951 UTC 2024" and "Jan 19, 2022, 10:46:15 PM" (aws.md §1.4).
_DATES = ("%a %b %d %H:%M:%S.%f UTC %Y", "%a %b %d %H:%M:%S UTC %Y", "%b %d, %Y, %I:%M:%S %p")
_ARN = re.compile(r"arn:aws[a-z-]*:inspector2:[a-z0-9-]*:\d{12}:[!-~]{1,300}")
TEXT, PACKAGES = 200, 5
# What a finding calls its resource, by the resource's type; else its id.
_NAMES = {
    "AWS_LAMBDA_FUNCTION": ("awsLambdaFunction", "functionName"),
    "AWS_ECR_CONTAINER_IMAGE": ("awsEcrContainerImage", "repositoryName"),
    "CODE_REPOSITORY": ("codeRepository", "projectName"),
}


def inspector_finding(event: Event, settings: Settings) -> Iterator[Wish]:
    """An active finding is to be reported, one that is closed or suppressed to be verified.

    Raises BadRequest for what is no finding.
    """
    try:
        case = _case(event, settings)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise BadRequest(event="inspector-finding", detail=type(error).__name__) from error
    action = "triage" if case["status"] == ACTIVE else "verify_fix"
    key = f"finding#{case['arn']}#{case['status']}#{case['updated']}"
    params = {"case": case}
    yield Wish(action, params, "aws.inspector2", key, "finding", mode=Mode.COLLECT)


def _case(event: Event, settings: Settings) -> Facts:
    """A finding in short: all that is told of it, and what verifies it."""
    detail = event["detail"]
    arn, status = str(detail["findingArn"]), detail["status"]
    if status not in STATUSES or not _ARN.fullmatch(arn):
        raise BadRequest(event="inspector-finding", detail="finding")
    sent = moment(event.get("time")) or datetime.now(UTC)
    package = detail.get("packageVulnerabilityDetails") or {}
    return {
        "arn": arn,
        "status": status,
        "type": _text(detail.get("type")),
        "title": _text(detail.get("title")),
        "severity": _one_of(detail.get("severity"), SEVERITIES, "UNTRIAGED"),
        "score": _score(detail, package),
        "epss": _number((detail.get("epss") or {}).get("score")),
        "exploit": detail.get("exploitAvailable") == "YES",
        "fix": _one_of(detail.get("fixAvailable"), ("YES", "PARTIAL"), "NO"),
        "cve": _text(package.get("vulnerabilityId")),
        "packages": [_package(one) for one in _list(package.get("vulnerablePackages"))],
        "port": _port(detail.get("networkReachabilityDetails") or {}),
        "file": _file(detail.get("codeVulnerabilityDetails") or {}),
        "resource": _resource(detail),
        "account": _text(detail.get("awsAccountId") or event.get("account")),
        "region": _text(event.get("region")) or settings.region,
        "where": _where(detail, event, settings),
        "first": _iso(moment(detail.get("firstObservedAt")) or sent),
        "updated": _iso(moment(detail.get("updatedAt")) or sent),
        "unsure": False,
    }


def _score(detail: Event, package: Event) -> float:
    """Inspector's own score, or the worst CVSS that is known: whichever is higher."""
    given = [_number(row.get("baseScore")) for row in _list(package.get("cvss"))]
    return max([_number(detail.get("inspectorScore")) or 0.0, *(one or 0.0 for one in given)])


def _package(row: Event) -> Facts:
    names = {"name": "name", "installed": "version", "fixed": "fixedInVersion"}
    found = {mine: _text(row.get(theirs)) for mine, theirs in names.items()}
    fixed = "" if found["fixed"].casefold() == "notavailable" else found["fixed"]
    return {**found, "fixed": fixed, "manager": _text(row.get("packageManager"))}


def _port(network: Event) -> str:
    """`tcp 22` or `tcp 8000-8100`; empty for what is no matter of the network."""
    ports = network.get("openPortRange") or {}
    if "begin" not in ports:
        return ""
    first, last = ports["begin"], ports.get("end", ports["begin"])
    protocol = str(network.get("protocol", "")).lower()
    return _text(f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}")


def _file(code: Event) -> str:
    """`app/main.py:12`; empty for what is no matter of the code."""
    found = code.get("filePath") or {}
    path, line = _text(found.get("filePath") or found.get("fileName")), found.get("startLine")
    return f"{path}:{line}" if path and isinstance(line, int) else path


def _resource(detail: Event) -> Facts:
    """What the finding is on: one resource as a rule, the first of several."""
    row = next(iter(_list(detail.get("resources"))), None)
    if not isinstance(row, dict):
        raise BadRequest(event="inspector-finding", detail="resources")
    kind = _text(row.get("type"))
    part, name = _NAMES.get(kind, ("", ""))
    called = ((row.get("details") or {}).get(part) or {}).get(name)
    tagged = (row.get("tags") or {}).get("Name") if kind == "AWS_EC2_INSTANCE" else ""
    return {
        "id": str(row["id"])[:2048],
        "type": kind,
        "name": _text(tagged or called or row["id"]),
    }


def _where(detail: Event, event: Event, settings: Settings) -> str:
    """The account and Region, unless it is the home one."""
    account = _text(detail.get("awsAccountId") or event.get("account"))
    region = _text(event.get("region"))
    place = (account or settings.account, region or settings.region)
    return "" if sites.is_home(settings, *place) else sites.written(settings, *place)


def moment(given: Any) -> datetime | None:
    """A time as Inspector's events, the envelope or the API write it; None for anything else."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return datetime.fromtimestamp(given, UTC) if 0 < given < 1e11 else None
    if not isinstance(given, str):
        return None
    for form in _DATES:
        try:
            return datetime.strptime(given, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return _from_iso(given)


def _from_iso(given: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")


def _number(given: Any) -> float | None:
    good = isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e6
    return float(given) if good else None


def _text(given: Any) -> str:
    return given[:TEXT] if isinstance(given, str) else ""


def _one_of(given: Any, known: tuple[str, ...], otherwise: str) -> str:
    return given if given in known else otherwise


def _list(given: Any) -> list[Any]:
    return [one for one in given if isinstance(one, dict)][:PACKAGES] if given else []
