"""Inspector's findings of one account and Region, indexed so that 50,000 answer like twelve.

Findings are kept as ListFindings returns them, times as epoch seconds. Never change one in place.
"""

import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from moto.inspector2.models import inspector2_backends

from sandbox.delivery.hook import emit
from sandbox.systems import administrators, criteria, fleet

Finding = dict[str, Any]
Tallies = dict[tuple[Any, ...], dict[str, int]]
_KEPT = 64


class Findings:
    """Findings by ARN, with the indexes and tallies that the list and count calls read."""

    def __init__(self, account: str, region: str) -> None:
        self.account, self.region = account, region
        self.by_arn: dict[str, Finding] = {}
        self.details: dict[str, dict[str, Any]] = {}
        self._by_resource: dict[str, dict[str, Finding]] = defaultdict(dict)
        self._by_state: dict[tuple[str, str], dict[str, Finding]] = defaultdict(dict)
        self.tallies: dict[str, Tallies] = defaultdict(dict)
        self._lists: OrderedDict[str, list[Finding]] = OrderedDict()

    def put(self, finding: Finding) -> None:
        """Add a finding, or replace the one with the same ARN."""
        arn = finding["findingArn"]
        if arn in self.by_arn:
            self._forget(self.by_arn[arn])
        self.by_arn[arn] = finding
        self._by_state[finding["status"], finding["severity"]][arn] = finding
        for resource in finding["resources"]:
            self._by_resource[resource["id"]][arn] = finding
        self._count(finding, 1)
        self._lists.clear()

    def _forget(self, finding: Finding) -> None:
        arn = finding["findingArn"]
        del self._by_state[finding["status"], finding["severity"]][arn]
        for resource in finding["resources"]:
            self._by_resource[resource["id"]].pop(arn, None)
        self._count(finding, -1)

    def _count(self, finding: Finding, step: int) -> None:
        # That aggregations count ACTIVE findings only is what the console does; unverified here.
        if finding["status"] != "ACTIVE":
            return
        severity = finding["severity"].lower()
        for kind, key in _groups(finding):
            tally = self.tallies[kind].setdefault(key, {"all": 0})
            tally["all"] += step
            for name in (severity, *_extras(finding)):
                tally[name] = tally.get(name, 0) + step

    def of_resource(self, resource_id: str) -> list[Finding]:
        """All findings of one resource."""
        return list(self._by_resource.get(resource_id, {}).values())

    def first_of(self, resource_id: str) -> Finding:
        """One finding of a resource that has some."""
        return next(iter(self._by_resource[resource_id].values()))

    def tags(self, resource: dict[str, Any]) -> dict[str, str]:
        """The tags of a finding's resource: those of now where EC2 knows the instance."""
        return fleet.tags(self.account, self.region, resource["id"]) or resource.get("tags", {})

    def tagged(self, entries: Iterable[dict[str, str]]) -> frozenset[str]:
        """The ids of the resources that carry one of these tags."""
        return frozenset(
            resource_id
            for resource_id, held in self._by_resource.items()
            if held and criteria.any_tag(self._tags_of(resource_id), entries)
        )

    def _tags_of(self, resource_id: str) -> dict[str, str]:
        live = fleet.tags(self.account, self.region, resource_id)
        return live or self.tags(_resource(self.first_of(resource_id), resource_id))

    def select(self, wanted: dict[str, Any], sort: dict[str, str] | None) -> list[Finding]:
        """The findings that meet the filter criteria, in order; equal questions are answered
        once.
        """
        wanted = dict(wanted)
        entries = wanted.pop("resourceTags", None)
        resources = None if entries is None else self.tagged(entries)
        key = json.dumps([wanted, sort, entries and sorted(resources or ())], sort_keys=True)
        if key not in self._lists:
            self._lists[key] = self._search(wanted, resources, sort)
            if len(self._lists) > _KEPT:
                self._lists.popitem(last=False)
        self._lists.move_to_end(key)
        return self._lists[key]

    def _search(
        self, wanted: dict[str, Any], resources: frozenset[str] | None, sort: dict[str, str] | None
    ) -> list[Finding]:
        meets = criteria.finding_test(wanted)
        found = [
            finding
            for finding in self._candidates(wanted, resources)
            if _touches(finding, resources) and meets(finding)
        ]
        return criteria.sort_findings(found, sort) if sort else found

    def _candidates(
        self, wanted: dict[str, Any], resources: frozenset[str] | None
    ) -> Iterable[Finding]:
        """The smaller of what the two indexes offer."""
        states, severities = (_exact(wanted.get(name)) for name in ("findingStatus", "severity"))
        in_state = [
            held
            for (state, severity), held in self._by_state.items()
            if (states is None or state in states)
            and (severities is None or severity in severities)
        ]
        ids = resources if resources is not None else _exact(wanted.get("resourceId"))
        on_them = None if ids is None else [self._by_resource.get(each, {}) for each in sorted(ids)]
        if on_them is None or sum(map(len, on_them)) > sum(map(len, in_state)):
            return chain.from_iterable(held.values() for held in in_state)
        once = {arn: finding for held in on_them for arn, finding in held.items()}
        return once.values()


