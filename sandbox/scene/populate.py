"""Fill a world that was launched with findings and patches, straight into the stores."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import filter as matching
from functools import cached_property
from itertools import chain, islice
from typing import Any

from sandbox.clock import CLOCK
from sandbox.scene import world
from sandbox.scene.scale import filler
from sandbox.systems import fleet, patches, vulnerabilities
from sandbox.systems.findings import Finding, Findings

Document = dict[str, Any]
_DAY = 86400.0


@dataclass
class Recipe:
    """What findings are made from; the parts that equal ones share are made once."""

    held: Findings
    document: Document
    resources: dict[str, Document]
    seed: int
    now: float
    shared: dict[tuple[str, str], Finding] = field(default_factory=dict)

    @cached_property
    def entries(self) -> dict[str, Document]:
        """The vulnerabilities that this document may name."""
        return dict(vulnerabilities.catalogue()) | self.document.get("vulnerabilities", {})

    def described(self, cve: str, entry: Document, platform: str) -> Finding:
        """The part of a finding that is the same on all instances of a platform."""
        key = (cve, platform)
        if key not in self.shared:
            self.shared[key] = vulnerabilities.describe(cve, entry, platform)
        return self.shared[key]

    def common(self, name: str, cause: str, days: int) -> Finding:
        """The part of a finding that is its own: ARN, times, resource."""
        key = f"{self.seed}/{name}/{cause}"
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        account, region = self.held.account, self.held.region
        last = self.now - fleet.spread(key, 1800)
        return {
            "findingArn": f"arn:aws:inspector2:{region}:{account}:finding/{digest}",
            "awsAccountId": account,
            "status": "ACTIVE",
            "firstObservedAt": last - days * _DAY - fleet.spread(key, 36000),
            "lastObservedAt": last,
            "updatedAt": last,
            "resources": [self.resources[name]],
        }


def populate(held: Findings, document: Document, nodes: dict[str, str], seed: int) -> None:
    """Put the findings of the document, and the patches that mend them, on its instances."""
    known = fleet.instances(held.account, held.region)
    resources = {
        name: world.describe_instance(held.account, held.region, known[instance_id])
        for name, instance_id in nodes.items()
    }
    recipe = Recipe(held, document, resources, seed, CLOCK.now().timestamp())
    made = chain(_findings(recipe), _fillers(recipe))
    for finding in islice(made, document.get("finding_limit")):
        held.put(finding)
    for row in document["instances"]:
        if row.get("managed", True):
            _put_patches(recipe, row)


def _findings(recipe: Recipe) -> Iterator[Finding]:
    for row in recipe.document.get("findings", []):
        names = [name for pattern in row["on"] for name in matching(recipe.resources, pattern)]
        yield from (_finding(recipe, row, name) for name in dict.fromkeys(names))


def _finding(recipe: Recipe, row: Document, name: str) -> Finding:
    resource, days = recipe.resources[name], row.get("days", 20)
    if "cve" not in row:
        return _reachable(row, resource) | recipe.common(name, f"port {row['port']}", days)
    platform, cve = _platform(resource), row["cve"]
    return recipe.described(cve, recipe.entries[cve], platform) | recipe.common(name, cve, days)


def _platform(resource: Document) -> str:
    return str(resource["details"]["awsEc2Instance"]["platform"])


def _fillers(recipe: Recipe) -> Iterator[Finding]:
    """Made-up findings, one after the other on each instance."""
    names = list(recipe.resources)
    for number in range(recipe.document.get("fillers", 0)):
        name = names[number % len(names)]
        cve, entry = filler(number // len(names))
        recipe.entries.setdefault(cve, entry)
        yield recipe.described(cve, entry, "*") | recipe.common(name, cve, 30)


def _reachable(row: Document, resource: Document) -> Finding:
    """A network finding: a port that the internet can reach."""
    port, details = row["port"], resource["details"]["awsEc2Instance"]
    steps = [("AWS::EC2::VPC", details["vpcId"]), ("AWS::EC2::Instance", resource["id"])]
    path = [{"componentType": kind, "componentId": each} for kind, each in steps]
    return {
        "type": "NETWORK_REACHABILITY",
        "title": f"Port {port} is reachable from an Internet Gateway",
        "description": f"On the instance {resource['id']}, port range {port}-{port} is reachable"
        " from the internet",
        "remediation": {
            "recommendation": {
                "text": "Restrict the security group or network ACL to known sources"
            }
        },
        "severity": row.get("severity", "MEDIUM"),
        "networkReachabilityDetails": {
            "openPortRange": {"begin": port, "end": port},
            "protocol": row.get("protocol", "TCP"),
            "networkPath": {"steps": path},
        },
    }


def _put_patches(recipe: Recipe, row: Document) -> None:
    """What a scan of last night found: a patch per vulnerable package of the system."""
    held, document, resource = recipe.held, recipe.document, recipe.resources[row["name"]]
    hurt = [
        each["packageVulnerabilityDetails"]["vulnerabilityId"]
        for each in held.of_resource(resource["id"])
        if "packageVulnerabilityDetails" in each
    ]
    platform = _platform(resource)
    vulnerable = [(cve, vulnerabilities.package(recipe.entries[cve], platform)) for cve in hurt]
    missing = vulnerabilities.patches((cve, each) for cve, each in vulnerable if each)
    for patch in missing:
        if reason := _failure(document, row["name"], patch):
            patch["failure"] = reason
    extra = document.get("patches", {}).get(row["name"], [])
    scanned = recipe.now - _DAY / 2 - fleet.spread(resource["id"], 3600)
    patches.put(held.account, held.region, resource["id"], missing + extra, scanned)


def _failure(document: Document, name: str, patch: Document) -> str | None:
    for row in document.get("failing_patches", []):
        if row["package"] == patch["KBId"].split(".")[0] and name in row["on"]:
            return str(row["reason"])
    return None
