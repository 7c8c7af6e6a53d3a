"""RequestLimitExceeded when a function calls EC2 faster than its account may; see network/limits.

Only the functions' calls draw tokens: whoever sets up or looks at a test does not.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from sandbox.network.limits import LIMITS
from sandbox.runtime.calls import caller

from .ec2_base import patch

_done: set[type] = set()


def _limited(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call_action(self: Any) -> Any:
        if not LIMITS.on or not caller().function or _drawn(self):
            return original(self)
        refusal = EC2ClientError("RequestLimitExceeded", "Request limit exceeded.")
        _, headers, body = self.serialized(ActionResult(refusal))
        return 503, headers | {"status": "503"}, body

    return call_action


def _drawn(self: Any) -> bool:
    account, region = self.current_account, self.region
    return LIMITS.take(account, region, self._get_action(), self._get_params())


def install() -> None:
    """Stand in front of all operations."""
    if EC2Response not in _done:
        _done.add(EC2Response)
        patch(EC2Response, call_action=_limited(EC2Response.call_action))
