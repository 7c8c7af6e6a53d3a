"""The one path of every request: plan, policy, approval, record, start (or answer)."""

from collections.abc import Callable
from dataclasses import dataclass

from skill.actions import ACTIONS, Action
from skill.aws import Aws
from skill.engine import approval, policy, records
from skill.engine.turn import Turn
from skill.errors import BadRequest, Expired, TobanError
from skill.model import Actor, Facts, Kind, Outcome, Plan, Request, Risk, document

VOICE = "voice"


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
        plan = self._plan(action, request.params)
        if action.risk is Risk.READ:
            return Outcome(Kind.ANSWER, action.name, plan.facts, plan)
        if not plan.targets:
            return Outcome(Kind.NOTHING, action.name, plan.facts, plan)
        if action.asks and request.actor.door == VOICE:
            return self._ask(request, plan)
        return self._start(request, plan, {"how": request.actor.door, "at": records.now()}, turn)

    def confirm(self, token: str, actor: Actor, key: str, hint: Facts, turn: Turn) -> Outcome:
        """A yes to the question `token`. `hint` is {action, params} as the session remembers
        them.
        """
        action = _action(hint["action"])
        if action.risk is Risk.DESTRUCTIVE:
            asked = approval.to_prove(self.aws, token, actor)
            return Outcome(Kind.PROVE, action.name, Plan.of(asked["plan"]).facts, token=token)
        return self._approve(token, approval.CONFIRM, actor, key, hint, turn, "voice", None)

    def prove(
        self, token: str, actor: Actor, key: str, hint: Facts, turn: Turn, pin: str | None
    ) -> Outcome:
        """Proof of who speaks was given: by Alexa's own check (`pin` is None) or by a spoken
        PIN.
        """
        check = None
        if pin is not None:
            check = lambda: approval.check_pin(self.aws, token, actor, pin)  # noqa: E731
        how = "voice+alexa-pin" if pin is None else "voice+spoken-pin"
        return self._approve(token, approval.PROVE, actor, key, hint, turn, how, check)

    def _approve(
        self,
        token: str,
        stage: str,
        actor: Actor,
        key: str,
        hint: Facts,
        turn: Turn,
        how: str,
        check: Callable[[], None] | None,
    ) -> Outcome:
        """Take the question and plan again at once; start only what was agreed to."""

        def take() -> Facts:
            if check:
                check()
            return approval.take(self.aws, token, stage, actor, key)

        asked, plan = self._both(take, hint)
        request = approval.request_of(asked, key)
        if (request.action, request.params) != (hint["action"], hint["params"]):
            raise Expired(reason="gone")
        if not plan.targets:
            return Outcome(Kind.NOTHING, plan.action, plan.facts, plan)
        if plan.target_ids - Plan.of(asked["plan"]).target_ids:
            return self._ask(request, plan, grew=True)
        return self._start(request, plan, {"how": how, "at": records.now()}, turn)

    def _both(self, take: Callable[[], Facts], hint: Facts) -> tuple[Facts, Plan]:
        """The question's error wins over the plan's: a refused yes must not talk about the
        fleet.
        """
        action = _action(hint["action"])
        asked, plan = self.aws.gather(
            lambda: _caught(take),
            lambda: _caught(lambda: self._plan(action, hint["params"])),
        )
        for found in (asked, plan):
            if isinstance(found, Exception):
                raise found
        return asked, plan

    def _plan(self, action: Action, params: Facts) -> Plan:
        given = action.read(params)
        found: tuple[Plan, int] = self.aws.gather(
            lambda: action.plan(given, self.aws),
            lambda: policy.used_this_hour(action, self.aws),
        )
        plan, used = found
        policy.check(action, plan, used, self.aws.settings)
        return plan

    def _ask(self, request: Request, plan: Plan, grew: bool = False) -> Outcome:
        token = approval.ask(self.aws, request, plan)
        facts = {**plan.facts, "grew": "yes"} if grew else plan.facts
        return Outcome(Kind.CONFIRM, request.action, facts, plan, token)

    def _start(self, request: Request, plan: Plan, how: Facts, turn: Turn) -> Outcome:
        """Record and start at once; both do nothing the second time, and the workflow records
        too.
        """
        run = records.new(request, plan, {**how, "by": document(request.actor)})
        turn.commit()
        self.aws.gather(
            lambda: records.put(self.aws, run),
            lambda: self.aws.lambda_.start(self.aws.settings.workflow_arn, run["id"], {"run": run}),
        )
        return Outcome(Kind.STARTED, request.action, plan.facts, plan, run=run["id"])


def _caught(work: Callable[[], object]) -> object:
    try:
        return work()
    except TobanError as error:
        return error


def _action(name: str) -> Action:
    if name not in ACTIONS:
        raise BadRequest(action=name)
    return ACTIONS[name]
