"""CloudWatch alarms: what happens to a metric, and the message to a topic when it crosses a line.

Known are the messages in a queue (AWS/SQS ApproximateNumberOfMessagesVisible), the failed
invocations of a function (AWS/Lambda Errors) and what functions write as embedded metrics. An alarm
is looked at when its metric changes, and its window is all its evaluation periods as one, in
modelled time. Each change is also an event on the default bus of the alarm's account. A queue has
what it holds now, so its alarm ends when nothing is left in it; of other metrics it shows with the
next value that the window has passed in between. Invocations that succeed count as no data. Metric
math and composite alarms, and actions that are no topics, do nothing.

Source of the message: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
Notify_Users_Alarm_Changes.html (its fields are those of a real message).
"""

import json
import operator
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from moto.cloudwatch.models import cloudwatch_backends

from sandbox.delivery import metrics
from sandbox.delivery import moto as moto_side
from sandbox.delivery.alarm_events import change
from sandbox.delivery.core import Parcel, Wiring, post
from sandbox.delivery.events import put_event
from sandbox.delivery.queue import Clock, Job


class Function(Protocol):
    """What alarms need of a deployed function."""

    @property
    def name(self) -> str: ...

    @property
    def alias(self) -> str | None: ...


PRINCIPAL = "cloudwatch.amazonaws.com"
_TESTS = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
_REGIONS = {"us-east-1": "US East (N. Virginia)", "eu-west-1": "EU (Ireland)"}


class Alarms:
    """Watches metrics for the alarms in moto, and posts what they say."""

    def __init__(self, wiring: Wiring, clock: Clock, account: str, region: str) -> None:
        self._wiring, self._clock, self._home = wiring, clock, (account, region)
        self._seen: dict[str, list[metrics.Value]] = {}

    def clear(self) -> None:
        """Forget every value."""
        self._seen.clear()

    def queue_changed(self, queue: Any, came: bool) -> None:
        """A message came or went; the moto lock is held. One in flight may come back, so it counts
        until it is deleted.
        """
        left = queue.approximate_number_of_messages if came else len(queue._messages)
        metric = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
        datum = metrics.Datum(*metric, {"QueueName": queue.name}, (float(left),))
        for alarm in _alarms((queue.account_id, queue.region), datum):
            self._judge(alarm, float(left))

    def failed(self, function: Function) -> None:
        """An invocation of a function failed. Returns at once."""
        name = {"FunctionName": function.name}
        resource = name | {"Resource": f"{function.name}:{function.alias or '$LATEST'}"}
        sets: list[dict[str, str]] = [{}, name, resource]
        self._later([metrics.Datum("AWS/Lambda", "Errors", each, (1.0,)) for each in sets])

    def line(self, text: str) -> None:
        """A function wrote a line: it may be an embedded metric. Returns at once."""
        if found := list(metrics.embedded(text)):
            self._later(found)

    def _later(self, found: list[metrics.Datum]) -> None:
        job = Job("alarms", "metrics of a function", lambda: self._put(found), limit=1)
        self._wiring.lanes.put(job)

    def _put(self, found: Iterable[metrics.Datum]) -> None:
        with self._wiring.lock:
            for datum in found:
                for alarm in _alarms(self._home, datum):
                    self._add(alarm, datum.values)

    def _add(self, alarm: Any, values: tuple[float, ...]) -> None:
        now = self._clock.now()
        held = self._seen.get(alarm.alarm_arn, [])
        horizon = alarm.period * alarm.evaluation_periods
        window = [row for row in held if (now - row.at).total_seconds() < horizon]
        if alarm.state_value == "ALARM" and not (
            window and _breaches(alarm, metrics.statistic(alarm, window))
        ):
            self._turn(alarm, "OK", 0.0)
        window += [metrics.Value(now, value) for value in values]
        self._seen[alarm.alarm_arn] = window
        self._judge(alarm, metrics.statistic(alarm, window))

    def _judge(self, alarm: Any, value: float) -> None:
        self._turn(alarm, "ALARM" if _breaches(alarm, value) else "OK", value)

    def _turn(self, alarm: Any, state: str, value: float) -> None:
        old, was = alarm.state_value, alarm.state_reason
        if old == state:
            return
        now = self._clock.now()
        alarm.update_state(_reason(alarm, old, state, value, now), "{}", state)
        actions = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions}[state]
        _put_on_bus(alarm, old, was, now)
        message = json.dumps(_message(alarm, old, now))
        for arn in actions if alarm.actions_enabled else ():
            if moto_side.service_of(arn) == "sns":
                self._post(alarm, arn, f"{state}: {_title(alarm)}", message)

    def _post(self, alarm: Any, topic: str, subject: str, message: str) -> None:
        source = alarm.alarm_arn

        def send() -> bool:
            with self._wiring.lock:
                moto_side.check_topic_policy(topic, PRINCIPAL, source)
                moto_side.find_topic(topic).publish(message, subject[:100])
            return True

        label = f"{alarm.name} -> {topic}"
        parcel = Parcel(label, topic, send, lambda _: [], f"alarms:{topic}", 0, 0.0)
        post(self._wiring, parcel)


def _put_on_bus(alarm: Any, old: str, was: str, now: datetime) -> None:
    """Every change of state is an event too; the moto lock is held."""
    _, _, _, region, account, *_ = alarm.alarm_arn.split(":")
    put_event(change(alarm, old, was, now), "default", account, region)


def _alarms(place: tuple[str, str], datum: metrics.Datum) -> Iterator[Any]:
    """The alarms of exactly this metric."""
    account, region = place
    for alarm in list(cloudwatch_backends[account][region].alarms.values()):
        if (alarm.namespace, alarm.metric_name) != (datum.namespace, datum.name):
            continue
        if {each.name: each.value for each in alarm.dimensions} == datum.dimensions:
            yield alarm


def _breaches(alarm: Any, value: float) -> bool:
    test = _TESTS.get(alarm.comparison_operator)
    return test is not None and bool(test[0](value, float(alarm.threshold)))


def _reason(alarm: Any, old: str, new: str, value: float, now: datetime) -> str:
    _, words = _TESTS[alarm.comparison_operator]
    was = f"was {words}" if new == "ALARM" else f"was not {words}"
    point = f"[{value} ({now:%d/%m/%y %H:%M:%S})]"
    return (
        f"Threshold Crossed: 1 out of the last 1 datapoints {point} {was} the threshold"
        f" ({float(alarm.threshold)}) (minimum 1 datapoint for {old} -> {new} transition)."
    )


def _region(alarm: Any) -> str:
    return _REGIONS.get(alarm.region_name, alarm.region_name)


def _title(alarm: Any) -> str:
    return f'"{alarm.name}" in {_region(alarm)}'


def _message(alarm: Any, old: str, now: datetime) -> dict[str, Any]:
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description or None,
        "AWSAccountId": alarm.alarm_arn.split(":")[4],
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _stamp(now),
        "Region": _region(alarm),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": _trigger(alarm),
    }


def _trigger(alarm: Any) -> dict[str, Any]:
    percentile = alarm.extended_statistic
    kind = {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": percentile}
    plain = {"StatisticType": "Statistic", "Statistic": str(alarm.statistic).upper()}
    return {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        **(kind if percentile else plain),
        "Unit": alarm.unit,
        "Dimensions": [{"value": each.value, "name": each.name} for each in alarm.dimensions],
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": float(alarm.threshold),
        "TreatMissingData": alarm.treat_missing_data or "",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"
