"""Inspector's filter criteria and orders: OR inside a field, AND between fields.

Several NOT_EQUALS of one field must all hold; that and OR/AND are the documented reading,
unverified
on a live account.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Row = dict[str, Any]
Entries = list[dict[str, Any]]
Test = Callable[[Row], bool]
Getter = Callable[[Row], Iterable[Any]]


def any_tag(tags: Mapping[str, str], entries: Iterable[dict[str, str]]) -> bool:
    """Whether one of the map filters fits; an entry without a value asks for the key alone."""
    return any(
        entry["key"] in tags and entry.get("value", tags[entry["key"]]) == tags[entry["key"]]
        for entry in entries
    )


def any_text(values: Iterable[str], entries: Entries) -> bool:
    """Whether these values pass a string filter."""
    values = [value for value in values if value is not None]
    refused = [entry for entry in entries if entry["comparison"] == "NOT_EQUALS"]
    if any(entry["value"] in values for entry in refused):
        return False
    accepted = [entry for entry in entries if entry["comparison"] != "NOT_EQUALS"]
    return not accepted or any(_fits(value, entry) for entry in accepted for value in values)


def _fits(value: str, entry: dict[str, str]) -> bool:
    if entry["comparison"] == "PREFIX":
        return value.startswith(entry["value"])
    return value == entry["value"]


def any_range(values: Iterable[float], entries: Entries, low: str, high: str) -> bool:
    """Whether one value lies in one of the ranges; open ends are open."""
    values = [value for value in values if value is not None]
    return any(
        entry.get(low, value) <= value <= entry.get(high, value)
        for entry in entries
        for value in values
    )


_RANGES = (
    ("lowerInclusive", "upperInclusive"),
    ("startInclusive", "endInclusive"),
    ("earliestScanStartTime", "latestScanStartTime"),
)


def field_test(getter: Getter, entries: Entries) -> Test:
    """The test that one field's entries make, whichever kind of filter they are."""
    if "key" in entries[0]:
        return lambda row: any(any_tag(tags, entries) for tags in getter(row))
    if "comparison" in entries[0]:
        return lambda row: any_text(getter(row), entries)
    names = {name for entry in entries for name in entry}
    low, high = next((pair for pair in _RANGES if names & set(pair)), _RANGES[0])
    return lambda row: any_range(getter(row), entries, low, high)


def test(wanted: dict[str, Entries], getters: Mapping[str, Getter]) -> Test:
    """Whether a row meets all fields; a field that rows here never have matches nothing."""
    tests = [field_test(getters.get(name, _nothing), entries) for name, entries in wanted.items()]
    return lambda row: all(each(row) for each in tests)


def _nothing(row: Row) -> Iterable[Any]:
    return ()


def finding_test(wanted: dict[str, Any]) -> Test:
    """The test that ListFindings' criteria make (resourceTags apart)."""
    plain = dict(wanted)
    packages, ports = plain.pop("vulnerablePackages", None), plain.pop("portRange", None)
    tests = [test(plain, FINDING_FIELDS)]
    if packages:
        tests.append(lambda row: any(_package(each, packages) for each in _packages(row)))
    if ports:
        tests.append(lambda row: any(_ports(row, entry) for entry in ports))
    return lambda row: all(each(row) for each in tests)


def _package(package: Row, entries: Entries) -> bool:
    """Whether one entry fits the package in all the parts that it names."""
    return any(
        all(field_test(_member(part), [rule])(package) for part, rule in entry.items())
        for entry in entries
    )


def _ports(row: Row, entry: Row) -> bool:
    ports = row.get("networkReachabilityDetails", {}).get("openPortRange")
    if ports is None:
        return False
    return ports["end"] >= entry.get("beginInclusive", 0) and ports["begin"] <= entry.get(
        "endInclusive", 65535
    )


def _member(name: str) -> Getter:
    return lambda row: (row.get(name),)


def _packages(row: Row) -> list[Row]:
    return row.get("packageVulnerabilityDetails", {}).get("vulnerablePackages", [])


