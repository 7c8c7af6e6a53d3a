"""One wish of an event: run, proposed, refused, or to be tried again."""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from skill.actions import _digests, approve
from skill.engine import (
    alarms,
    claims,
    collect,
    daily,
    intake,
    late,
    meter,
    notify,
    once,
    policy,
    records,
)
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.errors import Refused, TobanError, Transient
from skill.events.reading import REASON, Mode, Tag, Wish
from skill.model import Actor, Facts, Kind, Outcome, Request, Role, document

log = logging.getLogger("toban.events")
WRONG = ("gone", "drifted", "unread", "unfinished")
# Nobody can mend these by delivering the event again: they are heard of and not retried.
FINAL = ("refused", "badrequest", "nomatch", "ambiguous", "gone")
FAILED = "failed"
Work = Callable[[Wish, Facts, Engine], Facts]
# An instance that was just launched may not be seen by every part of EC2.
ABSENT, YOUNG_SECONDS = ("nomatch", "gone"), 600


def grant(wish: Wish, event: Facts, engine: Engine) -> Facts:
    """{action, outcome, ..} of one wish, so that the others of the event still have their turn.

    Raises what another delivery may mend.
    """
    if wish.mode is Mode.WAKE:
        return _woken(wish, engine)
    if wish.tag and not _is_first(wish.tag, wish.action, engine):
        return _late(wish, event, engine)
    if wish.case and records.taken_up(engine.aws, records.run_id(wish.case)):
        return _ignored(wish, intake.DUPLICATE)
    return _tried(_once if wish.mode in ONCE else _done, wish, event, engine)


def _tried(work: Work, wish: Wish, event: Facts, engine: Engine) -> Facts:
    try:
        return work(wish, event, engine)
    except TobanError as error:
        return _failed(wish, error, event, engine)


def _done(wish: Wish, event: Facts, engine: Engine) -> Facts:
    return _told(wish, _asked(wish, event, engine), event, engine)


def _late(wish: Wish, event: Facts, engine: Engine) -> Facts:
    """Its twin has it; but for a listed principal's, whose nameless twins are only proposals."""
    if wish.mode is not Mode.ACT:
        return _ignored(wish, intake.TWIN)
    return {"each": [_tried(_second, one, event, engine) for one in _alone(wish)]}


def _alone(wish: Wish) -> list[Wish]:
    """A wish about several instances as one for each, since each has its own proposal."""
    if wish.tag is None or len(wish.tag.instances) == 1:
        return [wish]
    rows = [(one, replace(wish.tag, instances=(one,))) for one in wish.tag.instances]
    return [
        replace(wish, params={"instances": [one]}, key=f"{wish.key}#{one}", tag=tag)
        for one, tag in rows
    ]


def _second(wish: Wish, event: Facts, engine: Engine) -> Facts:
    """A listed principal's wish approves the proposal that stands, or is done if nobody answered
    it. A person's no holds.
    """
    tag = wish.tag
    if tag is None or records.taken_up(engine.aws, records.run_id(wish.key)):
        return _done(wish, event, engine)
    claim = claims.key(tag.instances[0], wish.action)
    proposal, verdict = late.verdict(engine.aws, claim)
    if verdict == late.WAITING:
        approval = replace(wish, action=approve.NAME, params={"proposal": proposal})
        try:
            return _done(approval, event, engine) | {"approves": proposal}
        except Refused as answered:  # since that look
            verdict = late.answer(answered)
    if verdict == late.EXPIRED:
        claims.take_over(engine.aws, claim, proposal, tag.at)
        return _done(wish, event, engine)
    return _ignored(wish, intake.TWIN if verdict == late.APPROVED else verdict)


def _once(wish: Wish, event: Facts, engine: Engine) -> Facts:
    """What leaves no run is looked at and told once, whichever deliveries of it come at once."""
    work = partial(ONCE[wish.mode], wish, event, engine)
    found = once.tell(engine.aws, wish.key, event["delivery"], work)
    row = {"action": wish.action, "outcome": intake.RUN}
    return row | {"found": "again" if found is None else found}


def _alarmed(wish: Wish, event: Facts, engine: Engine) -> Facts:
    return alarms.tell(engine.aws, wish.params)


def _woken(wish: Wish, engine: Engine) -> Facts:
    """Whoever waits for what has ended looks now. Of most of what ends, nobody waits for it."""
    run = engine.wake(wish.params["what"], wish.params["seconds"], wish.key)
    row: Facts = {"action": wish.action, "what": wish.params["what"]}
    if run:
        return row | {"outcome": intake.RUN, "run": run}
    return row | {"outcome": intake.IGNORED, "reason": "not-awaited"}


def _ignored(wish: Wish, reason: str) -> Facts:
    return {"action": wish.action, "outcome": intake.IGNORED, "reason": reason}


