"""SSM: DescribeInstancePatchStates and DescribeInstancePatches."""

from typing import Any

from sandbox.systems import fleet, patches
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.wire import Refusal

Params = dict[str, Any]


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "ssm",
        {
            "DescribeInstancePatchStates": describe_instance_patch_states,
            "DescribeInstancePatches": describe_instance_patches,
        },
    )


def describe_instance_patch_states(backend: Any, params: Params) -> Params:
    """Patch counts per instance; one that no operation ever ran on has none."""
    known = patches.states(backend.account_id, backend.region_name)
    found = [each for each in params["InstanceIds"] if each in known]
    ids, token = page("ssm", params, found, 50)
    rows = [_summary(backend, each, known[each]) for each in ids]
    return compact(InstancePatchStates=rows, NextToken=token)


def _summary(backend: Any, instance_id: str, state: patches.Patched) -> Params:
    tags = fleet.tags(backend.account_id, backend.region_name, instance_id)
    group = tags.get("PatchGroup") or tags.get("Patch Group") or ""
    return patches.summary(instance_id, state) | {"PatchGroup": group}


_FIELDS = ("Classification", "KBId", "Severity", "State", "Title")


def describe_instance_patches(backend: Any, params: Params) -> Params:
    """The patches of one instance."""
    where, instance_id = (backend.account_id, backend.region_name), params["InstanceId"]
    state = patches.states(*where).get(instance_id)
    if state is None and instance_id not in fleet.instances(*where):
        raise Refusal("InvalidInstanceId", "")
    found = [patches.shown(each) for each in state.patches] if state else []
    for rule in params.get("Filters", []):
        found = [row for row in found if _passes(row, rule)]
    rows, token = page("ssm", params, found, 50)
    return compact(Patches=rows, NextToken=token)


def _passes(row: Params, rule: Params) -> bool:
    key, values = rule.get("Key"), rule.get("Values", [])
    if key not in _FIELDS:
        raise Refusal("InvalidFilter", f"Filter key {key} is not valid")
    if key == "State":
        return row["State"] in [_state(value) for value in values]
    return row[key] in values


def _state(text: str) -> str:
    try:
        return patches.state_name(text)
    except ValueError as error:
        raise Refusal("InvalidFilter", str(error)) from error