def _package_member(name: str) -> Getter:
    return lambda row: (row.get("packageVulnerabilityDetails", {}).get(name),)


def _resources(name: str) -> Getter:
    return lambda row: (resource.get(name) for resource in row["resources"])


def _ec2(name: str) -> Getter:
    return lambda row: (
        resource.get("details", {}).get("awsEc2Instance", {}).get(name)
        for resource in row["resources"]
    )


def _steps(name: str) -> Getter:
    return lambda row: (
        step.get(name)
        for step in row.get("networkReachabilityDetails", {})
        .get("networkPath", {})
        .get("steps", ())
    )


FINDING_FIELDS: dict[str, Getter] = {
    "findingArn": _member("findingArn"),
    "awsAccountId": _member("awsAccountId"),
    "findingType": _member("type"),
    "severity": _member("severity"),
    "firstObservedAt": _member("firstObservedAt"),
    "lastObservedAt": _member("lastObservedAt"),
    "updatedAt": _member("updatedAt"),
    "findingStatus": _member("status"),
    "title": _member("title"),
    "inspectorScore": _member("inspectorScore"),
    "fixAvailable": _member("fixAvailable"),
    "exploitAvailable": _member("exploitAvailable"),
    "epssScore": lambda row: (row.get("epss", {}).get("score"),),
    "resourceType": _resources("type"),
    "resourceId": _resources("id"),
    "cloudProvider": lambda row: ("AWS",),
    "ec2InstanceImageId": _ec2("imageId"),
    "ec2InstanceVpcId": _ec2("vpcId"),
    "ec2InstanceSubnetId": _ec2("subnetId"),
    "networkProtocol": lambda row: (row.get("networkReachabilityDetails", {}).get("protocol"),),
    "componentId": _steps("componentId"),
    "componentType": _steps("componentType"),
    "vulnerabilityId": _package_member("vulnerabilityId"),
    "vulnerabilitySource": _package_member("source"),
    "vendorSeverity": _package_member("vendorSeverity"),
    "relatedVulnerabilities": lambda row: row.get("packageVulnerabilityDetails", {}).get(
        "relatedVulnerabilities", ()
    ),
}
SEVERITIES = ("UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL")
_ORDERS: dict[str, Callable[[Row], Any]] = {
    "SEVERITY": lambda row: SEVERITIES.index(row["severity"]),
    "INSPECTOR_SCORE": lambda row: row.get("inspectorScore", -1.0),
    "EPSS_SCORE": lambda row: row.get("epss", {}).get("score", -1.0),
    "FIRST_OBSERVED_AT": lambda row: row["firstObservedAt"],
    "LAST_OBSERVED_AT": lambda row: row["lastObservedAt"],
}
_TEXT_ORDERS = {
    "AWS_ACCOUNT_ID": "awsAccountId",
    "FINDING_TYPE": "findingType",
    "FINDING_STATUS": "findingStatus",
    "RESOURCE_TYPE": "resourceType",
    "NETWORK_PROTOCOL": "networkProtocol",
    "COMPONENT_TYPE": "componentType",
    "VULNERABILITY_ID": "vulnerabilityId",
    "VULNERABILITY_SOURCE": "vulnerabilitySource",
    "VENDOR_SEVERITY": "vendorSeverity",
}


def sort_findings(rows: list[Row], sort: dict[str, str]) -> list[Row]:
    """Findings in the order of a field of the model's enum; ties in the order of their ARNs."""
    order = _ORDERS.get(sort["field"]) or _text_order(_TEXT_ORDERS.get(sort["field"], ""))
    rows = sorted(rows, key=lambda row: row["findingArn"])
    return sorted(rows, key=order, reverse=sort["sortOrder"] == "DESC")


def _text_order(field: str) -> Callable[[Row], str]:
    getter = FINDING_FIELDS.get(field, _nothing)
    return lambda row: next((value for value in getter(row) if value is not None), "")
