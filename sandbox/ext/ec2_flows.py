"""Flow logs go on: before the network changes, and before anybody reads the log."""

from collections.abc import Callable
from typing import Any

from moto.ec2.responses import EC2Response
from moto.logs.responses import LogsResponse

from sandbox.network import flows

from .ec2_base import patch

CHANGING = frozenset(
    {
        "AttachNetworkInterface",
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateNetworkAclEntry",
        "DeleteNetworkAclEntry",
        "DetachNetworkInterface",
        "ModifyInstanceAttribute",
        "ModifyNetworkInterfaceAttribute",
        "ReplaceNetworkAclAssociation",
        "ReplaceNetworkAclEntry",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
        "StartInstances",
        "StopInstances",
        "TerminateInstances",
    }
)
READING = frozenset({"DescribeLogStreams", "FilterLogEvents", "GetLogEvents", "StartQuery"})
_done: set[type] = set()


def _catching_up(original: Callable[[Any], Any], actions: frozenset[str]) -> Callable[[Any], Any]:
    def call_action(self: Any) -> Any:
        if self._get_action() in actions:
            flows.catch_up(self.current_account, self.region)
        return original(self)

    return call_action


def install() -> None:
    """Work around the calls from outside, whatever else replaces the operations themselves."""
    for response, actions in ((EC2Response, CHANGING), (LogsResponse, READING)):
        if response not in _done:
            _done.add(response)
            patch(response, call_action=_catching_up(response.call_action, actions))
