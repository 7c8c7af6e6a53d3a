"""Which ticket a run that has ended belongs to, and what it says about the case.

A case is what a person follows: a contained entity, from its containment to its release, or
something that did not work, from the failure to the run that did it.
"""

import hashlib

from skill.actions import _history, _tickets
from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Ending, Facts
from skill.words import slack

CONTAINS = ("isolate", "lock_principal", "lock_function")
ENDS = (*CONTAINS, "release", "undo")
BAD = (Ending.FAILED, Ending.PARTIAL)
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
    targets = run["plan"]["targets"]
    contained: list[str] = []
    if run["action"] in ENDS and len(targets) <= MOST:
        contained = [one for target in targets if (one := _entity(aws, run, target))]
    if contained and run["ending"] in BAD:
        return contained[0]
    return next(iter([*contained, _outcome(aws, run)]), "")


def _entity(aws: Aws, run: Facts, target: Facts) -> str:
    """What is contained is a case that is being worked on; what no longer is was one."""
    case, text = f"contained#{target['id']}", _text(aws, run)
    if aws.ledger.get(f"entity#{target['id']}", "contained") is None:
        return _tickets.resolve(aws, case, text, run["id"])
    title = f"Toban contained {target['type']} {target['name']}"
    arns = [_arn(aws, target)]
    return _tickets.open(aws, case, title, text, arns, run["id"], status=_tickets.AT_WORK)


def _outcome(aws: Aws, run: Facts) -> str:
    """A run that did not do it all is a case, until one of the same action and targets does."""
    targets = run["plan"]["targets"]
    ids = ",".join(sorted(target["id"] for target in targets))
    case = f"run#{run['action']}#{hashlib.sha256(ids.encode()).hexdigest()[:16]}"
    text = _text(aws, run)
    if run["ending"] not in BAD:
        return _tickets.resolve(aws, case, text, run["id"])
    if run["result"]["facts"].get("ticket"):
        return ""
    names = ", ".join(target["name"] for target in targets[:5])
    title = f"Toban: {run['action']} {run['ending']} on {names}"
    return _tickets.open(aws, case, title, text, [_arn(aws, one) for one in targets], run["id"])


def _text(aws: Aws, run: Facts) -> str:
    """The run's own sentence, as in Slack."""
    try:
        said = slack.notice(aws.settings.locale, run, "ended").text
    except LookupError:
        said = slack.bare(run, "ended").text
    return f"{said} ({run['id']})"


def _arn(aws: Aws, target: Facts) -> str:
    """An instance is known by its id; everything else by its ARN."""
    if target["id"].startswith("arn:"):
        return str(target["id"])
    kind = target["type"]
    return aws.settings.arn("ec2", f"{kind}/{target['id']}")
