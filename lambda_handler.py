"""The four Lambda entry points. Everything that can be made once is made at first use and kept."""

import contextlib
import functools
import gc
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

Handler = Callable[[dict[str, Any], Any], Any]


@contextlib.contextmanager
def _keeping() -> Iterator[None]:
    """Make what stays until the process ends. Looking through it for garbage, now and at each
    later collection, would find nothing and take a fifth of a cold start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(20_000)  # Fluent, which comes later, makes as much that stays
        gc.enable()


@functools.cache
def _voice() -> Handler:
    with _keeping():
        from skill import log
        from skill.aws import Aws
        from skill.aws.client import VOICE, Clients
        from skill.engine import live
        from skill.engine.core import Engine
        from skill.settings import Settings
        from skill.voice.door import door
        from skill.words.book import prepare

        log.prepare()
        clients = Clients(VOICE)
        aws = Aws(Settings.read(), clients)
        answer = door(Engine(aws))
        for service in ("ec2", "dynamodb"):  # hardly a turn does without
            clients(service)
    # When the first calls are on their way there is nothing to do but to wait: time for Fluent.
    _later(0.025, prepare)
    _later(1.0, lambda: live.prepare(aws))
    return answer


def _later(seconds: float, work: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()


@functools.cache
def _events() -> Handler:
    with _keeping():
        from skill.aws import Aws
        from skill.aws.client import PATIENT, Clients
        from skill.engine.core import Engine
        from skill.events.door import handle
        from skill.log import prepare
        from skill.settings import Settings

        prepare()
        engine = Engine(Aws(Settings.read(), Clients(PATIENT)))
    return lambda event, context: handle(event, engine, context.aws_request_id)


@functools.cache
def _slack() -> Handler:
    with _keeping():
        from skill import log
        from skill.aws import Aws
        from skill.aws.client import PRESS, Clients
        from skill.engine.core import Engine
        from skill.settings import Settings
        from skill.slack.door import handle
        from skill.words.book import prepare

        log.prepare()
        clients = Clients(PRESS)
        engine = Engine(Aws(Settings.read(), clients))
        for service in ("dynamodb", "secretsmanager"):
            clients(service)
        prepare()
    return lambda event, context: handle(event, engine)


@functools.cache
def _workflow() -> Handler:
    with _keeping():
        from aws_durable_execution_sdk_python import durable_execution

        from skill.aws import Aws
        from skill.aws.client import PATIENT, Clients
        from skill.engine.workflow import execute
        from skill.log import prepare
        from skill.settings import Settings

        prepare()
        aws = Aws(Settings.read(), Clients(PATIENT))
    run: Handler = durable_execution(lambda event, context: execute(event, context, aws))
    return run


def voice(event: dict[str, Any], context: Any) -> Any:
    """Alexa requests."""
    return _voice()(event, context)


def events(event: dict[str, Any], context: Any) -> Any:
    """EventBridge and SNS events."""
    return _events()(event, context)


def slack(event: dict[str, Any], context: Any) -> Any:
    """Presses of buttons in Slack, at the function's URL."""
    return _slack()(event, context)


def workflow(event: dict[str, Any], context: Any) -> Any:
    """Durable runs."""
    return _workflow()(event, context)


def _ahead() -> None:
    """Lambda imports with a whole processor; it answers with the share that the memory buys."""
    _voice()
    from skill.words.book import prepare

    prepare()


if os.environ.get("_HANDLER") == "lambda_handler.voice":
    _ahead()
if os.environ.get("_HANDLER") == "lambda_handler.slack":
    _slack()
