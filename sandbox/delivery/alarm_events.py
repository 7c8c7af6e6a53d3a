"""The event that CloudWatch puts on the default bus when an alarm changes its state.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from datetime import datetime
from typing import Any

Json = dict[str, Any]


def change(alarm: Any, old: str, was: str, now: datetime) -> Json:
    """The event of an alarm that has changed from the state `old`, whose reason was `was`."""
    state = {"value": alarm.state_value, "reason": alarm.state_reason, "timestamp": _stamp(now)}
    before = {"value": old, "reason": was or "", "timestamp": _stamp(now)}
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "resources": [alarm.alarm_arn],
        "detail": {
            "alarmName": alarm.name,
            "state": state,
            "previousState": before,
            "configuration": _configuration(alarm),
        },
    }


def _configuration(alarm: Any) -> Json:
    metric = {
        "namespace": alarm.namespace,
        "name": alarm.metric_name,
        "dimensions": {each.name: each.value for each in alarm.dimensions},
    }
    statistic = alarm.extended_statistic or alarm.statistic
    measured = {"metric": metric, "period": alarm.period, "stat": statistic}
    row = {"id": "m1", "metricStat": measured, "returnData": True}
    return {"description": alarm.description or "", "metrics": [row]}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"
