"""Event delivery of the box: rules, topics, queues and asynchronous invocations.

Every public method may be called from any thread. Those that put work in never block; `reset`,
`stop` and `wait_idle` block and must be called without the moto lock.
"""

import threading
from datetime import datetime
from random import Random
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.events.models import events_backends

from sandbox.clock import CLOCK
from sandbox.delivery import asynchronous as delivery_async
from sandbox.delivery import hook as delivery_hook
from sandbox.delivery import rules as delivery_rules
from sandbox.delivery import topics as delivery_topics
from sandbox.delivery.alarms import Alarms
from sandbox.delivery.core import Invoke, Outcomes, Refused, RoleMay, Throttled, Tuning, Wiring
from sandbox.delivery.events import envelope, put_event
from sandbox.delivery.queue import Clock, Lanes
from sandbox.delivery.sources import Sources
from sandbox.ext import events as events_ext
from sandbox.ext import sns_delivery, sqs_sources

__all__ = ["Delivery", "Refused", "Throttled"]

Json = dict[str, Any]

END_SECONDS = 150.0
"""Longer than the longest function timeout of the template."""

# Services whose events tell modelled times of their own.
MODELLED = ("aws.ssm",)


class Delivery:
    """Delivers what moto's events and topics produce; one instance at a time is attached.

    `invoke` runs a function to its end and returns payload and error; `lock` guards moto and is
    never held meanwhile. `role_may` answers for the functions' own rights to send on (destinations,
    dead letters); by default they have them all.
    """

    def __init__(
        self,
        invoke: Invoke,
        lock: threading.RLock,
        *,
        role_may: RoleMay = lambda role, action, resource: True,
        clock: Clock = CLOCK,
        account: str = DEFAULT_ACCOUNT_ID,
        region: str = "us-east-1",
        seed: int = 0,
    ) -> None:
        self.mail: list[Json] = []
        self.tuning = Tuning()
        self._lock, self._account, self._region, self._seed = lock, account, region, seed
        self._lanes, self._outcomes, self._random = Lanes(clock), Outcomes(), Random(seed)  # noqa: S311
        self._wiring = Wiring(
            lock,
            self._lanes,
            self._outcomes,
            invoke,
            role_may,
            self.tuning,
            self.mail,
            self._random,
        )
        self._sources = Sources(self._wiring)
        self.alarms = Alarms(self._wiring, clock, account, region)
        self._hooks = self._attached()

    def _attached(self) -> list[tuple[list[Any], Any]]:
        """What of ours listens to moto, each with the list that it is in from now on."""
        hooks: list[tuple[list[Any], Any]] = [
            (events_ext.TARGETS, self._take_target),
            (sns_delivery.SUBSCRIBERS, self._take_publication),
            (sqs_sources.ARRIVALS, self._sources.arrived),
            (sqs_sources.CHANGES, self.alarms.queue_changed),
            (delivery_hook.LISTENERS, self._take_aws_event),
        ]
        for listeners, listener in hooks:
            listeners.append(listener)
        return hooks

    def async_invoke(self, function_arn: str, payload: Any, *, source: str = "lambda") -> str:
        """Queue an event for a function (Invoke, type Event); Refused if it does not exist."""
        return delivery_async.submit(self._wiring, function_arn, payload, source)

    def put_event(self, event: Json, bus: str = "default") -> str:
        """Put one raw event on a bus, any source allowed; missing envelope fields are filled in."""
        with self._lock:
            return put_event(event, bus, self._account, self._region)

    def fire_schedule(self, rule_name: str, bus: str = "default") -> str:
        """Fire one scheduled rule now; the event's id. KeyError if there is no such rule.

        A disabled rule fires nothing, and gives the empty string.
        """
        with self._lock:
            rule = events_backends[self._account][self._region].event_buses[bus].rules[rule_name]
            if rule.state == "DISABLED":
                return ""
            fields = {
                "source": "aws.events",
                "detail-type": "Scheduled Event",
                "resources": [rule.arn],
            }
            event = envelope(fields, self._account, self._region)
            events_ext.send_to_all(rule, event)
        return str(event["id"])

    def schedules(self, bus: str = "default") -> list[Json]:
        """The scheduled rules of a bus: name, schedule, state, and the ARNs of the targets."""
        with self._lock:
            rules = events_backends[self._account][self._region].event_buses[bus].rules
            return [
                {
                    "name": rule.name,
                    "schedule": rule.scheduled_expression,
                    "state": rule.state,
                    "targets": [target["Arn"] for target in rule.targets],
                }
                for _, rule in sorted(rules.items())
                if rule.scheduled_expression
            ]

    @property
    def counts(self) -> dict[str, int]:
        """How many were delivered, retried, dead_lettered, dropped."""
        return dict(self._outcomes.counts)

    @property
    def dropped(self) -> int:
        """Deliveries that ended nowhere: no dead-letter target, or it refused them."""
        return self._outcomes.counts["dropped"]

    @property
    def failed(self) -> list[Json]:
        """Deliveries given up: what, target, code, message, landed (ARNs with the dead letter)."""
        return list(self._outcomes.failed)

    @property
    def broken(self) -> list[str]:
        """Errors of the box itself; always empty, or there is a bug."""
        return list(self._lanes.broken)

    def idle(self) -> bool:
        """Whether nothing is queued, running or waiting to be tried again."""
        return self._lanes.idle()

    def before(self, wake: datetime) -> bool:
        """Whether something is still to be delivered, or tried again, before a modelled time."""
        return self._lanes.before(wake)

    def wait_idle(self, timeout: float = END_SECONDS) -> bool:
        """Block until `idle()`; False when the time is up first."""
        return self._lanes.wait_idle(timeout)

    def open(self) -> Json:
        """{"queued": {lane: n}, "running": [label], "waiting": [{"what", "at"}]}."""
        return self._lanes.open()

    def reset(self, timeout: float = END_SECONDS) -> bool:
        """Drop all work, mail and counts; wait for running functions. False if one did not end."""
        ended = self._lanes.reset(timeout)
        self.mail.clear()
        self._outcomes.clear()
        self.alarms.clear()
        self._lanes.broken.clear()
        self._random.seed(self._seed)
        self.tuning.__dict__.update(Tuning().__dict__)
        return ended

    def stop(self, timeout: float = END_SECONDS) -> bool:
        """Detach from moto, drop all work for good. False if a function still runs."""
        for listeners, listener in self._hooks:
            if listener in listeners:
                listeners.remove(listener)
        return self._lanes.stop(timeout)

    def _take_target(self, rule_arn: str, target: Json, event: Json) -> None:
        delivery_rules.deliver(self._wiring, rule_arn, target, event)

    def _take_publication(self, subscription: Any, publication: Any) -> None:
        delivery_topics.take(self._wiring, subscription, publication)

    def _take_aws_event(
        self,
        source: str,
        detail_type: str,
        detail: Json,
        resources: list[str],
        account: str,
        region: str,
    ) -> None:
        fields = {
            "source": source,
            "detail-type": detail_type,
            "detail": detail,
            "resources": resources,
        }
        if source in MODELLED:
            fields["time"] = CLOCK.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._lock:
            put_event(fields, "default", account, region)
