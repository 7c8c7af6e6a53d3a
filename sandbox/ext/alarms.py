"""AWS::CloudWatch::Alarm, which moto's CloudFormation skips: kept in moto's CloudWatch.

Whether it is breached is seen by sandbox/delivery/alarms.py. As in AWS an alarm has no data at
first, unless missing data counts as good.
"""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

Properties = dict[str, Any]


def make(name: str, properties: Properties, account: str, region: str) -> tuple[str, Properties]:
    """Create the alarm; its name and its attributes."""
    called = str(properties.get("AlarmName", name))
    backend = cloudwatch_backends[account][region]
    alarm = backend.put_metric_alarm(
        name=called,
        namespace=properties.get("Namespace", ""),
        metric_name=properties.get("MetricName", ""),
        comparison_operator=properties["ComparisonOperator"],
        evaluation_periods=int(properties["EvaluationPeriods"]),
        period=int(properties.get("Period", 60)),
        threshold=float(properties.get("Threshold", 0)),
        statistic=properties.get("Statistic", ""),
        extended_statistic=properties.get("ExtendedStatistic"),
        description=properties.get("AlarmDescription", ""),
        dimensions=properties.get("Dimensions", []),
        alarm_actions=properties.get("AlarmActions", []),
        ok_actions=properties.get("OKActions", []),
        insufficient_data_actions=properties.get("InsufficientDataActions", []),
        unit=properties.get("Unit"),
        actions_enabled=str(properties.get("ActionsEnabled", True)).lower() == "true",
        treat_missing_data=properties.get("TreatMissingData"),
    )
    good = alarm.treat_missing_data == "notBreaching"
    alarm.state_value = "OK" if good else "INSUFFICIENT_DATA"
    return called, {"Arn": alarm.alarm_arn}


def install() -> None:
    """sandbox/ext/cfn.py has `make` in its table of types."""
