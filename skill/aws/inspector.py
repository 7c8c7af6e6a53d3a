"""Inspector v2: counts by aggregation, worst findings, CIS scans (aws.md §1)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from skill.aws.cis import CisScans
from skill.aws.findings import Counts, Finding, Package, counts_of, finding_of, summed, total
from skill.errors import Denied, Unavailable

__all__ = ["SEVERITIES", "Counts", "Finding", "Inspector", "Package", "total"]

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
PAGE = 100
_DETAILS = 10
# As much of a title as is remembered of a finding that has no id.
TITLE = 120
_WORST_FIRST = {"sortBy": "CRITICAL", "sortOrder": "DESC"}


class Inspector(CisScans):
    def totals(self, account: str = "") -> Counts:
        """Counts over all instances, of one account or of all, whatever their number, in one
        call.
        """
        one = {"accountIds": [{"comparison": "EQUALS", "value": account}]} if account else {}
        page = self.call(
            "list_finding_aggregations",
            aggregationType="ACCOUNT",
            aggregationRequest={"accountAggregation": {"resourceType": "AWS_EC2_INSTANCE"}},
            maxResults=PAGE,
            **one,
        )
        rows = [row["accountAggregation"] for row in page["responses"]]
        return summed([counts_of(row) for row in rows])

    def by_instance(self) -> Iterator[tuple[str, Counts]]:
        """(instance id, counts) of the account, worst first; every page is one more call."""
        rows = self.pages(
            "list_finding_aggregations",
            "responses",
            aggregationType="AWS_EC2_INSTANCE",
            aggregationRequest={"ec2InstanceAggregation": _WORST_FIRST},
            maxResults=PAGE,
        )
        for row in rows:
            one = row["ec2InstanceAggregation"]
            yield one["instanceId"], counts_of(one)

    def critical(self) -> list[str]:
        """The names (ids where there are none) of the instances with critical findings, of the
        hundred worst.
        """
        page = self.call(
            "list_finding_aggregations",
            aggregationType="AWS_EC2_INSTANCE",
            aggregationRequest={"ec2InstanceAggregation": _WORST_FIRST},
            maxResults=PAGE,
        )
        rows = [row["ec2InstanceAggregation"] for row in page["responses"]]
        return [
            row.get("instanceTags", {}).get("Name") or row["instanceId"]
            for row in rows
            if counts_of(row).critical
        ]

    def of_instances(self, ids: Sequence[str]) -> dict[str, Counts]:
        """Counts of at most 10 instances by id, in one call (10 entries are a filter's limit)."""
        wanted = [{"comparison": "EQUALS", "value": one} for one in ids]
        page = self.call(
            "list_finding_aggregations",
            aggregationType="AWS_EC2_INSTANCE",
            aggregationRequest={"ec2InstanceAggregation": {"instanceIds": wanted}},
            maxResults=PAGE,
        )
        rows = [row["ec2InstanceAggregation"] for row in page["responses"]]
        return {row["instanceId"]: counts_of(row) for row in rows}

    def first_page(self, tags: dict[str, str]) -> tuple[dict[str, Counts], bool]:
        """Counts of the 100 worst instances with the tags, and whether there are more."""
        request = {**_WORST_FIRST, **_tagged("instanceTags", tags)}
        page = self.call(
            "list_finding_aggregations",
            aggregationType="AWS_EC2_INSTANCE",
            aggregationRequest={"ec2InstanceAggregation": request},
            maxResults=PAGE,
        )
        rows = [row["ec2InstanceAggregation"] for row in page["responses"]]
        return {row["instanceId"]: counts_of(row) for row in rows}, bool(page.get("nextToken"))

    def findings(self, sort: str = "INSPECTOR_SCORE", **criteria: Any) -> list[Finding]:
        """The first 100 active findings on instances, highest `sort` field first."""
        page = self.call(
            "list_findings",
            filterCriteria=_criteria(**criteria),
            sortCriteria={"field": sort, "sortOrder": "DESC"},
            maxResults=PAGE,
        )
        return [finding_of(row) for row in page["findings"]]

    def new_since(self, at: str) -> tuple[int, int, bool]:
        """How many critical and high findings were first seen since an ISO time, and whether there
        are more than that: one page is read.
        """
        serious = [{"comparison": "EQUALS", "value": one} for one in SEVERITIES[:2]]
        since = [{"startInclusive": datetime.fromisoformat(at)}]
        page = self.call(
            "list_findings",
            filterCriteria=_criteria() | {"severity": serious, "firstObservedAt": since},
            maxResults=PAGE,
        )
        found = [row["severity"] for row in page["findings"]]
        critical = found.count(SEVERITIES[0])
        return critical, len(found) - critical, bool(page.get("nextToken"))

    def hits(self, cve: str, title: str = "") -> int:
        """How many active findings (one per instance) have this vulnerability, or this title."""
        named = [{"comparison": "EQUALS", "value": cve}]
        wanted = {"vulnerabilityIds": named} if cve else {"titles": _titled(title)}
        page = self.call(
            "list_finding_aggregations",
            aggregationType="TITLE",
            aggregationRequest={"titleAggregation": wanted},
            maxResults=PAGE,
        )
        return sum(counts_of(row["titleAggregation"]).all for row in page["responses"])

    def exploited(self, arns: Sequence[str]) -> frozenset[str]:
        """Which of at most 10 findings are in CISA's catalogue or seen exploited."""
        if not arns:
            return frozenset()
        page = self.call("batch_get_finding_details", findingArns=list(arns)[:_DETAILS])
        rows = page.get("findingDetails", ())
        return frozenset(
            row["findingArn"]
            for row in rows
            if row.get("cisaData", {}).get("dateAdded") or row.get("exploitObserved")
        )

    def details(self, arns: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What is known of the exploits of at most 10 findings, by ARN: {"kev": whether CISA
        lists it, "epss": a probability or None}. A finding that Inspector does not know has none.

        Raises Denied or Unavailable if that is its answer for one of them.
        """
        page = self.call("batch_get_finding_details", findingArns=list(arns)[:_DETAILS])
        for row in page.get("errors", ()):
            if row["errorCode"] == "ACCESS_DENIED":
                raise Denied(operation="BatchGetFindingDetails")
            if row["errorCode"] == "INTERNAL_ERROR":
                raise Unavailable(operation="BatchGetFindingDetails", service=self.name)
        return {
            row["findingArn"]: {
                "kev": bool(row.get("cisaData", {}).get("dateAdded")),
                "epss": row.get("epssScore"),
            }
            for row in page.get("findingDetails", ())
        }

    def older(self, severity: str, before: datetime, pages: int) -> tuple[list[Finding], bool]:
        """Active findings of a severity, on whatever, first seen before a time, oldest first; and
        whether there are more than so many pages of a hundred.
        """
        wanted: dict[str, Any] = {
            "findingStatus": [{"comparison": "EQUALS", "value": "ACTIVE"}],
            "severity": [{"comparison": "EQUALS", "value": severity}],
            "firstObservedAt": [{"endInclusive": before}],
        }
        sort = {"field": "FIRST_OBSERVED_AT", "sortOrder": "ASC"}
        call = {"filterCriteria": wanted, "sortCriteria": sort, "maxResults": PAGE}
        rows = self.pages("list_findings", "findings", **call)
        found = [finding_of(row) for row in islice(rows, pages * PAGE + 1)]
        return found[: pages * PAGE], len(found) > pages * PAGE

    def statuses(self, arns: Sequence[str]) -> dict[str, str]:
        """ACTIVE, CLOSED or SUPPRESSED, by ARN, of at most 10 findings; one that Inspector does
        not list any more is absent.
        """
        wanted = [{"comparison": "EQUALS", "value": arn} for arn in arns]
        page = self.call("list_findings", filterCriteria={"findingArn": wanted}, maxResults=PAGE)
        return {row["findingArn"]: row["status"] for row in page["findings"]}


def _tagged(field_name: str, tags: dict[str, str] | None) -> dict[str, Any]:
    rows = [{"comparison": "EQUALS", "key": k, "value": v} for k, v in (tags or {}).items()]
    return {field_name: rows} if rows else {}


def _criteria(
    severity: str = "",
    cve: str = "",
    title: str = "",
    instance: str = "",
    exploit: bool = False,
    below: float = 0,
    tags: dict[str, str] | None = None,
    account: str = "",
) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "findingStatus": [{"comparison": "EQUALS", "value": "ACTIVE"}],
        "resourceType": [{"comparison": "EQUALS", "value": "AWS_EC2_INSTANCE"}],
    }
    named = {"severity": severity, "vulnerabilityId": cve, "resourceId": instance}
    named |= {"exploitAvailable": "YES" if exploit else "", "awsAccountId": account}
    for name, value in named.items():
        if value:
            wanted[name] = [{"comparison": "EQUALS", "value": value}]
    if title:
        wanted["title"] = _titled(title)
    if below:
        wanted["inspectorScore"] = [{"lowerInclusive": 0, "upperInclusive": below}]
    return wanted | _tagged("resourceTags", tags)


def _titled(title: str) -> list[dict[str, str]]:
    """A condition for the title, of which no more than `TITLE` characters are known."""
    comparison = "PREFIX" if len(title) >= TITLE else "EQUALS"
    return [{"comparison": comparison, "value": title[:TITLE]}]
