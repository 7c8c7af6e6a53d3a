"""The Slack webhook of the box: keeps what is posted, refuses what Slack refuses, and fails as
ordered.
"""

import time
from typing import Any

from sandbox.clock import CLOCK
from sandbox.network.limits import Bucket
from sandbox.runtime.blockkit import problem
from sandbox.runtime.calls import Caller
from sandbox.runtime.faults import SILENT
from sandbox.runtime.gateway import Gateway
from sandbox.runtime.servers import Request, Response

_TEXT = {"Content-Type": "text/plain"}
_REFUSALS = {
    "throttle": Response(429, b"rate_limited", _TEXT | {"Retry-After": "1"}),
    "deny": Response(403, b"action_prohibited", _TEXT),
    "error": Response(500, b"rollup_error", _TEXT),
}
# Slack: one message a second, and short bursts. How short is not documented.
BURST, A_SECOND = 5.0, 1.0


class Webhook:
    """What stands behind the URL that the deployed secret names.

    `refused` are the messages that Slack would not take for what they are, since the box began.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.rows: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self._gateway = gateway
        self.limit(on=False)

    def limit(self, on: bool) -> None:
        """From now on Slack's rate limit holds or not; it begins with a full bucket."""
        self.limited = on
        self._bucket = Bucket(BURST, A_SECOND, BURST, CLOCK.now().timestamp(), BURST)

    @property
    def throttled(self) -> int:
        """How many messages came too fast."""
        return self._bucket.refused

    def take(self, request: Request) -> Response | None:
        """One request at the webhook's URL."""
        try:
            message = request.json()
        except ValueError as error:
            return self._refuse(request.body.decode(errors="replace"), "invalid_payload", error)
        return self.post(message)

    def post(self, message: Any) -> Response | None:
        """Keep a message; None, where a fault breaks the connection."""
        fault = self._gateway.faults.hit_webhook(message if isinstance(message, dict) else {})
        if fault and fault.kind in SILENT:
            self._gateway.silence(fault, Caller("", function=fault.function))
            return None
        if fault:
            return _REFUSALS[fault.kind]
        if self.limited and not self._bucket.take(CLOCK.now().timestamp()):
            return _REFUSALS["throttle"]
        if wrong := problem(message):
            return self._refuse(message, *wrong)
        now = time.time()
        self.rows.append({"channel": "slack", "at": now, "ts": f"{now:.6f}", "body": message})
        return Response(200, b"ok", _TEXT)

    def _refuse(self, message: Any, code: str, why: Any) -> Response:
        row = {"at": time.time(), "code": code, "why": str(why), "body": message}
        self.refused.append(row)
        return Response(400, code.encode(), _TEXT)
