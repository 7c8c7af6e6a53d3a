"""Put into the world what no AWS call can create: findings, coverage, flow log lines, patches."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.clock import CLOCK
from sandbox.network import flows
from sandbox.runtime.calls import ACCOUNT, REGION
from sandbox.systems import coverage, fleet, patches, wire
from sandbox.systems.findings import Finding, Findings, announce, store

_PARTS = ("findings", "coverage", "flow_logs", "patches")


def put(document: dict[str, Any], account: str = ACCOUNT, region: str = REGION) -> dict[str, int]:
    """Add or replace what the document names; raises ValueError, and changes nothing, if it is bad.

    Returns how much of each part was put. Findings with a known ARN are replaced, and each
    sends the
    event that Inspector would send.
    """
    strange = sorted(set(document) - set(_PARTS))
    if strange:
        raise ValueError(f"no such part of the world: {', '.join(strange)}; there are {_PARTS}")
    held, now = store(account, region), CLOCK.now().timestamp()
    made = [_finding(held, row, index, now) for index, row in _rows(document, "findings")]
    covered = [_coverage(account, row, index) for index, row in _rows(document, "coverage")]
    patched = _patches(document.get("patches", {}))
    lines = flows.put(_lines(document.get("flow_logs", [])), account, region)
    for finding, details in made:
        put_finding(held, finding, details)
    for row in covered:
        coverage.put(account, region, row)
    for instance_id, rows in patched.items():
        patches.put(account, region, instance_id, rows, now)
    counts = {"findings": len(made), "coverage": len(covered), "patches": len(patched)}
    return counts | {"flow_logs": lines}


def put_finding(held: Findings, finding: Finding, details: dict[str, Any]) -> None:
    """Keep a finding and what BatchGetFindingDetails shall add to it, and announce it."""
    held.put(finding)
    if details:
        held.details[finding["findingArn"]] = details
    announce(held, finding)


def _rows(document: dict[str, Any], part: str) -> list[tuple[int, dict[str, Any]]]:
    rows = document.get(part, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{part} must be a list of objects")
    return list(enumerate(rows))


def _lines(lines: Any) -> list[str]:
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("flow_logs must be a list of lines")
    return lines


def _patches(given: Any) -> dict[str, list[dict[str, Any]]]:
    if not isinstance(given, dict) or not all(isinstance(rows, list) for rows in given.values()):
        raise ValueError("patches must map instance ids to lists of PatchComplianceData")
    for instance_id, rows in given.items():
        _told(f"patches of {instance_id}", partial(list, map(patches.read, rows)))
    return given


def _told(where: str, make: Callable[[], Any]) -> Any:
    """What `make` returns; its complaint is completed with the place."""
    try:
        return make()
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{where}: {error}") from error


def _finding(
    held: Findings, row: dict[str, Any], index: int, now: float
) -> tuple[Finding, dict[str, Any]]:
    model = wire.model("inspector2")
    where, details = f"findings[{index}]", row.get("details", {})
    plain = {name: value for name, value in row.items() if name != "details"}
    full = _told(where, lambda: _complete(held, plain, now))
    finding = _told(where, lambda: wire.parse(model.shape_for("Finding"), full, closed=True))
    shape = model.shape_for("FindingDetail")
    return finding, _told(f"{where}.details", lambda: wire.parse(shape, details, closed=True))


def _complete(held: Findings, row: dict[str, Any], now: float) -> dict[str, Any]:
    """A finding with what the writer left out: account, times, type, texts, ARN, resource."""
    resources = row.get("resources")
    if not resources:
        raise ValueError("resources: at least one is needed")
    package = row.get("packageVulnerabilityDetails")
    cve = (package or {}).get("vulnerabilityId")
    title = row.get("title") or cve or row.get("description")
    if not title:
        raise ValueError("title: one is needed, or packageVulnerabilityDetails.vulnerabilityId")
    kind = "NETWORK_REACHABILITY" if "networkReachabilityDetails" in row else None
    fallbacks = {
        "findingArn": _arn(held, f"{title}/{resources[0].get('id')}"),
        "awsAccountId": held.account,
        "type": kind or "PACKAGE_VULNERABILITY",
        "title": title,
        "description": title,
        "remediation": {"recommendation": {"text": "None Provided"}},
        "severity": "UNTRIAGED",
        "status": "ACTIVE",
        "firstObservedAt": now,
        "lastObservedAt": now,
        "updatedAt": now,
    }
    if package is not None:
        fallbacks["packageVulnerabilityDetails"] = package
        row = row | {"packageVulnerabilityDetails": {"source": "NVD"} | package}
    return fallbacks | row | {"resources": [_resource(held, each) for each in resources]}


def _arn(held: Findings, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return f"arn:aws:inspector2:{held.region}:{held.account}:finding/{digest}"


def _resource(held: Findings, row: dict[str, Any]) -> dict[str, Any]:
    """A finding's resource, completed from EC2 if it is an instance that is there."""
    instance = fleet.instances(held.account, held.region).get(row.get("id", ""))
    if instance is None:
        kind = "AWS_EC2_INSTANCE" if str(row.get("id", "")).startswith("i-") else None
        return ({"type": kind} if kind else {}) | row
    return describe_instance(held.account, held.region, instance) | row


def describe_instance(account: str, region: str, instance: Any) -> dict[str, Any]:
    """The resource member of a finding on an instance."""
    addresses = [nic.private_ip_address for nic in instance.nics.values()]
    details = {
        "type": instance.instance_type,
        "imageId": instance.image_id,
        "ipV4Addresses": addresses,
        "vpcId": instance.vpc_id,
        "subnetId": instance.subnet_id,
        "platform": fleet.node(account, region, instance).platform,
        "launchedAt": wire.epoch(instance.launch_time),
    }
    return {
        "type": "AWS_EC2_INSTANCE",
        "id": instance.id,
        "partition": "aws",
        "region": region,
        "tags": fleet.tags(account, region, instance.id),
        "details": {"awsEc2Instance": details},
    }


def _coverage(account: str, row: dict[str, Any], index: int) -> dict[str, Any]:
    full = {"resourceType": "AWS_EC2_INSTANCE", "accountId": account, "scanType": "PACKAGE"} | row
    shape = wire.model("inspector2").shape_for("CoveredResource")
    return _told(f"coverage[{index}]", lambda: wire.parse(shape, full, closed=True))
