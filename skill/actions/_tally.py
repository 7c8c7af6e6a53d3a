"""Many findings as a few lines: one a vulnerability, worst first, whatever the number."""

from collections.abc import Iterable, Sequence
from typing import Any

from skill import playbooks
from skill.aws.inspector import SEVERITIES
from skill.model import Facts

# What a message shows of it; the rest is counted.
LINES = 10
MOST = {"names": 12, "where": 12, "packages": 3, "files": 3}
# What is kept while many are read: a checkpoint has a size limit.
KEPT = 60


def tally(cases: Iterable[Facts]) -> dict[str, Facts]:
    """The findings by vulnerability."""
    lines: dict[str, Facts] = {}
    for case in cases:
        line = lines.setdefault(_key(case), _line(case))
        line["count"] += 1
        line["first"] = min(line["first"], case["first"])
        line.update(_together(line, _lists(case)))
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
        **{name: [] for name in MOST},
    }


def _lists(case: Facts) -> Facts:
    """What one finding adds to the lists of its line."""
    return {
        "names": [case["resource"]["name"]],
        "where": [case["where"]] if case["where"] else [],
        "packages": case["packages"],
        "files": [case["file"]] if case.get("file") else [],
    }


def _together(one: Facts, other: Facts) -> Facts:
    return {name: _some(one[name], other[name], most) for name, most in MOST.items()}


def _joined(one: Facts, other: Facts) -> Facts:
    count = one["count"] + other["count"]
    first = min(one["first"], other["first"])
    return {**one, **_together(one, other), "count": count, "first": first}


def _some(held: list[Any], more: list[Any], most: int) -> list[Any]:
    return [*held, *(each for each in more if each not in held)][:most]


def _key(case: Facts) -> str:
    """A vulnerability is one line per kind of resource: what mends it differs."""
    return f"{case['cve'] or case['title']} {case['resource']['type']}"


def _gravity(line: Facts) -> tuple[Any, ...]:
    rank = SEVERITIES.index(line["severity"]) if line["severity"] in SEVERITIES else 9
    return (line["kev"] is True, -rank, line["exploit"], line["score"], line["count"])
