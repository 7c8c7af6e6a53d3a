"""The catalogue of real vulnerabilities, and findings made from it.

Scores are NVD's, membership in the list of known exploited vulnerabilities is CISA's; EPSS moves
daily and is a plausible value. Ids CVE-2099-* are made up, to fill large worlds.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sandbox.systems.wire import epoch

Entry = dict[str, Any]
Finding = dict[str, Any]
_FILE = Path(__file__).parents[1] / "scenarios" / "vulnerabilities.json"
_BANDS = ((9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.1, "LOW"))
_ACTION = "Apply updates per vendor instructions."
_NO_FIX = "None Provided"


@lru_cache
def catalogue() -> Mapping[str, Entry]:
    """Known vulnerabilities by id."""
    entries: dict[str, Entry] = json.loads(_FILE.read_text())
    return entries


def severity(score: float) -> str:
    """The severity of a CVSS 3 score."""
    return next((name for floor, name in _BANDS if score >= floor), "INFORMATIONAL")


def package(entry: Entry, platform: str) -> Entry | None:
    """The package that is vulnerable on a platform; None where the platform is not affected."""
    packages = entry["packages"]
    return packages.get(platform) or packages.get("*")


def describe(cve: str, entry: Entry, platform: str) -> Finding:
    """The members of a finding that depend on vulnerability and platform alone (share them)."""
    found = package(entry, platform)
    if found is None:
        raise ValueError(f"{cve} has no package on {platform}")
    version = entry["vector"].split("/")[0].removeprefix("CVSS:")
    score = {"score": entry["score"], "scoringVector": entry["vector"], "version": version}
    return {
        "type": "PACKAGE_VULNERABILITY",
        "title": f"{cve} - {found['name']}",
        "description": entry["description"],
        "remediation": {"recommendation": {"text": _NO_FIX}},
        "severity": severity(entry["score"]),
        "inspectorScore": entry["score"],
        "inspectorScoreDetails": {
            "adjustedCvss": score | {"scoreSource": "NVD", "adjustments": []}
        },
        "fixAvailable": "YES" if "fixed" in found else "NO",
        "exploitAvailable": "YES" if entry["exploit"] else "NO",
        "epss": {"score": entry["epss"]},
        "packageVulnerabilityDetails": _details(cve, entry, found, version),
    }


def _details(cve: str, entry: Entry, found: Entry, version: str) -> Entry:
    cvss = {"baseScore": entry["score"], "scoringVector": entry["vector"], "version": version}
    return {
        "vulnerabilityId": cve,
        "vulnerablePackages": [_package(found)],
        "source": "NVD",
        "sourceUrl": f"https://nvd.nist.gov/vuln/detail/{cve}",
        "vendorSeverity": severity(entry["score"]).title(),
        "cvss": [cvss | {"source": "NVD"}],
        "relatedVulnerabilities": [],
        "referenceUrls": [f"https://nvd.nist.gov/vuln/detail/{cve}"],
    }


def _package(found: Entry) -> Entry:
    epoch_part, _, version = found["version"].rpartition(":")
    row: Entry = {
        "name": found["name"],
        "version": version,
        "epoch": int(epoch_part or 0),
        "arch": "X86_64",
        "packageManager": found["manager"],
    }
    if "path" in found:
        row["filePath"] = found["path"]
    if "fixed" in found:
        row |= {"fixedInVersion": found["fixed"], "remediation": _remedy(found)}
    return row


def _remedy(found: Entry) -> str:
    if found["manager"] == "OS":
        return f"sudo apt-get update && sudo apt-get install --only-upgrade {found['name']}"
    return f"Update {found['name']} to {found['fixed']}"


def details(finding: Finding) -> Entry:
    """What BatchGetFindingDetails says of a finding: from the catalogue, else from itself."""
    cve = finding.get("packageVulnerabilityDetails", {}).get("vulnerabilityId", "")
    entry = catalogue().get(cve)
    score = finding.get("epss", {}).get("score")
    plain = {"riskScore": round(finding.get("inspectorScore", 0) * 10)}
    plain |= {} if score is None else {"epssScore": score}
    if entry is None:
        return plain
    told = {"cwes": entry["cwes"], "referenceUrls": [f"https://nvd.nist.gov/vuln/detail/{cve}"]}
    return plain | told | (_exploited(cve, entry["kev"]) if "kev" in entry else {})


def _exploited(cve: str, kev: dict[str, str]) -> Entry:
    added, due = epoch(kev["added"]), epoch(kev["due"])
    evidence = {
        "evidenceRule": "KNOWN_EXPLOITED",
        "evidenceDetail": f"{cve} is in CISA's catalogue of known exploited vulnerabilities",
        "severity": "CRITICAL",
    }
    return {
        "cisaData": {"dateAdded": added, "dateDue": due, "action": _ACTION},
        "exploitObserved": {"firstSeen": added, "lastSeen": due},
        "evidences": [evidence],
    }


def patches(found: Iterable[tuple[str, Entry]]) -> list[Entry]:
    """The missing patches that mend these vulnerable packages: one per package of the system."""
    by_name: dict[str, list[tuple[str, Entry]]] = {}
    for cve, each in found:
        if each["manager"] == "OS" and "fixed" in each:
            by_name.setdefault(each["name"], []).append((cve, each))
    return [_patch(name, rows) for name, rows in by_name.items()]


def _patch(name: str, rows: list[tuple[str, Entry]]) -> Entry:
    newest = max((each["fixed"] for _, each in rows), key=_natural)
    ids = sorted({cve for cve, _ in rows})
    worst = max(catalogue()[cve]["score"] if cve in catalogue() else 5.0 for cve in ids)
    patch = {
        "Title": f"{name} {newest}",
        "KBId": f"{name}.amd64",
        "Classification": "Security",
        "Severity": {"CRITICAL": "Critical", "HIGH": "Important"}.get(severity(worst), "Medium"),
        "State": "Missing",
        "InstalledTime": 0.0,
        "CVEIds": ",".join(ids),
    }
    return patch | ({"reboot": True} if any(each.get("reboot") for _, each in rows) else {})


def _natural(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]
