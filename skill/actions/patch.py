"""Patches the vulnerable instances of a group and follows each to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skill import sites
from skill.actions import _fleet, _history, _run_command, _targets
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.aws.ssm import PATCH, RESCAN, SHELL
from skill.errors import TobanError
from skill.model import Change, Ending, Facts, LeftOut, Plan, Result, Risk, Target

RISK = Risk.CHANGE
IRREVERSIBLE = "An installed patch stays: taking it out would bring the vulnerability back."
PERMISSIONS = {
    "plan": (
        "ec2:DescribeInstances",
        "ec2:DescribeTags",
        "ssm:DescribeInstanceInformation",
        "ssm:DescribeInstancePatchStates",
        "inspector2:ListFindingAggregations",
        "dynamodb:Query",
    ),
    "apply": (
        "ssm:ListCommands",
        "ssm:SendCommand",
        "ssm:ListCommandInvocations",
        "ssm:DescribeInstancePatchStates",
        "inspector2:ListFindingAggregations",
        "inspector2:ListFindings",
        "ec2:DescribeInstances",
        "ec2:CreateTags",
        "ec2:DeleteTags",
    ),
}


# Reasons cost one call an instance; beyond these the count alone is told.
LOOKED_INTO = 10


@dataclass(frozen=True)
class Params:
    """`group`: as spoken, or ALL; or `instance`: one as spoken; or `instances`: ids, or ARNs of one
    account and Region. `only`: ids that were agreed to, if not all are.
    """

    group: str = ""
    instance: str = ""
    instances: Sequence[str] = ()
    only: Sequence[str] = ()


def plan(params: Params, aws: Aws) -> Plan:
    there, instances = _targets.spot(aws, params.instances)
    members = _members(params, there, instances)
    states, why = _looked_at(members, there, aws)
    why |= _fleet.not_agreed(why, params.only)
    chosen = [one for one in members if not why[one.id]]
    missing = {one.id: _missing(states[one.id]) for one in chosen}
    left = [one for one in members if why[one.id] not in ("", "clean")]
    return Plan(
        "patch",
        targets=tuple(_targets.target(one) for one in chosen),
        changes=tuple(Change(one, "patches", count, 0) for one, count in missing.items()),
        left_out=tuple(LeftOut(one.name, why[one.id]) for one in left),
        warnings=("reboot",) if chosen else (),
        facts={
            "count": len(chosen),
            "names": [one.name for one in chosen],
            "missing": sum(missing.values()),
            "group": "" if params.group == _targets.ALL else params.group,
            **sites.facts(aws.settings, *there.place),
        },
    )


def _looked_at(
    members: Sequence[Instance], there: Aws, aws: Aws
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The patch state of each instance, and why each is left out; empty for what can be patched."""
    ids = [one.id for one in members]
    online, states, found, heads = aws.gather(
        lambda: _fleet.online(there, ids),
        lambda: _fleet.patch_states(there, ids),
        lambda: there.watch().first_page({})[0],
        lambda: _history.heads(aws, hours=2),
    )
    busy = _history.busy(heads, ("patch", "isolate", "release", "undo"))
    why = {
        one.id: "busy"
        if one.id in busy
        else _why_not(one, online, states.get(one.id), one.id in found)
        for one in members
    }
    return states, why


def _members(params: Params, aws: Aws, instances: Sequence[str]) -> list[Instance]:
    if params.instance:
        return [_targets.instance(aws, params.instance)]
    return _targets.fleet(aws, params.group, instances)


def _missing(state: dict[str, Any]) -> int:
    return int(state.get("MissingCount", 0)) + int(state.get("FailedCount", 0))


def _why_not(
    one: Instance, online: dict[str, bool], state: dict[str, Any] | None, vulnerable: bool
) -> str:
    """Why an instance is left out, worst first; empty if it is patched; "clean" needs no
    mention.
    """
    if one.status in ("isolated", "untracking"):
        return "isolated"
    if one.suspicious:
        return "suspicious"
    if one.protected:
        return "protected"
    if one.state != "running":
        return "stopped"
    if reason := _fleet.unreachable(one, online):
        return reason
    if state is None:
        return "unscanned"
    if _missing(state):
        return ""
    return "no_fix" if vulnerable or one.status == "vulnerable" else "clean"


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    ids, aws = [target.id for target in plan.targets], aws.of(plan.facts)
    commands = _run_command.send(
        flow, aws, "patch", PATCH, ids, Operation=["Install"], RebootOption=["RebootIfNeeded"]
    )
    try:
        ended = _run_command.follow(flow, aws, "patch", commands)
        states = flow.step("patch states", lambda: _states(aws, ids))
    except TobanError as error:
        # Sent is sent: what became of it is not known, and that is what is told.
        facts = {**plan.facts, "variant": "unfollowed", "error": error.document()}
        return Result(Ending.PARTIAL, facts)
    facts = _facts(plan, ended, states)
    try:
        facts |= _verify(plan, aws, flow, [row["name"] for row in facts["failed"]])
    except TobanError as error:
        facts |= {"unverified": "yes", "error": error.document()}
    return Result(_ending(facts), facts)


