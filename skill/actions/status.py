"""Says what is running, what ended last and how, and which instances are isolated."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from skill import sites
from skill.actions import _containment, _history
from skill.aws import Aws
from skill.aws.ec2 import filters
from skill.entity import INSTANCE, Entity
from skill.errors import TobanError
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {"plan": ("ec2:DescribeInstances", "dynamodb:Query")}

SUSPECT = ("suspicious", "untracking", "vulnerable")
SAID = 3
KINDS = ("group", "instance", "principal", "function")
MARKED = ("suspicious", "untracking", "isolated")


@dataclass(frozen=True)
class Params:
    """Nothing: it looks at the last day."""


def plan(params: Params, aws: Aws) -> Plan:
    """The launch greeting is made of the same facts, so they hold what is suspicious too."""
    heads, marked, asked, away = aws.gather(
        lambda: _history.heads(aws),
        lambda: aws.ec2.instances(*filters(tag__TobanStatus=list(MARKED))),
        lambda: aws.ec2.instances(*filters(tag__Toban="suspicious")),
        lambda: _away(aws),
    )
    isolated = {one.name for one in marked if one.status == "isolated"}
    suspicious = {one.name for one in [*marked, *asked] if one.status in ("", *SUSPECT)}
    facts = {
        "isolated": sorted(isolated),
        "away": away,
        "suspicious": sorted(suspicious),
        "recent": [list(one) for one in dict.fromkeys(_named(heads))],
    }
    return Plan("status", facts=facts | _runs(aws, _history.settled(heads)))


def _runs(aws: Aws, heads: list[Facts]) -> Facts:
    """What is running, how what ended last did, what never began, and what waits for an answer."""
    alive = [head for head in heads if _history.alive(head) and not _history.aside(head)]
    ended = [_row(head) for head in heads if head["ended"] and not _history.aside(head)]
    waiting = [_row(head) for head in heads if _history.waiting(head)]
    return {
        "running": aws.gather(*(partial(_running, aws, head) for head in alive[:SAID])),
        "running_count": len(alive),
        "looked": len(heads),
        "capped": len(heads) >= _history.MOST,
        "ended": ended[:1],
        "ended_count": len(ended),
        "lost": [_row(head) for head in heads if _is_lost(head)][:1],
        "waiting": waiting[:1],
        "waiting_count": len(waiting),
    }


def _away(aws: Aws) -> list[Facts]:
    """The instances that are isolated elsewhere: their records tell, home's tags do not."""
    if not aws.settings.member_accounts:
        return []
    rows = [
        (row["name"], Entity.of(row["entity"])) for row in _containment.kept(aws) if row["held"]
    ]
    found = [(name, sites.of(aws.settings, one)) for name, one in rows if one.kind == INSTANCE]
    return [{"name": name, **site} for name, site in found if site]


def _is_lost(head: Facts) -> bool:
    return not (head["ended"] or _history.alive(head) or _history.waiting(head))


def _named(heads: list[Facts]) -> Iterator[tuple[str, str]]:
    """What runs were about, newest first: the kinds that their facts name, else their targets."""
    for head in heads:
        told = [(kind, head["facts"][kind]) for kind in KINDS if head["facts"].get(kind)]
        identity = any(kind in ("principal", "function") for kind, _ in told)
        yield from told
        yield from () if identity else (("instance", name) for name in head["names"])


def _running(aws: Aws, head: Facts) -> Facts:
    """A run that is under way, with how far it is. That it cannot be read is no reason to be
    silent.
    """
    try:
        done, of = _history.progress(aws, head["id"])
    except TobanError:
        done, of = 0, 0
    return _row(head) | {"done": done, "of": of}


def _row(head: Facts) -> Facts:
    return {
        "action": head["action"],
        "ending": head["ending"] or "running",
        "names": head["names"],
        "targets": head["targets"],
        "seconds": _history.seconds(head),
        "ago": _history.ago(head) if head["ended"] else _history.seconds(head),
        "facts": head["facts"],
    }
