"""Inspector's findings and counts as it answers them, and as we keep them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Package:
    name: str
    installed: str
    fixed: str
    manager: str


@dataclass(frozen=True)
class Finding:
    """An active finding on one instance. `score` is Inspector's CVSS score, 0 to 10. Home, which is
    Inspector's delegated administrator, sees those of all accounts, in its own Region.
    `port` is that of a network finding: "22" or "20-25".
    """

    arn: str
    cve: str
    title: str
    severity: str
    score: float
    exploit: bool
    fix: str
    instance: str
    instance_name: str
    packages: tuple[Package, ...] = field(default=())
    account: str = ""
    region: str = ""
    network: bool = False
    port: str = ""


@dataclass(frozen=True)
class Counts:
    """Active findings; `all` includes low, informational and untriaged ones."""

    critical: int = 0
    high: int = 0
    medium: int = 0
    all: int = 0

    def of(self, severity: str) -> int:
        """The count of one severity; for LOW, all that is below medium."""
        below = self.all - self.critical - self.high - self.medium
        return int({"LOW": below, "": self.all}.get(severity, getattr(self, severity.lower(), 0)))


def counts_of(row: dict[str, Any]) -> Counts:
    counts = row.get("severityCounts", {})
    return Counts(**{name: counts.get(name, 0) for name in ("critical", "high", "medium", "all")})


def summed(rows: Sequence[Counts]) -> Counts:
    names = ("critical", "high", "medium", "all")
    return Counts(**{name: sum(getattr(row, name) for row in rows) for name in names})


def total(rows: dict[str, Counts]) -> Counts:
    """The sum over instances."""
    return summed(list(rows.values()))


def finding_of(row: dict[str, Any]) -> Finding:
    details = row.get("packageVulnerabilityDetails", {})
    resource: dict[str, Any] = next(iter(row.get("resources", ())), {})
    return Finding(
        arn=row["findingArn"],
        cve=details.get("vulnerabilityId", ""),
        title=row.get("title", ""),
        severity=row.get("severity", "UNTRIAGED"),
        score=float(row.get("inspectorScore") or 0),
        exploit=row.get("exploitAvailable") == "YES",
        fix=row.get("fixAvailable", "NO"),
        instance=resource.get("id", ""),
        instance_name=resource.get("tags", {}).get("Name", resource.get("id", "")),
        packages=tuple(_package(one) for one in details.get("vulnerablePackages", ())),
        account=row.get("awsAccountId", ""),
        region=_region(row["findingArn"]),
        network=row.get("type") == "NETWORK_REACHABILITY",
        port=_port(row.get("networkReachabilityDetails", {}).get("openPortRange", {})),
    )


def _region(arn: str) -> str:
    return (arn.split(":") + [""] * 4)[3]


def _port(ports: dict[str, Any]) -> str:
    return "-".join(dict.fromkeys(str(ports[end]) for end in ("begin", "end") if end in ports))


def _package(row: dict[str, Any]) -> Package:
    return Package(
        name=row.get("name", ""),
        installed=row.get("version", ""),
        fixed=row.get("fixedInVersion", "") or "",
        manager=row.get("packageManager", ""),
    )
