"""Commands and invocations in the shapes in which Systems Manager shows them."""

from typing import Any

from sandbox.systems import fleet
from sandbox.systems.commandevents import iso
from sandbox.systems.runcommand import Command, Invocation

Row = dict[str, Any]
_OUTPUT_LIMIT = 2500


def describe(command: Command) -> Row:
    """The Command structure."""
    ended = [each for each in command.invocations.values() if each.final]
    fallbacks: Row = {"Comment": "", "Parameters": {}, "InstanceIds": [], "Targets": []}
    return (
        fallbacks
        | command.params
        | {
            "CommandId": command.id,
            "DocumentName": command.document.name,
            "DocumentVersion": "$DEFAULT",
            "RequestedDateTime": command.requested,
            "ExpiresAfter": command.expires,
            "TimeoutSeconds": command.timeout,
            "Status": command.status,
            "StatusDetails": command.details,
            "TargetCount": len(command.invocations),
            "CompletedCount": len(ended),
            "ErrorCount": command.errors,
            "DeliveryTimedOutCount": command.count("DeliveryTimedOut"),
        }
    )


def _common(command: Command, invocation: Invocation) -> Row:
    return {
        "CommandId": command.id,
        "InstanceId": invocation.instance_id,
        "Comment": command.params.get("Comment", ""),
        "DocumentName": command.document.name,
        "DocumentVersion": "$DEFAULT",
        "Status": invocation.status,
        "StatusDetails": invocation.details,
        "StandardOutputUrl": "",
        "StandardErrorUrl": "",
    }


def summarize(backend: Any, command: Command, invocation: Invocation, details: bool) -> Row:
    """The row of ListCommandInvocations, with its plugin if details are wanted."""
    tags = fleet.tags(backend.account_id, backend.region_name, invocation.instance_id)
    return _common(command, invocation) | {
        "RequestedDateTime": command.requested,
        "InstanceName": tags.get("Name", ""),
        "TraceOutput": "",
        "ServiceRole": command.params["ServiceRole"],
        "CommandPlugins": [_plugin(command, invocation)] if details else [],
    }


def _plugin(command: Command, invocation: Invocation) -> Row:
    output = invocation.output
    if invocation.error:
        output += f"\n----------ERROR-------\n{invocation.error}"
    times = {
        "ResponseStartDateTime": invocation.started,
        "ResponseFinishDateTime": invocation.ends if invocation.final else None,
    }
    row = {
        "Name": command.document.plugin,
        # A plugin has no state Delayed; what was not delivered has not begun.
        "Status": "Pending" if invocation.status == "Delayed" else invocation.status,
        "StatusDetails": invocation.details,
        "ResponseCode": invocation.code,
        "Output": output[:_OUTPUT_LIMIT],
    }
    return row | {name: value for name, value in times.items() if value is not None}


def detail(command: Command, invocation: Invocation) -> Row:
    """The answer of GetCommandInvocation."""
    started, ended = invocation.started, invocation.ends if invocation.final else None
    return _common(command, invocation) | {
        "PluginName": command.document.plugin,
        "ResponseCode": invocation.code,
        "ExecutionStartDateTime": iso(started) if started else "",
        "ExecutionEndDateTime": iso(ended) if started and ended else "",
        "ExecutionElapsedTime": f"PT{ended - started:.3f}S" if started and ended else "",
        "StandardOutputContent": invocation.output[:24000],
        "StandardErrorContent": invocation.error[:8000],
    }
