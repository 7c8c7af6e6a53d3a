"""An alarm of ours in Slack, with what waits in the dead-letter queues."""

from skill import letters
from skill.aws import Aws
from skill.engine import notify
from skill.errors import TobanError
from skill.model import Facts
from skill.words import alarm


def tell(aws: Aws, change: Facts) -> Facts:
    """Post a change of an alarm ({name, state, about, queue: whose it is}). What became of the
    message.

    The mail comes from the alarm itself, so Slack is told even if this function cannot.
    """
    found = change | {"queues": _waiting(aws, change["queue"])}
    doc = {"moment": "alarm", "urgent": True, **found}
    return notify.post(aws, alarm.notice(aws.settings.locale, found), doc)


def _waiting(aws: Aws, queue: str) -> list[Facts]:
    """The alarm's queue, if it holds letters or could not be looked into."""
    urls = [url for url in aws.settings.dead_letters if url.rpartition("/")[2] == queue]
    rows: list[Facts] = aws.gather(*(lambda url=url: _queue(aws, url) for url in urls))
    return [row for row in rows if row["count"] or "error" in row]


def _queue(aws: Aws, url: str) -> Facts:
    name = url.rpartition("/")[2]
    try:
        count, found = aws.gather(lambda: aws.queues.waiting(url), lambda: aws.queues.peek(url))
    except TobanError as error:
        return {"queue": name, "count": 0, "letters": [], "error": error.document()}
    read = [letters.read(row["id"], row["body"], row["attributes"]) for row in found]
    rows = [{"id": one.id, "what": one.what[:200], "why": one.why[:300]} for one in read]
    return {"queue": name, "count": max(count, len(rows)), "letters": rows}
