"""Inspector2: ListCoverage and ListCoverageStatistics."""

from collections import Counter
from typing import Any

from sandbox.systems import administrators, coverage, criteria
from sandbox.systems.operations import compact, page, serve


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "inspector2",
        {"ListCoverage": list_coverage, "ListCoverageStatistics": list_coverage_statistics},
    )


def _status(name: str) -> criteria.Getter:
    return lambda row: (row.get("scanStatus", {}).get(name),)


def _tags(row: dict[str, Any]) -> tuple[dict[str, str]]:
    return (row.get("resourceMetadata", {}).get("ec2", {}).get("tags", {}),)


def _member(name: str) -> criteria.Getter:
    return lambda row: (row.get(name),)


_PLAIN = ("accountId", "resourceId", "resourceType", "scanType", "scanMode", "lastScannedAt")
_FIELDS: dict[str, criteria.Getter] = {name: _member(name) for name in _PLAIN} | {
    "scanStatusCode": _status("statusCode"),
    "scanStatusReason": _status("reason"),
    "ec2InstanceTags": _tags,
    "cloudProvider": lambda row: ("AWS",),
}
_GROUPS = {
    "SCAN_STATUS_CODE": "scanStatusCode",
    "SCAN_STATUS_REASON": "scanStatusReason",
    "ACCOUNT_ID": "accountId",
    "RESOURCE_TYPE": "resourceType",
}


def _found(backend: Any, params: dict[str, Any]) -> list[dict[str, Any]]:
    meets = criteria.test(params.get("filterCriteria", {}), _FIELDS)
    accounts = administrators.seen(backend)
    lists = (coverage.rows(account, backend.region_name) for account in accounts)
    return [row for rows in lists for row in rows if meets(row)]


def list_coverage(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """One page of covered resources."""
    rows, token = page("inspector2", params, _found(backend, params), 100)
    return compact(coveredResources=rows, nextToken=token)


def list_coverage_statistics(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """How many covered resources there are, per group if one is asked for."""
    found = _found(backend, params)
    if field := _GROUPS.get(params.get("groupBy", "")):
        counts = Counter(next(iter(_FIELDS[field](row)), None) for row in found)
        # The model types groupKey as the enum of groupBy; the value itself is what tells groups
        # apart.
        named = [{"groupKey": key, "count": counts[key]} for key in sorted(filter(None, counts))]
        groups, token = page("inspector2", params, named, 5)
        return compact(totalCounts=len(found), countsByGroup=groups, nextToken=token)
    return {"totalCounts": len(found)}
