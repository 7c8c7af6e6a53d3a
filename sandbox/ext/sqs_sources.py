"""SQS event sources: moto invokes the function inside SendMessage; arrivals go to `ARRIVALS`, and
all that changes what a queue holds goes to `CHANGES`.
"""

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaBackend
from moto.sqs.models import Queue, SQSBackend, sqs_backends

from sandbox.delivery.overrides import override

ARRIVALS: list[Callable[[Any], None]] = []
"""Who takes moto's queue when there may be messages; the moto lock is held, must not block."""

CHANGES: list[Callable[[Any, bool], None]] = []
"""Who is told of moto's queue, and whether a message came (else some went); as above."""

_add_message = Queue.add_message
_delete_message = Queue.delete_message
_purge_queue = SQSBackend.purge_queue
_create_mapping = LambdaBackend.create_event_source_mapping


def install() -> None:
    """Replace moto's functions; assigning twice changes nothing."""
    replaced = (
        (Queue, "add_message", _arrive),
        (Queue, "delete_message", _leave),
        (SQSBackend, "purge_queue", _purged),
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
    _changed(self, True)
    _tell(self)


def _leave(self: Any, receipt_handle: str) -> None:
    _delete_message(self, receipt_handle)
    _changed(self, False)


def _purged(self: Any, queue_name: str) -> None:
    _purge_queue(self, queue_name)
    _changed(self.get_queue(queue_name), False)


def _changed(queue: Any, came: bool) -> None:
    for told in list(CHANGES):
        told(queue, came)


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
