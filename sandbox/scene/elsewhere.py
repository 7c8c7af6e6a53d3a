"""What a scenario has in other accounts and Regions: each place is a scenario of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.runtime.calls import ACCOUNT, REGION

Document = dict[str, Any]
_PLACE = ("account", "region")
_WHOLE = {"elsewhere", "parameters"}


def wrong(document: Document, check: Callable[[Document], None]) -> Iterator[str]:
    """What is wrong with `elsewhere`, place by place; `check` raises ValueError."""
    rows = document.get("elsewhere", [])
    seen = {(ACCOUNT, REGION): "home"}
    for index, row in enumerate(rows):
        place = (row["account"], row["region"])
        if place in seen:
            yield f"elsewhere/{index}: {' '.join(place)} is {seen[place]}"
        seen[place] = f"elsewhere/{index}"
        for part in _WHOLE & row.keys():
            yield f"elsewhere/{index}: {part} is for the whole box"
        try:
            check(_alone(row, [document | {"account": ACCOUNT}, *rows]))
        except ValueError as error:
            yield f"elsewhere/{index}: {error}"
    for account in {row["account"] for row in rows}:
        yield from _twice(account, [document | {"account": ACCOUNT}, *rows])


def _alone(row: Document, everything: list[Document]) -> Document:
    """A place as a scenario: the roles are those of the whole account, since roles are global."""
    same = [each.get("roles", {}) for each in everything if each["account"] == row["account"]]
    roles = {name: spec for roles in same for name, spec in roles.items()}
    return {key: value for key, value in row.items() if key not in _PLACE} | {"roles": roles}


def _twice(account: str, everything: list[Document]) -> Iterator[str]:
    rows = [each for each in everything if each["account"] == account]
    for part in ("roles", "users"):
        names = Counter(name for row in rows for name in row.get(part, {}))
        for name in [name for name, count in names.items() if count > 1]:
            yield f"{part}: {name} is in the account {account} twice"
