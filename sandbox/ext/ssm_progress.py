"""Before the network or an instance changes, what is under way there catches up with the clock.

A command that ended a minute before its instance was isolated ended well, even if nobody looked.
"""

from typing import Any

from moto.ec2.responses import EC2Response

from sandbox.ext.ec2_base import patch
from sandbox.ext.ec2_flows import CHANGING
from sandbox.systems import progress

_installed = False


def install() -> None:
    """Work around EC2's calls, whatever else replaces the operations themselves."""
    global _installed
    if _installed:
        return
    _installed = True
    original = EC2Response.call_action

    def call_action(self: Any) -> Any:
        if self._get_action() in CHANGING:
            progress.advance()
        return original(self)

    patch(EC2Response, call_action=call_action)
