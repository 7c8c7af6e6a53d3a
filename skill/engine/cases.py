"""Which ticket a run that has ended belongs to, and what it says about the case.

A case is what a person follows: a contained entity, from its containment to its release, or
something that did not work, from the failure to the run that did it, or a vulnerability, from the
report to the verified fix.
"""

import hashlib
from collections import defaultdict
from functools import partial

from skill.actions import _history, _proof, _tickets
from skill.actions._tickets import Case
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts
from skill.words import slack

CONTAINS = ("isolate", "lock_principal", "lock_function")
ENDS = (*CONTAINS, "release", "undo")
BAD = (Ending.FAILED, Ending.PARTIAL)
SEVERITIES = {"CRITICAL": "1", "HIGH": "2", "MEDIUM": "3", "LOW": "4"}
# More targets than this are a fleet: its run is one case, not each of them.
MOST = 20


def note(aws: Aws, run: Facts) -> str:
    """The ticket's id, or why there is none; a ticket that fails never fails a run."""
    if _history.answers(run) or run["ending"] in (Ending.DECLINED, Ending.EXPIRED):
        return ""
    try:
        return _note(aws, run)
    except TobanError as error:
        return f"{error.key}: {error}"


def _note(aws: Aws, run: Facts) -> str:
    ours = _of_its_own(aws, run)
    if ours and run["ending"] in BAD:
        return ours
    return _outcome(aws, run) or ours


def _of_its_own(aws: Aws, run: Facts) -> str:
    """The ticket of what a run is about, for those that are about more than having been done."""
    targets, facts = run["plan"]["targets"], run["result"]["facts"]
    if run["action"] in FINDINGS:
        return _findings(aws, run, facts.get("lines") or [])
    if run["action"] not in ENDS or len(targets) > MOST:
        return ""
    found = [_entity(aws, run, target) for target in targets]
    return next((one for one in found if one), "")


def _findings(aws: Aws, run: Facts, lines: list[Facts]) -> str:
    """Each vulnerability of a report, or of its end, is a case."""
    same: dict[str, list[Facts]] = defaultdict(list)
    for line in lines:
        same[f"finding#{line['cve'] or line['title']}#{line['kind']}"].append(line)
    work = FINDINGS[run["action"]]
    found = aws.gather(*(partial(work, aws, run, *one) for one in same.items()))
    return next((str(one) for one in found if one), "")


def _found(aws: Aws, run: Facts, key: str, lines: list[Facts]) -> str:
    """A vulnerability that was reported is a case for all that have it."""
    line, count = lines[0], sum(line["count"] for line in lines)
    title = f"Toban: {line['cve'] or line['title']} on {_names(line)}"
    severity = SEVERITIES.get(line["severity"], "")
    text = f"{line['title']}. {count} found. {line.get('page', '')} ({run['id']})"
    case = Case(key, title, severity=severity, count=count)
    return _tickets.open(aws, case, text, run["id"])


def _gone(aws: Aws, run: Facts, key: str, lines: list[Facts]) -> str:
    """What was verified ends the case, once nobody has it any more."""
    said = "; ".join(f"{line['count']} {line['ending']}: {_names(line)}" for line in lines)
    gone = sum(line["count"] for line in lines if line["ending"] != _proof.UNVERIFIED)
    return _tickets.lessen(aws, key, gone, f"{said} ({run['id']})", run["id"])


def _names(line: Facts) -> str:
    return ", ".join(line["names"][:5])


FINDINGS = {"triage": _found, "verify_fix": _gone}


def _entity(aws: Aws, run: Facts, target: Facts) -> str:
    """What is contained is a case that is being worked on; what no longer is was one."""
    case, text = f"contained#{target['id']}", _text(aws, run)
    if aws.ledger.get(f"entity#{target['id']}", "contained") is None:
        return _tickets.resolve(aws, case, text, run["id"])
    title = f"Toban contained {target['type']} {target['name']}"
    made = Case(case, title, [_arn(aws, run, target)], _tickets.AT_WORK)
    return _tickets.open(aws, made, text, run["id"])


def _outcome(aws: Aws, run: Facts) -> str:
    """A run that did not do it all is a case, until one of the same action and targets does."""
    targets = run["plan"]["targets"]
    # What a run on findings is called is of no matter to the next one.
    ids = ",".join(sorted(t["id"] for t in targets if run["action"] not in FINDINGS))
    case = f"run#{run['action']}#{hashlib.sha256(ids.encode()).hexdigest()[:16]}"
    text = _text(aws, run)
    if run["ending"] not in BAD:
        return _tickets.resolve(aws, case, text, run["id"])
    if run["result"]["facts"].get("ticket"):
        return ""
    names = ", ".join(target["name"] for target in targets[:5])
    title = f"Toban: {run['action']} {run['ending']} on {names}"
    made = Case(case, title, [_arn(aws, run, one) for one in targets])
    return _tickets.open(aws, made, text, run["id"])


def _text(aws: Aws, run: Facts) -> str:
    """The run's own sentence, as in Slack."""
    try:
        said = slack.notice(aws.settings.locale, run, "ended").text
    except LookupError:
        said = slack.bare(run, "ended").text
    return f"{said} ({run['id']})"


def _arn(aws: Aws, run: Facts, target: Facts) -> str:
    """An instance is known by its id, where its run was; everything else by its ARN."""
    if target["id"].startswith("arn:"):
        return str(target["id"])
    site = run["plan"]["facts"].get("site", {})
    resource = f"{target['type']}/{target['id']}"
    return aws.settings.arn("ec2", resource, site.get("account", ""), site.get("region", ""))
