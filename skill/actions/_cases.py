"""Findings as cases: an item of the ledger each, from Inspector's event to the verified fix.

Key `finding#<arn>`/`case`. `head` is the finding in short; `stamp` is Inspector's own time of the
last news, so that older news and copies change nothing; `kind` tells where the case stands, `told`
what was reported of it, `told_at` when. `asked` marks a case that was grave enough to report.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

from skill.aws import Aws
from skill.model import Facts

NEW, OPEN = "finding-new", "finding-open"
CLOSED, ENDED = "finding-closed", "finding-ended"
UNTOLD = "finding-untold"
# What became of one event's news.
TAKEN, AGAIN, COPY, TOLD = "taken", "again", "copy", "told"
WAITING = (TAKEN, AGAIN, COPY)
DUPLICATE, STALE, UNCHANGED, NOT_REPORTED = "duplicate", "stale", "unchanged", "not-reported"
KEEP_DAYS = 400
PAGE = 150
AT_ONCE = 50
# ARN and stamp of a case, where it goes, and what more to set.
Mark = tuple[str, str, str, Facts]
_NEWER = "attribute_not_exists(pk) OR #stamp < :set_stamp"


def opened(aws: Aws, case: Facts) -> str:
    """Keep the news of a finding that is there. One write."""
    item, changed = _write(aws, case, NEW, _NEWER, {"asked": True})
    became = TAKEN if changed else _known(item, case)
    if not item or became not in (TAKEN, AGAIN) or item.get("told") != weight(case):
        return became
    mark(aws, case["arn"], case["updated"], OPEN, {"quiet": case["event"]})
    return UNCHANGED


def closed(aws: Aws, case: Facts) -> str:
    """Keep the news that a finding is closed or suppressed. One write for what was reported; of
    anything else only the time is kept, so that its late opening is not taken for news.
    """
    condition = "attribute_exists(asked) AND #stamp < :set_stamp"
    item, changed = _write(aws, case, CLOSED, condition, {})
    if changed:
        return TAKEN
    if item and "asked" in item:
        return _known(item, case)
    _write(aws, case, UNTOLD, _NEWER, {})
    return NOT_REPORTED


def weight(case: Facts) -> str:
    """What makes it worth telling again when it changes."""
    return " ".join(str(case[name]) for name in ("severity", "exploit", "fix"))


def page(aws: Aws, kind: str, start: Facts | None) -> Facts:
    """{"rows", "next"}: the cases that stand somewhere, oldest news first, and where to go on."""
    rows, following = aws.ledger.page(kind, start, PAGE)
    names = ("head", "stamp", "told", "told_at", "at")
    kept = [{name: row.get(name, "") for name in names} for row in rows]
    return {"rows": kept, "next": following}


def mark(aws: Aws, arn: str, stamp: str, kind: str, more: Facts) -> bool:
    """Move a case on, unless there was news of it since it was read."""
    sets = {"kind": kind, "at": now(), **more}
    _, changed = aws.ledger.change(_key(arn), "case", "stamp = :stamp", sets, stamp=stamp)
    return changed


def mark_each(aws: Aws, marks: list[Mark]) -> int:
    """The same for many at once. How many had no news since."""
    parts = [marks[at : at + AT_ONCE] for at in range(0, len(marks), AT_ONCE)]
    done = 0
    for part in parts:
        done += sum(aws.gather(*[partial(mark, aws, *one) for one in part]))
    return done


def _write(
    aws: Aws, case: Facts, kind: str, condition: str, more: Facts
) -> tuple[Facts | None, bool]:
    text = json.dumps(case)
    sets = {"doc": text, "head": text, "kind": kind, "at": now(), "stamp": case["updated"]}
    return aws.ledger.change(_key(case["arn"]), "case", condition, {**sets, "ttl": _ttl(), **more})


def _known(item: Facts | None, case: Facts) -> str:
    """What news is that changed nothing: the same event once more, perhaps after it was broken
    off, and told by now or not; a copy; or older than what is known.
    """
    if not item or item["stamp"] != case["updated"]:
        return STALE
    same = item["doc"].get("event") == case["event"]
    if item.get("quiet") == case["event"]:
        return UNCHANGED
    if item["kind"] not in (NEW, CLOSED):
        return TOLD if same and item.get("by_run") else DUPLICATE
    return AGAIN if same else COPY


def teller(aws: Aws, arn: str) -> str:
    """The run that told of the last news of a finding."""
    item = aws.ledger.get(_key(arn), "case")
    return str((item or {}).get("by_run", ""))


def _key(arn: str) -> str:
    return f"finding#{arn}"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _ttl() -> int:
    return int((datetime.now(UTC) + timedelta(days=KEEP_DAYS)).timestamp())
