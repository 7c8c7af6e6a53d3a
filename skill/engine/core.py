"""The one path of every request: plan, policy, approval, record, start (or answer)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from skill.actions import ACTIONS, Action, _history
from skill.aws import Aws
from skill.engine import approval, caps, policy, records, wakes
from skill.engine.turn import Turn
from skill.errors import BadRequest, Expired, TobanError, Unavailable, Unsure, caught
from skill.model import Actor, Facts, Kind, Outcome, Plan, Request, Risk, document

log = logging.getLogger("toban.engine")
VOICE, TAG = "voice", "tag"
# Seconds that an answer waits for what is only nice to know.
PATIENCE = 1.0
PROVED, PROVED_BY_PIN = "voice+alexa-pin", "voice+spoken-pin"


@dataclass
class Engine:
    """What both doors hold."""

    aws: Aws

    def run(self, request: Request, turn: Turn) -> Outcome:
        """Answer a READ; ask about or start anything else. Raises TobanError for the door to
        say.
        """
        action = _action(request.action)
        policy.admit(action, request.actor)
        if request.event and action.risk is not Risk.READ and (known := self._known(request)):
            return known
        plan = self._plan(action, request.params, request.key)
        if action.risk is Risk.READ:
            return Outcome(Kind.ANSWER, action.name, plan.facts, plan)
        if not plan.targets:
            return self._nothing(request, plan)
        if action.asks and request.actor.door == VOICE:
            return self._ask(request, plan)
        return self._start(request, plan, {"how": request.actor.door, "at": records.now()}, turn)

    def propose(
        self, request: Request, turn: Turn, why: Facts, after: int = 0, unless: str = ""
    ) -> Outcome:
        """Have a person asked, whoever wishes it: the run waits for the answer.

        `why` are facts for the message. After so many seconds the run is dropped without a word if
        the ledger has an item `unless`/`claim` by then; until then it has no record.
        """
        action = _action(request.action)
        if action.apply is None:
            raise BadRequest(action=request.action)
        if request.event and (known := self._known(request)):
            return known
        plan = self._plan(action, request.params, request.key)
        if not plan.targets:
            return self._nothing(request, plan)
        how = {"how": records.AWAITING, "at": records.now()}
        run = records.new(request, plan, how | _by(request)) | {"why": why}
        run["minutes"] = self.aws.settings.proposal_minutes
        event = {"run": run, "after": after, "unless": unless}
        put = partial(records.later, self.aws, run, after) if after else None
        again = self._launch(request, event, turn, put)
        return Outcome(Kind.PROPOSED, action.name, plan.facts, plan, run=run["id"], again=again)

    def wake(self, what: str, seconds: int, key: str) -> str:
        """Wake the run that waits for `what`, which took so many seconds; its id, empty if none
        does.
        """
        found = wakes.note(self.aws, what, seconds)
        if found and found["callback"]:
            asked = {name: found[name] for name in ("run", "callback", "woken")}
            name = records.run_id(f"wake#{key}#{found['callback']}")
            self.aws.lambda_.start(self.aws.settings.workflow_arn, name, {"wake": asked})
        return str(found["run"]) if found else ""

    def confirm(self, token: str, actor: Actor, key: str, hint: Facts, turn: Turn) -> Outcome:
        """A yes to the question `token`. `hint` is {action, params} as the session remembers
        them.
        """
        if hint["proof"]:
            asked = approval.to_prove(self.aws, token, actor)
            return Outcome(Kind.PROVE, hint["action"], asked["plan"]["facts"], token=token)
        take = partial(approval.take, self.aws, token, approval.CONFIRM, actor, key)
        return self._approve(take, key, hint, turn, "voice")

    def prove(
        self, token: str, actor: Actor, key: str, hint: Facts, turn: Turn, pin: str | None
    ) -> Outcome:
        """Proof of who speaks was given: by Alexa's own check (`pin` is None) or a spoken PIN."""
        if pin is None:
            take = partial(approval.take, self.aws, token, approval.PROVE, actor, key)
            return self._approve(take, key, hint, turn, PROVED)
        with_pin = partial(approval.take_with_pin, self.aws, token, actor, key, pin)
        return self._approve(with_pin, key, hint, turn, PROVED_BY_PIN)

    def _approve(
        self, take: Callable[[], Facts], key: str, hint: Facts, turn: Turn, how: str
    ) -> Outcome:
        """Take the question and plan again at once; start only what was agreed to."""
        asked, plan = self._both(take, hint, key)
        request = approval.request_of(asked, key)
        same = (request.action, request.params) == (hint["action"], hint["params"])
        if not same or (asked["proof"] and how == VOICE):
            raise Expired(reason="gone")
        if not plan.targets:
            return self._nothing(request, plan)
        if plan.agreed - Plan.of(asked["plan"]).agreed:
            return self._ask(request, plan, grew=True)
        return self._start(request, plan, {"how": how, "at": records.now()}, turn)

    def _both(self, take: Callable[[], Facts], hint: Facts, key: str) -> tuple[Facts, Plan]:
        """The question's error wins over the plan's: a refused yes must not talk about the
        fleet.
        """
        action = _action(hint["action"])
        asked, plan = self.aws.gather(
            lambda: caught(take),
            lambda: caught(lambda: self._plan(action, hint["params"], key)),
        )
        for found in (asked, plan):
            if isinstance(found, Exception):
                raise found
        return asked, plan

    def _plan(self, action: Action, params: Facts, key: str) -> Plan:
        given, run = action.read(params), records.run_id(key)
        found: tuple[Plan, policy.Hour] = self.aws.gather(
            lambda: action.plan(given, self.aws),
            lambda: policy.this_hour(action, run, self.aws),
        )
        plan, hour = found
        policy.check(action, plan, run, hour, self.aws.settings)
        return plan

    def _known(self, request: Request) -> Outcome | None:
        """The run that this request is already, whatever its plan would be by now.

        Raises Refused for a tag whose action the hour can have no more of: in a storm of tags that
        costs a few calls an event, and a plan many.
        """
        name, tagged = records.run_id(request.key), request.actor.door == TAG
        run, full = self.aws.gather(
            lambda: records.taken_up(self.aws, name),
            lambda: tagged and caught(partial(caps.refuse_if_full, self.aws, request.action, name)),
        )
        if run:
            return self._again(request, run)
        if full:
            raise full
        return None

    def _again(self, request: Request, run: Facts) -> Outcome:
        """Answered as before. An event that comes again after a failure is not a second one."""
        first = Plan.of(run["plan"])
        again = not request.event or records.event_of(run) != request.event["event"]
        kind = Kind.PROPOSED if run["proposed"] else Kind.STARTED
        return Outcome(kind, request.action, first.facts, first, run=run["id"], again=again)

    def _nothing(self, request: Request, plan: Plan) -> Outcome:
        """Nothing to do, unless this very request has done it: then it is answered as before."""
        run = records.get(self.aws, records.run_id(request.key))
        if run is None:
            return Outcome(Kind.NOTHING, request.action, plan.facts, plan)
        return self._again(request, run)

    def _ask(self, request: Request, plan: Plan, grew: bool = False) -> Outcome:
        policy.independent(plan, request.actor, self.aws.settings)
        proof = plan.destructive or _action(request.action).risk is Risk.DESTRUCTIVE
        token = approval.ask(self.aws, request, plan, proof)
        facts = {**plan.facts, "grew": "yes"} if grew else plan.facts
        return Outcome(Kind.CONFIRM, request.action, facts, plan, token, proof=proof)

    def _start(self, request: Request, plan: Plan, how: Facts, turn: Turn) -> Outcome:
        policy.independent(plan, request.actor, self.aws.settings)
        run = records.new(request, plan, how | _by(request))
        usual, again = self.aws.gather(
            lambda: self._usual(request), lambda: self._count_and_launch(request, run, turn)
        )
        facts = {**plan.facts, "usually": usual} if usual else plan.facts
        return Outcome(Kind.STARTED, request.action, facts, plan, run=run["id"], again=again)

    def _count_and_launch(self, request: Request, run: Facts, turn: Turn) -> bool:
        if request.actor.door == VOICE:  # its turn has no call to spare: the workflow counts
            return self._launch(request, {"run": run}, turn)
        with caps.counted(self.aws, run):
            return self._launch(request, {"run": run}, turn)

    def _usual(self, request: Request) -> int:
        """How long it usually takes, for somebody who is told that it has begun; else 0."""
        if request.actor.door != VOICE:
            return 0
        (seconds,) = self.aws.within(PATIENCE, lambda: _history.usual(self.aws, request.action))
        return seconds or 0

    def _launch(
        self,
        request: Request,
        event: Facts,
        turn: Turn,
        put: Callable[[], bool] | None = None,
    ) -> bool:
        """Record and start at once; both do nothing the second time, and the workflow records too.

        What is said depends on the start alone: a run that started is not denied for want of its
        record, and one that was refused is closed. An event comes again, so its run stays open.
        Whether it was there before.
        """
        run = event["run"]
        log.info("asked for", extra={"run": run["id"], "action": run["action"]})
        turn.commit()
        kept, started = self.aws.gather(
            lambda: caught(put or partial(records.put, self.aws, run)),
            lambda: caught(partial(self._invoke, event)),
        )
        if isinstance(started, Unavailable):
            raise Unsure(run=run["id"]) from started
        if isinstance(started, TobanError) and request.actor.door == VOICE:
            records.close(self.aws, run, records.failure(run, started.document()), 0)
        if isinstance(started, TobanError):
            raise started
        if kept is False and request.actor.door == VOICE:
            records.raise_if_refused(self.aws, run["id"])
        return kept is False and not self._own(request, run["id"])

    def _own(self, request: Request, run: str) -> bool:
        """Whether what was there before is of this very event: written by its workflow, or by a
        delivery of it that failed.
        """
        name = request.event.get("event")
        return bool(name) and records.origin(self.aws, run) == name

    def _invoke(self, event: Facts) -> None:
        self.aws.lambda_.start(self.aws.settings.workflow_arn, event["run"]["id"], event)


def _by(request: Request) -> Facts:
    return {"by": document(request.actor), "reason": request.reason, "event": request.event}


def _action(name: str) -> Action:
    if name not in ACTIONS:
        raise BadRequest(action=name)
    return ACTIONS[name]
