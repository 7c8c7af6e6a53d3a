"""SQS event source mappings: batches of messages to functions, partial failures, redrive.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sqs.models import sqs_backends

from sandbox.delivery import moto as moto_side
from sandbox.delivery.core import Answer, Refused, Throttled, Wiring
from sandbox.delivery.patterns import compile_pattern
from sandbox.delivery.queue import Job

DEFAULT_CONCURRENCY = 5

Json = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """One event source mapping, copied while the moto lock was held."""

    queue_arn: str
    function_arn: str
    batch_size: int
    hidden_seconds: float
    partial: bool
    filters: tuple[str, ...]
    concurrency: int


class Sources:
    """Polls a queue whenever something has come in, or come back, until it gives nothing more."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def arrived(self, queue: Any) -> None:
        """Look at a queue from other threads; the moto lock is held."""
        delay = max((message.delayed_until for message in queue._messages), default=0.0) / 1000
        wait = max(delay - time.time(), 0.0)
        for mapping in queue.lambda_event_source_mappings.values():
            if mapping.enabled:
                self._poll(_source(mapping, queue), wait)

    def _poll(self, source: Source, wait: float = 0.0) -> None:
        name = source.queue_arn.rsplit(":", 1)[-1]
        job = Job(
            lane=f"queue:{source.queue_arn}",
            label=f"{name} -> {source.function_arn}",
            run=lambda: self._batch(source),
            limit=source.concurrency,
        )
        if wait:
            self._wiring.lanes.later(job, wait, pause=wait)
        else:
            self._wiring.lanes.put(job)

    def _batch(self, source: Source) -> None:
        try:
            with self._wiring.lock:
                messages = self._receive(source)
        except Refused:
            return
        if messages:
            failed = self._run(source, messages)
            self._settle(source, messages, failed)
            self._poll(source)

    def _receive(self, source: Source) -> list[Any]:
        """Up to a batch of messages that pass the filters; Lambda deletes the others."""
        queue = moto_side.find_queue(source.queue_arn)
        backend = sqs_backends[queue.account_id][queue.region]
        self._count_redriven(queue)
        # Hidden until we give them back: moto counts visibility in real time, the box does not.
        messages = backend.receive_message(queue.name, source.batch_size, 0, 43200, ["All"])
        for message in messages:
            if not _passes(message, source.filters):
                backend.delete_message(queue.name, str(message.receipt_handle))
        return [message for message in messages if _passes(message, source.filters)]

    def _count_redriven(self, queue: Any) -> None:
        if queue.dead_letter_queue is None:
            return
        dead = queue.dead_letter_queue.queue_arn
        limit = queue.redrive_policy["maxReceiveCount"]
        for message in queue.messages:
            if message.approximate_receive_count >= limit:
                reason = f"message {message.id} was received {limit} times"
                self._wiring.outcomes.fail(
                    queue.queue_arn, queue.queue_arn, "MaxReceiveCount", reason, [dead]
                )

    def _run(self, source: Source, messages: list[Any]) -> set[str]:
        """Invoke the function; gives the ids of the messages that failed."""
        everything = {message.id for message in messages}
        event = {"Records": [_record(source, message) for message in messages]}
        try:
            request_id = str(mock_random.uuid4())
            answer = self._wiring.invoke(source.function_arn, event, request_id)
        except Throttled:
            return everything
        if answer.error is not None:
            return everything
        return _failures(answer, everything) if source.partial else set()

    def _settle(self, source: Source, messages: list[Any], failed: set[str]) -> None:
        """Delete what succeeded; what failed comes back when its visibility timeout is over."""
        name = source.queue_arn.rsplit(":", 1)[-1]
        done = [message for message in messages if message.id not in failed]
        back = [message for message in messages if message.id in failed]
        with self._wiring.lock:
            queue = moto_side.find_queue(source.queue_arn)
            for message in done:
                sqs_backends[queue.account_id][queue.region].delete_message(
                    name, message.receipt_handle
                )
        for kind, rows in (("delivered", done), ("retried", back)):
            for _ in rows:
                self._wiring.outcomes.count(kind)
        if back:
            job = Job(
                lane=f"queue:{source.queue_arn}",
                label=f"{len(back)} messages come back to {name}",
                run=lambda: self._give_back(source, back),
                limit=source.concurrency,
            )
            self._wiring.lanes.later(job, source.hidden_seconds)

    def _give_back(self, source: Source, messages: list[Any]) -> None:
        with self._wiring.lock:
            queue = moto_side.find_queue(source.queue_arn)
            backend = sqs_backends[queue.account_id][queue.region]
            for message in messages:
                backend.change_message_visibility(queue.name, message.receipt_handle, 0)
        self._poll(source)


def _source(mapping: Any, queue: Any) -> Source:
    named = str(mapping.function_name)
    criteria = (mapping.filter_criteria or {}).get("Filters", [])
    scaling = mapping.scaling_config or {}
    return Source(
        queue_arn=queue.queue_arn,
        function_arn=named if named.startswith("arn:") else mapping.function_arn,
        batch_size=min(mapping.batch_size, 10),
        hidden_seconds=float(queue.visibility_timeout),
        partial="ReportBatchItemFailures" in (mapping.function_response_types or []),
        filters=tuple(row["Pattern"] for row in criteria),
        concurrency=int(scaling.get("MaximumConcurrency", DEFAULT_CONCURRENCY)),
    )


def _passes(message: Any, filters: tuple[str, ...]) -> bool:
    if not filters:
        return True
    try:
        body = json.loads(message.body)
    except ValueError:
        body = message.body
    return any(compile_pattern(text).matches({"body": body}) for text in filters)


def _record(source: Source, message: Any) -> Json:
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.approximate_receive_count),
            "SentTimestamp": str(message.sent_timestamp),
            "SenderId": message.sender_id,
            "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
        },
        "messageAttributes": {
            name: {
                "stringValue": value.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value["DataType"],
            }
            for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": source.queue_arn,
        "awsRegion": source.queue_arn.split(":")[3],
    }


def _failures(answer: Answer, everything: set[str]) -> set[str]:
    """The reported failures; an unknown id or a wrong shape fails the whole batch."""
    payload = answer.payload or {}
    if not isinstance(payload, dict):
        return everything
    try:
        failed = {row["itemIdentifier"] for row in payload.get("batchItemFailures") or []}
    except (KeyError, TypeError):
        return everything
    return failed if failed <= everything else everything