def _touches(finding: Finding, resources: frozenset[str] | None) -> bool:
    return resources is None or any(each["id"] in resources for each in finding["resources"])


def _exact(entries: list[dict[str, str]] | None) -> set[str] | None:
    """The values of a filter made of EQUALS alone, which an index can answer."""
    if not entries or any(entry["comparison"] != "EQUALS" for entry in entries):
        return None
    return {entry["value"] for entry in entries}


def _resource(finding: Finding, resource_id: str) -> dict[str, Any]:
    return next(each for each in finding["resources"] if each["id"] == resource_id)


def _extras(finding: Finding) -> Iterator[str]:
    if finding.get("exploitAvailable") == "YES":
        yield "exploitAvailable"
    if finding.get("fixAvailable") == "YES":
        yield "fixAvailable"
    if finding["type"] == "NETWORK_REACHABILITY":
        yield "network"


def _groups(finding: Finding) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows that a finding counts in, per aggregation type."""
    account, kind = finding["awsAccountId"], finding["type"]
    package = finding.get("packageVulnerabilityDetails", {})
    resource_types = sorted({resource["type"] for resource in finding["resources"]})
    for resource_type in resource_types:
        yield "kind", (account, kind, resource_type)
        title = finding.get("title", "")
        yield "title", (title, package.get("vulnerabilityId"), account, kind, resource_type)
    for resource in finding["resources"]:
        if resource["type"] == "AWS_EC2_INSTANCE":
            yield "instance", (resource["id"], account)
    for name in sorted({each["name"] for each in package.get("vulnerablePackages", ())}):
        yield "package", (name, account)


def store(account: str, region: str) -> Findings:
    """The findings of an account and Region; they live on moto's backend, so a reset drops them."""
    held = inspector2_backends[account][region].__dict__
    if "toban_findings" not in held:
        held["toban_findings"] = Findings(account, region)
    return held["toban_findings"]


def announce(findings: Findings, finding: Finding) -> None:
    """Emit the event that Inspector sends for a new, changed or closed finding: in its own account,
    and in that of the delegated administrator.
    """
    resources = [resource["id"] for resource in finding["resources"]]
    detail = _dated(render(findings, finding))
    for account in [findings.account, *administrators.of(findings.account, findings.region)]:
        emit("aws.inspector2", "Inspector2 Finding", detail, resources, account, findings.region)


def render(findings: Findings, finding: Finding) -> Finding:
    """A finding as the API shows it now: with the tags that its resources have now."""
    resources = [each | {"tags": findings.tags(each)} for each in finding["resources"]]
    return finding | {"resources": resources}


def close(findings: Findings, finding: Finding, at: float) -> None:
    """Close a finding whose cause is gone, and say so."""
    closed = finding | {"status": "CLOSED", "updatedAt": at, "lastObservedAt": at}
    findings.put(closed)
    announce(findings, closed)


def _dated(value: Any, name: str = "") -> Any:
    """Events write dates as `Wed Sep 04 17:00:36.951 UTC 2024`, not as ISO 8601."""
    if isinstance(value, dict):
        return {key: _dated(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item) for item in value]
    if isinstance(value, int | float) and name.endswith("At"):
        when = datetime.fromtimestamp(value, UTC)
        return f"{when:%a %b %d %H:%M:%S}.{when.microsecond // 1000:03d} UTC {when:%Y}"
    return value
