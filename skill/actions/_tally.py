"""Many findings as a few lines: one a vulnerability, worst first, whatever the number."""

from collections.abc import Iterable, Sequence
from typing import Any

from skill import playbooks
from skill.aws.inspector import SEVERITIES
from skill.model import Facts

# What a message shows of it; the rest is counted.
NAMES, LINES, PACKAGES, FILES = 12, 10, 3, 3
# What is kept while many are read: a checkpoint has a size limit.
KEPT = 60


def tally(cases: Iterable[Facts]) -> dict[str, Facts]:
    """The findings by vulnerability."""
    lines: dict[str, Facts] = {}
    for case in cases:
        line = lines.setdefault(_key(case), _line(case))
        line["count"] += 1
        line["first"] = min(line["first"], case["first"])
        line["names"] = _some(line["names"], [case["resource"]["name"]], NAMES)
        line["where"] = _some(line["where"], [case["where"]] if case["where"] else [], NAMES)
        line["packages"] = _some(line["packages"], case["packages"], PACKAGES)
        line["files"] = _some(line["files"], [case["file"]] if case.get("file") else [], FILES)
    return lines


def merged(one: dict[str, Facts], other: dict[str, Facts]) -> dict[str, Facts]:
    """Two tallies as one."""
    lines = dict(one)
    for key, line in other.items():
        lines[key] = _joined(lines[key], line) if key in lines else line
    return lines


def worst(lines: Iterable[Facts], most: int = KEPT) -> list[Facts]:
    """The gravest lines first: exploited, then by severity and score, then by number."""
    return sorted(lines, key=_gravity, reverse=True)[:most]


def numbers(cases: Sequence[Facts]) -> Facts:
    """How many findings of each severity; the rest as other."""
    found = [case["severity"] for case in cases]
    told = {name: found.count(name) for name in SEVERITIES}
    return {**told, "OTHER": len(found) - sum(told.values())}


def playbook(line: Facts) -> str:
    """The row of the playbook for one line."""
    managers = frozenset(each["manager"] for each in line["packages"])
    exploited = line["kev"] is True
    return playbooks.of_finding(
        line["type"], line["kind"], exploited, line["fix"] != "NO", managers
    )


def _line(case: Facts) -> Facts:
    kept = ("cve", "title", "type", "severity", "score", "epss", "exploit", "fix", "arn", "first")
    return {
        **{name: case[name] for name in kept},
        "kev": case.get("kev"),
        "port": case["port"],
        "kind": case["resource"]["type"],
        "count": 0,
        "names": [],
        "where": [],
        "packages": [],
        "files": [],
    }


def _joined(one: Facts, other: Facts) -> Facts:
    count = one["count"] + other["count"]
    most = {"names": NAMES, "where": NAMES, "packages": PACKAGES, "files": FILES}
    lists = {name: _some(one[name], other[name], many) for name, many in most.items()}
    return {**one, **lists, "count": count, "first": min(one["first"], other["first"])}


def _some(held: list[Any], more: list[Any], most: int) -> list[Any]:
    return [*held, *(each for each in more if each not in held)][:most]


def _key(case: Facts) -> str:
    """A vulnerability is one line per kind of resource: what mends it differs."""
    return f"{case['cve'] or case['title']} {case['resource']['type']}"


def _gravity(line: Facts) -> tuple[Any, ...]:
    rank = SEVERITIES.index(line["severity"]) if line["severity"] in SEVERITIES else 9
    return (line["kev"] is True, -rank, line["exploit"], line["score"], line["count"])
