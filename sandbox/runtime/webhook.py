"""The Slack webhook of the box: keeps what is posted, and fails as ordered."""

import time
from typing import Any

from sandbox.runtime.calls import Caller
from sandbox.runtime.faults import SILENT
from sandbox.runtime.gateway import Gateway
from sandbox.runtime.servers import Response

_TEXT = {"Content-Type": "text/plain"}
_REFUSALS = {
    "throttle": Response(429, b"rate_limited", _TEXT | {"Retry-After": "1"}),
    "deny": Response(403, b"action_prohibited", _TEXT),
    "error": Response(500, b"rollup_error", _TEXT),
}


class Webhook:
    """What stands behind the URL that the deployed secret names."""

    def __init__(self, gateway: Gateway) -> None:
        self.rows: list[dict[str, Any]] = []
        self._gateway = gateway

    def post(self, message: dict[str, Any]) -> Response | None:
        """Keep a message; None, where a fault breaks the connection."""
        fault = self._gateway.faults.hit_webhook(message)
        if fault is None:
            self.rows.append({"channel": "slack", "at": time.time(), "body": message})
            return Response(200, b"ok", _TEXT)
        if fault.kind in SILENT:
            self._gateway.silence(fault, Caller("", function=fault.function))
            return None
        return _REFUSALS[fault.kind]
