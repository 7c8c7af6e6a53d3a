"""Inspector2: ListFindings, ListFindingAggregations, BatchGetFindingDetails."""

import itertools
from typing import Any

from sandbox.systems import administrators, vulnerabilities
from sandbox.systems.aggregations import MEMBERS, aggregate
from sandbox.systems.criteria import any_text, sort_findings
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


def _seen(backend: Any) -> list[Findings]:
    """The findings that an account sees in a Region, by whose they are."""
    return [store(account, backend.region_name) for account in administrators.seen(backend)]


def list_findings(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """One page of the findings that meet the criteria."""
    sort = params.get("sortCriteria")
    wanted = params.get("filterCriteria", {})
    seen = {one.account: one for one in _seen(backend)}
    lists = [one.select(wanted, sort) for one in seen.values()]
    found = lists[0] if len(lists) == 1 else list(itertools.chain(*lists))
    if sort and len(lists) > 1:
        found = sort_findings(found, sort)
    rows, token = page("inspector2", params, found, _DEFAULT_PAGE)
    own = seen[backend.account_id]
    shown = [render(seen.get(row["awsAccountId"], own), row) for row in rows]
    return compact(findings=shown, nextToken=token)


def list_finding_aggregations(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Counts of active findings per instance, title, package, account..."""
    kind, request = params["aggregationType"], params.get("aggregationRequest", {})
    member = MEMBERS.get(kind, "")
    if member and request and set(request) != {member}:
        raise ValidationError(f"aggregationRequest does not fit aggregationType {kind}")
    rows = aggregate(_seen(backend), kind, request.get(member, {})) if member else []
    if accounts := params.get("accountIds"):
        rows = [row for row in rows if any_text([row[member]["accountId"]], accounts)]
    rows, token = page("inspector2", params, rows, _DEFAULT_PAGE)
    return compact(aggregationType=kind, responses=rows, nextToken=token)


def batch_get_finding_details(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """What is known of the vulnerabilities behind these findings; unknown ARNs come as errors."""
    seen = _seen(backend)
    known = {arn: _details(seen, arn) for arn in params["findingArns"]}
    errors = [_unknown(arn) for arn in itertools.filterfalse(known.get, known)]
    return {"findingDetails": [row for row in known.values() if row], "errors": errors}


def _details(seen: list[Findings], arn: str) -> dict[str, Any] | None:
    for findings in seen:
        if finding := findings.by_arn.get(arn):
            more = findings.details.get(arn, {})
            return vulnerabilities.details(finding) | more | {"findingArn": arn}
    return None


def _unknown(arn: str) -> dict[str, str]:
    return {
        "findingArn": arn,
        "errorCode": "FINDING_DETAILS_NOT_FOUND",
        "errorMessage": "Finding details not found",
    }
