"""The three Lambda entry points. Everything that can be made once is made at first use and kept."""

import functools
from typing import Any

from skill.aws import Aws
from skill.aws.client import PATIENT, VOICE, Clients
from skill.settings import Settings


@functools.cache
def _voice() -> Any:
    from skill.engine.core import Engine
    from skill.voice.door import door

    return door(Engine(Aws(Settings.read(), Clients(VOICE))))


@functools.cache
def _patient() -> Aws:
    return Aws(Settings.read(), Clients(PATIENT))


@functools.cache
def _workflow() -> Any:
    from aws_durable_execution_sdk_python import durable_execution

    from skill.engine.workflow import execute

    return durable_execution(lambda event, context: execute(event, context, _patient()))


def voice(event: dict[str, Any], context: Any) -> Any:
    """Alexa requests."""
    return _voice()(event, context)


def events(event: dict[str, Any], context: Any) -> Any:
    """EventBridge and SNS events."""
    from skill.engine.core import Engine
    from skill.events.door import handle

    return handle(event, Engine(_patient()))


def workflow(event: dict[str, Any], context: Any) -> Any:
    """Durable runs."""
    return _workflow()(event, context)
