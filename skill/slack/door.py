"""From a press in Slack to an answer through the engine, within three seconds."""

import json
import logging
import time
from dataclasses import replace
from functools import partial
from typing import Any

from skill.engine import knocks, meter, people
from skill.engine.core import Engine
from skill.engine.turn import Turn
from skill.errors import Conflict, Denied, Refused, TobanError, Transient, caught
from skill.log import about
from skill.model import Actor, Kind, Request, Role
from skill.slack import reply
from skill.slack.envelope import Unwelcome, opened
from skill.slack.press import Press, press
from skill.words.book import Book, book
from skill.words.compose import error as sentence

log = logging.getLogger("toban.slack")
DOOR = "slack"
# Slack gives up after three seconds.
COMMIT_BY = 2.0
# Nothing that would have to be mended here: who pressed is told, and the others see it too.
OVER = ("answered", "no_proposal")
# These AWS has to answer for, and an operator to mend.
MISHAPS = (Denied, Conflict, Transient)
Answer = dict[str, Any]


def handle(event: Any, engine: Engine) -> Answer:
    """The answer to one request. What Slack did not sign, or sent before, is refused, audited."""
    turn = Turn(limited=True, commit_by=COMMIT_BY, began=time.time())
    arn = engine.aws.settings.slack_signing_secret
    secret = caught(lambda: engine.aws.secrets.kept(arn))
    if isinstance(secret, TobanError):
        return _unverified(secret)
    try:
        envelope = opened(event, secret)
        first = caught(lambda: knocks.is_first(engine.aws, envelope.signature))
        if first is False:
            raise Unwelcome(reason="replayed", status=401)
        found = press(envelope.body)
    except Unwelcome as unwelcome:
        knocks.turned_away(engine.aws, unwelcome)
        return _answer(unwelcome.status, json.dumps({"refused": unwelcome.facts["reason"]}))
    if found:
        with about(run=found.run):
            shown = _answered(found, engine, turn) if first is True else _unrecorded(first, engine)
            reply.send(engine.aws, found.reply_to, shown)
    return _answer(200, "")


def _answer(status: int, body: str) -> Answer:
    """Slack wants an empty body with a 200."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": body}


def _unverified(problem: TobanError) -> Answer:
    """Nobody knows whether it was Slack. If it was, Slack tells who pressed that it did not work,
    and nothing was done.
    """
    _failed(problem)
    return _answer(503, json.dumps({"refused": "unverified"}))


def _answered(one: Press, engine: Engine, turn: Turn) -> reply.Reply:
    """Act on a press; what Slack shall show then."""
    said = book(engine.aws.settings.locale, ear=False)
    role = Role.RESPONDER if people.is_listed(engine.aws.settings, one.user) else Role.NONE
    request = Request(one.answer, {"proposal": one.run}, Actor(DOOR, one.user, role), one.key)
    try:
        outcome = engine.run(replace(request, event={"event": one.key}), turn)
    except TobanError as problem:
        return _refused(one, problem, engine, said)
    log.info("pressed", extra={"answer": one.answer, "by": outcome.run})
    if outcome.kind is Kind.NOTHING:
        return reply.aside(said.text("slack-nothing"))
    text = said.text(f"slack-pressed-{one.answer}", who=f"<@{one.user}>")
    return reply.replaced(list(one.blocks), text)


def _unrecorded(problem: TobanError, engine: Engine) -> reply.Reply:
    """What cannot be told from a replay is not acted on, and who pressed has to know."""
    _failed(problem)
    return reply.aside(book(engine.aws.settings.locale, ear=False).text("slack-unrecorded"))


def _failed(problem: TobanError) -> None:
    """Slack gets its 200, so the function's errors do not tell the operator."""
    log.error("press failed", extra={"why": problem.document()})
    meter.press_failed()


def _refused(one: Press, problem: TobanError, engine: Engine, said: Book) -> reply.Reply:
    """Only who pressed is told; that a proposal is over is shown to all."""
    text = sentence(said, problem)
    if isinstance(problem, Refused) and problem.facts.get("reason") in OVER:
        return reply.replaced(list(one.blocks), text)
    if isinstance(problem, Refused):
        audit = partial(knocks.refused, engine.aws, one.user, one.answer, one.run, problem)
        problem = caught(audit) or problem
    if isinstance(problem, MISHAPS):
        _failed(problem)
    return reply.aside(text)
