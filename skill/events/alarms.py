"""CloudWatch's own event about an alarm of the stack."""

from collections.abc import Iterator

from skill.events.reading import Event, Ignored, Mode, Wish, maybe, rows, text
from skill.settings import Settings

RAISED, OVER = "ALARM", "OK"


def alarm(event: Event, _: Settings) -> Iterator[Wish]:
    """An alarm that is raised, or over, is told in Slack. Raises Ignored for other changes."""
    state = text(event, "detail", "state", "value")
    before = maybe(event, "detail", "previousState", "value")
    if state != RAISED and (state, before) != (OVER, RAISED):
        raise Ignored("no-alarm")
    name = text(event, "detail", "alarmName")
    key = f"{name}#{text(event, 'detail', 'state', 'timestamp')}"
    about = maybe(event, "detail", "configuration", "description")
    change = {"name": name, "state": state, "about": about, "queue": _queue(event), "key": key}
    yield Wish("alarm", change, "cloudwatch", f"alarm#{key}", "alarm", mode=Mode.TELL)


def _queue(event: Event) -> str:
    """The queue whose messages the alarm counts; empty for any other alarm."""
    for row in rows(event, "detail", "configuration", "metrics"):
        if name := maybe(row, "metricStat", "metric", "dimensions", "QueueName"):
            return name
    return ""
