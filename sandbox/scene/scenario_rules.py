"""What a scenario must be: the shape is in scenarios/schema.json, what names what is here."""

import json
from collections import Counter
from collections.abc import Iterator
from fnmatch import filter as matching
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema

from sandbox.scene import balancing_rules, elsewhere, identity_rules
from sandbox.systems import patches, vulnerabilities
from sandbox.systems.fleet import Node

Document = dict[str, Any]
_SCHEMA = Path(__file__).parents[1] / "scenarios" / "schema.json"


@lru_cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text()))


def check(document: Any) -> None:
    """Raise ValueError, saying where, unless this is a scenario whose names all mean something."""
    error = next(iter(sorted(_validator().iter_errors(document), key=str)), None)
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path) or "the document"
        raise ValueError(f"{place}: {error.message:.300}")
    wrong = next(_wrong(document), None)
    if wrong is not None:
        raise ValueError(wrong)


def _wrong(document: Document) -> Iterator[str]:
    for name, spec in document["vpcs"].items():
        if spec["subnets"] and all(row.get("nat") for row in spec["subnets"].values()):
            yield f"vpcs/{name}: a NAT gateway needs a subnet without nat"
    yield from _wrong_instances(document)
    names = [row["name"] for row in document["instances"]]
    yield from (f"instances: two are named {each}" for each, n in Counter(names).items() if n > 1)
    for index, row in enumerate(document.get("findings", [])):
        yield from (f"findings/{index}: {why}" for why in _wrong_finding(document, row))
    for name, rows in document.get("patches", {}).items():
        if name not in names:
            yield f"patches: no instance is named {name}"
        yield from (f"patches/{name}: {why}" for why in _wrong_patches(rows))
    yield from identity_rules.wrong(document)
    yield from balancing_rules.wrong(document)
    yield from elsewhere.wrong(document, check)
    for name in document.get("flow_logs", {}).get("vpcs", []):
        if name not in document["vpcs"]:
            yield f"flow_logs: no VPC is named {name}"


def _wrong_instances(document: Document) -> Iterator[str]:
    home = {subnet: vpc for vpc, spec in document["vpcs"].items() for subnet in spec["subnets"]}
    for row in document["instances"]:
        for spec in (row, *row.get("secondary", [])):
            if spec["subnet"] not in home:
                yield f"instances/{row['name']}: no subnet is named {spec['subnet']}"
                continue
            groups = document["vpcs"][home[spec["subnet"]]]["security_groups"]
            for name in set(spec["groups"]) - set(groups):
                yield f"instances/{row['name']}: no security group {name} in its VPC"
            subnet = document["vpcs"][home[spec["subnet"]]]["subnets"][spec["subnet"]]
            if spec.get("ipv6") and not subnet.get("ipv6"):
                yield f"instances/{row['name']}: {spec['subnet']} has no IPv6"
        if row.get("role", "") not in ("", *document.get("roles", {})):
            yield f"instances/{row['name']}: no role is named {row['role']}"


def _wrong_finding(document: Document, row: Document) -> Iterator[str]:
    platforms = {
        each["name"]: each.get("platform", Node.platform) for each in document["instances"]
    }
    hit = [name for pattern in row["on"] for name in matching(platforms, pattern)]
    if not hit:
        yield f"no instance is named {', '.join(row['on'])}"
    if "cve" not in row:
        return
    entries = vulnerabilities.catalogue() | document.get("vulnerabilities", {})
    if row["cve"] not in entries:
        yield f"{row['cve']} is in neither the catalogue nor the scenario's vulnerabilities"
        return
    for name in hit:
        if vulnerabilities.package(entries[row["cve"]], platforms[name]) is None:
            yield f"{row['cve']} has no package on {platforms[name]} ({name})"


def _wrong_patches(rows: list[Document]) -> Iterator[str]:
    for row in rows:
        try:
            patches.read(row)
        except ValueError as error:
            yield str(error)
