"""Inspector2: ListFindings, ListFindingAggregations, BatchGetFindingDetails."""

import itertools
from typing import Any

from sandbox.systems import vulnerabilities
from sandbox.systems.aggregations import MEMBERS, aggregate
from sandbox.systems.criteria import any_text
from sandbox.systems.findings import Findings, render, store
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.wire import ValidationError

# What a page holds if nothing is said is undocumented; the model's list of findings has at most 25.
_DEFAULT_PAGE = 25


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "inspector2",
        {
            "ListFindings": list_findings,
            "ListFindingAggregations": list_finding_aggregations,
            "BatchGetFindingDetails": batch_get_finding_details,
        },
    )


def _store(backend: Any) -> Findings:
    return store(backend.account_id, backend.region_name)


def list_findings(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """One page of the findings that meet the criteria."""
    findings = _store(backend)
    found = findings.select(params.get("filterCriteria", {}), params.get("sortCriteria"))
    rows, token = page("inspector2", params, found, _DEFAULT_PAGE)
    return compact(findings=[render(findings, row) for row in rows], nextToken=token)


def list_finding_aggregations(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Counts of active findings per instance, title, package, account..."""
    kind, request = params["aggregationType"], params.get("aggregationRequest", {})
    member = MEMBERS.get(kind, "")
    if member and request and set(request) != {member}:
        raise ValidationError(f"aggregationRequest does not fit aggregationType {kind}")
    rows = aggregate(_store(backend), kind, request.get(member, {})) if member else []
    if accounts := params.get("accountIds"):
        rows = [row for row in rows if any_text([row[member]["accountId"]], accounts)]
    rows, token = page("inspector2", params, rows, _DEFAULT_PAGE)
    return compact(aggregationType=kind, responses=rows, nextToken=token)


def batch_get_finding_details(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """What is known of the vulnerabilities behind these findings; unknown ARNs come as errors."""
    findings = _store(backend)
    known = {arn: findings.by_arn.get(arn) for arn in params["findingArns"]}
    details = [
        vulnerabilities.details(finding) | findings.details.get(arn, {}) | {"findingArn": arn}
        for arn, finding in known.items()
        if finding
    ]
    errors = [_unknown(arn) for arn in itertools.filterfalse(known.get, known)]
    return {"findingDetails": details, "errors": errors}


def _unknown(arn: str) -> dict[str, str]:
    return {
        "findingArn": arn,
        "errorCode": "FINDING_DETAILS_NOT_FOUND",
        "errorMessage": "Finding details not found",
    }
