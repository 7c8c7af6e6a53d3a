"""Verifies that findings which closed really are gone, and says who fixed them and how fast."""

import json
from functools import partial

from skill.actions import _bucket, _cases, _proof, _tally
from skill.actions._bucket import Params
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts, Plan, Result, Risk

RISK = Risk.CHANGE
ASKS = False
NAME = "verify_fix"
IRREVERSIBLE = "It only reads, and tells what it read."
PERMISSIONS = {
    "plan": ("dynamodb:GetItem",),
    "apply": (
        *_bucket.PERMISSIONS,
        "inspector2:ListFindings",
        "ec2:DescribeInstances",
        "ssm:DescribeInstancePatchStates",
        "ssm:DescribeInstancePatches",
    ),
}
LINES = 12


def plan(params: Params, aws: Aws) -> Plan:
    """The open bucket is the one target: what is in it is read when its time is over."""
    return Plan(NAME, targets=_bucket.targets(aws, NAME, params.bucket))


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    key = plan.targets[0].id
    settled = _bucket.Ready(lambda: _settled(aws), 60, 3000)
    _bucket.take_in(flow, aws, NAME, key, settled)
    return _bucket.at_the_desk(flow, aws, NAME, key, _report)


def _report(aws: Aws, flow: Flow) -> Result:
    pages = _bucket.pages(flow, lambda start: _cases.page(aws, _cases.CLOSED, start))
    lines: dict[str, Facts] = {}
    left = 0
    for at, page in enumerate(pages):
        ended = _ended(aws, flow, at, page["rows"])
        lines = _tally.merged(lines, ended["lines"])
        left += not _mark(aws, flow, at, ended["marks"])
    shown = sorted(lines.values(), key=_order)
    return Result(Ending.PARTIAL if left else Ending.DONE, _facts(shown, pages))


def _settled(aws: Aws) -> bool:
    """A finding closes while its patch run still goes on: the run's end tells what it did."""
    rows = _cases.page(aws, _cases.CLOSED, None)["rows"]
    return not _proof.patching(aws, [row["head"] for row in rows])


def _ended(aws: Aws, flow: Flow, at: int, rows: list[Facts]) -> Facts:
    """One page's verdicts: its lines and its marks. What cannot be read is told as not verified."""
    try:
        found: Facts = flow.step(f"verify {at + 1}", lambda: _of_rows(aws, rows))
    except TobanError as error:
        verdict = _proof.unread(error)
        return _kept([_case(row, verdict, "") for row in rows], rows)
    return found


def _of_rows(aws: Aws, rows: list[Facts]) -> Facts:
    cases = [row["head"] for row in rows]
    if not cases:
        return {"lines": {}, "marks": []}
    since = min(min(row["head"]["first"], row["told_at"] or row["at"]) for row in rows)
    verdicts, heads = aws.gather(
        lambda: _proof.verdicts(aws, cases), lambda: _proof.patch_runs(aws, since)
    )
    ended = []
    for row, verdict in zip(rows, verdicts, strict=True):
        fixed = verdict["ending"] == _proof.FIXED
        run = _proof.fixer(row["head"], row["told_at"], heads) if fixed else ""
        ended.append(_case(row, verdict, run))
    return _kept(ended, rows, _doers(aws, {one["run"] for one in ended if one["run"]}))


def _case(row: Facts, verdict: Facts, run: str) -> Facts:
    head = row["head"]
    return {**head, **verdict, "run": run, "seconds": _proof.seconds(head), "by": {}}


def _doers(aws: Aws, runs: set[str]) -> dict[str, Facts]:
    """Who had each run done and when it ended. A person's id is for the ledger alone."""
    found: dict[str, Facts] = {}
    for run in sorted(runs):
        item = aws.ledger.get(f"run#{run}", "record")
        if item:
            actor, ended = item["doc"]["actor"], item["doc"]["ended"]
            who = "" if actor["door"] == "voice" else actor["id"]
            at = ended or item["doc"]["started"]
            found[run] = {"door": actor["door"], "who": who, "ended": at}
    return found


def _kept(ended: list[Facts], rows: list[Facts], doers: dict[str, Facts] | None = None) -> Facts:
    """Lines for the message and marks for the ledger."""
    cases = [{**one, "by": (doers or {}).get(one["run"], {})} for one in ended]
    lines: dict[str, Facts] = {}
    for case in cases:
        name = " ".join((case["cve"] or case["title"], case["ending"], case["why"], case["run"]))
        (line,) = _tally.tally([case]).values()
        more = {key: case[key] for key in ("ending", "why", "run", "by", "seconds")}
        one = {name: {**line, **more, "error": case.get("error", {})}}
        slow = max(lines[name]["seconds"], case["seconds"]) if name in lines else case["seconds"]
        lines = _tally.merged(lines, one)
        lines[name] = {**lines[name], "seconds": slow}
    marks = [_mark_of(case, row) for case, row in zip(cases, rows, strict=True)]
    return {"lines": lines, "marks": marks}


def _mark_of(case: Facts, row: Facts) -> Facts:
    return {"arn": case["arn"], "stamp": row["stamp"], "head": {**case, "verified": _cases.now()}}


def _mark(aws: Aws, flow: Flow, at: int, marks: list[Facts]) -> bool:
    """Mark one page as ended. What cannot be marked is verified and told again."""
    try:
        flow.step(f"mark {at + 1}", partial(_mark_rows, aws, marks, flow.run))
    except TobanError:
        return False
    return True


def _mark_rows(aws: Aws, marks: list[Facts], run: str) -> int:
    """A case that opens again is news again: nothing of it is told."""
    rows = []
    for one in marks:
        text = json.dumps(one["head"])
        more = {"told": "", "head": text, "doc": text, "by_run": run}
        rows.append((one["arn"], one["stamp"], _cases.ENDED, more))
    return _cases.mark_each(aws, rows)


def _order(line: Facts) -> tuple[int, int]:
    return _proof.ENDINGS.index(line["ending"]), -line["count"]


def _facts(lines: list[Facts], pages: list[Facts]) -> Facts:
    counts = {
        name: sum(line["count"] for line in lines if line["ending"] == name)
        for name in _proof.ENDINGS
    }
    shown, fixed = lines[:LINES], [line for line in lines if line["ending"] == _proof.FIXED]
    return {
        "count": sum(counts.values()),
        **counts,
        "lines": shown,
        "other_count": sum(line["count"] for line in lines[LINES:]),
        "fixes": [{name: line[name] for name in ("severity", "seconds")} for line in fixed[:LINES]],
        "more": "yes" if pages[-1]["next"] else "",
    }
