"""Runs an assessment of a group: a CIS scan and a vulnerability rescan, then a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skill.actions import _fleet, _run_command, _targets
from skill.actions._flow import Flow
from skill.aws import Aws
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
        "ssm:CreateOpsItem",
        "ec2:DescribeInstances",
        "ec2:CreateTags",
        "ec2:DeleteTags",
    ),
}
POLL, DEADLINE = 60, 2 * 3600
ENDED = ("COMPLETED", "FAILED", "CANCELLED")


@dataclass(frozen=True)
class Params:
    """`group`: as spoken, or ALL; or `instances`: ids."""

    group: str = ""
    instances: Sequence[str] = ()


def plan(params: Params, aws: Aws) -> Plan:
    members = _targets.fleet(aws, params.group, params.instances)
    running = [one for one in members if one.state == "running"]
    online = _fleet.online(aws, [one.id for one in running])
    left = [LeftOut(one.name, "stopped") for one in members if one.state != "running"]
    left += [
        LeftOut(one.name, _fleet.unreachable(one, online))
        for one in running
        if not online.get(one.id)
    ]
    values = _targets.group_values(aws, running)
    tags = (
        {"Name": [one.name for one in running]}
        if params.instances
        else {aws.settings.group_tag: values}
    )
    return Plan(
        "assess",
        targets=tuple(_targets.target(one) for one in running),
        changes=tuple(Change(one.id, "scan") for one in running),
        left_out=tuple(left),
        facts={
            "count": len(running),
            "group": values[0] if len(values) == 1 else "",
            "rescan": sum(online.values()),
        },
        prior={"tags": tags, "online": [one for one in online if online[one]]},
    )


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    missing: list[str] = []
    scan = _tried(missing, "cis", lambda: _start_cis(plan, aws, flow))
    rescan = _tried(missing, "rescan", lambda: _rescan(plan, aws, flow))
    checks = _tried(missing, "cis", lambda: _follow_cis(scan, aws, flow)) if scan else None
    if rescan:
        _tried(missing, "rescan", lambda: _run_command.follow(flow, aws, "rescan", rescan))
    if scan:
        _tried(
            missing,
            "cleanup",
            lambda: flow.step("remove the scan configuration", lambda: _remove(aws, scan)),
        )
    counts: dict[str, Facts] = flow.step("count the findings", lambda: _count(plan, aws))
    facts = _facts(plan, counts, checks or {})
    _tried(
        missing,
        "tags",
        lambda: flow.step(
            "status tags", lambda: _fleet.mark(aws, _vulnerable(counts), _clean(plan, counts))
        ),
    )
    item = _tried(
        missing, "ticket", lambda: flow.step("ticket", lambda: _ticket(plan, aws, flow.run, facts))
    )
    ending = Ending.PARTIAL if missing else Ending.DONE
    return Result(ending, {**facts, "ticket": item or "", "missing": sorted(set(missing))})


def _tried(missing: list[str], part: str, work: Any) -> Any:
    """One part of the assessment; a part that fails is named in the result and does not stop the
    others.
    """
    try:
        return work()
    except TobanError:
        missing.append(part)
        return None


def _start_cis(plan: Plan, aws: Aws, flow: Flow) -> str:
    name = f"toban-{flow.run}"
    return str(
        flow.step(
            "start the CIS scan", lambda: aws.inspector.start_cis_scan(name, plan.prior["tags"])
        )
    )


def _rescan(plan: Plan, aws: Aws, flow: Flow) -> list[str]:
    ids = plan.prior["online"]
    return _run_command.send(flow, aws, "rescan", SHELL, ids, commands=[RESCAN]) if ids else []


def _follow_cis(scan: str, aws: Aws, flow: Flow) -> Facts:
    """Look until the scan has ended or the deadline has passed; a scan that did not complete is
    missing.
    """
    found = flow.until(
        "CIS scan to end",
        lambda: _brief(aws.inspector.cis_scan(scan)),
        lambda row: row.get("status") in ENDED,
        POLL,
        DEADLINE,
    )
    if found.get("status") != "COMPLETED":
        raise TobanError(operation="cis scan", status=found.get("status", "none"))
    return dict(found)


def _brief(row: dict[str, Any] | None) -> Facts:
    names = ("status", "failedChecks", "totalChecks")
    return {name: row[name] for name in names if name in row} if row else {}


def _remove(aws: Aws, scan: str) -> bool:
    aws.inspector.remove_cis_configuration(scan)
    return True


def _count(plan: Plan, aws: Aws) -> dict[str, Facts]:
    """Critical and high findings per assessed instance, from aggregations alone."""
    wanted = plan.target_ids
    found = _fleet.counts(aws, plan.prior["tags"], wanted)
    return {one: {"critical": c.critical, "high": c.high, "all": c.all} for one, c in found.items()}


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
        "failed_checks": checks.get("failedChecks", 0),
        "total_checks": checks.get("totalChecks", 0),
    }


def _vulnerable(counts: dict[str, Facts]) -> list[str]:
    return [one for one, row in counts.items() if row["critical"] or row["high"]]


def _clean(plan: Plan, counts: dict[str, Facts]) -> list[str]:
    return sorted(plan.target_ids - set(_vulnerable(counts)))


def _ticket(plan: Plan, aws: Aws, run: str, facts: Facts) -> str:
    """One OpsItem for the run, whatever the number of findings."""
    found = f"{facts['critical']} critical, {facts['high']} high"
    title = f"Toban assessment: {found} on {facts['count']} instances"
    names = ", ".join(facts["vulnerable"][:50]) or "none"
    text = f"Run {run}. Vulnerable: {names}. Failed CIS checks: {facts['failed_checks']}."
    arns = [f"arn:aws:ec2:::instance/{target.id}" for target in plan.targets]
    return aws.ssm.open_item(title, text, arns, run)