def _ending(facts: Facts) -> Ending:
    if not facts["failed"] and "unverified" not in facts:
        return Ending.DONE
    return Ending.PARTIAL if facts["patched_count"] else Ending.FAILED


def _states(aws: Aws, ids: Sequence[str]) -> dict[str, Facts]:
    names = ("MissingCount", "FailedCount", "InstalledPendingRebootCount")
    found = _fleet.patch_states(aws, ids)
    return {one: {name: row.get(name, 0) for name in names} for one, row in found.items()}


def _facts(plan: Plan, ended: dict[str, Facts], states: dict[str, Facts]) -> Facts:
    outcome = {
        target.id: _outcome(ended.get(target.id), states.get(target.id, {}))
        for target in plan.targets
    }
    named: dict[str, list[Facts]] = {"patched": [], "failed": [], "reboot": []}
    for target in plan.targets:
        kind, why = outcome[target.id]
        named[kind].append({"name": target.name, "why": why})
    return {
        **plan.facts,
        "patched": [row["name"] for row in named["patched"]],
        "patched_count": len(named["patched"]),
        "reboot": [row["name"] for row in named["reboot"]],
        "failed": named["failed"],
        "failed_count": len(named["failed"]),
    }


def _outcome(ended: Facts | None, state: Facts) -> tuple[str, str]:
    """patched, failed (with the reason) or reboot: from the command's end and the patch state
    after it.
    """
    if ended is None:
        return "failed", "no answer"
    if ended["status"] != "Success":
        return "failed", ended["why"]
    if state.get("FailedCount") or state.get("MissingCount"):
        return (
            "failed",
            f"{state.get('FailedCount', 0) + state.get('MissingCount', 0)} patches did not install",
        )
    return ("reboot", "") if state.get("InstalledPendingRebootCount") else ("patched", "")


def _verify(plan: Plan, aws: Aws, flow: Flow, failed: Sequence[str]) -> Facts:
    """Rescan, then ask Inspector which instances still have critical or high findings, and why.

    Elsewhere Inspector scans in its own time: who may run a shell there may do anything.
    """
    if not aws.place:
        ids = sorted(plan.target_ids)
        commands = _run_command.send(flow, aws, "rescan", SHELL, ids, commands=[RESCAN])
        _run_command.follow(flow, aws, "rescan", commands)
    still: list[Facts] = flow.step("still vulnerable", lambda: _still(plan, aws, failed))
    vulnerable = [row["id"] for row in still]
    clean = sorted(plan.target_ids - set(vulnerable))
    flow.step("status tags", lambda: _fleet.mark(aws, vulnerable, clean))
    return {"still": still[:LOOKED_INTO], "still_count": len(still)}


def _still(plan: Plan, aws: Aws, failed: Sequence[str]) -> list[Facts]:
    found = _fleet.counts(aws, plan.target_ids)
    rows = [
        target
        for target in plan.targets
        if target.id in found and (found[target.id].critical or found[target.id].high)
    ]
    return [
        {
            "id": target.id,
            "name": target.name,
            "count": found[target.id].critical + found[target.id].high,
            "why": _why_still(aws, target, failed) if at < LOOKED_INTO else "unknown",
        }
        for at, target in enumerate(rows)
    ]


def _why_still(aws: Aws, target: Target, failed: Sequence[str]) -> str:
    """no_fix: none exists; manual: not an operating system package; pending: a patch should have
    fixed it.
    """
    if target.name in failed:
        return "failed"
    open_ones = [
        one
        for one in aws.watch().findings(instance=target.id)
        if one.severity in ("CRITICAL", "HIGH")
    ]
    managers = {package.manager for one in open_ones if one.fix != "NO" for package in one.packages}
    if "OS" in managers:
        return "pending"
    return "manual" if managers else "no_fix"
