"""Live names: what can be called by name just now, the most relevant first.

Alexa takes a hundred names over all kinds together. First comes what is suspicious, then what is
contained, what was worked on today and what has critical findings; then a few groups and, kind by
kind in turn, the rest in the order of the alphabet.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any

from skill import names
from skill.actions import _containment, _locks
from skill.actions._targets import ALL
from skill.aws import Aws
from skill.entity import FUNCTION, INSTANCE
from skill.model import Facts

log = logging.getLogger("toban.live")
GROUP, PRINCIPAL = "group", "principal"
KINDS = (GROUP, INSTANCE, PRINCIPAL, FUNCTION)
MOST = 100
# Without its group nobody could patch a fleet of which every instance is relevant.
GROUPS = 20
# What has not come by then is left out: somebody waits for the greeting.
PATIENCE = 1.6
# Alexa takes no longer value.
LONGEST = 140
# Not asked until their clients are made, which would keep the greeting of a cold start waiting.
LATER = {"critical": "inspector2", "users": "iam", "roles": "iam", "functions": "lambda"}
Name = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """What was read, each part by its own call; a part that could not be read is empty.

    `whole` is whether everything was asked for.
    """

    contained: list[Facts]
    groups: list[str]
    instances: list[str]
    critical: list[str]
    users: list[str]
    roles: list[str]
    functions: list[str]
    whole: bool


def prepare(aws: Aws) -> None:
    """Make the clients that names need, when nobody waits for anything."""
    for service in set(LATER.values()):
        aws.clients(service)


def read(aws: Aws) -> Known:
    """Everything at once, one page of each: one round of calls, whatever the size of the fleet."""
    reads: dict[str, Callable[[], list[Any]]] = {
        "contained": lambda: _containment.kept(aws),
        "groups": lambda: _groups(aws),
        "instances": lambda: aws.ec2.tag_values("Name"),
        "critical": lambda: aws.inspector.critical(),
        "users": lambda: _principals(aws, "user"),
        "roles": lambda: _principals(aws, "role"),
        "functions": lambda: _functions(aws),
    }
    asked = {n: r for n, r in reads.items() if n not in LATER or aws.clients.made(LATER[n])}
    found = dict(zip(asked, aws.within(PATIENCE, *asked.values()), strict=True))
    if missing := [name for name, part in found.items() if part is None]:
        log.warning("live names without %s", ", ".join(missing))
    parts = {name: found.get(name) or [] for name in reads}
    return Known(**parts, whole=len(asked) == len(reads))


def _groups(aws: Aws) -> list[str]:
    """Groups of instances, and accounts by their names: findings are asked for by both."""
    accounts = aws.settings.account_names.values()
    return [*aws.ec2.tag_values(aws.settings.group_tag), *accounts]


def _principals(aws: Aws, kind: str) -> list[str]:
    """The users or roles that one can lock: AWS's own and ours are not among them."""
    rows = next(aws.iam.principals(kind), [])
    kept = [row for row in rows if not row["Path"].startswith(_locks.RESERVED)]
    called = [row[f"{kind.title()}Name"] for row in kept]
    return [name for name in called if not _locks.our_role(aws.settings, name)]


def _functions(aws: Aws) -> list[str]:
    page, _ = next(aws.functions.listed(), ([], False))
    called = [row["FunctionName"] for row in page]
    return [name for name in called if not _locks.our_function(aws.settings, name)]


def relevant(known: Known, state: Facts) -> dict[str, list[str]]:
    """Kind to names, at most a hundred together. `state` are the facts of `status`, if there are
    any.
    """
    named = [(GROUP, one) for one in sorted(known.groups)]
    groups, more = named[:GROUPS], named[GROUPS:]
    first = list(_sayable(_first(known, state)))
    room = MOST - len(set(_sayable(groups)) - set(first))
    chosen: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, name in islice(_sayable([*first[:room], *groups, *_rest(known, more)]), MOST):
        chosen[kind].append(name)
    return chosen


def _first(known: Known, state: Facts) -> Iterator[Name]:
    """What somebody who comes now most likely talks about."""
    for part in ("suspicious", "isolated"):
        yield from ((INSTANCE, name) for name in state.get(part, ()))
    yield from (_of_record(row) for row in known.contained)
    yield from ((kind, name) for kind, name in state.get("recent", ()))
    yield from ((INSTANCE, name) for name in known.critical)


def _of_record(record: Facts) -> Name:
    kind = record["entity"]["kind"]
    return (kind if kind in (INSTANCE, FUNCTION) else PRINCIPAL), record["name"]


def _rest(known: Known, groups: list[Name]) -> Iterator[Name]:
    """One of each kind in turn, so that no kind crowds out another."""
    columns = [
        [(INSTANCE, name) for name in sorted(known.instances)],
        [(PRINCIPAL, name) for name in sorted(known.users)],
        [(FUNCTION, name) for name in sorted(known.functions)],
        [(PRINCIPAL, name) for name in sorted(known.roles)],
        groups,
    ]
    rows = zip_longest(*columns)
    return (one for row in rows for one in row if one)


def _sayable(ranked: Iterable[Name]) -> Iterator[Name]:
    """Each name once, without those that Alexa would not take or nobody could say."""
    seen: set[Name] = set()
    for one in ranked:
        fits = len(one[1]) <= LONGEST and names.clean(one[1]) and one[1] != ALL
        if fits and one not in seen:
            seen.add(one)
            yield one
