"""Findings by event: kept one by one, told together. One write, one read and at most one start an
event.
"""

from dataclasses import replace

from skill.actions import _bucket, _cases
from skill.actions.triage import NAME as TRIAGE
from skill.engine import intake, records
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.errors import Denied, TobanError
from skill.model import Facts, Kind, Outcome, Request

BELOW = "below-threshold"
IGNORED = "ignored"
GRAVE = "CRITICAL"
# Where CVSS begins each severity. It stands for the score of what has none: ports, code, and what
# only a vendor has judged.
BANDS = {"HIGH": 7.0, "MEDIUM": 4.0, "LOW": 0.1}


def take(engine: Engine, request: Request, turn: Turn) -> Outcome:
    """Keep a finding's news (`case`), and have the run started that will tell of it. NOTHING, with
    the reason as the fact IGNORED, for news of no weight.
    """
    action, case = request.action, {**request.params["case"], "event": request.event["event"]}
    if action == TRIAGE:
        case = {**case, **_weighed(engine, case)}
    if case.get(IGNORED):
        return _ignored(action, case[IGNORED])
    keep = _cases.opened if action == TRIAGE else _cases.closed
    became = keep(engine.aws, case)
    if became == _cases.TOLD:
        return _told(engine, request, case["arn"])
    if became not in _cases.WAITING:
        return _ignored(action, became)
    key, due = _bucket.find(engine.aws, action)
    if due or became != _cases.TAKEN:
        engine.run(replace(request, params={"bucket": key}, key=key), turn)
    return Outcome(Kind.STARTED, action, run=records.run_id(key), again=became == _cases.COPY)


def _told(engine: Engine, request: Request, arn: str) -> Outcome:
    """The run that has told of this very event already; again if the event has its account."""
    known = intake.accounted(engine.aws, request.event["event"])
    run = _cases.teller(engine.aws, arn)
    return Outcome(Kind.STARTED, request.action, run=run, again=known)


def _ignored(action: str, reason: str) -> Outcome:
    return Outcome(Kind.NOTHING, action, {IGNORED: reason})


def _weighed(engine: Engine, case: Facts) -> Facts:
    """Whether a finding is grave enough. Whether it is known to be exploited is not in the event;
    where Inspector does not say it now, the run asks again.
    """
    score = case["score"] or BANDS.get(case["severity"], 0.0)
    grave = case["severity"] == GRAVE or score >= engine.aws.settings.finding_score
    if grave or case["exploit"]:
        return {"unsure": False}
    try:
        known = engine.aws.inspector.details([case["arn"]])
    except Denied:
        raise
    except TobanError:
        return {"unsure": True}
    exploited = bool(known.get(case["arn"], {}).get("kev"))
    return {"unsure": False, "kev": True} if exploited else {IGNORED: BELOW}
