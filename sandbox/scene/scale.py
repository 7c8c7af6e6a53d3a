"""Large worlds: a scenario with as many instances and findings as asked for."""

import re
from collections import Counter
from typing import Any

Document = dict[str, Any]
_SCORES = (5.4, 6.1, 4.8, 7.2, 3.1, 5.9)


def scaled(document: Document, scale: dict[str, int]) -> Document:
    """A copy with that many instances, named on from the last of each group, and findings.

    Findings that the scenario gives to `web-*` reach the new ones too; made-up vulnerabilities
    (CVE-2099-*) fill up the rest.
    """
    document = dict(document)
    total = scale.get("instances", len(document["instances"]))
    if total < len(document["instances"]):
        raise ValueError(
            f"instances={total}: the scenario has {len(document['instances'])} already"
        )
    document["instances"] = document["instances"] + _more(document["instances"], total)
    if "findings" in scale:
        document["finding_limit"] = document["fillers"] = scale["findings"]
    return document


def _more(rows: list[Document], total: int) -> list[Document]:
    """More instances like the plain one of each numbered group, in turn."""
    models: dict[str, Document] = {}
    last: Counter[str] = Counter()
    for row in rows:
        stem, number = _split(row["name"])
        if number is not None:
            last[stem] = max(last[stem], number)
            if not set(row) & {"secondary", "ipv6", "state"} and row.get("managed", True):
                models.setdefault(stem, row)
    stems = list(models)
    made: list[Document] = []
    while stems and len(rows) + len(made) < total:
        stem = stems[len(made) % len(stems)]
        last[stem] += 1
        made.append(models[stem] | {"name": f"{stem}-{last[stem]}"} | _plain_tags(models[stem]))
    return made


def _split(name: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(.+)-(\d+)", name)
    return (match[1], int(match[2])) if match else (name, None)


def _plain_tags(row: Document) -> Document:
    """Tags of a copy: what singles out the first one stays its own."""
    return {"tags": {key: value for key, value in row.get("tags", {}).items() if key == "Role"}}


def filler(number: int) -> tuple[str, Document]:
    """A made-up vulnerability: every second one has a fix in the same package of the system."""
    package = {"name": f"libfiller{number % 5}", "version": "1.0-1", "manager": "OS"}
    if number % 2:
        package["fixed"] = "1.0-2"
    entry = {
        "description": "A made-up vulnerability that fills a large world.",
        "score": _SCORES[number % len(_SCORES)],
        "vector": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N",
        "epss": round(0.0004 + number / 1e5, 5),
        "exploit": False,
        "cwes": [],
        "packages": {"*": package},
    }
    return f"CVE-2099-{10001 + number}", entry
