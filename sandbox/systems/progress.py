"""Let everything that takes modelled time catch up with the clock.

Called before each Systems Manager and Inspector call; whoever changes what an instance can
reach, or
waits, may call it too, so that work is judged by the state it met and its events come in time.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from moto.inspector2.models import inspector2_backends
from moto.ssm.models import ssm_backends

from sandbox.clock import CLOCK
from sandbox.runtime.calls import MOTO
from sandbox.systems import cis, inventory, runcommand

PENDING: list[Callable[[], Iterator[float]]] = []
"""Further moments at which something is due: what is overdue is done before the rest is given."""


def advance() -> None:
    """Move commands, scans and inventories on to the modelled present."""
    now = CLOCK.now().timestamp()
    for backend in _alive(ssm_backends):
        runcommand.advance(backend, now)
    for backend in _alive(inspector2_backends):
        inventory.advance(backend, now)
        cis.advance(backend, now)


def skip(before: datetime | None = None) -> bool:
    """Wind the modelled clock on to what is due next, if it is `before` some moment; False if
    nothing is, or if time is real.

    For whoever waits until the world is quiet: the inventory after a patch has no other waiter.
    """
    with MOTO:
        moment = min(_moments(), default=None)
        if moment is None or CLOCK.real_time:
            return False
        if before and moment > before.timestamp():
            return False
        # A millisecond more, since the clock rounds to microseconds.
        CLOCK.arm(datetime.fromtimestamp(moment + 0.001, UTC))
        advance()
        return True


def _moments() -> Iterator[float]:
    for backend in _alive(ssm_backends):
        yield from runcommand.moments(backend)
    for backend in _alive(inspector2_backends):
        yield from (each.due for each in inventory.pending(backend))
        yield from (scan.started + cis.DURATION for scan in cis.running(backend))
    for moments in PENDING:
        yield from moments()


def _alive(backends: Any) -> Iterator[Any]:
    """Only the backends that somebody used: asking a BackendDict for more would make them."""
    for regions in list(backends.values()):
        yield from list(regions.values())
