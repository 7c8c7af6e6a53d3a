"""The control URL: what drives, shapes and watches the box. One table, `ROUTES`."""

import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox import answers, speaking
from sandbox.alexa import progressive
from sandbox.bodies import Bad, object_of
from sandbox.network.limits import LIMITS
from sandbox.runtime.function_urls import PREFIX as URL_PREFIX
from sandbox.runtime.servers import Request, Response
from sandbox.runtime.slackapp import PREFIX as ACTION_PREFIX

if TYPE_CHECKING:
    from sandbox.box import Box

Route = Callable[["Box", Request], Response | None]


_ENVELOPE = ("source", "detail-type", "detail")


def _world(box: "Box", request: Request) -> Response:
    return Response.of(box.put_world(object_of(request)) or {})


def _events(box: "Box", request: Request) -> Response:
    """One event, or a list of them: none is put if one of them is none."""
    given = request.json()
    events = given if isinstance(given, list) else [object_of(request)]
    for event in events:
        lacking = [key for key in _ENVELOPE if key not in event] if isinstance(event, dict) else []
        if lacking or not isinstance(event, dict):
            raise Bad(f"event lacks {', '.join(lacking)}" if lacking else "an event is an object")
    ids = [box.put_event(event) for event in events]
    return Response.of(ids if isinstance(given, list) else ids[0] or {})


def _idle(box: "Box", request: Request) -> Response:
    seconds = (object_of(request) if request.body else {}).get("timeout", 120)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise Bad('"timeout" must be a number of seconds')
    still_open = box.idle(seconds)
    if still_open:
        return Response.of({"idle": False, "open": still_open}, 504)
    return Response.of({"idle": True})


def _reset(box: "Box", _: Request) -> Response:
    return Response.of({"reset": True, "ms": box.reset()})


def _calls(box: "Box", _: Request) -> Response:
    return Response.of({"calls": box.gateway.recorder.rows()})


def _clear_calls(box: "Box", _: Request) -> Response:
    box.gateway.recorder.clear()
    return Response.of({"calls": []})


def _messages(box: "Box", _: Request) -> Response:
    return Response.of({"messages": box.messages()})


def _runs(box: "Box", _: Request) -> Response:
    return Response.of({"runs": box.runs()})


def _faults(box: "Box", request: Request) -> Response:
    body = object_of(request)
    box.gateway.faults.put(body)
    return Response.of(body)


def _clear_faults(box: "Box", _: Request) -> Response:
    box.gateway.faults.clear()
    return Response.of({"faults": []})


def _limits(box: "Box", _: Request) -> Response:
    on = {"ec2": LIMITS.on, "slack": box.webhook.limited}
    return Response.of(on | {"buckets": LIMITS.rows(), "throttled": box.webhook.throttled})


def _set_limits(box: "Box", request: Request) -> Response:
    body = object_of(request)
    known = {"ec2": LIMITS.reset, "slack": box.webhook.limit}
    if not body or set(body) - set(known) or not all(isinstance(on, bool) for on in body.values()):
        raise Bad('body must be {"ec2": true or false, "slack": true or false}, or one of them')
    for name, on in body.items():
        known[name](on=on)
    return Response.of(body)


def _logs(box: "Box", _: Request) -> Response:
    return Response.of({"logs": box.functions.logs()})


def _deliveries(box: "Box", _: Request) -> Response:
    delivery = box.delivery
    rows = {"counts": delivery.counts, "failed": delivery.failed, "broken": delivery.broken}
    return Response.of(rows | {"open": delivery.open()})


def _schedules(box: "Box", _: Request) -> Response:
    return Response.of({"rules": box.delivery.schedules()})


def _fire(box: "Box", request: Request) -> Response:
    body = object_of(request) if request.body else {}
    part = body.get("rule", "")
    if set(body) - {"rule"} or not isinstance(part, str):
        raise Bad('body must be {"rule": a name or a part of one}, or nothing')
    known = [row["name"] for row in box.delivery.schedules()]
    names = [part] if part in known else [name for name in known if part in name]
    if not names:
        raise Bad(f"no scheduled rule is named {part or 'anything'} (known: {', '.join(known)})")
    fired = [{"rule": name, "id": box.delivery.fire_schedule(name)} for name in names]
    return Response.of({"fired": [row for row in fired if row["id"]]})


def _directive(box: "Box", request: Request) -> Response:
    return box.directive(request)


ROUTES: dict[tuple[str, str], Route] = {
    **speaking.ROUTES,
    ("PUT", "/world"): _world,
    ("POST", "/events"): _events,
    ("POST", "/idle"): _idle,
    ("POST", "/reset"): _reset,
    ("GET", "/calls"): _calls,
    ("DELETE", "/calls"): _clear_calls,
    ("GET", "/messages"): _messages,
    ("GET", "/runs"): _runs,
    ("PUT", "/faults"): _faults,
    ("DELETE", "/faults"): _clear_faults,
    ("GET", "/limits"): _limits,
    ("PUT", "/limits"): _set_limits,
    ("GET", "/logs"): _logs,
    ("GET", "/deliveries"): _deliveries,
    ("GET", "/schedule"): _schedules,
    ("POST", "/schedule"): _fire,
    ("POST", "/slack"): answers.slack,
    ("GET", "/slack"): answers.refused,
    ("DELETE", "/slack"): answers.clear_refused,
    ("POST", "/expire"): answers.expire,
    ("POST", "/press"): answers.press,
    ("POST", progressive.PATH): _directive,
}


def control(box: "Box") -> Callable[[Request], Response | None]:
    """The app behind the control and alexa URLs of a box."""
    return lambda request: _serve(box, request)


def _serve(box: "Box", request: Request) -> Response | None:
    path = request.path.rstrip("/") or "/"
    if path.startswith(URL_PREFIX.rstrip("/") + "/"):
        return box.function_urls.serve(request)
    if path.startswith(ACTION_PREFIX):
        return box.slack.respond(request)
    route = ROUTES.get((request.method, path))
    if route is None:
        known = any(path == name for _, name in ROUTES)
        return Response.of(
            {"error": f"no such route: {request.method} {path}"}, 405 if known else 404
        )
    try:
        return route(box, request)
    except ValueError as error:
        return Response.of({"error": str(error)}, 400)
    except (
        Exception
    ) as error:  # a bug in the box: seen on both sides, never a traceback to the caller
        print(f"sandbox: {request.method} {path} failed:", file=sys.stderr)
        traceback.print_exc()
        return Response.of({"error": f"{type(error).__name__}: {error}"}, 500)
