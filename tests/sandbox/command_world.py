"""Send commands in the default world and look at what became of them."""

from typing import Any

from tests.sandbox.default_world import DefaultWorld


def patches(world: DefaultWorld, name: str, state: str | None = None) -> dict[str, str]:
    rules = [{"Key": "State", "Values": [state]}] if state else []
    rows = world.ssm.describe_instance_patches(InstanceId=world.ids[name], Filters=rules)["Patches"]
    for row in rows:
        assert ("CVEIds" in row) == (row["State"] in ("Missing", "Failed"))
    return {row["KBId"].removesuffix(".amd64"): row["State"] for row in rows}


def counts(world: DefaultWorld, name: str) -> dict[str, Any]:
    ids = [world.ids[name]]
    (row,) = world.ssm.describe_instance_patch_states(InstanceIds=ids)["InstancePatchStates"]
    return dict(row)


def send(world: DefaultWorld, *names: str, **params: Any) -> str:
    base: dict[str, Any] = {
        "DocumentName": "AWS-RunPatchBaseline",
        "Parameters": {"Operation": ["Install"]},
    }
    if names:
        base["InstanceIds"] = [world.ids[name] for name in names]
    return str(world.ssm.send_command(**base | params)["Command"]["CommandId"])


def command(world: DefaultWorld, command_id: str) -> dict[str, Any]:
    (row,) = world.ssm.list_commands(CommandId=command_id)["Commands"]
    return dict(row)


def statuses(world: DefaultWorld, command_id: str) -> dict[str, str]:
    names = {instance_id: name for name, instance_id in world.ids.items()}
    pages = world.ssm.get_paginator("list_command_invocations").paginate(CommandId=command_id)
    rows = [row for page in pages for row in page["CommandInvocations"]]
    return {names[row["InstanceId"]]: row["StatusDetails"] for row in rows}


def invocation(world: DefaultWorld, command_id: str, name: str) -> dict[str, Any]:
    return dict(world.ssm.get_command_invocation(CommandId=command_id, InstanceId=world.ids[name]))


def pings(world: DefaultWorld, *filters: tuple[str, str]) -> dict[str, str]:
    rules = [{"Key": key, "Values": [value]} for key, value in filters]
    pages = world.ssm.get_paginator("describe_instance_information").paginate(
        Filters=rules, PaginationConfig={"PageSize": 5}
    )
    names = {instance_id: name for name, instance_id in world.ids.items()}
    rows = [row for page in pages for row in page["InstanceInformationList"]]
    return {names[row["InstanceId"]]: row["PingStatus"] for row in rows}