def _is_first(tag: Tag, action: str, engine: Engine) -> bool:
    """Whether the tag's other event has not led to anything yet."""
    if tag.version:
        return not claims.is_named(engine.aws, tag.instances[0], action, tag.at)
    return claims.named(engine.aws, tag.instances, action, tag.at)


def _asked(wish: Wish, event: Facts, engine: Engine) -> Outcome:
    actor = Actor(wish.door, wish.principal, _role(wish, engine))
    request = Request(wish.action, wish.params, actor, wish.key, wish.reason[:REASON], event)
    if wish.mode is Mode.COLLECT:
        return collect.take(engine, request, Turn())
    if wish.mode in (Mode.ACT, Mode.LOOK):
        return engine.run(request, Turn())
    if wish.tag is None or not wish.tag.version:
        return engine.propose(request, Turn(), wish.why)
    claim = claims.key(wish.tag.instances[0], wish.action)
    return engine.propose(request, Turn(), wish.why, claims.WAIT, claim)


def _is_deferred(wish: Wish) -> bool:
    """A nameless tag is proposed only if CloudTrail does not tell who set it."""
    return wish.tag is not None and wish.tag.version > 0


def _told(wish: Wish, found: Outcome, event: Facts, engine: Engine) -> Facts:
    row: Facts = {"action": wish.action, "outcome": intake.RUN}
    if found.kind is Kind.STARTED:
        return row | {"run": found.run, "again": found.again}
    if found.kind is Kind.PROPOSED:
        outcome = intake.DEFERRED if _is_deferred(wish) else intake.PROPOSAL
        return row | {"outcome": outcome, "run": found.run, "again": found.again}
    if reason := found.facts.get(collect.IGNORED):
        return _ignored(wish, reason)
    if wish.tag and wish.tag.launched and _may_come(wish, event, engine):
        return row | {"outcome": FAILED, "why": Transient(operation="launch").document()}
    left_out = [document(one) for one in found.plan.left_out] if found.plan else []
    _tell(wish, Refused(reason="nothing_to_do", left_out=left_out), event, engine)
    return row | {"outcome": intake.IGNORED, "reason": "nothing-to-do", "left_out": left_out}


def _may_come(wish: Wish, event: Facts, engine: Engine) -> bool:
    """Whether what was tagged a moment ago may be there when the event comes again."""
    age = (datetime.now(UTC) - wish.tag.at).total_seconds() if wish.tag else YOUNG_SECONDS
    return abs(age) < YOUNG_SECONDS and intake.may_try_again(engine.aws, event)


def _looked(wish: Wish, event: Facts, engine: Engine) -> Facts:
    """What a scheduled look found: a digest always told, drift when somebody has to act on it."""
    found = _asked(wish, event, engine)
    if found.action == _digests.NAME:
        return daily.tell(engine.aws, wish.key, found.facts)
    wrong = sum(found.facts[state] for state in WRONG)
    meter.drift(wrong)
    if not wrong:
        return {"wrong": 0}
    told = notify.drift(engine.aws, found)
    log.warning("drift", extra={"told": told})
    return {"wrong": wrong, **told}


ONCE: Mapping[Mode, Work] = {
    Mode.TELL: _alarmed,
    Mode.LOOK: _looked,
}


def _role(wish: Wish, engine: Engine) -> Role:
    """A listed principal, for a message whoever knows the external id, and a finding that is to be
    reported or that the deployer has let act, may change things; the clock may look.
    """
    if wish.door == "schedule":
        return Role.VIEWER
    if wish.door == "finding":
        return Role.RESPONDER
    if wish.door == "tag":
        return policy.event_role(engine.aws.settings, wish.principal)
    known = engine.aws.secrets.value(engine.aws.settings.lockdown_secret)
    same = hmac.compare_digest(wish.secret.encode(), known.encode())
    return Role.RESPONDER if same and known else Role.NONE


def _failed(wish: Wish, error: TobanError, event: Facts, engine: Engine) -> Facts:
    """A refusal that another delivery cannot mend is told and ends here."""
    again = wish.tag and error.key in ABSENT and _may_come(wish, event, engine)
    if again or error.key not in FINAL or isinstance(error, Transient):
        return {"action": wish.action, "why": error.document(), "outcome": FAILED}
    _tell(wish, error, event, engine)
    reason = f"refused:{error.facts.get('reason') or error.key}"
    return _ignored(wish, reason) | {"why": error.document()}


def _tell(wish: Wish, error: TobanError, event: Facts, engine: Engine) -> None:
    """Somebody hears of it: of a finding in Slack, once; of a nameless tag by its named twin."""
    if _is_deferred(wish):
        return
    if wish.door == "finding" and wish.why:
        case = wish.case or wish.key
        notify.unhandled(engine.aws, case, event["delivery"], wish.why, error)
        return
    notify.refused(engine.aws, wish.principal, wish.action, error)
