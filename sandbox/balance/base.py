"""What load balancers and Auto Scaling share: errors, pages, and what is due by the clock."""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends

from sandbox.clock import CLOCK
from sandbox.ext.ec2_base import instance_index

SETTLE: list[Callable[[str, str], None]] = []
"""Called with account and Region before a balancer answers: what is overdue comes first."""


def now() -> float:
    """The modelled time in seconds."""
    return CLOCK.now().timestamp()


class Refused(ServiceException):
    """An error of the service that is asked, whichever that is: moto goes by the class's module."""


def fail(code: str, message: str) -> NoReturn:
    """Refuse a request with an error code of the service."""
    raise Refused(code, message)


def settle(backend: Any) -> None:
    """Let everything that is overdue happen in a backend's account and Region."""
    for step in SETTLE:
        step(backend.account_id, backend.region_name)


def instance_of(backend: Any, instance_id: str) -> Any:
    """moto's instance in the backend's account and Region, terminated ones too; else None."""
    return instance_index(ec2_backends[backend.account_id][backend.region_name]).get(instance_id)


def alive(backends: Any) -> Iterator[Any]:
    """Only the backends that somebody used: asking a BackendDict for more would make them."""
    for regions in list(backends.values()):
        yield from list(regions.values())


def size_of(asked: Any, default: int, most: int, name: str) -> int:
    """A page size; ValidationError when it is out of bounds."""
    size = default if asked in (None, "") else int(asked)
    if not 1 <= size <= most:
        bound = "greater than or equal to 1" if size < 1 else f"less than or equal to {most}"
        text = f"Value '{size}' at '{name}' failed to satisfy constraint: Member must have value"
        fail("ValidationError", f"1 validation error detected: {text} {bound}")
    return size


def page(
    rows: Sequence[Any], token: str | None, size: int, error: tuple[str, str]
) -> tuple[Sequence[Any], str | None]:
    """One page and the token of the next; `error` is the code and text for a token not ours."""
    start = _offset(token, error) if token else 0
    end = start + size
    following = base64.urlsafe_b64encode(f"toban:{end}".encode()).decode()
    return rows[start:end], following if end < len(rows) else None


def _offset(token: str, error: tuple[str, str]) -> int:
    try:
        name, _, number = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if name == "toban":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    return fail(*error)
