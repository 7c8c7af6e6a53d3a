"""Reads the findings aloud: the total first, then the worst, exploited ones before the rest."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

from skill import names, sites
from skill.actions import _targets
from skill.aws import Aws
from skill.aws.inspector import SEVERITIES, TITLE, Counts, Finding, total
from skill.errors import BadRequest
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {
    "plan": (
        "inspector2:ListFindings",
        "inspector2:ListFindingAggregations",
        "inspector2:BatchGetFindingDetails",
        "ec2:DescribeInstances",
        "ec2:DescribeTags",
    )
}
KEPT = 12
# More than these are not "them" any more, but a group.
THEM = 100
DETAILED = 30
# CVSS: within critical, below critical, below high.
BELOW = (9.7, 8.9, 6.9)


@dataclass(frozen=True)
class Params:
    """`severity`: CRITICAL, HIGH, MEDIUM, LOW or empty for all; `group`: as spoken, the name of an
    account, or empty for all.
    """

    severity: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if self.severity not in ("", *SEVERITIES):
            raise BadRequest(severity=self.severity)


def plan(params: Params, aws: Aws) -> Plan:
    """Two rounds of calls, whatever the number of findings: look, then detail of what was seen.

    A third, between them, for a group that was said otherwise than it is tagged, or of more than
    a hundred instances.
    """
    group = "" if params.group == _targets.ALL else params.group
    account = _account(aws, group)
    look = _look(aws, params.severity, group, account)
    if not account and (look.group != group or look.counts is None):
        look = _again(aws, params.severity, group, look)
    worst = _one_per_cve(look.found)
    seen = _exploited(aws, worst)
    ranked = sorted(worst, key=lambda one: (one.arn in seen, one.score), reverse=True)
    hits, counts = _hits(look.found), look.counts or Counts()
    facts = {
        "severity": params.severity,
        "group": look.group,
        "count": counts.of(params.severity),
        "critical": counts.critical,
        "high": counts.high,
        "items": [
            _item(one, one.arn in seen, hits[one.cve or one.title])
            | (sites.facts(aws.settings, one.account, one.region) if not account else {})
            for one in ranked[:KEPT]
        ],
        "from": 0,
        "instances": them(aws, look.found),
    }
    return Plan("findings", facts=facts)


def them(aws: Aws, found: Sequence[Finding]) -> list[str]:
    """The ids of the instances at home that some findings are on; none if they are too many to
    mean.
    """
    home = aws.settings.account
    ids = sorted({one.instance for one in found if one.account in ("", home)})
    return ids if len(ids) <= THEM else []


@dataclass(frozen=True)
class _Look:
    """What a look found. `counts` is None where a page did not hold them all."""

    found: list[Finding]
    counts: Counts | None
    group: str = ""
    members: tuple[str, ...] = ()


def _account(aws: Aws, heard: str) -> str:
    """The id of the account that is called so; empty if none is."""
    known = aws.settings.account_names
    found = names.matching(heard, list(known.values())) if heard else []
    return next((id_ for id_, name in known.items() if name in found), "")


def _pages(aws: Aws, severity: str, group: str, account: str = "") -> list[Callable[..., Any]]:
    """The worst with an exploit, the worst of all, and the worst below some scores.

    A page holds a hundred findings, and they may all be one vulnerability: the lower windows
    find what it hides, without asking a second time.
    """
    tags = {aws.settings.group_tag: group} if group else None
    find = partial(aws.inspector.findings, severity=severity, tags=tags, account=account)
    return [partial(find, exploit=True), find, *[partial(find, below=one) for one in BELOW]]


def _look(aws: Aws, severity: str, group: str, account: str) -> _Look:
    """The findings and their exact number; of a group also its members and its tag as written."""
    if account:
        *found, totals = aws.gather(
            *_pages(aws, severity, "", account), lambda: aws.inspector.totals(account)
        )
        return _Look(list(chain(*found)), totals, aws.settings.account_names[account])
    pages = _pages(aws, severity, group)
    if not group:
        *found, totals = aws.gather(*pages, aws.inspector.totals)
        return _Look(list(chain(*found)), totals)
    key = aws.settings.group_tag
    *found, (rows, more), members = aws.gather(
        *pages, lambda: aws.inspector.first_page({key: group}), lambda: _targets.fleet(aws, group)
    )
    name = _targets.group_values(aws, members)[0]
    counts = None if more or name != group else total(rows)
    return _Look(list(chain(*found)), counts, name, tuple(one.id for one in members))


def _again(aws: Aws, severity: str, group: str, look: _Look) -> _Look:
    """Look for the group as it is tagged, and count by id, ten to a call, all calls at once."""
    pages = _pages(aws, severity, look.group) if look.group != group else []
    *found, counts = aws.gather(*pages, lambda: _by_id(aws, look.members))
    return replace(look, found=[*look.found, *chain(*found)], counts=counts)


def _by_id(aws: Aws, ids: Sequence[str]) -> Counts:
    tens = [ids[at : at + 10] for at in range(0, len(ids), 10)]
    rows: dict[str, Counts] = {}
    for page in aws.gather(*[partial(aws.inspector.of_instances, ten) for ten in tens]):
        rows |= page
    return total(rows)


def _one_per_cve(found: Sequence[Finding]) -> list[Finding]:
    """The first finding of each vulnerability: the same hole on forty instances is one line."""
    first: dict[str, Finding] = {}
    for one in found:
        first.setdefault(one.cve or one.title, one)
    return list(first.values())


def _exploited(aws: Aws, worst: Sequence[Finding]) -> frozenset[str]:
    """Those that CISA lists or somebody was seen to exploit; ten to a call, all calls at once."""
    arns = [one.arn for one in worst[:DETAILED]]
    tens = [arns[at : at + 10] for at in range(0, len(arns), 10)]
    pages = aws.gather(*[partial(aws.inspector.exploited, ten) for ten in tens])
    return frozenset(chain(*pages))


def _hits(found: Sequence[Finding]) -> Counter[str]:
    """On how many instances each vulnerability was seen; "at least", where a page was full."""
    seen = {(one.cve or one.title, one.instance) for one in found}
    return Counter(vulnerability for vulnerability, _ in seen)


def _item(one: Finding, exploited: bool, hits: int) -> Facts:
    """What is said of a finding, and what its detail needs."""
    return {
        "cve": one.cve,
        "title": "" if one.cve else one.title[:TITLE],
        "port": one.port,
        "id": one.instance,
        "what": one.packages[0].name if one.packages else one.title,
        "severity": one.severity,
        "score": one.score,
        "exploited": "yes" if exploited else ("available" if one.exploit else "no"),
        "name": one.instance_name,
        "others": max(hits - 1, 0),
    }
