"""Inspector2: results of a CIS scan, by target and by check."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.systems import checks, cis, criteria, fleet
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.wire import Refusal

Params = dict[str, Any]


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "inspector2",
        {
            "ListCisScanResultsAggregatedByTargetResource": list_by_target,
            "ListCisScanResultsAggregatedByChecks": list_by_check,
        },
    )


def _scan(backend: Any, params: Params) -> cis.Scan:
    scan = cis.scans(backend).get(params["scanArn"])
    if scan is None:
        raise Refusal("ResourceNotFoundException", "CIS scan not found")
    return scan


def _member(name: str) -> criteria.Getter:
    return lambda row: (row.get(name),)


def _counted(name: str) -> criteria.Getter:
    return lambda row: (row["statusCounts"][name],)


def _statuses(row: Params) -> list[str]:
    names = {"failed": "FAILED", "passed": "PASSED", "skipped": "SKIPPED"}
    return [names[name] for name, count in row["statusCounts"].items() if count]


_FIELDS: dict[str, criteria.Getter] = {
    "accountIdFilters": _member("accountId"),
    "platformFilters": _member("platform"),
    "statusFilters": _statuses,
    "targetResourceIdFilters": _member("targetResourceId"),
    "targetResourceTagFilters": lambda row: [
        {key: value} for key, values in row["targetResourceTags"].items() for value in values
    ],
    "targetStatusFilters": _member("targetStatus"),
    "targetStatusReasonFilters": _member("targetStatusReason"),
    "failedChecksFilters": _counted("failed"),
    "failedResourcesFilters": _counted("failed"),
    "checkIdFilters": _member("checkId"),
    "titleFilters": _member("title"),
    "securityLevelFilters": _member("level"),
}
_ORDERS = {
    "RESOURCE_ID": "targetResourceId",
    "ACCOUNT_ID": "accountId",
    "PLATFORM": "platform",
    "TARGET_STATUS": "targetStatus",
    "TARGET_STATUS_REASON": "targetStatusReason",
    "CHECK_ID": "checkId",
    "TITLE": "title",
    "SECURITY_LEVEL": "level",
}


def _order(field: str) -> Callable[[Params], Any]:
    if field == "FAILED_COUNTS":
        return lambda row: row["statusCounts"]["failed"]
    return lambda row: row.get(_ORDERS[field]) or ""


def _answer(params: Params, rows: list[Params], member: str) -> Params:
    meets = criteria.test(params.get("filterCriteria", {}), _FIELDS)
    order = _order(params.get("sortBy", "FAILED_COUNTS"))
    backwards = params.get("sortOrder", "DESC") == "DESC"
    found = sorted(filter(meets, rows), key=order, reverse=backwards)
    found, token = page("inspector2", params, found, 100)
    return compact(**{member: found}, nextToken=token)


def list_by_target(backend: Any, params: Params) -> Params:
    """Counts per instance, and why one was not scanned."""
    scan = _scan(backend, params)
    rows = [_target(backend, scan, each) for each in scan.results]
    return _answer(params, rows, "targetResourceAggregations")


def _target(backend: Any, scan: cis.Scan, target: cis.Target) -> Params:
    tags = fleet.tags(backend.account_id, backend.region_name, target.instance_id)
    return compact(
        scanArn=scan.arn,
        targetResourceId=target.instance_id,
        accountId=backend.account_id,
        targetResourceTags={key: [value] for key, value in tags.items()},
        statusCounts={
            "failed": len(target.failed),
            "skipped": len(target.skipped),
            "passed": len(target.passed),
        },
        platform=target.platform,
        targetStatus=target.status,
        targetStatusReason=target.reason,
    )


def list_by_check(backend: Any, params: Params) -> Params:
    """Counts per check, over all targets of one platform."""
    scan = _scan(backend, params)
    return _answer(params, list(_checks(backend, scan)), "checkAggregations")


def _checks(backend: Any, scan: cis.Scan) -> Iterator[Params]:
    for platform in sorted({each.platform for each in scan.results if each.status == "COMPLETED"}):
        targets = [each for each in scan.results if each.platform == platform]
        counts = {
            name: Counter(check for each in targets for check in getattr(each, name))
            for name in ("failed", "skipped", "passed")
        }
        for check in checks.benchmark(scan.level):
            yield {
                "scanArn": scan.arn,
                "checkId": check.id,
                "title": check.title,
                "checkDescription": check.title,
                "level": check.level,
                "accountId": backend.account_id,
                "statusCounts": {name: counter[check.id] for name, counter in counts.items()},
                "platform": platform,
            }
