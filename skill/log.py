"""Log lines as JSON, each with what it is about: the run, the event, the request (powertools'
Logger). No line holds an id of a person, a token, a PIN or a webhook.
"""

import contextlib
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

SERVICE = "toban"
_READY: list["Logger"] = []


@functools.cache
def prepare() -> None:
    """From now on every logger below `toban` writes through powertools."""
    from aws_lambda_powertools import Logger

    _READY.append(Logger(service=SERVICE, log_uncaught_exceptions=False))


@contextlib.contextmanager
def about(**keys: str) -> Iterator[None]:
    """Every line of this block has these keys; an invocation has its process to itself."""
    if not _READY:
        yield
        return
    with _READY[0].append_context_keys(**keys):
        yield
