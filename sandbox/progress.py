"""Let everything that takes modelled time catch up with the clock.

Called before each Systems Manager and Inspector call; whoever changes what an instance can
reach, or
waits, may call it too, so that work is judged by the state it met and its events come in time.
"""

from collections.abc import Iterator
from typing import Any

from moto.inspector2.models import inspector2_backends
from moto.ssm.models import ssm_backends

from sandbox import cis, inventory, runcommand
from sandbox.clock import CLOCK


def advance() -> None:
    """Move commands, scans and inventories on to the modelled present."""
    now = CLOCK.now().timestamp()
    for backend in _alive(ssm_backends):
        runcommand.advance(backend, now)
    for backend in _alive(inspector2_backends):
        inventory.advance(backend, now)
        cis.advance(backend, now)


def busy() -> bool:
    """Whether a command is under way, a scan runs, or an inventory is due."""
    return any(runcommand.running(backend) for backend in _alive(ssm_backends)) or any(
        inventory.pending(backend) or cis.running(backend)
        for backend in _alive(inspector2_backends)
    )


def _alive(backends: Any) -> Iterator[Any]:
    """Only the backends that somebody used: asking a BackendDict for more would make them."""
    for regions in list(backends.values()):
        yield from list(regions.values())
