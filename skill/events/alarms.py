"""CloudWatch's own event about an alarm of the stack."""

from collections.abc import Iterator

from skill.events.reading import REASON, Event, Ignored, Mode, Wish, maybe, objects, text
from skill.settings import Settings

RAISED, OVER = "ALARM", "OK"
LOST = "MessagesLost"


def alarm(event: Event, _: Settings) -> Iterator[Wish]:
    """An alarm that is raised, or over, is told in Slack. Raises Ignored for other changes, and for
    the alarm on messages that were given up: one more message would be given up too, and so on.
    """
    state = text(event, "detail", "state", "value")
    before = maybe(event, "detail", "previousState", "value")
    if state != RAISED and (state, before) != (OVER, RAISED):
        raise Ignored("no-alarm")
    if _watched(event, "name") == LOST:
        raise Ignored("about-messages")
    name = text(event, "detail", "alarmName")
    key = f"{name}#{text(event, 'detail', 'state', 'timestamp')}"
    about = maybe(event, "detail", "configuration", "description")
    about = about or maybe(event, "detail", "state", "reason")[:REASON]
    change = {
        "name": name,
        "state": state,
        "about": about,
        "queue": _watched(event, "dimensions", "QueueName"),
        "key": key,
    }
    yield Wish("alarm", change, "cloudwatch", f"alarm#{key}", "alarm", mode=Mode.TELL)


def _watched(event: Event, *path: str) -> str:
    """What stands at `path` in the metric that the alarm watches; empty if it is not there, as a
    composite alarm's is not.
    """
    for row in objects(event, "detail", "configuration", "metrics"):
        if found := maybe(row, "metricStat", "metric", *path):
            return found
    return ""
