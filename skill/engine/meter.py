"""What an operator counts: events, runs and how long they took, as embedded metrics in the log."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from skill.model import Facts

NAMESPACE = "Toban"


def drift(count: int) -> None:
    """How many contained entities were found changed, or could not be read, in one look."""
    _count("Drift", count, of="containment")


def event(route: str, outcome: str) -> None:
    """One event was accounted for: what became of it, by route."""
    _count("Events", 1, route=route, outcome=outcome)


def lost(count: int) -> None:
    """Messages that were given up: always 0, or somebody has to look."""
    _count("MessagesLost", count, of="notices")


def press_failed() -> None:
    """Somebody pressed a button in Slack, and AWS did not let it be recorded or acted on."""
    _count("PressesFailed", 1, of="slack")


def fixes(run: Facts) -> None:
    """How long each verified fix took, by severity: from first seen to verified."""
    for row in run["result"]["facts"].get("fixes", []):
        _put("TimeToFix", MetricUnit.Seconds, row["seconds"], severity=row["severity"])


def ended(run: Facts) -> None:
    """One run ended, after so many seconds, by action and ending. No id of anybody is in it.

    A containment that was read back also counts as time to contain, from the wish on.
    """
    facts = run["result"]["facts"]
    by = {"action": run["action"], "ending": run["ending"]}
    _count("RunsEnded", 1, **by)
    _put("RunDuration", MetricUnit.Seconds, facts.get("seconds", 0), **by)
    if facts.get("contained") is True:
        _put("TimeToContain", MetricUnit.Seconds, facts.get("seconds", 0), action=run["action"])


def _count(name: str, value: float, **dimensions: str) -> None:
    _put(name, MetricUnit.Count, value, **dimensions)


def _put(name: str, unit: MetricUnit, value: float, **dimensions: str) -> None:
    with single_metric(name=name, unit=unit, value=value, namespace=NAMESPACE) as metric:
        for dimension, given in dimensions.items():
            metric.add_dimension(name=dimension, value=given)
