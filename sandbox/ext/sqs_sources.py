"""SQS event sources: moto invokes the function inside SendMessage; arrivals go to `ARRIVALS`."""

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaBackend
from moto.sqs.models import Queue, sqs_backends

from sandbox.delivery.overrides import override

ARRIVALS: list[Callable[[Any], None]] = []
"""Who takes moto's queue when there may be messages; the moto lock is held, must not block."""

_add_message = Queue.add_message
_create_mapping = LambdaBackend.create_event_source_mapping


def install() -> None:
    """Replace moto's functions; assigning twice changes nothing."""
    replaced = (
        (Queue, "add_message", _arrive),
        (LambdaBackend, "create_event_source_mapping", _mapped),
    )
    for owner, name, function in replaced:
        override(owner, name, function)


def _arrive(self: Any, message: Any) -> None:
    mappings, self.lambda_event_source_mappings = self.lambda_event_source_mappings, {}
    try:
        _add_message(self, message)
    finally:
        self.lambda_event_source_mappings = mappings
    _tell(self)


def _mapped(self: Any, spec: dict[str, Any]) -> Any:
    """A new mapping also gets what was in the queue before."""
    mapping = _create_mapping(self, spec)
    for queue in sqs_backends[self.account_id][self.region_name].queues.values():
        if queue.queue_arn == mapping.event_source_arn:
            _tell(queue)
    return mapping


def _tell(queue: Any) -> None:
    if queue.lambda_event_source_mappings:
        for take in list(ARRIVALS):
            take(queue)
