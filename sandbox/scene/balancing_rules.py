"""What names what in a scenario's target groups, load balancers and Auto Scaling groups."""

from collections.abc import Iterable, Iterator
from typing import Any

Document = dict[str, Any]
PARTS = ("target_groups", "classic_load_balancers", "auto_scaling_groups")


def desired(spec: Document) -> int:
    """The desired capacity: what is said, else as many as there are."""
    return int(spec.get("desired", len(spec["instances"])))


def wrong(document: Document) -> Iterator[str]:
    """What is wrong with the names and numbers of the three parts."""
    names = _instances(document)
    for name, spec in document.get("target_groups", {}).items():
        at = f"target_groups/{name}"
        targets = [
            row if isinstance(row, str) else row["instance"] for row in spec.get("targets", [])
        ]
        yield from _missing(at, "VPC", [spec["vpc"]], document["vpcs"])
        yield from _missing(at, "instance", targets, names)
    for name, spec in document.get("classic_load_balancers", {}).items():
        at = f"classic_load_balancers/{name}"
        yield from _missing(at, "instance", spec.get("instances", []), names)
        yield from _missing(at, "subnet", spec["subnets"], _zones(document))
    for name, spec in document.get("auto_scaling_groups", {}).items():
        yield from _wrong_group(document, f"auto_scaling_groups/{name}", spec)
    yield from _shared(document)


def _missing(at: str, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for each in names:
        if each not in known:
            yield f"{at}: no {kind} is named {each}"


def _zones(document: Document) -> dict[str, str]:
    subnets = [vpc["subnets"] for vpc in document["vpcs"].values()]
    return {name: spec["zone"] for each in subnets for name, spec in each.items()}


def _wrong_group(document: Document, at: str, spec: Document) -> Iterator[str]:
    yield from _missing(
        at, "target group", spec.get("target_groups", []), document.get(PARTS[0], {})
    )
    classic = spec.get("classic_load_balancers", [])
    yield from _missing(at, "classic load balancer", classic, document.get(PARTS[1], {}))
    yield from _missing(at, "subnet", spec["subnets"], _zones(document))
    yield from _missing(at, "instance", spec["instances"], _instances(document))
    yield from (f"{at}: {why}" for why in _wrong_sizes(spec))
    yield from (f"{at}: {why}" for why in _wrong_members(document, spec))


def _wrong_sizes(spec: Document) -> Iterator[str]:
    wanted = desired(spec)
    if not spec["min"] <= wanted <= spec["max"]:
        yield f"desired {wanted} is not between min {spec['min']} and max {spec['max']}"
    if len(spec["instances"]) > wanted:
        yield f"more instances than desired, which is {wanted}"


def _wrong_members(document: Document, spec: Document) -> Iterator[str]:
    zones, instances = _zones(document), _instances(document)
    allowed = {zones.get(each) for each in spec["subnets"]}
    for row in [instances[name] for name in spec["instances"] if name in instances]:
        if zones.get(row["subnet"]) not in allowed:
            yield f"{row['name']} is in none of the zones of its subnets"
        if row.get("state") == "stopped":
            yield f"{row['name']} is stopped"


def _instances(document: Document) -> dict[str, Document]:
    return {row["name"]: row for row in document["instances"]}


def _shared(document: Document) -> Iterator[str]:
    seen: dict[str, str] = {}
    for group, spec in document.get("auto_scaling_groups", {}).items():
        for name in spec["instances"]:
            if name in seen:
                yield f"auto_scaling_groups/{group}: {name} is in {seen[name]} already"
            seen[name] = group
