"""EventBridge targets: one event to one target of one rule, with its retry policy and dead letters.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from sandbox.delivery import buses
from sandbox.delivery import moto as moto_side
from sandbox.delivery.asynchronous import submit
from sandbox.delivery.core import Failure, Parcel, Refused, Wiring, post
from sandbox.delivery.input import target_input

Json = dict[str, Any]

PRINCIPAL = buses.PRINCIPAL
DEFAULT_RETRIES = 185
DEFAULT_AGE = 86400.0
LANE_LIMIT = 4


@dataclass(frozen=True)
class Match:
    """A rule that matched: where it sends what. `original` goes into the dead letter."""

    rule_arn: str
    target: Json
    event: Json

    @property
    def arn(self) -> str:
        """The target's ARN."""
        return str(self.target["Arn"])


def deliver(wiring: Wiring, rule_arn: str, target: Json, event: Json) -> None:
    """Send an event to one target from another thread; never blocks."""
    if buses.is_spent(target["Arn"], event):
        return
    match = Match(rule_arn, target, event)
    policy = target.get("RetryPolicy") or {}
    post(
        wiring,
        Parcel(
            label=f"{rule_arn.rsplit('/', 1)[-1]} -> {match.arn}",
            target=match.arn,
            send=lambda: _send(wiring, match),
            bury=lambda failure: _bury(wiring, match, failure),
            lane=f"rules:{match.arn}",
            retries=policy.get("MaximumRetryAttempts", DEFAULT_RETRIES),
            max_age=policy.get("MaximumEventAgeInSeconds", DEFAULT_AGE),
        ),
    )


def _send(wiring: Wiring, match: Match) -> bool:
    text = target_input(match.target, match.event, match.rule_arn)
    kind = moto_side.service_of(match.arn)
    if kind not in _SENDERS:
        raise Refused("SDK_CLIENT_ERROR", f"the box does not deliver to {match.arn}")
    return bool(_SENDERS[kind](wiring, match, text))


def _to_function(wiring: Wiring, match: Match, text: str) -> bool:
    with wiring.lock:
        function = moto_side.find_function(match.arn)
        moto_side.check_function_policy(function, match.arn, PRINCIPAL, match.rule_arn)
    submit(wiring, match.arn, json.loads(text), match.rule_arn)
    return False


def _to_queue(wiring: Wiring, match: Match, text: str) -> bool:
    group = (match.target.get("SqsParameters") or {}).get("MessageGroupId")
    with wiring.lock:
        moto_side.check_queue_policy(match.arn, PRINCIPAL, match.rule_arn)
        moto_side.send_to_queue(match.arn, text, group=group)
    return True


def _to_topic(wiring: Wiring, match: Match, text: str) -> bool:
    with wiring.lock:
        moto_side.check_topic_policy(match.arn, PRINCIPAL, match.rule_arn)
        moto_side.find_topic(match.arn).publish(text)
    return True


def _to_log_group(wiring: Wiring, match: Match, text: str) -> bool:
    with wiring.lock:
        moto_side.write_log_event(match.arn, match.event["id"], text, int(time.time() * 1000))
    return True


def _to_bus(wiring: Wiring, match: Match, text: str) -> bool:
    role = str(match.target.get("RoleArn", ""))
    with wiring.lock:
        buses.check_trust(role, match.rule_arn)
        if not wiring.role_may(role, buses.PUT, match.arn):
            message = f"{role} is not authorized to perform: {buses.PUT} on {match.arn}"
            raise Refused("NO_PERMISSIONS", message)
        buses.forward(match.arn, match.event, match.rule_arn, role)
    return True


_SENDERS = {
    "lambda": _to_function,
    "sqs": _to_queue,
    "sns": _to_topic,
    "logs": _to_log_group,
    "events": _to_bus,
}


def _bury(wiring: Wiring, match: Match, failure: Failure) -> list[str]:
    queue = (match.target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        return []
    body = json.dumps(match.event, ensure_ascii=False, separators=(",", ":"))
    try:
        with wiring.lock:
            moto_side.check_queue_policy(queue, PRINCIPAL, match.rule_arn)
            moto_side.send_to_queue(queue, body, _letter_attributes(match, failure))
    except Refused:
        return []
    return [queue]


def _letter_attributes(match: Match, failure: Failure) -> moto_side.Attributes:
    return moto_side.text_attributes(
        {
            "RULE_ARN": match.rule_arn,
            "TARGET_ARN": match.arn,
            "ERROR_CODE": failure.refusal.code,
            "ERROR_MESSAGE": failure.refusal.message,
            "EXHAUSTED_RETRY_CONDITION": failure.exhausted or "",
            "RETRY_ATTEMPTS": str(failure.tried),
        }
    )
