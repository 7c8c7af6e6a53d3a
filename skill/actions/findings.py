"""Reads the findings aloud: the total first, then the worst, exploited ones before the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from skill.actions import _targets
from skill.aws import Aws
from skill.aws.inspector import PAGE, SEVERITIES, Counts, Finding, total
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
SPOKEN = 3


@dataclass(frozen=True)
class Params:
    """`severity`: CRITICAL, HIGH, MEDIUM, LOW or empty for all; `group`: as spoken, or empty for
    all.
    """

    severity: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if self.severity not in ("", *SEVERITIES):
            raise BadRequest(severity=self.severity)


def plan(params: Params, aws: Aws) -> Plan:
    group = "" if params.group == _targets.ALL else params.group
    worst, (counts, name) = aws.gather(
        lambda: _worst(aws, params.severity, group),
        lambda: _counts(aws, group),
    )
    if name != group:
        worst = _worst(aws, params.severity, name)
    seen = aws.inspector.exploited([one.arn for one in worst[:10]])
    ranked = sorted(
        worst, key=lambda one: (one.exploit or one.arn in seen, one.score), reverse=True
    )
    facts = {
        "severity": params.severity,
        "group": name,
        "count": counts.of(params.severity),
        "critical": counts.critical,
        "high": counts.high,
        "items": [item(one, one.arn in seen) for one in ranked[:KEPT]],
        "from": 0,
    }
    return Plan("findings", facts=facts)


def _worst(aws: Aws, severity: str, group: str) -> list[Finding]:
    """One finding per vulnerability, from the worst with an exploit and the worst of all.

    A page may hold the same vulnerability a hundred times; then what scores less is asked for too.
    """
    tags = {aws.settings.group_tag: [group]} if group else None
    look = partial(aws.inspector.findings, severity=severity, tags=tags)
    exploited, highest = aws.gather(lambda: look(exploit=True), look)
    found = _one_per_cve([*exploited, *highest])
    if len(highest) < PAGE or len(found) > SPOKEN:
        return found
    below = min(one.score for one in highest) - 0.01
    return _one_per_cve([*found, *look(below=below)])


def _counts(aws: Aws, group: str) -> tuple[Counts, str]:
    """Exact counts, and the group as its tag is written.

    Of the account in one call; of a group by instance, a hundred to a page, and where that is not
    all, by id, ten to a call and all calls at once.
    """
    if not group:
        return aws.inspector.totals(), ""
    key = aws.settings.group_tag
    (rows, more), members = aws.gather(
        lambda: aws.inspector.first_page({key: [group]}),
        lambda: _targets.fleet(aws, group),
    )
    name = _targets.group_values(aws, members)[0]
    if name == group and not more:
        return total(rows), name
    return total(_by_id(aws, [one.id for one in members])), name


def _by_id(aws: Aws, ids: Sequence[str]) -> dict[str, Counts]:
    tens = [ids[at : at + 10] for at in range(0, len(ids), 10)]
    rows: dict[str, Counts] = {}
    for page in aws.gather(*[partial(aws.inspector.of_instances, ten) for ten in tens]):
        rows |= page
    return rows


def _one_per_cve(found: Sequence[Finding]) -> list[Finding]:
    """The first finding of each vulnerability: the same hole on forty instances is one line."""
    first: dict[str, Finding] = {}
    for one in found:
        first.setdefault(one.cve or one.title, one)
    return list(first.values())


def item(one: Finding, seen: bool) -> Facts:
    """What is said of a finding, and what its detail needs."""
    return {
        "cve": one.cve,
        "title": one.title,
        "package": one.packages[0].name if one.packages else "",
        "severity": one.severity,
        "score": one.score,
        "exploited": "yes" if seen else ("available" if one.exploit else "no"),
        "name": one.instance_name,
    }
