"""What an operator counts: events, ended runs and how long they took, as embedded metrics."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from skill.model import Facts

NAMESPACE = "Toban"


def drift(count: int) -> None:
    """How many contained entities were found changed, or could not be read, in one look."""
    unit = MetricUnit.Count
    with single_metric(name="Drift", unit=unit, value=count, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="of", value="containment")


def event(route: str, outcome: str) -> None:
    """One event was accounted for: what became of it, by route."""
    unit = MetricUnit.Count
    with single_metric(name="Events", unit=unit, value=1, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="route", value=route)
        metric.add_dimension(name="outcome", value=outcome)


def fixes(run: Facts) -> None:
    """How long each verified fix took, by severity: from first seen to verified."""
    for row in run["result"]["facts"].get("fixes", []):
        unit, value = MetricUnit.Seconds, row["seconds"]
        with single_metric(name="TimeToFix", unit=unit, value=value, namespace=NAMESPACE) as metric:
            metric.add_dimension(name="severity", value=row["severity"])


def ended(run: Facts) -> None:
    """One run ended, after so many seconds, by action and ending. No id of anybody is in it."""
    seconds = run["result"]["facts"].get("seconds", 0)
    for name, unit, value in (
        ("RunsEnded", MetricUnit.Count, 1),
        ("RunDuration", MetricUnit.Seconds, seconds),
    ):
        with single_metric(name=name, unit=unit, value=value, namespace=NAMESPACE) as metric:
            metric.add_dimension(name="action", value=run["action"])
            metric.add_dimension(name="ending", value=run["ending"])
