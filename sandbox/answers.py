"""The control URL's part of Slack and of what waits for an answer."""

from typing import TYPE_CHECKING

from sandbox.bodies import Bad, object_of
from sandbox.runtime.servers import Request, Response

if TYPE_CHECKING:
    from sandbox.box import Box


def press(box: "Box", request: Request) -> Response:
    """Press a button in Slack."""
    body = object_of(request)
    strange = set(body) - {"run", "message", "button", "user"}
    if strange or not all(isinstance(each, str) for each in body.values()):
        raise Bad('body may have "run", "message", "button" and "user", all strings')
    if "button" not in body:
        raise Bad('body needs "button", the action id of the button')
    return Response.of(box.slack.press(body))


def expire(box: "Box", _: Request) -> Response:
    """Let open callbacks run out."""
    return Response.of({"expired": box.durable.expire()})


def slack(box: "Box", request: Request) -> Response | None:
    """The webhook."""
    return box.webhook.take(request)


def refused(box: "Box", _: Request) -> Response:
    """What the webhook refused."""
    return Response.of({"refused": box.webhook.refused})


def clear_refused(box: "Box", _: Request) -> Response:
    """Forget what the webhook refused."""
    box.webhook.refused.clear()
    return Response.of({"refused": []})
