"""SSM: ListCommands, ListCommandInvocations, GetCommandInvocation."""

from collections.abc import Iterator
from typing import Any

from sandbox.systems import runcommand
from sandbox.systems.commandviews import describe, detail, summarize
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.runcommand import Command
from sandbox.systems.wire import Refusal, ValidationError, epoch

Params = dict[str, Any]


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "ssm",
        {
            "ListCommands": list_commands,
            "ListCommandInvocations": list_command_invocations,
            "GetCommandInvocation": get_command_invocation,
        },
    )


def list_commands(backend: Any, params: Params) -> Params:
    """Commands, newest first."""
    found = [
        describe(command)
        for command in _commands(backend, params)
        if params.get("InstanceId", next(iter(command.invocations), None)) in command.invocations
        or "InstanceId" not in params
    ]
    filters = params.get("Filters", [])
    rows = [row for row in found if all(_passes(row, each) for each in filters)]
    rows, token = page("ssm", params, rows, 50)
    return compact(Commands=rows, NextToken=token)


def _commands(backend: Any, params: Params) -> Iterator[Command]:
    known = runcommand.commands(backend)
    wanted = params.get("CommandId")
    if wanted is not None and wanted not in known:
        raise Refusal("InvalidCommandId", "")
    return reversed(known.values()) if wanted is None else iter([known[wanted]])


def _passes(row: Params, rule: dict[str, str]) -> bool:
    key, value = rule["key"], rule["value"]
    if key == "Status":
        return value in (row["Status"], row["StatusDetails"])
    if key == "DocumentName":
        return row["DocumentName"] == value
    if key == "ExecutionStage":
        executing = row["Status"] in ("Pending", "InProgress", "Delayed", "Cancelling")
        return executing == (value == "Executing")
    try:
        limit = epoch(value)
    except ValueError as error:
        raise ValidationError(f"Filter {key}: '{value}' is no timestamp") from error
    after = row["RequestedDateTime"] > limit
    return after == (key == "InvokedAfter")


def list_command_invocations(backend: Any, params: Params) -> Params:
    """Invocations of one command, or of all that went to an instance."""
    instance_id, details = params.get("InstanceId"), params.get("Details", False)
    rows = [
        summarize(backend, command, invocation, details)
        for command in _commands(backend, params)
        for invocation in command.invocations.values()
        if instance_id in (None, invocation.instance_id)
    ]
    filters = params.get("Filters", [])
    rows = [row for row in rows if all(_passes(row, each) for each in filters)]
    rows, token = page("ssm", params, rows, 50)
    return compact(CommandInvocations=rows, NextToken=token)


def get_command_invocation(backend: Any, params: Params) -> Params:
    """How a command went on one instance, with its output."""
    command = runcommand.commands(backend).get(params["CommandId"])
    invocation = command.invocations.get(params["InstanceId"]) if command else None
    if command is None or invocation is None:
        raise Refusal("InvocationDoesNotExist", "")
    if params.get("PluginName", command.document.plugin) != command.document.plugin:
        raise Refusal("InvalidPluginName", "")
    return detail(command, invocation)
