"""Reports the new findings of a scan in one message: what, where, and what mends them."""

from datetime import UTC, datetime, timedelta
from functools import partial

from skill import playbooks
from skill.actions import _bucket, _cases, _tally
from skill.actions._bucket import Params
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts, Plan, Result, Risk

RISK = Risk.CHANGE
ASKS = False
NAME = "triage"
IRREVERSIBLE = "A message that was sent cannot be taken back."
PERMISSIONS = {
    "plan": ("dynamodb:GetItem",),
    "apply": (*_bucket.PERMISSIONS, "inspector2:BatchGetFindingDetails"),
}
# BatchGetFindingDetails takes ten.
TEN = 10
QUIET = 5


def plan(params: Params, aws: Aws) -> Plan:
    """The open bucket is the one target: what is in it is read when its time is over."""
    return Plan(NAME, targets=_bucket.targets(aws, NAME, params.bucket))


def apply(plan: Plan, aws: Aws, flow: Flow) -> Result:
    key = plan.targets[0].id
    _bucket.take_in(flow, aws, NAME, key, _bucket.Ready(lambda: _quiet(aws), QUIET, 60))
    return _bucket.at_the_desk(flow, aws, NAME, key, _report)


def _quiet(aws: Aws) -> bool:
    """Whether nothing has come for some seconds: a scan is not cut in two."""
    since = datetime.now(UTC) - timedelta(seconds=QUIET)
    return not aws.ledger.newest(_cases.NEW, since.isoformat(), most=1)


def _report(aws: Aws, flow: Flow) -> Result:
    """Read everything first, mark it as told at the end: what a broken run has read stays."""
    pages = _bucket.pages(flow, partial(_page, aws))
    lines: dict[str, Facts] = {}
    for page in pages:
        lines = {one["key"]: one for one in _tally.worst(_keyed(lines, page["lines"]))}
    known = _known(aws, flow, [line["arn"] for line in _tally.worst(lines.values())])
    told = [_told(line, known) for line in lines.values()]
    facts = _facts(aws, pages, _tally.worst(told), known)
    left = [at for at, page in enumerate(pages) if not _mark(aws, flow, at, page)]
    return Result(Ending.PARTIAL if left else Ending.DONE, facts)


def _keyed(lines: dict[str, Facts], more: dict[str, Facts]) -> list[Facts]:
    return [{**line, "key": key} for key, line in _tally.merged(lines, more).items()]


def _page(aws: Aws, start: Facts | None) -> Facts:
    """One page: its rows as they are to be marked, and what is to be told of them in short."""
    page = _cases.page(aws, _cases.NEW, start)
    unsure = _exploited(aws, [row["head"] for row in page["rows"] if row["head"]["unsure"]])
    rows = [_verdict(row, unsure) for row in page["rows"]]
    heads = [row["head"] for row, mark in zip(page["rows"], rows, strict=True) if mark["tell"]]
    return {
        "rows": rows,
        "next": page["next"],
        "lines": _tally.tally(heads),
        "numbers": _tally.numbers(heads),
        "places": sorted({head["resource"]["id"] for head in heads}),
        "unsure": sum(unsure.get(row["arn"], True) is None for row in rows if row["unsure"]),
    }


def _verdict(row: Facts, exploited: dict[str, bool | None]) -> Facts:
    """How one case goes on. One that is below the threshold is told only if it is exploited; one
    that is as it was told before is not told again.
    """
    head = row["head"]
    below = head["unsure"] and not exploited.get(head["arn"])
    weight = _cases.weight(head)
    return {
        "arn": head["arn"],
        "stamp": row["stamp"],
        "weight": weight,
        "unsure": head["unsure"],
        "kind": _cases.UNTOLD if below else _cases.OPEN,
        "tell": not below and row["told"] != weight,
    }


def _exploited(aws: Aws, heads: list[Facts]) -> dict[str, bool | None]:
    """Whether each of these is on CISA's list, by ARN; None where it could not be read."""
    found: dict[str, bool | None] = {}
    for ten in _tens([head["arn"] for head in heads]):
        try:
            known = aws.watch(_region(ten)).details(ten)
        except TobanError:
            found |= dict.fromkeys(ten)
            continue
        found |= {arn: bool(known.get(arn, {}).get("kev")) for arn in ten}
    return found


def _region(arns: list[str]) -> str:
    """The Region of findings, which their ARNs tell."""
    return arns[0].split(":")[3]


def _tens(arns: list[str]) -> list[list[str]]:
    """Ten findings of one Region each."""
    regions = {_region([arn]) for arn in arns}
    mine = [[arn for arn in arns if _region([arn]) == region] for region in sorted(regions)]
    return [rows[at : at + TEN] for rows in mine for at in range(0, len(rows), TEN)]


def _known(aws: Aws, flow: Flow, arns: list[str]) -> Facts:
    """What Inspector knows of the exploits of the worst, by ARN; nothing if it does not say."""
    reads = [partial(aws.watch(_region(ten)).details, ten) for ten in _tens(arns)]
    try:
        found = flow.step("exploits", lambda: [page for page in aws.gather(*reads)])
    except TobanError as error:
        return {"error": error.document()}
    return {arn: row for page in found for arn, row in page.items()}


def _told(line: Facts, known: Facts) -> Facts:
    more = known.get(line["arn"], {})
    epss = line["epss"] if more.get("epss") is None else more["epss"]
    return {**line, "kev": more.get("kev", line["kev"]), "epss": epss}


def _facts(aws: Aws, pages: list[Facts], lines: list[Facts], known: Facts) -> Facts:
    shown = [_shown(aws, line) for line in lines[: _tally.LINES]]
    severities = [page["numbers"] for page in pages]
    count = sum(sum(one.values()) for one in severities)
    facts: Facts = {
        "count": count,
        "resources": len({one for page in pages for one in page["places"]}),
        "severities": {name: sum(one[name] for one in severities) for name in severities[0]},
        "lines": shown,
        "other_count": count - sum(line["count"] for line in shown),
        "unsure": sum(page["unsure"] for page in pages),
        "more": "yes" if pages[-1]["next"] else "",
    }
    return facts | ({"unread": known["error"]} if "error" in known else {})


def _shown(aws: Aws, line: Facts) -> Facts:
    row = _tally.playbook(line)
    page = playbooks.address(aws.settings.playbook_url, row)
    return {**line, "playbook": row, "page": page, "others": line["count"] - len(line["names"])}


def _mark(aws: Aws, flow: Flow, at: int, page: Facts) -> bool:
    """Mark one page as told. What cannot be marked will be told again: better than never."""
    try:
        flow.step(f"mark {at + 1}", partial(_mark_rows, aws, page["rows"], flow.run))
    except TobanError:
        return False
    return True


def _mark_rows(aws: Aws, rows: list[Facts], run: str) -> int:
    mine = {"by_run": run}
    marks = [(row["arn"], row["stamp"], row["kind"], _mark_of(row) | mine) for row in rows]
    return _cases.mark_each(aws, marks)


def _mark_of(row: Facts) -> Facts:
    return {"told": row["weight"], "told_at": _cases.now()} if row["tell"] else {}
