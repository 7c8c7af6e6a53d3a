"""Runs an assessment of a group: a CIS scan and a vulnerability rescan, then a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from skill.actions import _cis, _fleet, _run_command, _targets, _tickets
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.aws.inspector import Counts, total
from skill.aws.ssm import RESCAN, SHELL
from skill.errors import TobanError
from skill.model import Change, Ending, Facts, LeftOut, Plan, Result, Risk

RISK = Risk.CHANGE
# It changes nothing on an instance, so the command itself is enough (docs/decisions.md).
ASKS = False
IRREVERSIBLE = "It leaves nothing but status tags and a ticket; it removes its own configuration."
PERMISSIONS = {
    "plan": ("ec2:DescribeInstances", "ec2:DescribeTags", "ssm:DescribeInstanceInformation"),
    "apply": (
        "inspector2:ListCisScanConfigurations",
        "inspector2:CreateCisScanConfiguration",
        "inspector2:DeleteCisScanConfiguration",
        "inspector2:ListCisScans",
        "inspector2:ListFindingAggregations",
        "ssm:ListCommands",
        "ssm:SendCommand",
        "ssm:ListCommandInvocations",
        *_tickets.PERMISSIONS,
        "ec2:DescribeInstances",
        "ec2:CreateTags",
        "ec2:DeleteTags",
    ),
}


@dataclass(frozen=True)
class Params:
    """`group`: as spoken, or ALL; or `instances`: ids. `only`: those that were agreed to, if not
    all are.
    """

    group: str = ""
    instances: Sequence[str] = ()
    only: Sequence[str] = ()


def plan(params: Params, aws: Aws) -> Plan:
    members = _targets.fleet(aws, params.group, params.instances)
    online = _fleet.online(aws, [one.id for one in members])
    reasons = {one.id: _why_not(one, online) for one in members}
    reasons |= _fleet.not_agreed(reasons, params.only)
    chosen = [one for one in members if not reasons[one.id]]
    values = _targets.group_values(aws, chosen)
    return Plan(
        "assess",
        targets=tuple(_targets.target(one) for one in chosen),
        changes=tuple(Change(one.id, "scan") for one in chosen),
        left_out=tuple(LeftOut(one.name, reasons[one.id]) for one in members if reasons[one.id]),
        facts={"count": len(chosen), "group": values[0] if len(values) == 1 else ""},
        prior={
            "tags": _cis.targets("Name", sorted({one.name for one in chosen}))
            if params.instances or params.only
            else _cis.targets(aws.settings.group_tag, values)
        },
    )


def _why_not(one: Instance, online: dict[str, bool]) -> str:
    """Why nothing would be scanned on an instance: counting it would call it clean unseen."""
    return "stopped" if one.state != "running" else _fleet.unreachable(one, online)


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    missing: list[str] = []
    tried = partial(_tried, missing)
    scans = tried("cis", lambda: _cis.start(flow, aws, plan.prior["tags"])) or []
    tried("rescan", lambda: _rescan(plan, aws, flow))
    checks = tried("cis", lambda: _cis.follow(flow, aws, scans)) if scans else None
    tried("cleanup", lambda: _cis.remove(flow, aws, scans))
    counts = tried("counts", lambda: flow.step("count the findings", lambda: _count(plan, aws)))
    facts = _facts(plan, counts or {}, checks or {})
    if counts is not None:
        tried("tags", lambda: flow.step("status tags", lambda: _mark(plan, aws, counts)))
    item = tried("ticket", lambda: flow.step("ticket", lambda: _ticket(plan, aws, flow.run, facts)))
    ending = Ending.PARTIAL if missing else Ending.DONE
    return Result(ending, {**facts, "ticket": item or "", "missing": sorted(set(missing))})


def _tried(missing: list[str], part: str, work: Callable[[], Any]) -> Any:
    """One part of the assessment: if it fails it is named as missing, and the others go on."""
    try:
        return work()
    except TobanError:
        missing.append(part)
        return None


def _rescan(plan: Plan, aws: Aws, flow: Flow) -> None:
    """Rescan what answers. Raises TobanError if an instance's rescan did not succeed."""
    ids = [target.id for target in plan.targets]
    commands = _run_command.send(flow, aws, "rescan", SHELL, ids, commands=[RESCAN])
    ended = _run_command.follow(flow, aws, "rescan", commands) if commands else {}
    failed = [one for one, row in ended.items() if row["status"] != "Success"]
    if failed or len(ended) < len(ids):
        raise TobanError(operation="rescan", failed=failed)


def _count(plan: Plan, aws: Aws) -> dict[str, Facts]:
    """Critical and high findings per assessed instance, from aggregations alone."""
    found = _fleet.counts(aws, plan.target_ids)
    return {one: {"critical": c.critical, "high": c.high, "all": c.all} for one, c in found.items()}


def _mark(plan: Plan, aws: Aws, counts: dict[str, Facts]) -> int:
    vulnerable = _vulnerable(counts)
    return _fleet.mark(aws, vulnerable, sorted(plan.target_ids - set(vulnerable)))


def _facts(plan: Plan, counts: dict[str, Facts], checks: Facts) -> Facts:
    sums = total(
        {one: Counts(row["critical"], row["high"], 0, row["all"]) for one, row in counts.items()}
    )
    names = {target.id: target.name for target in plan.targets}
    return {
        **plan.facts,
        "critical": sums.critical,
        "high": sums.high,
        "all": sums.all,
        "vulnerable": [names[one] for one in _vulnerable(counts)],
        "vulnerable_count": len(_vulnerable(counts)),
        "checks": "yes" if checks else "no",
        "failed_checks": checks.get("failed", 0),
        "total_checks": checks.get("total", 0),
    }


def _vulnerable(counts: dict[str, Facts]) -> list[str]:
    return [one for one, row in counts.items() if row["critical"] or row["high"]]


def _ticket(plan: Plan, aws: Aws, run: str, facts: Facts) -> str:
    """One OpsItem for the group, whatever the number of findings; resolved if there are none."""
    found = f"{facts['critical']} critical, {facts['high']} high"
    title = f"Toban assessment: {found} on {facts['count']} instances"
    names = ", ".join(facts["vulnerable"][:50]) or "none"
    text = f"Run {run}. Vulnerable: {names}. Failed CIS checks: {facts['failed_checks']}."
    arns = [aws.settings.arn("ec2", f"instance/{target.id}") for target in plan.targets]
    key = f"assessment#{facts['group'] or ','.join(sorted(plan.target_ids))}"
    item = _tickets.open(aws, _tickets.Case(key, title, arns), text, run)
    if not (facts["vulnerable"] or facts["failed_checks"] or facts["checks"] == "no"):
        _tickets.resolve(aws, key, text, run)
    return item
