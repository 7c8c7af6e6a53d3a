"""ListFindingAggregations: rows of counts, made from the tallies that are kept with the
findings.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox.systems import criteria
from sandbox.systems.findings import Findings

Request = dict[str, Any]
Row = dict[str, Any]
Counted = tuple[Row, dict[str, int]]
_ORDERS = {
    "CRITICAL": "critical",
    "HIGH": "high",
    "ALL": "all",
    "NETWORK_FINDINGS": "network",
    "AFFECTED_INSTANCES": "instances",
}


def aggregate(seen: Iterable[Findings], kind: str, request: Request) -> list[Row]:
    """The rows of one aggregation type of MEMBERS, in order, of all accounts that are seen."""
    member, rows = _TYPES[kind]
    counted = [pair for each in seen for pair in rows(each, request) if pair[1]["all"]]
    # Without sortBy the order is unspecified; most critical first is what the console shows.
    by = _ORDERS[request.get("sortBy", "CRITICAL")]
    counted.sort(key=lambda pair: str(next(iter(pair[0].values()))))
    counted.sort(key=lambda pair: pair[1].get(by, 0), reverse=request.get("sortOrder") != "ASC")
    return [{member: row | {"severityCounts": _severities(tally)}} for row, tally in counted]


def _severities(tally: dict[str, int]) -> dict[str, int]:
    names = ("all", *(severity.lower() for severity in criteria.SEVERITIES))
    return {name: tally.get(name, 0) for name in names}


def _passes(request: Request, name: str, *values: Any) -> bool:
    return name not in request or criteria.any_text(values, request[name])


def _is(request: Request, name: str, value: Any) -> bool:
    return request.get(name, value) == value


def _add(total: dict[str, int], tally: dict[str, int]) -> None:
    for name, count in tally.items():
        total[name] = total.get(name, 0) + count


def _instances(findings: Findings, request: Request) -> Iterator[Counted]:
    for (resource_id, account), tally in findings.tallies["instance"].items():
        if not tally["all"] or not _passes(request, "instanceIds", resource_id):
            continue
        row = _instance(findings, resource_id)
        if not _passes(request, "amis", row.get("ami")):
            continue
        if not _passes(request, "operatingSystems", row.get("operatingSystem")):
            continue
        entries = request.get("instanceTags")
        if entries and not criteria.any_tag(row["instanceTags"], entries):
            continue
        network = {"networkFindings": tally.get("network", 0)}
        yield row | {"accountId": account} | network, tally


def _instance(findings: Findings, resource_id: str) -> Row:
    finding = findings.first_of(resource_id)
    resource = next(each for each in finding["resources"] if each["id"] == resource_id)
    details = resource.get("details", {}).get("awsEc2Instance", {})
    row = {
        "instanceId": resource_id,
        "ami": details.get("imageId"),
        "operatingSystem": details.get("platform"),
        "instanceTags": findings.tags(resource),
    }
    return {name: value for name, value in row.items() if value is not None}


def _amis(findings: Findings, request: Request) -> Iterator[Counted]:
    totals: dict[tuple[str, str], dict[str, int]] = {}
    for row, tally in _instances(findings, {}):
        if "ami" in row and _passes(request, "amis", row["ami"]):
            total = totals.setdefault((row["ami"], row["accountId"]), {})
            _add(total, tally | {"instances": 1})
    for (ami, account), total in totals.items():
        yield {"ami": ami, "accountId": account, "affectedInstances": total["instances"]}, total


def _packages(findings: Findings, request: Request) -> Iterator[Counted]:
    for (name, account), tally in findings.tallies["package"].items():
        if _passes(request, "packageNames", name):
            yield {"packageName": name, "accountId": account}, tally


def _titles(findings: Findings, request: Request) -> Iterator[Counted]:
    totals: dict[tuple[str, str | None, str], dict[str, int]] = {}
    for (title, cve, account, kind, resource), tally in findings.tallies["title"].items():
        if (
            _passes(request, "titles", title)
            and _passes(request, "vulnerabilityIds", cve)
            and _is(request, "findingType", kind)
            and _is(request, "resourceType", resource)
        ):
            _add(totals.setdefault((title, cve, account), {}), tally)
    for (title, cve, account), total in totals.items():
        row = {"title": title, "accountId": account}
        yield row | ({"vulnerabilityId": cve} if cve else {}), total


def _kinds(
    findings: Findings, request: Request
) -> Iterator[tuple[tuple[str, ...], dict[str, int]]]:
    for (account, kind, resource), tally in findings.tallies["kind"].items():
        if _is(request, "findingType", kind) and _is(request, "resourceType", resource):
            yield (account, kind), tally


def _counts(total: dict[str, int]) -> dict[str, int]:
    return {
        "exploitAvailableCount": total.get("exploitAvailable", 0),
        "fixAvailableCount": total.get("fixAvailable", 0),
    }


def _by(parts: int) -> Callable[[Findings, Request], Iterator[Counted]]:
    def rows(findings: Findings, request: Request) -> Iterator[Counted]:
        totals: dict[tuple[str, ...], dict[str, int]] = {}
        for key, tally in _kinds(findings, request):
            _add(totals.setdefault(key[:parts], {}), tally)
        for key, total in totals.items():
            yield {"accountId": key[0]} | _counts(total), total

    return rows


_TYPES: dict[str, tuple[str, Callable[[Findings, Request], Iterator[Counted]]]] = {
    "AWS_EC2_INSTANCE": ("ec2InstanceAggregation", _instances),
    "AMI": ("amiAggregation", _amis),
    "PACKAGE": ("packageAggregation", _packages),
    "TITLE": ("titleAggregation", _titles),
    "ACCOUNT": ("accountAggregation", _by(1)),
    "FINDING_TYPE": ("findingTypeAggregation", _by(2)),
}
MEMBERS = {kind: member for kind, (member, _) in _TYPES.items()}
